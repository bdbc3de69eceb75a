#include "io/principal_plane.hpp"

#include <algorithm>
#include <cmath>

#include "io/projection.hpp"

namespace wquant::io {
namespace {

/// QᵀΣ_iQ.
Eigen::Matrix2d projected_covariance(const GaussianMixture& mixture, std::int64_t i,
                                     const Plane& axes) {
  const auto variances = map(mixture.eigenvalues()).row(i);
  Plane local = axes;
  if (mixture.basis() != GaussianMixture::Basis::identity) {
    local = map(mixture.eigenvectors(i)).transpose() * axes;
  }
  return local.transpose() * variances.transpose().asDiagonal() * local;
}

/// The eigenvalues and the first eigenvector's angle of a 2 × 2 covariance.
void set_ellipse(PlaneGaussian& component, const Eigen::Matrix2d& covariance) {
  const double half_sum = (covariance(0, 0) + covariance(1, 1)) / 2;
  const double half_difference = (covariance(0, 0) - covariance(1, 1)) / 2;
  const double radius = std::hypot(half_difference, covariance(0, 1));
  component.major = std::sqrt(half_sum + radius);
  component.minor = std::sqrt(std::max(0.0, half_sum - radius));
  component.angle = 0.5 * std::atan2(covariance(0, 1), half_difference);
}

}  // namespace

PrincipalPlane project(const GaussianMixture& mixture, const DiscreteDistribution& distribution,
                       std::int64_t most_points, std::int64_t most_components) {
  const Eigen::Index d = mixture.dimension();
  const std::vector<double> mean = mixture.mean();
  const std::vector<double> covariance = mixture.total_covariance();
  const Projection projection = principal_axes(Eigen::Map<const Eigen::RowVectorXd>(mean.data(), d),
                                               Eigen::Map<const RowMajor>(covariance.data(), d, d));
  PrincipalPlane plane;
  plane.share = projection.share;
  plane.points = project_heaviest(projection, distribution, most_points);
  const auto means = map(mixture.means());
  const auto weights = mixture.weights();
  for (const std::int64_t i : heaviest(weights.data, weights.size, most_components)) {
    const Eigen::RowVector2d at = projection(means.row(i));
    PlaneGaussian component{.x = at[0], .y = at[1], .weight = weights[i]};
    set_ellipse(component, projected_covariance(mixture, i, projection.axes));
    plane.components.push_back(component);
  }
  return plane;
}

}  // namespace wquant::io
