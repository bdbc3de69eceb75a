#include "quantize/fine_scheme.hpp"

#include <algorithm>

#include "quantize/families.hpp"

namespace wquant {
namespace {

/// −1, 0 or 1: the first entry in which a and b differ.
int compare(const double* a, const double* b, std::int64_t count) {
  const auto [x, y] = std::mismatch(a, a + count, b);
  if (x == a + count) return 0;
  return *x < *y ? -1 : 1;
}

}  // namespace

std::vector<std::int64_t> canonical_order(const GaussianMixture& mixture,
                                          std::vector<std::int64_t> components) {
  const std::int64_t d = mixture.dimension();
  const auto order = [&](std::int64_t i, std::int64_t j) {
    if (const int c = compare(mixture.means().row(i), mixture.means().row(j), d)) return c;
    if (const int c = compare(mixture.eigenvalues().row(i), mixture.eigenvalues().row(j), d))
      return c;
    if (const int c = compare(&mixture.weights()[i], &mixture.weights()[j], 1)) return c;
    if (mixture.basis() != GaussianMixture::Basis::separate) return 0;
    return compare(mixture.eigenvectors(i).data, mixture.eigenvectors(j).data, d * d);
  };
  std::stable_sort(components.begin(), components.end(),
                   [&](std::int64_t i, std::int64_t j) { return order(i, j) < 0; });
  return components;
}

Scheme fine_scheme(const Context& context, const GaussianMixture& mixture, std::int64_t support) {
  return make_per_component_scheme(context, mixture, {.support = support});
}

}  // namespace wquant
