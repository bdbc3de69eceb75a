#include "quantize/certificate/local_gaussian.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/eigen.hpp"
#include "base/lengths.hpp"
#include "base/limits.hpp"
#include "base/orthogonality.hpp"
#include "base/upper.hpp"
#include "numerics/symmetric_eigen.hpp"

namespace wquant {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// W = VᵀQ, entrywise bounds on its error, and the squared norms of the columns of V. Rounding of
/// the inner products: (d + 1) ε |V|ᵀ|Q|; Q as stored instead of its polar factor:
/// ‖Q̂ − Q‖₂ ≤ ‖Q̂ᵀQ̂ − I‖ (singular values obey |σ − 1| ≤ |σ² − 1|).
struct Coordinates {
  MatrixXd w;
  MatrixXd error;
  VectorXd squared_norms;
};

Coordinates coordinates(const GaussianMixture& mixture, std::int64_t component,
                        const LocalFrame& frame) {
  const std::int64_t d = mixture.dimension();
  const std::int64_t r = frame.directions.cols();
  if (mixture.basis() == GaussianMixture::Basis::identity)
    return {frame.directions, MatrixXd::Constant(d, r, frame.orthogonality), VectorXd::Ones(d)};
  const Eigen::Map<const RowMajor> v(mixture.eigenvectors(component).data, d, d);
  Coordinates out;
  out.w = v.transpose() * frame.directions;
  out.squared_norms = v.colwise().squaredNorm();
  out.error = static_cast<double>(d + 1) * kEpsilon *
              (v.cwiseAbs().transpose() * frame.directions.cwiseAbs());
  out.error.colwise() += frame.orthogonality * out.squared_norms.cwiseSqrt();
  return out;
}

/// Case of a difference so large, or a b so small, that the first-order bound says nothing:
/// Powers–Størmer ‖A^{1/2} − B^{1/2}‖_F² ≤ ‖A − B‖_* for all of the difference, or for what is left
/// of it after taking the square root numerically.
double root_distance_by_nuclear_norm(const VectorXd& b, const MatrixXd& difference,
                                     double unknown) {
  const auto r = static_cast<double>(b.size());
  const double everything = std::sqrt(std::sqrt(r) * (difference.norm() + unknown));
  const MatrixXd a = MatrixXd(b.asDiagonal()) + difference;
  const SymmetricEigen eigen = symmetric_eigen(a);
  if (!eigen.converged) return everything;
  const VectorXd positive = eigen.values.cwiseMax(0);
  const MatrixXd& u = eigen.vectors;
  const MatrixXd root = u * positive.cwiseSqrt().asDiagonal() * u.transpose();
  const double residual =
      (root * root - a).norm() + (4 * r + 16) * kEpsilon * (positive.sum() + a.norm());
  const double numerical = (root - MatrixXd(b.cwiseSqrt().asDiagonal())).norm() +
                           (4 * r + 16) * kEpsilon * positive.cwiseSqrt().sum() +
                           std::sqrt(std::sqrt(r) * (residual + unknown));
  return std::min(everything, numerical);
}

}  // namespace

namespace {

/// root_distance for entries of the order of 1, whose squares neither overflow nor vanish.
double scaled_root_distance(const VectorXd& b, const MatrixXd& difference, const MatrixXd& error,
                            double extra) {
  const MatrixXd bound = difference.cwiseAbs() + error;
  const VectorXd root = b.cwiseSqrt();
  double least_root = INFINITY;  // over the dimensions that anything happens to
  double squares = 0;
  for (Eigen::Index k = 0; k < b.size(); ++k) {
    if (extra == 0 && bound.col(k).maxCoeff() == 0) continue;
    least_root = std::min(least_root, root[k]);
    for (Eigen::Index l = 0; l < b.size(); ++l)
      if (bound(k, l) > 0) {
        const double term = bound(k, l) / (root[k] + root[l]);
        squares += term * term;
      }
  }
  if (std::isinf(least_root)) return 0;
  // X = A^{1/2} − B^{1/2} solves B^{1/2}X + XB^{1/2} = (A − B) − X². With c = 1 / (2 √b_min) and
  // e ≥ the norm of the solution without X², Banach's theorem on the ball of the smaller root of
  // ρ = e + cρ² gives ‖X‖_F ≤ 2e / (1 + √(1 − 4ce)); there B^{1/2} + X is still positive.
  const double c = 1 / (2 * least_root);
  const double e = std::sqrt(squares) + extra * c;
  if (4 * c * e < 0.9) return Upper::relative(2 * e / (1 + std::sqrt(1 - 4 * c * e)), 14).value();
  return Upper::relative(root_distance_by_nuclear_norm(b, difference, error.norm() + extra), 14)
      .value();
}

}  // namespace

double root_distance(const VectorXd& b, const MatrixXd& difference, const MatrixXd& error,
                     double extra) {
  if (b.size() == 0) return 0;
  const double largest =
      std::max({b.maxCoeff(), difference.cwiseAbs().maxCoeff(), error.maxCoeff(), extra});
  if (largest == 0) return 0;
  const int half_exponent = std::ilogb(largest) / 2;
  const double down = std::ldexp(1.0, -half_exponent);  // its square may overflow: used twice
  const double distance = scaled_root_distance((b * down) * down, (difference * down) * down,
                                               (error * down) * down, extra * down * down);
  return std::ldexp(distance, half_exponent);
}

