#include "base/orthogonality.hpp"

#include <Eigen/Core>
#include <cmath>
#include <vector>

#include "base/eigen.hpp"
#include "base/limits.hpp"

namespace wquant {
namespace {

bool distinct_unit_rows(const RowMajor& matrix) {
  std::vector<bool> used(static_cast<std::size_t>(matrix.cols()));
  for (Eigen::Index k = 0; k < matrix.rows(); ++k) {
    Eigen::Index at = -1;
    for (Eigen::Index a = 0; a < matrix.cols(); ++a) {
      if (matrix(k, a) == 0) continue;
      if (at >= 0 || std::fabs(matrix(k, a)) != 1 || used[a]) return false;
      at = a;
    }
    if (at < 0) return false;
    used[at] = true;
  }
  return true;
}

double orthogonality_error(const RowMajor& rows) {
  if (distinct_unit_rows(rows)) return 0;
  const Eigen::MatrixXd gram = rows * rows.transpose();
  const double distance = (gram - Eigen::MatrixXd::Identity(rows.rows(), rows.rows())).norm();
  // Each inner product of n terms is off by at most n ε ‖m_k‖ ‖m_l‖.
  const double rounding = static_cast<double>(rows.cols() + 4) * kEpsilon * rows.squaredNorm();
  const auto entries = static_cast<double>(rows.rows() * rows.rows());
  return (distance + rounding) * (1 + (entries + 16) * kEpsilon);
}

}  // namespace

double row_orthogonality_error(MatrixView<const double> matrix) {
  return orthogonality_error(Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>>(
      matrix.data, matrix.rows, matrix.cols, Eigen::OuterStride<>(matrix.row_stride)));
}

double column_orthogonality_error(MatrixView<const double> matrix) {
  return orthogonality_error(
      Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>>(matrix.data, matrix.rows, matrix.cols,
                                                          Eigen::OuterStride<>(matrix.row_stride))
          .transpose());
}

}  // namespace wquant
