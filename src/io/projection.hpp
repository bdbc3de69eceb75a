#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <vector>

#include "io/plane_point.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/view.hpp"

namespace wquant::io {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>>;
using Plane = Eigen::Matrix<double, Eigen::Dynamic, 2>;

inline ConstMap map(MatrixView<const double> view) {
  return {view.data, view.rows, view.cols, Eigen::OuterStride<>(view.row_stride)};
}

/// The origin of a picture and its two axes, orthonormal; in one dimension the origin is zero and
/// so is the second axis.
struct Projection {
  Eigen::RowVectorXd origin;
  Plane axes;
  std::array<double, 2> share{};  ///< of the total variance that each axis shows

  template <class Row>
  Eigen::RowVector2d operator()(const Row& x) const {
    return (x - origin) * axes;
  }
};

/// The first two principal axes, from the mean.
Projection principal_axes(const Eigen::RowVectorXd& mean, const RowMajor& covariance);

/// Indices of the `most` largest values, in descending order; ties to the lowest index.
std::vector<std::int64_t> heaviest(const double* values, std::int64_t count, std::int64_t most);

/// The heaviest points, in descending order.
std::vector<PlanePoint> project_heaviest(const Projection& projection,
                                         const DiscreteDistribution& distribution,
                                         std::int64_t most);

}  // namespace wquant::io
