#pragma once

#include <vector>

#include "wquant/quantize.hpp"

namespace wquant {

/// Where a Gaussian lies that stands for a mixture.
struct LocalCovariance {
  std::vector<double> centre;      // d
  std::vector<double> covariance;  // d × d
};

/// One grid for all components, on the axes of common_basis: shape by optimal_grid_shape on the
/// variances of the marginals, points by the centroid equations of the marginal mixtures. local:
/// gives the shape and the start of the points in place of the mixture's mean and covariance.
Scheme make_grid_scheme(const Context& context, const GaussianMixture& mixture,
                        const QuantizeOptions& options, const LocalCovariance* local = nullptr);

}  // namespace wquant
