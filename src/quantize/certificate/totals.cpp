#include "quantize/certificate/totals.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "base/upper.hpp"
#include "numerics/normal_cell.hpp"
#include "quantize/certificate/certificate_parts.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

/// Relative error of the cost of 1-D cells: their moments, widths known to 2ε, sums. (An end z
/// known to 2ε|z| shifts its cell by that much, which is charged as a distance.)
constexpr double kCellCostError = kCellMassError + kCellVarianceError + 64 * kEpsilon;

/// Products and sums of at most 14 operations beside the sum's own; what vanished in them is
/// charged by whoever added it.
Upper summed(const CompensatedSum& sum) { return Upper::relative(sum.value(), 14); }

/// What is no number bounds nothing, and would pass any comparison that asks whether it is above.
void require_finite_parts(const Certificate& c) {
  for (const double part : {c.w2, c.cells, c.dropped, c.basis, c.rounding, c.centroid_gap})
    if (!std::isfinite(part))
      throw InvalidArgument(
          "scheme: no finite certificate for this mixture; expected lengths within 1e150 of each "
          "other");
}

}  // namespace

void Totals::add(const LayerTotals& layer) {
  cells_ += layer.cells;
  dropped_ += layer.dropped;
  centroid_gap_ += layer.centroid_gap;
  basis_ += layer.basis;
  rounding_ += layer.rounding;
  spread_ += layer.spread;
  within_ += layer.within;
  probability_error_ = std::max(probability_error_, layer.probability_error);
  layer_error_ = std::max(layer_error_, layer.layer_error);
  ++layers_;
}

/// With C = cells, δ² = basis, O = dropped, l² = rounding, sums over the layers, Minkowski's
/// inequality gives
///     W₂(P, D') ≤ √((√C + δ)² + O) + l
/// for D' with exact probabilities p. Those of D, normalised, are q = p + (t − 1) p + r: the share
/// of the point's layer is off by |t − 1| ≤ 2η', and within the layer |r| ≤ 2η p with Σ r = 0. Mass
/// that leaves cell a for x_b costs at most 2‖X − x̄‖² + 2‖x_b − x̄‖² for any x̄, and no point both
/// loses and gains; with E‖X − x̄‖² = S that adds at most 4η' (√S + W₂)² to the squared cost for the
/// shares, and 4η (√S' + W₂)² within the layers, S' = E‖X − offset of its layer‖² if that is less.
Certificate Totals::certificate(double weight_error, double unit) const {
  const Upper probability_error = Upper(probability_error_) + Upper(weight_error);
  const Upper layer_error = layers_ > 1 ? Upper(layer_error_) + Upper(weight_error) : Upper();
  CertificateParts parts;
  parts.cells = summed(cells_) * Upper(1 + kCellCostError);
  parts.dropped = summed(dropped_);
  const Upper delta = sqrt(summed(basis_));
  const Upper gain = delta * (2 * sqrt(parts.cells) + delta);
  const double without = std::sqrt(parts.cells.value() + parts.dropped.value());
  const double with = std::sqrt(parts.cells.value() + gain.value() + parts.dropped.value());
  if (gain.value() != 0) parts.basis = gain / ((without + with) * (1 - 8 * kEpsilon));

  const Upper l = sqrt(summed(rounding_));
  const Upper distance = parts.distance() + l;
  const Upper across = sqrt(summed(spread_)) + distance;
  const Upper within = sqrt(std::min(summed(within_), summed(spread_))) + distance;
  Upper misplaced = 4 * (layer_error * square(across) + probability_error * square(within));
  // Of a faint component's, the product may have vanished.
  if ((layer_error + probability_error).value() > 0 && across.value() > 0)
    misplaced += Upper(kSmallestNormal);
  const Upper slack = 4 * kEpsilon * distance;
  parts.rounding = l + hypotenuse_excess(distance.value(), sqrt(misplaced)) + slack;
  const Upper gap = sqrt(summed(centroid_gap_)) * Upper(1 + kCellCostError) + l + slack;
  parts.centroid_gap = std::min(gap, distance);
  require_finite_parts(parts.certificate());
  return parts.scaled(unit).certificate();
}

}  // namespace wquant
