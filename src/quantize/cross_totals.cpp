#include "quantize/cross_totals.hpp"

#include <cmath>

#include "quantize/cross_distortion.hpp"
#include "quantize/rounding.hpp"

namespace wquant {
namespace {

using Eigen::VectorXd;

/// The locations of a cross and the probabilities of their cells under N(o, V diag(s²) Vᵀ), of
/// which it takes `weight`.
void fill_block(const Cross& cross, const CrossShells& shells, double weight, PointBlock& block) {
  const Axes& axes = cross.axes();
  const auto points_a_shell = static_cast<double>(2 * axes.rank());
  for (std::int64_t k = 0; k < axes.rank(); ++k)
    for (const double sign : {1.0, -1.0})
      for (std::size_t j = 0; j < cross.radii().size(); ++j) {
        const double step = sign * cross.radii()[j] * axes.scales()[k];
        for (std::int64_t a = 0; a < axes.dimension(); ++a)
          block.locations.push_back(axes.offset()[a] + axes.basis()(a, k) * step);
        block.probabilities.push_back(weight * (shells.mass[j] / points_a_shell));
      }
}

LocalFrame frame_of(const Axes& axes, double unit) {
  LocalFrame frame;
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  frame.directions = Eigen::Map<const RowMajor>(axes.basis().data, axes.dimension(), axes.rank());
  frame.offset = Eigen::Map<const VectorXd>(axes.offset().data(), axes.dimension()) / unit;
  frame.orthogonality = column_orthogonality_error(axes.basis());
  return frame;
}

double probability_error(const CrossShells& shells) {
  double largest = 0;
  for (std::size_t j = 0; j < shells.mass.size(); ++j)
    if (shells.mass[j] > 0) largest = std::max(largest, shells.mass_error[j] / shells.mass[j]);
  return std::min(1.0, largest) + 8 * kEpsilon;
}

}  // namespace

/// N(0, diag s²) in the coordinates of the cross stands in for each component, whatever it is; what
/// that costs is their distance, √(‖Qᵀ(μ − o)‖² + ‖(QᵀΣQ)^{1/2} − diag s‖²), rounding for the
/// component that the cross was made for.
LayerTotals cross_totals(const Cross& cross, const std::vector<std::int64_t>& components,
                         const GaussianMixture& mixture, const std::vector<double>& centre,
                         double unit, PointBlock& block) {
  const std::int64_t n = cross.axes().rank();
  const std::int64_t d = mixture.dimension();
  const auto shells = shells_of(n, cross.radii(), cross.shells());
  const LocalFrame frame = frame_of(cross.axes(), unit);
  const VectorXd scales = Eigen::Map<const VectorXd>(cross.axes().scales().data(), n) / unit;
  const VectorXd variances = scales.cwiseAbs2();
  const Eigen::Map<const VectorXd> from(centre.data(), d);
  CompensatedSum weight, off_span, gap, mismatch, lengths, spread, within;
  for (const std::int64_t i : components) {
    const double w = mixture.weights()[i];
    const LocalGaussian local = project(mixture, i, frame, unit, &variances);
    const Eigen::Map<const VectorXd> mean(mixture.means().row(i), d);
    weight += w;
    off_span += w * local.off_span;
    gap += w * (local.regression + local.off_span_mean);
    mismatch += w * (local.mismatch * local.mismatch + local.mean.squaredNorm());
    lengths += w * local.mean_rounding * local.mean_rounding;
    spread += w * (local.trace + ((mean - from) / unit).squaredNorm());
    within += w * (local.trace + local.distance * local.distance);
  }
  const double w = weight.value();
  fill_block(cross, *shells, w, block);
  const double total_variance = variances.sum() * (1 + static_cast<double>(n + 2) * kEpsilon);
  LayerTotals totals;
  totals.off_span = off_span.value();
  totals.spread = spread.value();
  totals.within = within.value();
  totals.mismatch = mismatch.value();
  if (w == 0) return totals;
  totals.cells = w * (total_variance * shells->factor);
  totals.gap = gap.value() + w * (total_variance * shells->centroid_gap);
  totals.probability_error = totals.layer_error = probability_error(*shells);
  // Rounding of the locations o ± r_j s_k q_k, and q_k stored instead of orthonormal.
  double second_moment = 0;
  for (std::size_t j = 0; j < shells->mass.size(); ++j)
    second_moment += shells->mass[j] * cross.radii()[j] * cross.radii()[j];
  const double radius = std::sqrt(second_moment / static_cast<double>(n) * total_variance);
  // … and of s² in the stand-in.
  const double location = 8 * kEpsilon * (frame.offset.norm() + radius) +
                          frame.orthogonality * radius + 2 * kEpsilon * scales.norm();
  const double both = std::sqrt(lengths.value()) + std::sqrt(w) * location;
  totals.lengths = both * both;
  return totals;
}

}  // namespace wquant
