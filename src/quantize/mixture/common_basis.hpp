#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "wquant/context.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// An orthogonal matrix that diagonalises all covariances of the mixture where there is one, and
/// those of their average otherwise (quantization.md §5). Nothing rests on it: the certificate
/// charges whatever is left off the diagonals. Where the covariances leave a choice, the axes of
/// the total covariance are taken, along which the means are spread most.
Eigen::MatrixXd common_basis(const Context& context, const GaussianMixture& mixture,
                             std::uint64_t seed);

/// Whether the columns of `basis` are eigenvectors of all covariances, up to rounding.
bool diagonalises(const GaussianMixture& mixture, const Eigen::MatrixXd& basis);
/// Of this component's.
bool diagonalises(const GaussianMixture& mixture, std::int64_t component,
                  const Eigen::MatrixXd& basis);

}  // namespace wquant
