#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/upper.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// Directions B (d × s, as s rows) that span, to rounding, all differences X − c of X in the
/// support of a mixture and c in that of a discrete distribution, and what is left across them.
struct DifferenceSpan {
  std::int64_t dimension = 0;
  std::vector<double> directions;  ///< s × d

  Upper norm{1};   ///< ≥ ‖B‖₂.
  Upper residual;  ///< ≥ (E‖(I − BBᵀ)(X − c)‖²)^{1/2} under any coupling of the two.

  std::int64_t rank() const { return static_cast<std::int64_t>(directions.size()) / dimension; }
};

/// B by Gram–Schmidt from √λ_k v_k of the components with weight, their means and the points with
/// probability (host memory), less what is not above rounding; nothing if that is all of R^d. The
/// bounds hold for the B returned whatever it is.
std::optional<DifferenceSpan> difference_span(const GaussianMixture& mixture,
                                              const DiscreteDistribution& distribution);

}  // namespace wquant
