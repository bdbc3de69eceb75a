#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "io/plane_point.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant::io {

/// A projected component: its mean, the standard deviations along the axes of its ellipse, and the
/// angle of the first of them.
struct PlaneGaussian {
  double x = 0;
  double y = 0;
  double major = 0;
  double minor = 0;
  double angle = 0;
  double weight = 0;
};

/// A mixture and a discrete distribution, seen on the mixture's first two principal axes from its
/// mean. In one dimension x is the coordinate itself, and y is zero.
struct PrincipalPlane {
  std::vector<PlanePoint> points;         ///< the heaviest, in descending order
  std::vector<PlaneGaussian> components;  ///< likewise
  std::array<double, 2> share{};          ///< of the total variance that each axis shows
};

/// Everything in host memory; keeps at most so many points and components.
PrincipalPlane project(const GaussianMixture& mixture, const DiscreteDistribution& distribution,
                       std::int64_t most_points, std::int64_t most_components);

}  // namespace wquant::io
