#include "quantize/search/rate_distortion.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "base/summation.hpp"

namespace wquant {

/// With the k largest variances above the water level θ: Σ_{j ≤ k} ½ log(λ_j / θ) = R, and
/// D = kθ + Σ_{j > k} λ_j.
double gaussian_distortion(VectorView<const double> variances, double nats) {
  std::vector<double> descending;
  for (const double v : variances)
    if (v > 0) descending.push_back(v);
  std::sort(descending.begin(), descending.end(), std::greater<>());
  double rest = 0;
  for (const double v : descending) rest += v;
  double log_sum = 0;
  double distortion = rest;
  for (std::size_t k = 1; k <= descending.size(); ++k) {
    log_sum += std::log(descending[k - 1]);
    rest -= descending[k - 1];
    const double level = std::exp((log_sum - 2 * nats) / static_cast<double>(k));
    if (level > descending[k - 1]) break;
    distortion = static_cast<double>(k) * level + std::max(0.0, rest);
  }
  return distortion;
}

double least_distortion(const GaussianMixture& mixture, std::int64_t support) {
  const double nats = std::log(static_cast<double>(support));
  CompensatedSum sum;
  for (std::int64_t i = 0; i < mixture.components(); ++i)
    sum += mixture.weights()[i] *
           gaussian_distortion({mixture.eigenvalues().row(i), mixture.dimension()}, nats);
  return sum.value();
}

std::int64_t least_support(const GaussianMixture& mixture, double distance, std::int64_t most) {
  const double target = distance * distance * (1 + kBoundRounding);
  if (least_distortion(mixture, most) > target) return most + 1;
  std::int64_t fails = 0;
  std::int64_t works = most;
  while (works - fails > 1) {
    const std::int64_t middle = fails + (works - fails) / 2;
    (least_distortion(mixture, middle) <= target ? works : fails) = middle;
  }
  return works;
}

}  // namespace wquant
