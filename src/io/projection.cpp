#include "io/projection.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cstddef>
#include <numeric>

namespace wquant::io {

Projection principal_axes(const Eigen::RowVectorXd& mean, const RowMajor& covariance) {
  const Eigen::Index d = mean.size();
  if (d == 1) return {Eigen::RowVectorXd::Zero(1), (Plane(1, 2) << 1, 0).finished(), {1, 0}};

  const Eigen::SelfAdjointEigenSolver<RowMajor> solver(covariance);
  Projection result{mean, Plane(d, 2), {}};
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

std::vector<PlanePoint> project_heaviest(const Projection& projection,
                                         const DiscreteDistribution& distribution,
                                         std::int64_t most) {
  const auto locations = map(distribution.locations().view());
  const double* probabilities = distribution.probabilities().data();
  std::vector<PlanePoint> points;
  for (const std::int64_t a : heaviest(probabilities, distribution.size(), most)) {
    const Eigen::RowVector2d at = projection(locations.row(a));
    points.push_back({at[0], at[1], probabilities[a]});
  }
  return points;
}

}  // namespace wquant::io
