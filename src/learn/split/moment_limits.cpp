#include "learn/split/moment_limits.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/double_double.hpp"
#include "base/limits.hpp"
#include "base/summation.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "learn/confidence/concentration.hpp"
#include "wquant/confidence.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kSumAccuracy = 1e-13;

/// a² / n
DoubleDouble square_over(DoubleDouble a, double n) {
  const double product = a.high * a.high;
  const double rest = std::fma(a.high, a.high, -product) + 2 * a.high * a.low;
  const double quotient = product / n;
  return two_sum(quotient, (std::fma(-quotient, n, product) + rest) / n);
}

DoubleDouble total_of(const std::vector<DoubleDouble>& sums, std::size_t regions) {
  DoubleDouble total;
  for (std::size_t k = 0; k < regions; ++k) total = total + sums[k];
  return total;
}

/// 2^power x
DoubleDouble scaled(DoubleDouble x, int power) {
  return {std::ldexp(x.high, power), std::ldexp(x.low, power)};
}

std::int64_t samples_of(const RegionStatistics& statistics) {
  return std::accumulate(statistics.count.begin(), statistics.count.end(), std::int64_t{0});
}

/// ln Π_i (1 + λ_i (m − x_i)), what the bettor has made, by products of 16 factors.
class Capital {
 public:
  Capital(VectorView<const double> values, double range, double beta);

  /// The logarithm, from below.
  double at(double m) const;

 private:
  std::vector<double> x_, stake_;
};

Capital::Capital(VectorView<const double> values, double range, double beta) {
  const auto n = static_cast<double>(values.size);
  double sum = 0.5;
  double squares = 0.25;
  double seen = 1;
  for (const double value : values) {
    const double variance = squares / seen;
    stake_.push_back(std::sqrt(2 * std::log(1 / beta) / (n * variance)));
    x_.push_back(value / range);
    seen += 1;
    sum += x_.back();
    const double mean = sum / seen;
    squares += (x_.back() - mean) * (x_.back() - mean);
  }
}

/// A stake at most ¾ / (1 − m) leaves a quarter of the capital at least; with it every factor still
/// grows with m.
double Capital::at(double m) const {
  constexpr std::size_t kFactors = 16;
  const double largest = 0.75 / (1 - m);
  CompensatedSum logarithm;
  double magnitudes = 0;
  double stakes = 0;
  for (std::size_t first = 0; first < x_.size(); first += kFactors) {
    const std::size_t end = std::min(x_.size(), first + kFactors);
    double product = 1;
    for (std::size_t i = first; i < end; ++i) {
      const double stake = std::min(stake_[i], largest);
      stakes += stake;
      product *= 1 + stake * (m - x_[i]);
    }
    const double part = std::log(product);
    logarithm += part;
    magnitudes += std::fabs(part);
  }
  // m − x_i is off by ε, x_i by ε / 2, and so a factor, ≥ ¼, by 6 stakes ε relative and its own
  // roundings; each logarithm by 8 ε relative.
  return logarithm.value() -
         kEpsilon * (8 * static_cast<double>(x_.size()) + 8 * stakes + 16 * magnitudes);
}

}  // namespace

MeanAndDeviation mean_and_deviation_above(DoubleDouble sum, DoubleDouble square, double n) {
  const Upper mean = Upper(sum.high) * Upper(1 + kSumAccuracy) / n;
  if (!(square.high > 0)) return {mean, Upper()};
  const DoubleDouble mean_square = square_over(sum, n);
  const DoubleDouble scatter = square + DoubleDouble{-mean_square.high, -mean_square.low};
  // Both terms are at most Σ Z²; that of the mean has the error of its sum twice.
  const Upper bound =
      Upper::rounded(std::max(scatter.high, 0.0), 1) + Upper(4 * kSumAccuracy) * Upper(square.high);
  return {mean, sqrt(bound / std::max(n - 1, 1.0))};
}

Upper betting_upper(VectorView<const double> values, double range, double beta) {
  const Capital capital(values, range, beta);
  const double wanted = std::log(1 / beta) * (1 + 16 * kEpsilon);
  double kept = 0;
  double refused = 1;
  if (!(capital.at(std::nextafter(1.0, 0.0)) >= wanted)) return Upper(range);
  while (refused - kept > 1e-12 * refused) {
    const double m = kept + (refused - kept) / 2;
    (capital.at(m) >= wanted ? refused : kept) = m;
  }
  return Upper::rounded(refused, 3) * Upper(range);
}

MomentLimits::MomentLimits(const Partition& partition, int order)
    : dimension_(partition.dimension()), order_(order) {
  for (std::int64_t k = 0; k < partition.regions(); ++k) {
    const Upper corner(partition.box().farthest_corner(partition.locations()[k]));
    const bool outer = k == partition.clusters();
    const Upper radius =
        outer ? corner : std::min(distance_above(partition.radii()[k], dimension_), corner);
    radius_.push_back(radius.value());
    Upper& range = outer ? outside_ : inside_;
    range = std::max(range, power(radius, order_));
  }
}

