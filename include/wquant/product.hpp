#pragma once

#include <concepts>
#include <functional>
#include <span>

#include "wquant/certified_distribution.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"

namespace wquant {

/// The joint distribution of independent parts: Π N_f points in Σ d_f dimensions, where the points
/// of the last factor run fastest. Probabilities are products of normalised ones. The result lies
/// in the context's memory. Throws InvalidArgument (no factors, more than 2⁶² points), OutOfMemory.
WQUANT_API DiscreteDistribution
product(const Context& context,
        std::span<const std::reference_wrapper<const DiscreteDistribution>> factors);

/// The joint distribution as a certified approximation of the product of the P_f. The product of
/// the couplings shows that W₂² ≤ Σ_f W₂²(P_f, D_f). So `cells` and `dropped` add up, while
/// `reduction`, `basis`, `rounding` and `centroid_gap` add in squares (Minkowski's inequality for
/// the parts of w2). The rounding of the products of probabilities is charged as well.
/// Throws InvalidArgument (no factors, more than 2⁶² points), OutOfMemory.
WQUANT_API CertifiedDistribution
product(const Context& context,
        std::span<const std::reference_wrapper<const CertifiedDistribution>> factors);

/// The same for factors that are listed: `product(context, a, b)`.
template <std::same_as<DiscreteDistribution>... More>
DiscreteDistribution product(const Context& context, const DiscreteDistribution& first,
                             const More&... more) {
  const std::reference_wrapper<const DiscreteDistribution> factors[] = {first, more...};
  return product(context, std::span(factors));
}
/// The same for certified factors that are listed: `product(context, a, b)`.
///
/// \code
/// const Context context = Context::best();
/// const double mean[] = {0}, variance[1][1] = {{4}};
/// const auto normal = GaussianMixture::gaussian(context, mean, variance);
/// const Quantization x = quantize(context, normal, {.support = 8});
/// const CertifiedDistribution pair = product(context, x, x);  // 64 points in the plane
/// std::printf("W2 <= %.4f\n", pair.certificate.w2);
/// \endcode
template <std::derived_from<CertifiedDistribution>... More>
CertifiedDistribution product(const Context& context, const CertifiedDistribution& first,
                              const More&... more) {
  const std::reference_wrapper<const CertifiedDistribution> factors[] = {first, more...};
  return product(context, std::span(factors));
}

}  // namespace wquant
