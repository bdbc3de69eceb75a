#include "quantize/points/allocation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>

#include "backend/workspace_limit.hpp"
#include "base/heartbeat.hpp"
#include "quantize/points/distortion_table.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kFirstReach = 32;
constexpr std::int64_t kReachGrowth = 4;

/// n^power ≤ limit, without overflow.
bool power_at_most(std::int64_t n, std::int64_t power, std::int64_t limit) {
  for (; power > 0; --power) {
    if (n > limit) return false;
    limit /= n;
  }
  return true;
}

/// What all curves of an allocation share.
struct Source {
  const Context& context;
  const DistortionCurves& curves;
  std::int64_t most;  // no reach is longer
  double values = 0;  // kept in all curves
};

/// E_g(n) up to a reach that grows with demand, and its lower convex hull.
class Curve {
 public:
  Curve(double weight, std::int64_t group, Source& source)
      : weight_(weight), group_(group), source_(source), most_(source.most) {
    extend(std::min(most_, kFirstReach));
  }

  double weighted(std::int64_t n) {
    while (n >= static_cast<std::int64_t>(values_.size()))
      extend(std::min(most_, reach() * kReachGrowth));
    return weight_ * values_[n];
  }

  /// The hull's vertex after n (which is one), or n if there is none. A vertex counts only in the
  /// lower half of the reach: near its end the hull would still change with a longer reach.
  std::int64_t next_vertex(std::int64_t n) {
    if (weighted(n) == 0) return n;
    for (;;) {
      const auto after = std::upper_bound(hull_.begin(), hull_.end(), n);
      if (after != hull_.end() && (*after <= reach() / 2 || reach() == most_)) return *after;
      if (reach() == most_) return n;
      extend(std::min(most_, reach() * kReachGrowth));
    }
  }

 private:
  std::int64_t reach() const { return static_cast<std::int64_t>(values_.size()) - 1; }

  void extend(std::int64_t reach) {
    Heartbeat::beat();
    source_.values += static_cast<double>(reach) - static_cast<double>(values_.size());
    require_workspace(source_.context, "distortions of the groups, for sharing out the points",
                      2 * sizeof(double) * source_.values);
    values_ = source_.curves(group_, reach);
    hull_.clear();
    for (std::int64_t n = 1; n <= reach; ++n) {
      if (n > 1 && !(values_[n] < values_[n - 1])) continue;
      while (hull_.size() >= 2 && above_chord(hull_[hull_.size() - 2], hull_.back(), n))
        hull_.pop_back();
      hull_.push_back(n);
    }
  }

  bool above_chord(std::int64_t a, std::int64_t b, std::int64_t c) const {
    return (values_[a] - values_[b]) * static_cast<double>(c - b) <=
           (values_[b] - values_[c]) * static_cast<double>(b - a);
  }

  double weight_;
  std::int64_t group_;
  Source& source_;
  std::int64_t most_;
  std::vector<double> values_;
  std::vector<std::int64_t> hull_;
};

struct Step {
  double gain_per_point;
  std::int64_t group;
  std::int64_t to;
  bool operator<(const Step& other) const {
    return gain_per_point != other.gain_per_point ? gain_per_point < other.gain_per_point
                                                  : group > other.group;
  }
};

/// Gives what the hulls' steps were too long for to the largest gains of at most `left` points.
void spend_rest(std::vector<Curve>& curves, std::int64_t left, std::vector<std::int64_t>& counts) {
  ShortSteps steps;
  while (left > 0) {
    double best_gain = 0;
    std::size_t best_group = 0;
    for (std::size_t g = 0; g < curves.size(); ++g) {
      steps.beat();
      const double now = curves[g].weighted(counts[g]);
      if (now <= best_gain) continue;  // no points could gain more than all of it
      const double gain = now - curves[g].weighted(counts[g] + left);
      if (gain > best_gain) {
        best_gain = gain;
        best_group = g;
      }
    }
    if (best_gain == 0) return;
    // The fewest points with this gain, so that the rest can go on being spent.
    Curve& curve = curves[best_group];
    const double reached = curve.weighted(counts[best_group] + left);
    std::int64_t used = 1;
    while (curve.weighted(counts[best_group] + used) > reached) ++used;
    counts[best_group] += used;
    left -= used;
  }
}

