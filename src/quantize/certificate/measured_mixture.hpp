#pragma once

#include <Eigen/Core>

#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// A mixture that a scheme is laid over, and how lengths are measured there.
struct MeasuredMixture {
  const GaussianMixture& mixture;
  Eigen::VectorXd centre;  ///< its mean, in the units of the input.
  double unit;             ///< a power of two; results are in multiples of it and of its square.
};

}  // namespace wquant