namespace {

/// ≥ tr(B A⁻¹ Bᵀ) with A = QᵀΣQ and B = (I − QQᵀ)ΣQ, and never more than the variance across Q.
/// B = VΛW − QA; its rounding, Q as stored and the error of the factors enter as distances.
double explained_across(const GaussianMixture& mixture, std::int64_t component,
                        const LocalFrame& frame, const MatrixXd& scaled, const MatrixXd& covariance,
                        const MatrixXd& error, double factor_error, const LocalGaussian& local,
                        double variance_across) {
  const std::int64_t d = mixture.dimension();
  const std::int64_t r = frame.directions.cols();
  if (r == 0) return 0;
  double least = INFINITY;  // Gershgorin: below every eigenvalue of A
  for (std::int64_t k = 0; k < r; ++k)
    least = std::min(least, covariance(k, k) - (covariance.row(k).cwiseAbs().sum() -
                                                covariance(k, k) + error.row(k).sum()));
  if (!(least > factor_error)) return variance_across;
  MatrixXd b = -frame.directions * covariance;
  if (mixture.basis() == GaussianMixture::Basis::identity)
    b += scaled;
  else
    b += Eigen::Map<const RowMajor>(mixture.eigenvectors(component).data, d, d) * scaled;
  const double off =
      b.norm() + factor_error +
      (static_cast<double>(4 * d + 4 * r + 16) * kEpsilon + 8 * frame.orthogonality) * local.trace;
  return std::min(variance_across, Upper::relative(off * off / (least - factor_error), 14).value());
}

/// Whether dividing by the unit may have changed a value.
bool is_lost(const VectorXd& given, const VectorXd& divided) {
  return (given.array() != 0 && divided.array().abs() < kSmallestNormal).any();
}

}  // namespace

LocalFrame frame_of(const Axes& axes, double unit) {
  LocalFrame frame;
  frame.directions = Eigen::Map<const RowMajor>(axes.basis().data, axes.dimension(), axes.rank());
  frame.offset = Eigen::Map<const VectorXd>(axes.offset().data(), axes.dimension())
                     .unaryExpr([unit](double x) { return in_units_of(unit, x); });
  frame.orthogonality = column_orthogonality_error(axes.basis());
  return frame;
}

LocalGaussian project(const GaussianMixture& mixture, std::int64_t component,
                      const LocalFrame& frame, double unit, const VectorXd* stand_in) {
  const std::int64_t d = mixture.dimension();
  const std::int64_t r = frame.directions.cols();
  const Eigen::Map<const VectorXd> given(mixture.means().row(component), d);
  const VectorXd mean = given / unit;
  const VectorXd lambda =
      Eigen::Map<const VectorXd>(mixture.eigenvalues().row(component), d) / unit / unit;
  const double factor_error = mixture.factor_error(component) / unit / unit;
  LocalGaussian local;

  const VectorXd delta = mean - frame.offset;
  local.distance = delta.stableNorm();  // squares may vanish where lengths do not
  local.mean = frame.directions.transpose() * delta;
  const auto dims = static_cast<double>(2 * d + 4 * r + 16);
  local.mean_rounding =
      (dims * kEpsilon * (1 + std::sqrt(static_cast<double>(r))) + 4 * frame.orthogonality) *
      local.distance;

  const Coordinates at = coordinates(mixture, component, frame);
  local.trace = lambda.dot(at.squared_norms);
  // Of what is below the smallest normal number in these units, no more is known than that it is.
  if (is_lost(given, mean)) local.distance += kSmallestPositive;
  if (is_lost(Eigen::Map<const VectorXd>(mixture.eigenvalues().row(component), d), lambda))
    local.trace += kSmallestPositive;
  const MatrixXd absolute = at.w.cwiseAbs();
  const MatrixXd scaled = lambda.asDiagonal() * at.w;
  const MatrixXd covariance = at.w.transpose() * scaled;
  const MatrixXd cross = absolute.transpose() * (lambda.asDiagonal() * at.error);
  MatrixXd error =
      cross + cross.transpose() + at.error.transpose() * (lambda.asDiagonal() * at.error) +
      static_cast<double>(d + 4) * kEpsilon * (absolute.transpose() * scaled.cwiseAbs());
  error *= 1 + static_cast<double>(2 * d + 8) * kEpsilon;
  local.variance = stand_in ? *stand_in : VectorXd(covariance.diagonal());
  MatrixXd difference = covariance;
  difference.diagonal() -= local.variance;
  local.basis = root_distance(local.variance, difference, error, factor_error);

  if (r == d) return local;  // Q spans everything (its rounding is in mean_rounding)
  double variance_left = 0;
  for (std::int64_t j = 0; j < d; ++j) {
    const double left = std::max(0.0, at.squared_norms[j] - at.w.row(j).squaredNorm());
    const double left_error = static_cast<double>(d + r + 4) * kEpsilon * at.squared_norms[j] +
                              2 * absolute.row(j).dot(at.error.row(j)) +
                              at.error.row(j).squaredNorm();
    variance_left += lambda[j] * (left + left_error);
  }
  // |tr((I − QQᵀ)E)| ≤ √(d − r) ‖E‖_F, a projector of rank d − r.
  const double variance_across = variance_left * (1 + static_cast<double>(d + 8) * kEpsilon) +
                                 std::sqrt(static_cast<double>(d - r)) * factor_error;
  local.dropped_mean = (delta - frame.directions * local.mean).squaredNorm();
  local.dropped = variance_across + local.dropped_mean;
  local.regression = explained_across(mixture, component, frame, scaled, covariance, error,
                                      factor_error, local, variance_across);
  return local;
}

}  // namespace wquant
