#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "cpu/cpu_backend.hpp"
#include "numerics/factor_bound.hpp"
#include "numerics/jacobi.hpp"
#include "numerics/symmetric_eigen.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic>;
constexpr std::int64_t kColumnsPerBlock = 32;

template <int kSize>
void solve_by_jacobi(const Matrix& matrix, Eigen::VectorXd& values, Matrix& vectors) {
  double a[kSize][kSize];
  double v[kSize][kSize];
  for (int i = 0; i < kSize; ++i)
    for (int j = 0; j < kSize; ++j) a[i][j] = matrix(i, j);
  jacobi_eigh(a, v);
  for (int i = 0; i < kSize; ++i) {
    values[i] = a[i][i];
    for (int j = 0; j < kSize; ++j) vectors(i, j) = v[i][j];
  }
}

void solve(const Matrix& matrix, Eigen::VectorXd& values, Matrix& vectors) {
  switch (matrix.rows()) {
    case 1:
      return solve_by_jacobi<1>(matrix, values, vectors);
    case 2:
      return solve_by_jacobi<2>(matrix, values, vectors);
    case 3:
      return solve_by_jacobi<3>(matrix, values, vectors);
    default:
      break;
  }
  SymmetricEigen eigen = symmetric_eigen(matrix);
  if (!eigen.converged)
    throw Error("eigh: no convergence for a " + std::to_string(matrix.rows()) + " x " +
                std::to_string(matrix.rows()) + " matrix");
  values = std::move(eigen.values);
  vectors = std::move(eigen.vectors);
}

/// Descending eigenvalues, and each eigenvector's largest entry positive.
void normalise(Eigen::VectorXd& values, Matrix& vectors) {
  const std::int64_t d = values.size();
  std::vector<std::int64_t> order(static_cast<std::size_t>(d));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return values[a] > values[b]; });
  const Eigen::VectorXd old_values = values;
  const Matrix old_vectors = vectors;
  for (std::int64_t k = 0; k < d; ++k) {
    values[k] = old_values[order[k]];
    Eigen::Index largest = 0;
    old_vectors.col(order[k]).cwiseAbs().maxCoeff(&largest);
    vectors.col(k) = old_vectors(largest, order[k]) < 0 ? Matrix(-old_vectors.col(order[k]))
                                                        : Matrix(old_vectors.col(order[k]));
  }
}

/// ‖left · rightᵀ − target‖_F for symmetric left · rightᵀ and target, by blocks of columns below
/// the diagonal.
double symmetric_product_distance(int threads, const Matrix& left, const Matrix& right,
                                  const Matrix& target) {
  const std::int64_t d = left.rows();
  const std::int64_t blocks = (d + kColumnsPerBlock - 1) / kColumnsPerBlock;
  std::vector<double> squares(static_cast<std::size_t>(blocks));
  parallel_chunks(threads, d, kColumnsPerBlock, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t width = end - begin;
    const Matrix block = left.bottomRows(d - begin) * right.middleRows(begin, width).transpose() -
                         target.block(begin, begin, d - begin, width);
    squares[begin / kColumnsPerBlock] =
        block.topRows(width).squaredNorm() + 2 * block.bottomRows(d - end).squaredNorm();
  });
  return std::sqrt(std::accumulate(squares.begin(), squares.end(), 0.0));
}

/// Upper bounds on ‖A − VΛVᵀ‖_F and ‖VᵀV − I‖_F.
struct FactorErrors {
  double residual;
  double orthogonality;
};

FactorErrors factor_errors(int threads, const Matrix& a, const Eigen::VectorXd& values,
                           const Matrix& v) {
  const auto d = static_cast<double>(a.rows());
  const double magnitude = values.cwiseAbs().dot(v.colwise().squaredNorm().transpose()) + a.norm();
  const double residual = symmetric_product_distance(threads, v * values.asDiagonal(), v, a);
  const Matrix transposed = v.transpose();
  const double orthogonality = symmetric_product_distance(threads, transposed, transposed,
                                                          Matrix::Identity(a.rows(), a.rows()));
  return {product_distance_bound(d, residual, magnitude),
          product_distance_bound(d, orthogonality, v.squaredNorm())};
}

}  // namespace

void CpuBackend::eigh(TensorView<const double> matrices, MatrixView<double> eigenvalues,
                      TensorView<double> eigenvectors, VectorView<double> residual,
                      VectorView<double> orthogonality) {
  const std::int64_t d = matrices.rows;
  const int inner_threads = matrices.count >= threads_ ? 1 : threads_;
  const int outer_threads = inner_threads == 1 ? threads_ : 1;
  const std::int64_t chunk = std::clamp<std::int64_t>(4096 / (d * d * d), 1, 1024);
  parallel_chunks(outer_threads, matrices.count, chunk, [&](std::int64_t begin, std::int64_t end) {
    Matrix a(d, d);
    Matrix v(d, d);
    Eigen::VectorXd values(d);
    for (std::int64_t i = begin; i < end; ++i) {
      const MatrixView<const double> from = matrices[i];
      for (std::int64_t r = 0; r < d; ++r)
        for (std::int64_t c = 0; c < d; ++c) a(r, c) = from(r, c);
      const double largest = a.cwiseAbs().maxCoeff();
      const int exponent = largest > 0 ? std::ilogb(largest) : 0;
      if (exponent != 0) a = a.unaryExpr([&](double x) { return std::scalbn(x, -exponent); });
      solve(a, values, v);
      normalise(values, v);
      const FactorErrors errors = factor_errors(inner_threads, a, values, v);
      residual[i] = std::scalbn(errors.residual, exponent);
      orthogonality[i] = errors.orthogonality;
      const MatrixView<double> to = eigenvectors[i];
      for (std::int64_t r = 0; r < d; ++r) {
        eigenvalues(i, r) = std::scalbn(values[r], exponent);
        for (std::int64_t c = 0; c < d; ++c) to(r, c) = v(r, c);
      }
    }
  });
}

}  // namespace wquant
