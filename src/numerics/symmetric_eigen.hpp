#pragma once

#include <Eigen/Core>

namespace wquant {

/// A = VΛVᵀ for a symmetric A, of which the lower triangle is read.
struct SymmetricEigen {
  Eigen::VectorXd values;   ///< ascending.
  Eigen::MatrixXd vectors;  ///< as columns; empty unless asked for.
  bool converged;
};

/// Eigen's solver, Householder tridiagonalisation and QR steps (Golub & Van Loan, §8.3), compiled
/// in one place. Throws no error: `converged` says whether the results mean anything.
SymmetricEigen symmetric_eigen(const Eigen::MatrixXd& matrix);
SymmetricEigen symmetric_eigenvalues(const Eigen::MatrixXd& matrix);

}  // namespace wquant
