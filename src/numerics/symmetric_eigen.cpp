#include "numerics/symmetric_eigen.hpp"

#include <Eigen/Eigenvalues>

namespace wquant {

using Solver = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;

SymmetricEigen symmetric_eigen(const Eigen::MatrixXd& matrix) {
  const Solver solver(matrix);
  return {solver.eigenvalues(), solver.eigenvectors(), solver.info() == Eigen::Success};
}

SymmetricEigen symmetric_eigenvalues(const Eigen::MatrixXd& matrix) {
  const Solver solver(matrix, Eigen::EigenvaluesOnly);
  return {solver.eigenvalues(), {}, solver.info() == Eigen::Success};
}

}  // namespace wquant
