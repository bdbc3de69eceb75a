#include "quantize/certificate/affine_image.hpp"

#include <cmath>

#include "base/eigen.hpp"
#include "base/limits.hpp"
#include "base/upper.hpp"

namespace wquant {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// (I − QQᵀ) V Λ^{1/2}: its columns squared and summed are the variance across Q.
MatrixXd across_factor(const MeasuredMixture& measured, std::int64_t component,
                       const LocalFrame& frame) {
  const GaussianMixture& mixture = measured.mixture;
  const std::int64_t d = mixture.dimension();
  const VectorXd roots =
      VectorXd::Map(mixture.eigenvalues().row(component), d).cwiseSqrt() / measured.unit;
  MatrixXd factor = roots.asDiagonal();
  if (mixture.basis() != GaussianMixture::Basis::identity)
    factor = Eigen::Map<const RowMajor>(mixture.eigenvectors(component).data, d, d) * factor;
  return factor - frame.directions * (frame.directions.transpose() * factor);
}

}  // namespace

void stretch(LayerTotals& totals, double norm) {
  for (double* const squared : {&totals.cells, &totals.dropped, &totals.centroid_gap, &totals.basis,
                                &totals.rounding, &totals.spread, &totals.within})
    *squared = Upper::relative(*squared * (norm * norm), 14).value();
}

/// Products AQ and A·factor are off by (d + 4) ε ‖A‖_F times the other norm; Q as stored by
/// frame.orthogonality; the columns of the factor by (2d + 2r + 16) ε and 4 · orthogonality of
/// theirs; the coordinates' means as in grid_totals. The error of Σ's factors, E, adds at most
/// ‖A‖² |tr (I − QQᵀ) E|.
double image_cost(const AffineImage& image, const MeasuredMixture& measured, std::int64_t component,
                  const LocalFrame& frame, const LocalGaussian& local,
                  std::span<const CoordinateError> errors) {
  const GaussianMixture& mixture = measured.mixture;
  const double unit = measured.unit;
  const std::int64_t d = mixture.dimension();
  const std::int64_t r = frame.directions.cols();
  const double product_error = static_cast<double>(d + 4) * kEpsilon * image.frobenius;
  const double size = std::sqrt(local.trace) + local.distance;

  const MatrixXd directions = image.matrix * frame.directions;
  double along = 0;
  double bias = 0;  // ≥ ‖AQ bias‖
  for (std::int64_t k = 0; k < r; ++k) {
    const double gain = directions.col(k).norm() * (1 + static_cast<double>(d + 8) * kEpsilon) +
                        product_error + image.norm * frame.orthogonality;
    along += gain * gain * errors[k].cost;
    bias += gain * (std::fabs(errors[k].bias) + 32 * kEpsilon * size);
  }
  along += bias * bias;
  const double rounding = 1 + static_cast<double>(4 * d + 32) * kEpsilon;
  if (r == d) return along * rounding;

  const MatrixXd factor = across_factor(measured, component, frame);
  const double factor_error =
      (static_cast<double>(2 * d + 2 * r + 16) * kEpsilon + 4 * frame.orthogonality) *
      std::sqrt(local.trace) * 2;
  const double spread =
      (image.matrix * factor).norm() + product_error * factor.norm() + image.norm * factor_error;
  const VectorXd mean = VectorXd::Map(mixture.means().row(component), d) / unit - frame.offset;
  const VectorXd off_mean = mean - frame.directions * local.mean;
  const double shift = (image.matrix * off_mean).norm() + product_error * local.distance +
                       image.norm * local.mean_rounding;
  const double unknown = std::sqrt(static_cast<double>(d - r)) *
                         (mixture.factor_error(component) / unit / unit) * image.norm * image.norm;
  const double together = 2 * bias * shift + 2 * std::sqrt(along * local.regression) * image.norm;
  return (along + together + spread * spread + shift * shift + unknown) * rounding;
}

}  // namespace wquant
