#include "learn/confidence/concentration.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/limits.hpp"
#include "base/outward.hpp"

namespace wquant {

Frequencies::Frequencies(const std::vector<std::int64_t>& counts)
    : total(std::accumulate(counts.begin(), counts.end(), std::int64_t{0})) {
  p.reserve(counts.size());
  for (const std::int64_t count : counts)
    p.push_back(static_cast<double>(count) / static_cast<double>(total));
}

double bernstein_upper(double mean, double deviation, double total, double range, double beta) {
  const double t = std::log(2 / beta);
  return outward(mean + deviation * std::sqrt(2 * t / total) + 7 * range * t / (3 * (total - 1)),
                 12);
}

double mean_upper(const std::vector<double>& values, const Frequencies& frequencies, double beta) {
  const std::vector<double>& p = frequencies.p;
  double mean = 0;
  for (std::size_t y = 0; y < p.size(); ++y) mean += p[y] * values[y];
  double variance = 0;
  for (std::size_t y = 0; y < p.size(); ++y)
    variance += p[y] * (values[y] - mean) * (values[y] - mean);
  const auto operations = static_cast<std::int64_t>(p.size()) + 8;
  const auto total = static_cast<double>(frequencies.total);
  const double largest = *std::max_element(values.begin(), values.end());
  // values − mean errs by a rounding of the mean, which cancels.
  const double deviation = std::sqrt(variance * total / (total - 1)) +
                           static_cast<double>(operations) * kEpsilon * largest;
  return bernstein_upper(outward(mean, operations), outward(deviation, operations), total, largest,
                         beta);
}

double mcdiarmid_margin(double range, double total, double beta) {
  return outward(range * std::sqrt(std::log(1 / beta) / (2 * total)), 8);
}

double supremum_upper(const Supremum& supremum, double total, double beta) {
  const auto& [expected, second_moment, largest] = supremum;
  const double t = std::log(1 / beta);
  const double b = 2 * largest;  // |f_s − E f_s|, and what one sample changes
  const double bousquet =
      std::sqrt(2 * t * (second_moment + 2 * b * expected) / total) + b * t / (3 * total);
  return outward(expected + std::min(outward(bousquet, 12), mcdiarmid_margin(b, total, beta)), 1);
}

}  // namespace wquant
