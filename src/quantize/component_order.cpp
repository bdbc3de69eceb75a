#include "quantize/component_order.hpp"

#include <algorithm>
#include <compare>

namespace wquant {
namespace {

std::strong_ordering compare(const double* a, const double* b, std::int64_t count) {
  for (std::int64_t k = 0; k < count; ++k)
    if (a[k] != b[k])
      return a[k] < b[k] ? std::strong_ordering::less : std::strong_ordering::greater;
  return std::strong_ordering::equal;
}

std::strong_ordering compare(const GaussianMixture& mixture, std::int64_t i, std::int64_t j) {
  const std::int64_t d = mixture.dimension();
  if (const auto by = compare(mixture.means().row(i), mixture.means().row(j), d); by != 0)
    return by;
  if (const auto by = compare(mixture.eigenvalues().row(i), mixture.eigenvalues().row(j), d);
      by != 0)
    return by;
  if (const auto by = compare(&mixture.weights()[i], &mixture.weights()[j], 1); by != 0) return by;
  if (mixture.basis() != GaussianMixture::Basis::separate) return std::strong_ordering::equal;
  return compare(mixture.eigenvectors(i).data, mixture.eigenvectors(j).data, d * d);
}

}  // namespace

std::vector<std::int64_t> canonical_order(const GaussianMixture& mixture,
                                          std::vector<std::int64_t> components) {
  std::stable_sort(components.begin(), components.end(),
                   [&](std::int64_t i, std::int64_t j) { return compare(mixture, i, j) < 0; });
  return components;
}

}  // namespace wquant