/// Z was computed from a rounded distance, whose squares may have vanished.
Upper MomentLimits::with_distance_error(Upper z) const {
  return Upper::rounded(z.value(), order_ * (dimension_ + 6)) +
         power(distance_above(0, dimension_), order_);
}

/// Σ Z² in multiples of 4^exponent, from above as far as squares have vanished: those below the
/// smallest normal number are off by 2⁻¹⁰⁷⁵ each. Where that is felt, Z² ≤ Z max Z may be smaller.
DoubleDouble MomentLimits::squares(const RegionStatistics& statistics, std::size_t regions,
                                   int exponent) const {
  const DoubleDouble square = scaled(total_of(statistics.square, regions), -2 * exponent);
  const double lost = std::ldexp(static_cast<double>(samples_of(statistics)), -1074 - 2 * exponent);
  if (!(lost > kEpsilon * square.high)) return square;
  Upper products;
  for (std::size_t k = 0; k < regions; ++k)
    products += ldexp(power(Upper(radius_[k]), order_), -exponent) *
                ldexp(Upper(statistics.sum[k].high) * Upper(1 + kSumAccuracy), -exponent);
  return {std::min(Upper::rounded(square.high, 1) + Upper(lost), products).value(), 0};
}

Upper MomentLimits::bernstein(const RegionStatistics& statistics, std::size_t regions,
                              std::int64_t total, double range, double beta) const {
  int exponent = 0;
  std::frexp(range, &exponent);
  const auto n = static_cast<double>(samples_of(statistics));
  const DoubleDouble square = squares(statistics, regions, exponent);
  const auto [mean, deviation] =
      mean_and_deviation_above(scaled(total_of(statistics.sum, regions), -exponent), square, n);
  const double blur = static_cast<double>(order_ * (dimension_ + 6)) * kEpsilon;
  const Upper blurred =
      deviation + blur * sqrt(Upper::relative(square.high, 1) / std::max(n - 1, 1.0));
  const Upper limit = bernstein_upper(mean, blurred, static_cast<double>(total),
                                      std::ldexp(range, -exponent), beta);
  return with_distance_error(ldexp(limit, exponent));
}

Upper MomentLimits::upper(Moment moment, const RegionStatistics& statistics, std::int64_t total,
                          std::int64_t outside, double beta,
                          VectorView<const double> inside) const {
  const std::size_t regions = statistics.count.size();
  if (moment == Moment::bernstein)
    return bernstein(statistics, regions, total, std::max(inside_, outside_).value(), beta);
  const Upper limit = moment == Moment::betting && inside.size > 0
                          ? with_distance_error(betting_upper(inside, inside_.value(), beta / 2))
                          : bernstein(statistics, regions - 1, total, inside_.value(), beta / 2);
  return limit + Upper(clopper_pearson_upper(outside, total, beta / 2)) * outside_;
}

void MomentLimits::require_consistent(const RegionStatistics& statistics) const {
  constexpr double kTolerance = 1e-12;
  for (std::size_t k = 0; k < radius_.size(); ++k) {
    const auto place = static_cast<std::int64_t>(k);
    if (statistics.count[k] < 0)
      throw_bad_value("statistics count", {place}, static_cast<double>(statistics.count[k]),
                      "a number >= 0");
    for (const auto* sums : {&statistics.sum, &statistics.square})
      if (!(std::isfinite((*sums)[k].high) && (*sums)[k].high >= 0))
        throw_bad_value(sums == &statistics.sum ? "statistics sum" : "statistics square", {place},
                        (*sums)[k].high, "a finite number >= 0");
    if (!(statistics.farthest[k] <= radius_[k] * (1 + kTolerance)))
      throw_bad_value("statistics farthest", {place}, statistics.farthest[k],
                      "at most the radius " + number_text(radius_[k]));
  }
}

void MomentLimits::require_consistent(const RegionStatistics& statistics,
                                      VectorView<const double> inside) const {
  constexpr double kTolerance = 1e-9;
  require_host("inside", inside.space);
  require_shape("inside", {inside.size}, {samples_of(statistics)});
  CompensatedSum sum;
  for (std::int64_t i = 0; i < inside.size; ++i) {
    if (!(inside[i] >= 0 && inside[i] <= inside_.value()))
      throw_bad_value("inside", {i}, inside[i],
                      "a number from 0 to " + number_text(inside_.value()));
    sum += inside[i];
  }
  const double expected = total_of(statistics.sum, radius_.size() - 1).high;
  if (!(std::fabs(sum.value() - expected) <= kTolerance * expected))
    throw InvalidArgument("inside: the sum is " + number_text(sum.value()) +
                          "; expected that of the statistics, " + number_text(expected));
}

}  // namespace wquant
