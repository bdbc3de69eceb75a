#pragma once

#include <initializer_list>
#include <span>

#include "wquant/certified_distribution.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"

namespace wquant {

/// The law of independent parts side by side: Π N_f points in Σ d_f dimensions, the last factor
/// fastest; probabilities are products of normalised ones. Results live in the context's memory.
/// Throws InvalidArgument (no factors, a null one, beyond 2⁶² points), OutOfMemory.
WQUANT_API DiscreteDistribution product(const Context& context,
                                        std::span<const DiscreteDistribution* const> factors);

/// The same as an approximation of the product of the P_f: W₂² ≤ Σ_f W₂²(P_f, D_f), by the product
/// of the couplings. `cells` and `dropped` add up; `reduction`, `basis`, `rounding` and
/// `centroid_gap` add in squares (Minkowski's inequality for the parts of w2), and the rounding of
/// the products of probabilities is charged.
WQUANT_API CertifiedDistribution product(const Context& context,
                                         std::span<const CertifiedDistribution* const> factors);

/// product(context, {&a, &b}).
inline DiscreteDistribution product(const Context& context,
                                    std::initializer_list<const DiscreteDistribution*> factors) {
  return product(context, std::span(factors.begin(), factors.size()));
}
/// The same with certificates.
inline CertifiedDistribution product(const Context& context,
                                     std::initializer_list<const CertifiedDistribution*> factors) {
  return product(context, std::span(factors.begin(), factors.size()));
}

}  // namespace wquant
