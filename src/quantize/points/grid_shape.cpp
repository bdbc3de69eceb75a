#include "wquant/grid_shape.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/validation.hpp"
#include "quantize/points/distortion_table.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kLargestBudget = 1'000'000'000;
constexpr std::int64_t kTabulated = 4096;

/// The values ⌊N / i⌋, i ≥ 1: all that is left of the budget N after any product of divisors.
class Rooms {
 public:
  explicit Rooms(std::int64_t budget) : budget_(budget) {
    root_ = static_cast<std::int64_t>(std::sqrt(static_cast<double>(budget)));
    for (std::int64_t i = 1; i <= budget; i = budget / (budget / i) + 1)
      values_.push_back(budget / i);
    std::reverse(values_.begin(), values_.end());
    position_small_.resize(static_cast<std::size_t>(root_) + 2, 0);
    position_large_.resize(static_cast<std::size_t>(root_) + 2, 0);
    for (std::size_t at = 0; at < values_.size(); ++at) slot(values_[at]) = at;
  }
  const std::vector<std::int64_t>& ascending() const { return values_; }
  std::size_t position(std::int64_t room) const { return const_cast<Rooms*>(this)->slot(room); }

 private:
  std::size_t& slot(std::int64_t room) {
    return room <= root_ ? position_small_[room] : position_large_[budget_ / room];
  }

  std::int64_t budget_;
  std::int64_t root_;
  std::vector<std::int64_t> values_;
  std::vector<std::size_t> position_small_, position_large_;
};

/// Dynamic programme over (dimension, room), variances descending (quantization.md §3). The best
/// cost of dimensions k, k + 1, … with `room` left is
///     f_k(room) = min( Σ_{l ≥ k} λ_l,  min_{n ≥ 2} λ_k e(n) + f_{k+1}(⌊room / n⌋) ).
/// Of all n with the same quotient only the largest matters; and since some optimal shape does not
/// increase, n^k ≤ N bounds n in dimension k = 1, 2, ….
class ShapeSearch {
 public:
  ShapeSearch(const std::vector<double>& variances, std::int64_t budget)
      : variances_(variances), rooms_(budget), budget_(budget) {
    for (std::int64_t most = budget; most >= 2 && dimensions_ < variances.size(); most /= 2)
      ++dimensions_;
    rest_.assign(dimensions_ + 1, 0.0);
    double rest = 0;
    for (std::size_t k = variances.size(); k-- > 0;) {
      rest += variances[k];
      if (k <= dimensions_) rest_[k] = rest;
    }
    table_ = distortion_table(std::min(kTabulated, budget));
  }

  std::vector<std::int64_t> solve() {
    const std::vector<std::int64_t>& rooms = rooms_.ascending();
    std::vector<double> next(rooms.size(), rest_[dimensions_]);
    choice_.assign(dimensions_, {});
    for (std::size_t k = dimensions_; k-- > 0;) {
      const std::int64_t reachable = budget_ >> k;  // k dimensions of at least two points before
      const auto largest = static_cast<std::int64_t>(
          std::pow(static_cast<double>(budget_), 1.0 / static_cast<double>(k + 1)) * (1 + 1e-12));
      std::vector<double> current(rooms.size(), rest_[k]);
      choice_[k].assign(rooms.size(), 1);
      for (std::size_t at = 0; at < rooms.size() && rooms[at] <= reachable; ++at) {
        if (k == 0 && rooms[at] != budget_) continue;
        best_choice(k, rooms[at], largest, next, current[at], choice_[k][at]);
      }
      next = std::move(current);
    }
    return trace_back();
  }

 private:
  double distortion(std::int64_t n) const {
    return n < static_cast<std::int64_t>(table_.size()) ? table_[n] : normal_distortion(n);
  }

  void best_choice(std::size_t k, std::int64_t room, std::int64_t largest,
                   const std::vector<double>& next, double& best, std::int64_t& choice) const {
    for (std::int64_t n = 2; n <= std::min(room, largest); ++n) {
      const std::int64_t quotient = room / n;
      n = room / quotient;
      const double cost = variances_[k] * distortion(n) + next[rooms_.position(quotient)];
      if (cost < best) {
        best = cost;
        choice = n;
      }
    }
  }

  std::vector<std::int64_t> trace_back() const {
    std::vector<std::int64_t> shape(variances_.size(), 1);
    std::int64_t room = budget_;
    for (std::size_t k = 0; k < dimensions_ && room >= 2; ++k) {
      shape[k] = choice_[k][rooms_.position(room)];
      if (shape[k] == 1) break;
      room /= shape[k];
    }
    std::sort(shape.begin(), shape.end(), std::greater<>());
    return shape;
  }

  const std::vector<double>& variances_;
  Rooms rooms_;
  std::int64_t budget_;
  std::size_t dimensions_ = 0;  // at most log₂ N can have two points
  std::vector<double> rest_;
  std::vector<double> table_;
  std::vector<std::vector<std::int64_t>> choice_;
};

}  // namespace

std::vector<std::int64_t> optimal_grid_shape(std::span<const double> variances,
                                             std::int64_t budget) {
  const auto d = static_cast<std::int64_t>(variances.size());
  if (d < 1) throw InvalidArgument("variances: none; expected at least one");
  for (std::int64_t k = 0; k < d; ++k)
    if (!(variances[k] >= 0) || !std::isfinite(variances[k]))
      throw_bad_value("variances", {k}, variances[k], "a finite number >= 0");
  if (budget < 1 || budget > kLargestBudget)
    throw InvalidArgument("budget: " + std::to_string(budget) + " points; expected 1 to " +
                          std::to_string(kLargestBudget));

  std::vector<std::int64_t> order(static_cast<std::size_t>(d));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return variances[a] > variances[b]; });
  std::vector<double> descending;
  for (const std::int64_t k : order)
    if (variances[k] > 0) descending.push_back(variances[k]);
  std::vector<std::int64_t> shape(static_cast<std::size_t>(d), 1);
  if (descending.empty()) return shape;
  const std::vector<std::int64_t> sorted = ShapeSearch(descending, budget).solve();
  for (std::size_t at = 0; at < sorted.size(); ++at) shape[order[at]] = sorted[at];
  return shape;
}

}  // namespace wquant
