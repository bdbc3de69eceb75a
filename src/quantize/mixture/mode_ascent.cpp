#include "quantize/mixture/mode_ascent.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "backend/transfer.hpp"
#include "base/pulse.hpp"
#include "quantize/mixture/component_order.hpp"
#include "wquant/array.hpp"

namespace wquant {
namespace {

constexpr double kLogTwoPi = 1.83787706640934548356;
/// Shares below e^−kRough of p are left out on the way, and on the last steps those below
/// e^−kFine, whose sum over 10⁶ components is below 1e-13.
constexpr double kRough = 12;
constexpr double kFine = 45;
/// Ascents stop here on the way, and count as one when they are this near, in units of the scale.
constexpr double kRoughTolerance = 1e-4;
constexpr double kMet = 1e-3;
/// Looked at every so many steps, of ascents that are this near on the way one goes on.
constexpr std::int64_t kBetweenMeetings = 4;
constexpr double kNear = 0.02;
/// log p as evaluated may fall by this much of its magnitude on the way up.
constexpr double kNoise = 1e-13;
/// Where log p is not concave, shifts are stretched, twice as much after each success.
constexpr double kMostStretched = 64;

/// Components in blocks of near means: the widest coordinate is halved until a block is left.
class BlockOrder {
 public:
  explicit BlockOrder(const GaussianMixture& mixture)
      : mixture_(mixture), order_(static_cast<std::size_t>(mixture.components())) {
    std::iota(order_.begin(), order_.end(), 0);
    split(order_.begin(), order_.end());
  }

  const std::vector<std::int64_t>& operator()() const { return order_; }

 private:
  using Iterator = std::vector<std::int64_t>::iterator;

  void split(Iterator begin, Iterator end) {
    const std::int64_t count = end - begin;
    const std::int64_t k = widest(begin, end);
    const auto before = [&](std::int64_t i, std::int64_t j) {
      const double x = mixture_.means()(i, k);
      const double y = mixture_.means()(j, k);
      return x != y ? x < y : precedes(mixture_, i, j);
    };
    if (count <= kAscentBlock) return std::sort(begin, end, before);
    const Iterator middle = begin + (count / 2 + kAscentBlock - 1) / kAscentBlock * kAscentBlock;
    std::nth_element(begin, middle, end, before);
    split(begin, middle);
    split(middle, end);
  }

  std::int64_t widest(Iterator begin, Iterator end) const {
    std::int64_t widest = 0;
    double width = -1;
    for (std::int64_t k = 0; k < mixture_.dimension(); ++k) {
      const auto [least, most] =
          std::minmax_element(begin, end, [&](std::int64_t i, std::int64_t j) {
            return mixture_.means()(i, k) < mixture_.means()(j, k);
          });
      if (mixture_.means()(*most, k) - mixture_.means()(*least, k) > width) {
        width = mixture_.means()(*most, k) - mixture_.means()(*least, k);
        widest = k;
      }
    }
    return widest;
  }

  const GaussianMixture& mixture_;
  std::vector<std::int64_t> order_;
};

}  // namespace

AscentTables::AscentTables(const Context& context, const GaussianMixture& mixture, double unit)
    : there_(resident(context, fill(mixture, unit))) {}

AscentMixture AscentTables::fill(const GaussianMixture& mixture, double unit) {
  const std::int64_t d = mixture.dimension();
  const std::int64_t count = mixture.components();
  const BlockOrder order(mixture);
  for (const std::int64_t i : order()) add(mixture, i, unit);
  TensorView<const double> eigenvectors;
  if (mixture.basis() == GaussianMixture::Basis::shared)
    eigenvectors = {mixture.eigenvectors(0).data, 1, d, d};
  if (mixture.basis() == GaussianMixture::Basis::separate)
    eigenvectors = {eigenvectors_.data(), count, d, d};
  const auto blocks = static_cast<std::int64_t>(block_deviations_.size());
  return {{{means_.data(), count, d}, {deviations_.data(), count, d}, eigenvectors},
          {log_factors_.data(), count},
          {lower_.data(), blocks, d},
          {upper_.data(), blocks, d},
          {block_log_factors_.data(), blocks},
          {block_deviations_.data(), blocks}};
}

void AscentTables::add(const GaussianMixture& mixture, std::int64_t i, double unit) {
  const std::int64_t d = mixture.dimension();
  const bool opens_block = log_factors_.size() % static_cast<std::size_t>(kAscentBlock) == 0;
  if (opens_block) {
    lower_.resize(lower_.size() + d, INFINITY);
    upper_.resize(upper_.size() + d, -INFINITY);
    block_log_factors_.push_back(-INFINITY);
    block_deviations_.push_back(0);
  }
  double* const lower = lower_.data() + lower_.size() - d;
  double* const upper = upper_.data() + upper_.size() - d;
  double log_factor = std::log(mixture.weights()[i]) - static_cast<double>(d) * kLogTwoPi / 2;
  for (std::int64_t k = 0; k < d; ++k) {
    const double mean = mixture.means()(i, k) / unit;
    const double deviation = std::sqrt(mixture.eigenvalues()(i, k)) / unit;
    means_.push_back(mean);
    deviations_.push_back(deviation);
    log_factor -= std::log(deviation);
    lower[k] = std::min(lower[k], mean);
    upper[k] = std::max(upper[k], mean);
    block_deviations_.back() = std::max(block_deviations_.back(), deviation);
  }
  log_factors_.push_back(log_factor);
  block_log_factors_.back() = std::max(block_log_factors_.back(), log_factor);
  if (mixture.basis() == GaussianMixture::Basis::separate)
    eigenvectors_.insert(eigenvectors_.end(), mixture.eigenvectors(i).data,
                         mixture.eigenvectors(i).data + d * d);
}

namespace {

/// Many ascents at once, all of those that still move in one call.
class Climbers {
 public:
  Climbers(const Context& context, const AscentTables& tables, std::vector<double> starts)
      : context_(context),
        tables_(tables),
        d_(tables.view().components.means.cols),
        at_(std::move(starts)),
        shifts_(at_.size()),
        log_densities_(at_.size() / static_cast<std::size_t>(d_), -INFINITY),
        stretch_(log_densities_.size()),
        concave_(log_densities_.size()),
        safe_(log_densities_.size()),
        gone_(log_densities_.size()) {}

