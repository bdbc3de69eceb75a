#include "quantize/certificate/cross_layers.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/local_gaussian.hpp"
#include "quantize/crosses/cross_cells.hpp"
#include "quantize/points/cross_distortion.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

using Eigen::VectorXd;

/// A component nearer than this to the Gaussian that the cross was made for, relative to its own
/// size, is taken for it.
constexpr double kOwn = 1e-9;
/// Probabilities with a larger relative error are charged by themselves.
constexpr double kWellKnown = 1e-12;
constexpr double kLeastDeviation = 1e-150;
/// Lengths of a component that is not the cross's own, in multiples of the cross's scales.
constexpr double kReach = 1e140;

std::vector<double> locations_of(const Cross& cross) {
  const Axes& axes = cross.axes();
  std::vector<double> out;
  out.reserve(static_cast<std::size_t>(cross.size() * axes.dimension()));
  for (std::int64_t k = 0; k < axes.rank(); ++k)
    for (const double sign : {1.0, -1.0})
      for (const double r : cross.radii())
        for (std::int64_t a = 0; a < axes.dimension(); ++a)
          out.push_back(axes.offset()[a] + axes.basis()(a, k) * (sign * r * axes.scales()[k]));
  return out;
}

/// What one component brings, by the Gaussian that stands in for it.
struct Share {
  double cost = 0;          // E Σ_k s_k² (z − point)_k²
  double centroid_gap = 0;  // between points and means of cells, squared
  double basis = 0;         // to the stand-in, squared
};

/// Sums over the components of a layer.
class CrossLayer {
 public:
  CrossLayer(const Cross& cross, const MeasuredMixture& measured)
      : cross_(cross),
        measured_(measured),
        centre_(measured.centre / measured.unit),
        frame_(frame_of(cross.axes(), measured.unit)),
        scales_(VectorXd::Map(cross.axes().scales().data(), cross.axes().rank()) / measured.unit),
        variances_(scales_.cwiseAbs2()),
        shells_(shells_of(cross.axes().rank(), cross.radii(), cross.shells())),
        mass_(VectorXd::Zero(cross.size())),
        mass_error_(VectorXd::Zero(cross.size())) {}

  void add(std::int64_t i) {
    const GaussianMixture& mixture = measured_.mixture;
    const double w = mixture.weights()[i];
    LocalGaussian local = project(mixture, i, frame_, measured_.unit, &variances_);
    const double off_mean = local.mean.squaredNorm();
    const double size = std::sqrt(local.trace) + local.distance;
    Share share;
    if (std::sqrt(off_mean) + local.basis <= kOwn * size ||
        cross_.shells() == Cross::Shells::norm) {
      share = standard(w);
      share.basis = local.basis * local.basis + off_mean;
    } else {
      local = project(mixture, i, frame_, measured_.unit);
      share = product(w, local);
      share.basis = local.basis * local.basis;
    }
    const VectorXd mean =
        VectorXd::Map(mixture.means().row(i), mixture.dimension()) / measured_.unit - centre_;
    const double length =
        local.mean_rounding +
        32 * kEpsilon * std::sqrt(static_cast<double>(cross_.axes().rank())) * size;
    weight_ += w;
    cells_ += w * share.cost;
    centroid_gap_ += w * (share.centroid_gap + local.regression + local.dropped_mean);
    basis_ += w * share.basis;
    dropped_ += w * local.dropped;
    rounding_ += w * length * length;
    if (w > 0) rounding_ += kSmallestNormal * static_cast<double>(mixture.dimension() + 16);
    spread_ += w * (local.trace + mean.squaredNorm());
    const double about_offset = local.trace + local.distance * local.distance;
    within_ += w * about_offset;
    squared_spread_ += w * about_offset * about_offset;
  }

  LayerTotals totals() const {
    LayerTotals out;
    out.cells = cells_.value();
    out.dropped = dropped_.value();
    out.centroid_gap = centroid_gap_.value();
    out.basis = basis_.value();
    out.spread = spread_.value();
    out.within = within_.value();
    if (weight_.value() == 0) return out;
    out.probability_error = probability_error();
    out.layer_error = layer_error();
    const double both =
        std::sqrt(rounding_.value()) + std::sqrt(weight_.value()) * location_error();
    out.rounding = both * both;
    return out;
  }

  /// With the weights of the components.
  std::vector<double> probabilities() const { return {mass_.begin(), mass_.end()}; }

 private:
  /// N(0, diag s²) stands in: what the cross was made for.
  Share standard(double w) {
    const std::int64_t n = cross_.axes().rank();
    const auto m = static_cast<std::int64_t>(cross_.radii().size());
    for (std::int64_t a = 0; a < cross_.size(); ++a) {
      mass_[a] += w * shells_->mass[a % m] / static_cast<double>(2 * n);
      mass_error_[a] += w * shells_->mass_error[a % m] / static_cast<double>(2 * n);
    }
    const double total = variances_.sum() * (1 + static_cast<double>(n + 2) * kEpsilon);
    return {total * shells_->factor, total * shells_->centroid_gap, 0};
  }

