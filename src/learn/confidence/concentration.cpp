#include "learn/confidence/concentration.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/limits.hpp"
#include "base/upper.hpp"

namespace wquant {

Frequencies::Frequencies(const std::vector<std::int64_t>& counts)
    : total(std::accumulate(counts.begin(), counts.end(), std::int64_t{0})) {
  p.reserve(counts.size());
  for (const std::int64_t count : counts)
    p.push_back(static_cast<double>(count) / static_cast<double>(total));
}

Upper bernstein_upper(Upper mean, Upper deviation, double total, double range, double beta) {
  const Upper t = Upper::rounded(std::log(2 / beta), 4);
  return mean + deviation * sqrt(2 * t / total) + Upper(range) * (7 * t / 3 / (total - 1));
}

Upper mean_upper(const std::vector<double>& values, const Frequencies& frequencies, double beta) {
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
  const Upper deviation = Upper::rounded(std::sqrt(variance * total / (total - 1)), operations) +
                          Upper(static_cast<double>(operations) * kEpsilon) * Upper(largest);
  return bernstein_upper(Upper::rounded(mean, operations), deviation, total, largest, beta);
}

Upper mcdiarmid_margin(double range, double total, double beta) {
  return Upper(range) * sqrt(Upper::rounded(std::log(1 / beta), 4) / (2 * total));
}

Upper supremum_upper(const Supremum& supremum, double total, double beta) {
  const auto& [expected, second_moment, largest] = supremum;
  const Upper t = Upper::rounded(std::log(1 / beta), 4);
  const Upper b = 2 * largest;  // |f_s − E f_s|, and what one sample changes
  const Upper bousquet =
      sqrt(2 * t * (second_moment + 2 * b * expected) / total) + b * t / 3 / total;
  return expected + std::min(bousquet, mcdiarmid_margin(b.value(), total, beta));
}

}  // namespace wquant