  /// Until no step is longer than `tolerance`; false if `most_steps` did not suffice. Of those that
  /// come within `radius` of each other on the way one goes on.
  bool climb(double cutoff, double tolerance, double radius, std::int64_t most_steps) {
    std::vector<std::int64_t> moving(log_densities_.size());
    std::iota(moving.begin(), moving.end(), 0);
    std::vector<double> trial = at_;
    std::fill(safe_.begin(), safe_.end(), true);
    std::fill(stretch_.begin(), stretch_.end(), 1.0);
    for (std::int64_t step = 0; !moving.empty(); ++step) {
      if (step == most_steps) return false;
      Pulse::report("modes", static_cast<double>(step) / static_cast<double>(step + 10));
      evaluate(trial, cutoff);
      std::vector<std::int64_t> still;
      std::vector<double> next;
      for (std::size_t j = 0; j < moving.size(); ++j) {
        const std::int64_t s = moving[j];
        if (!advance(s, static_cast<std::int64_t>(j), trial, tolerance, next)) still.push_back(s);
      }
      moving = std::move(still);
      trial = std::move(next);
      if (radius > 0 && step % kBetweenMeetings == kBetweenMeetings - 1)
        meet(radius, moving, trial);
      steps_ = std::max(steps_, step + 1);
    }
    return true;
  }

  /// Of those that met, the first of the highest.
  void keep_apart(double radius) {
    std::vector<std::int64_t> order;
    for (std::int64_t s = 0; s < static_cast<std::int64_t>(gone_.size()); ++s)
      if (!gone_[s]) order.push_back(s);
    std::stable_sort(order.begin(), order.end(), [this](std::int64_t a, std::int64_t b) {
      return log_densities_[a] > log_densities_[b];
    });
    std::vector<double> sorted;
    for (const std::int64_t s : order) sorted.insert(sorted.end(), &at_[s * d_], &at_[s * d_] + d_);
    std::vector<double> locations, log_densities;
    std::vector<char> concave;
    for (const std::int64_t j : apart(sorted, d_, radius)) {
      locations.insert(locations.end(), &sorted[j * d_], &sorted[j * d_] + d_);
      log_densities.push_back(log_densities_[order[j]]);
      concave.push_back(concave_[order[j]]);
    }
    at_ = std::move(locations);
    log_densities_ = std::move(log_densities);
    concave_ = std::move(concave);
    gone_.assign(concave_.size(), false);
  }

  std::int64_t steps() const { return steps_; }
  const std::vector<double>& locations() const { return at_; }
  const std::vector<double>& log_densities() const { return log_densities_; }
  const std::vector<char>& concave() const { return concave_; }

 private:
  void meet(double radius, std::vector<std::int64_t>& moving, std::vector<double>& trial) {
    std::vector<double> points;
    for (const std::int64_t s : moving)
      points.insert(points.end(), &at_[s * d_], &at_[s * d_] + d_);
    std::vector<std::int64_t> still;
    std::vector<double> next;
    for (const std::int64_t j : apart(points, d_, radius)) {
      still.push_back(moving[j]);
      next.insert(next.end(), &trial[j * d_], &trial[j * d_] + d_);
    }
    for (const std::int64_t s : moving) gone_[s] = true;
    for (const std::int64_t s : still) gone_[s] = false;
    moving = std::move(still);
    trial = std::move(next);
  }

