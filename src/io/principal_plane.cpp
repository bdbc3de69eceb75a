#include "io/principal_plane.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace wquant::io {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>>;
using Plane = Eigen::Matrix<double, Eigen::Dynamic, 2>;

ConstMap map(MatrixView<const double> view) {
  return {view.data, view.rows, view.cols, Eigen::OuterStride<>(view.row_stride)};
}

/// The origin of the picture and its two axes, orthonormal (the second is zero in one dimension).
struct Projection {
  Eigen::RowVectorXd origin;
  Plane axes;
  std::array<double, 2> share{};
};

Projection principal_axes(const GaussianMixture& mixture) {
  const Eigen::Index d = mixture.dimension();
  if (d == 1) return {Eigen::RowVectorXd::Zero(1), (Plane(1, 2) << 1, 0).finished(), {1, 0}};

  const std::vector<double> mean = mixture.mean();
  const std::vector<double> covariance = mixture.total_covariance();
  const Eigen::SelfAdjointEigenSolver<RowMajor> solver(
      Eigen::Map<const RowMajor>(covariance.data(), d, d));
  Projection result{Eigen::Map<const Eigen::RowVectorXd>(mean.data(), d), Plane(d, 2), {}};
  const double total = solver.eigenvalues().sum();
  for (Eigen::Index k : {0, 1}) {
    Eigen::VectorXd axis = solver.eigenvectors().col(d - 1 - k);
    Eigen::Index largest = 0;
    axis.cwiseAbs().maxCoeff(&largest);
    if (axis[largest] < 0) axis = -axis;
    result.axes.col(k) = axis;
    if (total > 0) {
      result.share[static_cast<std::size_t>(k)] =
          std::max(0.0, solver.eigenvalues()[d - 1 - k]) / total;
    }
  }
  return result;
}

/// Indices of the `most` largest values, in descending order; ties to the lowest index.
std::vector<std::int64_t> heaviest(const double* values, std::int64_t count, std::int64_t most) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto middle = order.begin() + std::min(count, most);
  std::partial_sort(order.begin(), middle, order.end(), [&](std::int64_t i, std::int64_t j) {
    return values[i] != values[j] ? values[i] > values[j] : i < j;
  });
  order.erase(middle, order.end());
  return order;
}

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
  const Projection projection = principal_axes(mixture);
  PrincipalPlane plane;
  plane.share = projection.share;
  const auto seen = [&](const auto& x) -> Eigen::RowVector2d {
    return (x - projection.origin) * projection.axes;
  };

  const auto locations = map(distribution.locations().view());
  const double* probabilities = distribution.probabilities().data();
  for (const std::int64_t a : heaviest(probabilities, distribution.size(), most_points)) {
    const Eigen::RowVector2d at = seen(locations.row(a));
    plane.points.push_back({at[0], at[1], probabilities[a]});
  }
  const auto means = map(mixture.means());
  const auto weights = mixture.weights();
  for (const std::int64_t i : heaviest(weights.data, weights.size, most_components)) {
    const Eigen::RowVector2d at = seen(means.row(i));
    PlaneGaussian component{.x = at[0], .y = at[1], .weight = weights[i]};
    set_ellipse(component, projected_covariance(mixture, i, projection.axes));
    plane.components.push_back(component);
  }
  return plane;
}

}  // namespace wquant::io
