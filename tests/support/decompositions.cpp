#include "support/decompositions.hpp"

#include <Eigen/Dense>

namespace wquant::test {

using Eigen::MatrixXd;

Eigh eigh(const MatrixXd& a) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(a);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

MatrixXd root_of(const MatrixXd& a) {
  const Eigh eigen = eigh(a);
  return eigen.vectors * eigen.values.cwiseMax(0).cwiseSqrt().asDiagonal() *
         eigen.vectors.transpose();
}

MatrixXd solve(const MatrixXd& a, const MatrixXd& b) { return a.llt().solve(b); }

double log_determinant(const MatrixXd& a) {
  return 2 * MatrixXd(a.llt().matrixL()).diagonal().array().log().sum();
}

MatrixXd orthogonal_factor(const MatrixXd& a) {
  return Eigen::HouseholderQR<MatrixXd>(a).householderQ();
}

double nuclear_norm(const MatrixXd& a) {
  return Eigen::JacobiSVD<MatrixXd>(a).singularValues().sum();
}

}  // namespace wquant::test
