#include "quantize/mixture/common_basis.hpp"

#include <vector>

#include "base/eigen.hpp"
#include "base/pulse.hpp"
#include "base/random.hpp"
#include "quantize/mixture/factors.hpp"

namespace wquant {
namespace {

using Eigen::MatrixXd;
/// Off-diagonal mass, relative to the whole, up to which a basis counts as common.
constexpr double kCommuting = 1e-8;

Eigen::Map<const Eigen::VectorXd> eigenvalues(const GaussianMixture& mixture, std::int64_t i) {
  return {mixture.eigenvalues().row(i), mixture.dimension()};
}

/// Off-diagonal mass of VᵀMV, relative to the norm of M.
double off_diagonal(const MatrixXd& v, const RowMajor& matrix) {
  MatrixXd rotated = v.transpose() * matrix * v;
  rotated.diagonal().setZero();
  const double norm = matrix.stableNorm();
  return norm > 0 ? rotated.stableNorm() / norm : 0;
}

/// Σ_i V_i diag(values(i)) V_iᵀ.
template <class Values>
RowMajor combination(const GaussianMixture& mixture, const Values& values) {
  const std::int64_t d = mixture.dimension();
  RowMajor sum = RowMajor::Zero(d, d);
  ShortSteps steps;
  for (std::int64_t i = 0; i < mixture.components(); ++i) {
    steps.beat();
    if (mixture.basis() == GaussianMixture::Basis::identity) {
      sum.diagonal() += values(i);
    } else {
      const Eigen::Map<const RowMajor> v(mixture.eigenvectors(i).data, d, d);
      sum.noalias() += v * values(i).asDiagonal() * v.transpose();
    }
  }
  return (sum + RowMajor(sum.transpose())) / 2;
}

MatrixXd eigenvectors(const Context& context, const RowMajor& matrix) {
  const std::int64_t d = matrix.rows();
  const Factors factors(context, {matrix.data(), 1, d, d});
  return Eigen::Map<const RowMajor>(factors.vectors(0, 1).data, d, d);
}

RowMajor covariance_of_means(const GaussianMixture& mixture) {
  const std::int64_t d = mixture.dimension();
  const Eigen::Map<const RowMajor> means(mixture.means().data, mixture.components(), d);
  const Eigen::Map<const Eigen::VectorXd> weights(mixture.weights().data, mixture.components());
  const std::vector<double> centre = mixture.mean();
  const RowMajor centred = means.rowwise() - Eigen::Map<const Eigen::RowVectorXd>(centre.data(), d);
  return centred.transpose() * weights.asDiagonal() * centred;
}

}  // namespace

bool diagonalises(const GaussianMixture& mixture, std::int64_t i, const MatrixXd& basis) {
  const std::int64_t d = mixture.dimension();
  const auto lambda = eigenvalues(mixture, i);
  MatrixXd w = basis;
  if (mixture.basis() != GaussianMixture::Basis::identity)
    w = Eigen::Map<const RowMajor>(mixture.eigenvectors(i).data, d, d).transpose() * basis;
  MatrixXd rotated = w.transpose() * lambda.asDiagonal() * w;
  rotated.diagonal().setZero();
  return rotated.stableNorm() <= kCommuting * lambda.stableNorm();
}

bool diagonalises(const GaussianMixture& mixture, const MatrixXd& basis) {
  for (std::int64_t i = 0; i < mixture.components(); ++i)
    if (!diagonalises(mixture, i, basis)) return false;
  return true;
}

MatrixXd common_basis(const Context& context, const GaussianMixture& mixture, std::uint64_t seed) {
  const std::int64_t d = mixture.dimension();
  const bool identity = mixture.basis() == GaussianMixture::Basis::identity;
  const auto own_basis = [&] {
    return identity ? MatrixXd(MatrixXd::Identity(d, d))
                    : MatrixXd(Eigen::Map<const RowMajor>(mixture.eigenvectors(0).data, d, d));
  };
  if (mixture.components() == 1) return own_basis();

  const RowMajor average = combination(mixture, [&](std::int64_t i) -> Eigen::VectorXd {
    return mixture.weights()[i] * eigenvalues(mixture, i);
  });
  const RowMajor total = average + covariance_of_means(mixture);
  const bool shared = mixture.basis() != GaussianMixture::Basis::separate;
  if (shared && off_diagonal(own_basis(), total) <= kCommuting) return own_basis();
  MatrixXd basis = eigenvectors(context, total);
  if (diagonalises(mixture, basis)) return basis;
  if (shared) return own_basis();

  // Generic positive weights: their combination has ties only where all covariances have them.
  const RowMajor mixed = combination(mixture, [&](std::int64_t i) -> Eigen::VectorXd {
    const auto lambda = eigenvalues(mixture, i);
    const double norm = lambda.stableNorm();
    const double weight = 0.5 + uniform(seed, static_cast<std::uint64_t>(i));
    return norm > 0 ? Eigen::VectorXd(lambda / norm * weight) : Eigen::VectorXd(lambda);
  });
  basis = eigenvectors(context, mixed);
  return diagonalises(mixture, basis) ? basis : eigenvectors(context, average);
}

}  // namespace wquant
