#pragma once

#include <cstdint>
#include <vector>

#include "quantize/points/allocation.hpp"
#include "wquant/context.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/grid.hpp"
#include "wquant/scheme.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// The eigenvectors of every component as a matrix, also where the mixture stores none.
class Eigenbases {
 public:
  explicit Eigenbases(const GaussianMixture& mixture);
  MatrixView<const double> operator[](std::int64_t i) const {
    return unit_.empty()
               ? mixture_.eigenvectors(i)
               : MatrixView<const double>{unit_.data(), mixture_.dimension(), mixture_.dimension()};
  }

 private:
  const GaussianMixture& mixture_;
  std::vector<double> unit_;
};

/// K × d eigenvalues with those that get no grid dimension set to 0.
std::vector<double> kept_variances(const GaussianMixture& mixture, double tolerance);

/// The distortion curves of component_grids, from K × d kept variances.
DistortionCurves component_curves(MatrixView<const double> variances);

/// The grid of this shape on the leading directions of N(offset, V diag(variances) Vᵀ): dimensions
/// with one point are left out. basis: d × d.
Grid gaussian_grid(MatrixView<const double> basis, VectorView<const double> variances,
                   const std::vector<std::int64_t>& shape, std::vector<double> offset);

/// One point for each of at most `support` groups of merge_components.
Scheme merged_points(const Context& context, const GaussianMixture& mixture, std::int64_t support);

/// One grid per component on its own eigenvectors, the budget of `support` points shared by
/// allocate_budget; one point per group of merge_components where the budget is below the number of
/// components. Eigenvalues up to `rank_tolerance` times the component's largest get no grid
/// dimension.
Scheme component_grids(const Context& context, const GaussianMixture& mixture, std::int64_t support,
                       double rank_tolerance);

/// The cells that free points are made of (quantization.md §8): component_grids of at most
/// `support` cells, each sent whole to the free point nearest to its location, which is its mean
/// but for rounding.
Scheme fine_scheme(const Context& context, const GaussianMixture& mixture, std::int64_t support);

}  // namespace wquant
