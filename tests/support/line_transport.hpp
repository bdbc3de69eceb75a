#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "wquant/gaussian_mixture.hpp"

namespace wquant::test {

/// A mixture of Gaussians on a line: the image of one in R^d under x ↦ ⟨direction, x⟩.
class LineMixture {
 public:
  LineMixture(const GaussianMixture& mixture, const std::vector<double>& direction) {
    const std::int64_t d = mixture.dimension();
    for (std::int64_t i = 0; i < mixture.components(); ++i) {
      const std::vector<double> sigma = mixture.covariance(i);
      double mean = 0;
      double variance = 0;
      for (std::int64_t a = 0; a < d; ++a) {
        mean += direction[a] * mixture.means()(i, a);
        for (std::int64_t b = 0; b < d; ++b)
          variance += direction[a] * sigma[a * d + b] * direction[b];
      }
      weights_.push_back(mixture.weights()[i]);
      means_.push_back(mean);
      deviations_.push_back(std::sqrt(std::max(0.0, variance)));
      low_ = std::min(low_, mean - 10 * deviations_.back());
      high_ = std::max(high_, mean + 10 * deviations_.back());
    }
  }

  double quantile(double u) const {
    double low = low_;
    double high = high_;
    for (int step = 0; step < 60; ++step) {
      const double middle = low / 2 + high / 2;
      (cumulative(middle) < u ? low : high) = middle;
    }
    return high;
  }

 private:
  double cumulative(double x) const {
    double sum = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i)
      sum += weights_[i] * (deviations_[i] == 0
                                ? (x >= means_[i] ? 1.0 : 0.0)
                                : 0.5 * std::erfc((means_[i] - x) / deviations_[i] / std::sqrt(2)));
    return sum;
  }

  std::vector<double> weights_, means_, deviations_;
  double low_ = INFINITY, high_ = -INFINITY;
};

/// W₂ on a line by quantiles, (∫ (F⁻¹ − G⁻¹)²)^{1/2} at the middles of n equal parts of (0, 1).
inline double line_distance(const LineMixture& f, const LineMixture& g, int n) {
  double sum = 0;
  for (int j = 0; j < n; ++j) {
    const double u = (j + 0.5) / n;
    const double difference = f.quantile(u) - g.quantile(u);
    sum += difference * difference / n;
  }
  return std::sqrt(sum);
}

}  // namespace wquant::test
