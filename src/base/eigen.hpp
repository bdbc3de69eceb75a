#pragma once

#include <Eigen/Core>

namespace wquant {

/// A matrix as arrays store them: row after row.
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace wquant