  /// The component's own product Gaussian stands in.
  Share product(double w, const LocalGaussian& local) {
    ProductNormal normal;
    for (std::int64_t k = 0; k < scales_.size(); ++k) {
      require_in_reach(std::fabs(local.mean[k]) + std::sqrt(local.variance[k]), k);
      const double deviation = std::sqrt(local.variance[k]) / scales_[k];
      normal.mean.push_back(local.mean[k] / scales_[k]);
      normal.deviation.push_back(deviation > kLeastDeviation ? deviation : 0);
    }
    const CrossCells cells = cross_cells(normal, {scales_.begin(), scales_.end()}, cross_.radii());
    for (std::int64_t a = 0; a < cross_.size(); ++a) {
      mass_[a] += w * cells.mass[a];
      mass_error_[a] += w * cells.mass_error[a];
    }
    return {cells.cost, cells.centroid_gap, 0};
  }

  /// In multiples of the scales, squares of lengths must not overflow, nor squares of the scales
  /// vanish.
  void require_in_reach(double length, std::int64_t k) const {
    if (length <= kReach * scales_[k] && scales_[k] * kReach >= 1) return;
    throw InvalidArgument("cross: scales[" + std::to_string(k) + "] is " +
                          number_text(cross_.axes().scales()[k]) +
                          "; expected at least 1e-140 of the mixture's lengths");
  }

  double squared_radius(std::int64_t a) const {
    const auto m = static_cast<std::int64_t>(cross_.radii().size());
    const double r = cross_.radii()[a % m] * scales_[a / (2 * m)];
    return r * r;
  }

  /// The largest relative error of a point's probability p ± e. For a point where that is not
  /// small, what leaves or enters it costs at most 2 φ E[‖X − o‖²; its cell] + 2 e ‖x − o‖², φ the
  /// part of its mass that leaves, where by Cauchy and Schwarz E[…; cell] ≤ √(p + e) (E‖X −
  /// o‖⁴)^{1/2}, and E‖X − o‖⁴ ≤ 3 S_i² for a Gaussian with E‖X − o‖² = S_i. A relative error η
  /// costs 4 η S, S the lesser of spread and within (Totals::certificate); for S = 0, a point mass,
  /// the cells are exact.
  double probability_error() const {
    const double w = weight_.value();
    const double spread = std::min(within_.value(), spread_.value()) / w;
    const double fourth_moment = std::sqrt(3 * squared_spread_.value() / w);
    double relative = 0;
    double apart = 0;
    for (std::int64_t a = 0; a < cross_.size(); ++a) {
      const double p = mass_[a] / w;
      const double e = mass_error_[a] / w;
      if (e <= kWellKnown * p)
        relative = std::max(relative, e > 0 ? e / p : 0);
      else if (spread > 0)
        apart += (std::min(1.0, e / std::max(p - e, e)) * std::sqrt(p + e) * fourth_moment +
                  e * squared_radius(a)) /
                 (2 * spread);
    }
    return Upper::relative(relative + apart, 14).value() + 16 * kEpsilon;
  }

  /// Relative, of the sum of the points' probabilities as they are returned.
  double layer_error() const {
    CompensatedSum sum;
    for (const double mass : mass_) sum += mass;
    return std::fabs(sum.value() - weight_.value()) / weight_.value() + 8 * kEpsilon;
  }

  /// Rounding of the locations o ± r_j s_k q_k, q_k stored instead of orthonormal, and s² in the
  /// stand-in.
  double location_error() const {
    double second_moment = 0;
    for (std::int64_t a = 0; a < cross_.size(); ++a)
      second_moment += mass_[a] / weight_.value() * squared_radius(a);
    const double radius = std::sqrt(second_moment);
    return 8 * kEpsilon * (frame_.offset.norm() + radius) + frame_.orthogonality * radius +
           2 * kEpsilon * scales_.norm();
  }

  const Cross& cross_;
  const MeasuredMixture& measured_;
  VectorXd centre_;  // of the mixture, in multiples of the unit
  LocalFrame frame_;
  VectorXd scales_, variances_;
  std::shared_ptr<const CrossShells> shells_;
  VectorXd mass_, mass_error_;
  CompensatedSum weight_, cells_, dropped_, centroid_gap_, basis_, rounding_, spread_, within_;
  CompensatedSum squared_spread_;
};

}  // namespace

double LayersOf<Cross>::largest_length(const Cross& cross) {
  const Axes& axes = cross.axes();
  double largest = largest_offset(axes);
  for (std::int64_t k = 0; k < axes.rank(); ++k)
    largest = std::max({largest, axes.scales()[k], length_along(axes, k, cross.radii().back())});
  return largest;
}

EvaluatedLayer LayersOf<Cross>::evaluated(std::int64_t l, const AffineImage* image) const {
  const PlacedLayer<Cross>& layer = layers_[l];
  CrossLayer sums(layer.pattern, layer.measured);
  for (const std::int64_t i : layer.components) sums.add(i);
  EvaluatedLayer out{sums.totals(), {layer.row, locations_of(layer.pattern), sums.probabilities()}};
  if (image) stretch(out.totals, image->norm);
  return out;
}

}  // namespace wquant
