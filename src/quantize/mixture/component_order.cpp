#include "quantize/mixture/component_order.hpp"

#include <algorithm>
#include <numeric>

#include "base/pulse.hpp"

namespace wquant {
namespace {

int compare(const double* a, const double* b, std::int64_t count) {
  for (std::int64_t k = 0; k < count; ++k)
    if (a[k] != b[k]) return a[k] < b[k] ? -1 : 1;
  return 0;
}

}  // namespace

std::vector<std::int64_t> all_components(const GaussianMixture& mixture) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(mixture.components()));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

int compare_components(const GaussianMixture& mixture, std::int64_t i, std::int64_t j) {
  const std::int64_t d = mixture.dimension();
  if (const int by = compare(mixture.means().row(i), mixture.means().row(j), d)) return by;
  if (const int by = compare(mixture.eigenvalues().row(i), mixture.eigenvalues().row(j), d))
    return by;
  if (mixture.basis() != GaussianMixture::Basis::separate) return 0;
  return compare(mixture.eigenvectors(i).data, mixture.eigenvectors(j).data, d * d);
}

bool precedes(const GaussianMixture& mixture, std::int64_t i, std::int64_t j) {
  if (const int by = compare_components(mixture, i, j)) return by < 0;
  return mixture.weights()[i] < mixture.weights()[j];
}

std::vector<std::int64_t> canonical_order(const GaussianMixture& mixture,
                                          std::vector<std::int64_t> components) {
  ShortSteps steps;
  std::stable_sort(components.begin(), components.end(), [&](std::int64_t i, std::int64_t j) {
    steps.beat();
    return precedes(mixture, i, j);
  });
  return components;
}

}  // namespace wquant
