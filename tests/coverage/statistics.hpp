#pragma once

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <vector>

namespace wquant::test {

struct MeanAndError {
  double mean;
  double standard_error;
};

inline MeanAndError mean_and_error(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  double squares = 0;
  for (const double x : values) sum += x;
  for (const double x : values) squares += (x - sum / n) * (x - sum / n);
  return {sum / n, std::sqrt(squares / (n - 1) / n)};
}

/// p-value of counts against probabilities, cells expected to hold fewer than ten pooled.
inline double chi_squared_p_value(const std::vector<double>& counts,
                                  const std::vector<double>& expected) {
  double statistic = 0;
  double pooled_count = 0;
  double pooled_expected = 0;
  int cells = 0;
  const auto add = [&](double count, double wanted) {
    statistic += (count - wanted) * (count - wanted) / wanted;
    ++cells;
  };
  for (std::size_t a = 0; a < counts.size(); ++a) {
    if (expected[a] >= 10) {
      add(counts[a], expected[a]);
    } else {
      pooled_count += counts[a];
      pooled_expected += expected[a];
    }
  }
  if (pooled_expected >= 10) add(pooled_count, pooled_expected);
  if (cells < 2) return 1;
  return cdf(complement(boost::math::chi_squared(cells - 1), statistic));
}

/// P(at least `violations` of `trials`) if each has probability `level`: small only where events
/// of at most that probability happen too often.
inline double violation_p_value(int violations, int trials, double level) {
  if (violations == 0) return 1;
  return boost::math::ibeta(violations, trials - violations + 1, level);
}

/// The largest distance between the empirical distribution function of the values and `cdf`.
template <class Cdf>
double kolmogorov_distance(std::vector<double> values, const Cdf& cdf) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t j = 0; j < values.size(); ++j) {
    const double expected = cdf(values[j]);
    distance = std::max({distance, expected - static_cast<double>(j) / n,
                         static_cast<double>(j + 1) / n - expected});
  }
  return distance;
}

/// P(kolmogorov_distance > t) ≤ 2 exp(−2 n t²) (Dvoretzky, Kiefer & Wolfowitz 1956 with the
/// constant of Massart 1990), solved for t.
inline double kolmogorov_critical_value(double n, double p) {
  return std::sqrt(std::log(2 / p) / (2 * n));
}

}  // namespace wquant::test
