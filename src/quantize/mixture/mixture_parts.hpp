#pragma once

#include "cluster/bisection.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// What the library does to the components of mixtures without decomposing them again.
struct MixtureParts {
  /// One component for each group of components: the first of the group, with the sum of the
  /// group's weights in its order and the largest factor error. Components in no group are left
  /// out; they have weight 0.
  static GaussianMixture merged(const GaussianMixture& mixture, const Groups& groups);

  /// Component i becomes N(mean, V diag(eigenvalues) Vᵀ), V the eigenvectors given (d × d) if the
  /// mixture stores one matrix per component, else the one it stores.
  static void replace(GaussianMixture& mixture, std::int64_t i, const double* mean,
                      const double* eigenvalues, const double* eigenvectors);
};

}  // namespace wquant
