#pragma once

#include "wquant/quantize.hpp"

namespace wquant {

/// One grid for all components, on the axes of common_basis: shape by optimal_grid_shape on the
/// variances of the marginals, points by the centroid equations of the marginal mixtures.
Scheme make_grid_scheme(const Context& context, const GaussianMixture& mixture,
                        const QuantizeOptions& options);

/// One grid a component on its own eigenvectors, the budget shared by allocate_budget; one point a
/// group of merge_components where the budget is below the number of components.
Scheme make_per_component_scheme(const Context& context, const GaussianMixture& mixture,
                                 const QuantizeOptions& options);

/// Eigenvalues up to this fraction of the largest get no grid dimension.
double rank_tolerance(const QuantizeOptions& options, std::int64_t dimension);

/// The grid of this shape on the leading directions of N(offset, V diag(variances) Vᵀ): dimensions
/// with one point are left out. basis: d × d.
Grid gaussian_grid(MatrixView<const double> basis, VectorView<const double> variances,
                   const std::vector<std::int64_t>& shape, std::vector<double> offset);

}  // namespace wquant