  /// Takes row j of the trials if p has grown; true if what is left to move is below the tolerance,
  /// else the next trial is added to `next`.
  bool advance(std::int64_t s, std::int64_t j, const std::vector<double>& trial, double tolerance,
               std::vector<double>& next) {
    double* const x = &at_[s * d_];
    double* const shift = &shifts_[s * d_];
    const double now = step_log_densities_[j];
    const double* move = shift;
    if (safe_[s] || now >= log_densities_[s] - kNoise * (1 + std::fabs(now))) {
      std::copy_n(&trial[j * d_], d_, x);
      std::copy_n(&step_shifts_[j * d_], d_, shift);
      log_densities_[s] = now;
      concave_[s] = step_concave_[j] != 0;
      if (concave_[s]) move = &step_newtons_[j * d_];
      stretch_[s] = concave_[s] ? 1 : std::min(kMostStretched, 2 * stretch_[s]);
      safe_[s] = false;
    } else {
      stretch_[s] = 1;
      safe_[s] = true;  // a shift never lowers p
    }
    double square = 0;
    for (std::int64_t k = 0; k < d_; ++k) square += move[k] * move[k];
    if (square <= tolerance * tolerance) {
      for (std::int64_t k = 0; k < d_; ++k) x[k] += move[k];
      return true;
    }
    for (std::int64_t k = 0; k < d_; ++k) next.push_back(x[k] + stretch_[s] * move[k]);
    return false;
  }

  void evaluate(const std::vector<double>& points, double cutoff) {
    const auto count = static_cast<std::int64_t>(points.size()) / d_;
    const Array<double> there = on_context(context_, points, d_);
    Array<double> log_densities(context_, count);
    Array<double> shifts(context_, count, d_);
    Array<double> newtons(context_, count, d_);
    Array<std::int64_t> concave(context_, count);
    context_.backend().ascent_step(
        there.view(), tables_.view(), cutoff,
        {flat_view(log_densities), shifts.view(), newtons.view(), flat_view(concave)});
    step_concave_ = host_values(context_, concave);
    step_log_densities_ = host_values(context_, log_densities);
    step_shifts_ = host_values(context_, shifts);
    step_newtons_ = host_values(context_, newtons);
  }

  const Context& context_;
  const AscentTables& tables_;
  std::int64_t d_;
  std::vector<double> at_, shifts_, log_densities_, stretch_;
  std::vector<char> concave_, safe_, gone_;
  std::vector<std::int64_t> step_concave_;
  std::vector<double> step_log_densities_, step_shifts_, step_newtons_;
  std::int64_t steps_ = 0;
};

}  // namespace

Summits ascend(const Context& context, const AscentTables& tables, std::vector<double> starts,
               double tolerance, std::int64_t most_steps) {
  Climbers climbers(context, tables, std::move(starts));
  Summits out;
  out.converged = climbers.climb(kRough, kRoughTolerance, kNear, most_steps);
  climbers.keep_apart(kMet);
  out.converged = climbers.climb(kFine, tolerance, 0, most_steps) && out.converged;
  climbers.keep_apart(kMet);
  out.locations = climbers.locations();
  out.log_densities = climbers.log_densities();
  out.concave = climbers.concave();
  out.iterations = climbers.steps();
  return out;
}

std::vector<std::int64_t> apart(const std::vector<double>& points, std::int64_t d, double radius) {
  if (radius == 0) {
    std::vector<std::int64_t> all(points.size() / static_cast<std::size_t>(d));
    std::iota(all.begin(), all.end(), 0);
    return all;
  }
  // Boxes as wide as the radius in up to three coordinates: what is near lies in the next box.
  using Box = std::array<double, 3>;
  std::map<Box, std::vector<std::int64_t>> boxes;
  const std::int64_t axes = std::min<std::int64_t>(d, 3);
  std::vector<std::int64_t> kept;
  const auto is_near = [&](std::int64_t i, std::int64_t j) {
    double square = 0;
    for (std::int64_t k = 0; k < d; ++k) {
      const double difference = points[i * d + k] - points[j * d + k];
      square += difference * difference;
    }
    return square <= radius * radius;
  };
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(points.size()) / d; ++i) {
    Box box{};
    for (std::int64_t k = 0; k < axes; ++k) box[k] = std::floor(points[i * d + k] / radius);
    bool met = false;
    for (int offset = 0; offset < 27 && !met; ++offset) {
      Box other = box;
      const int steps[] = {offset % 3 - 1, offset / 3 % 3 - 1, offset / 9 - 1};
      bool repeated = false;
      for (std::int64_t k = 0; k < 3; ++k) {
        repeated = repeated || (k >= axes && steps[k] != 0);
        if (k < axes) other[k] += steps[k];
      }
      if (repeated) continue;
      const auto found = boxes.find(other);
      if (found == boxes.end()) continue;
      met = std::any_of(found->second.begin(), found->second.end(),
                        [&](std::int64_t j) { return is_near(i, j); });
    }
    if (met) continue;
    boxes[box].push_back(i);
    kept.push_back(i);
  }
  return kept;
}

}  // namespace wquant
