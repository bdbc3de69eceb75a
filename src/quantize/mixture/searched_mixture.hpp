#pragma once

#include "wquant/context.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// The mixture whose density find_modes climbs: components of positive weight, with δ added to all
/// variances where one of the covariances is singular.
struct SearchedMixture {
  GaussianMixture mixture;
  double added_variance;  // δ
  double scale;           // Σ w_i √(tr Σ_i / d), without δ
};
SearchedMixture searched_mixture(const Context& context, const GaussianMixture& given);

}  // namespace wquant
