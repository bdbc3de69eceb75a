#include "quantize/certificate/component_totals.hpp"

#include <cmath>

#include "base/limits.hpp"

namespace wquant {

using Eigen::VectorXd;

ComponentTotals::ComponentTotals(const MeasuredMixture& measured, std::int64_t rank)
    : measured_(measured), rank_(static_cast<double>(rank)) {}

void ComponentTotals::add(std::int64_t component, const LocalGaussian& local) {
  const GaussianMixture& mixture = measured_.mixture;
  const double w = mixture.weights()[component];
  const auto d = static_cast<double>(mixture.dimension());
  const double length = local.mean_rounding + 32 * kEpsilon * std::sqrt(rank_) *
                                                  (std::sqrt(local.trace) + local.distance);
  weight_ += w;
  dropped_ += w * local.dropped;
  basis_ += w * local.basis * local.basis;
  rounding_ += w * length * length;
  // Products of weights and squares may have vanished below the smallest normal number.
  if (w > 0 && local.trace + local.distance > 0) rounding_ += (d + 4 * rank_ + 4) * kSmallestNormal;
  const Eigen::Map<const VectorXd> mean(mixture.means().row(component), mixture.dimension());
  spread_ += w * (local.trace + ((mean - measured_.centre) / measured_.unit).squaredNorm());
  within_ += w * (local.trace + local.distance * local.distance);
}

LayerTotals ComponentTotals::totals() const {
  LayerTotals out;
  out.dropped = dropped_.value();
  out.basis = basis_.value();
  out.rounding = rounding_.value();
  out.spread = spread_.value();
  out.within = within_.value();
  return out;
}

double ComponentTotals::rounding_with_points(const LocalFrame& frame, double second_moment) const {
  const double radius = std::sqrt(second_moment / weight());
  const double location =
      rank_ == 0 ? 0
                 : (rank_ + 4) * kEpsilon * (frame.offset.norm() + std::sqrt(rank_) * radius) +
                       frame.orthogonality * radius;
  const double both = std::sqrt(rounding_.value()) + std::sqrt(weight()) * location;
  return both * both;
}

}  // namespace wquant