/// The greedy allocation: one point per group first, then hull step after hull step.
class Greedy {
 public:
  Greedy(const Context& context, VectorView<const double> weights,
         const DistortionCurves& distortions, std::int64_t budget)
      : source_{context, distortions, budget - weights.size + 1},
        left_(budget - weights.size),
        counts_(static_cast<std::size_t>(weights.size), 1) {
    curves_.reserve(counts_.size());
    for (std::int64_t g = 0; g < weights.size; ++g) {
      curves_.emplace_back(weights[g], g, source_);
      cost_ += curves_[g].weighted(1);
      push_next(g);
    }
  }

  /// Takes the next step that the budget pays; false if there is none.
  bool step() {
    while (!steps_.empty() && left_ > 0) {
      heart_.beat();
      const Step step = steps_.top();
      steps_.pop();
      const std::int64_t points = step.to - counts_[step.group];
      if (points > left_) continue;
      left_ -= points;
      cost_ -= step.gain_per_point * static_cast<double>(points);
      counts_[step.group] = step.to;
      push_next(step.group);
      return true;
    }
    return false;
  }

  std::int64_t left() const { return left_; }
  double cost() const { return cost_; }

  std::vector<std::int64_t> spend_rest() && {
    wquant::spend_rest(curves_, left_, counts_);
    return std::move(counts_);
  }

 private:
  void push_next(std::int64_t g) {
    const std::int64_t to = curves_[g].next_vertex(counts_[g]);
    if (to == counts_[g]) return;
    const double gain = curves_[g].weighted(counts_[g]) - curves_[g].weighted(to);
    if (gain > 0) steps_.push({gain / static_cast<double>(to - counts_[g]), g, to});
  }

  Source source_;
  std::int64_t left_;
  std::vector<std::int64_t> counts_;
  std::vector<Curve> curves_;
  std::priority_queue<Step> steps_;
  ShortSteps heart_;
  double cost_ = 0;  // Σ w_g E_g(n_g)
};

}  // namespace

std::vector<double> grid_distortions(VectorView<const double> variances, std::int64_t largest) {
  std::vector<double> descending;
  for (const double v : variances)
    if (v > 0) descending.push_back(v);
  std::sort(descending.begin(), descending.end(), std::greater<>());
  const std::vector<double> e = distortion_table(largest);

  // Over shapes n_1 ≥ n_2 ≥ … with product exactly P: the least distortion, dimension by dimension.
  std::vector<double> best(static_cast<std::size_t>(largest) + 1, INFINITY);
  best[1] = std::accumulate(descending.rbegin(), descending.rend(), 0.0);
  ShortSteps steps;
  std::int64_t fits = largest;  // dimensions with two points or more: at most log₂ of the budget
  for (std::size_t k = 0; k < descending.size() && fits >= 2; ++k, fits /= 2) {
    const std::vector<double> before = best;
    for (std::int64_t product = 1; product <= largest / 2; ++product) {
      steps.beat();
      if (before[product] == INFINITY) continue;
      for (std::int64_t n = 2;
           n <= largest / product && power_at_most(n, static_cast<std::int64_t>(k), product); ++n)
        best[product * n] =
            std::min(best[product * n], before[product] - descending[k] * (1 - e[n]));
    }
  }
  for (std::int64_t n = 2; n <= largest; ++n) best[n] = std::min(best[n], best[n - 1]);
  return best;
}

std::vector<std::int64_t> allocate_budget(const Context& context, VectorView<const double> weights,
                                          const DistortionCurves& distortions,
                                          std::int64_t budget) {
  if (weights.size == 1) return {budget};
  Greedy greedy(context, weights, distortions, budget);
  while (greedy.step()) {
  }
  return std::move(greedy).spend_rest();
}

std::int64_t budget_for(const Context& context, VectorView<const double> weights,
                        const DistortionCurves& distortions, double target, std::int64_t most) {
  Greedy greedy(context, weights, distortions, most);
  while (greedy.cost() > target && greedy.step()) {
  }
  return most - greedy.left();
}

}  // namespace wquant
