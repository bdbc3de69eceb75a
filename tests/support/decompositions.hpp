#pragma once

#include <Eigen/Core>

namespace wquant::test {

// Eigen's decompositions, compiled once for all tests: each takes a compiler seconds.

/// A = VΛVᵀ for symmetric A, Λ ascending.
struct Eigh {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
};
Eigh eigh(const Eigen::MatrixXd& a);

/// A^{1/2} for symmetric A ≥ 0.
Eigen::MatrixXd root_of(const Eigen::MatrixXd& a);

/// A⁻¹B and log det A for symmetric A > 0.
Eigen::MatrixXd solve(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);
double log_determinant(const Eigen::MatrixXd& a);

/// The orthogonal Q (m × m) of A = QR.
Eigen::MatrixXd orthogonal_factor(const Eigen::MatrixXd& a);

/// Σ σ_k(A).
double nuclear_norm(const Eigen::MatrixXd& a);

}  // namespace wquant::test
