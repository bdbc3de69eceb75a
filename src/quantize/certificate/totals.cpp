#include "quantize/certificate/totals.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "base/rounding.hpp"
#include "numerics/normal_cell.hpp"
#include "quantize/certificate/certificate_parts.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

/// Relative error of the cost of 1-D cells: their moments, widths known to 2ε, sums. (An end z
/// known to 2ε|z| shifts its cell by that much, which is charged as a distance.)
constexpr double kCellCostError = kCellMassError + kCellVarianceError + 64 * kEpsilon;

/// x in the units of the input, a power of two: exact, and rounded up where that is below the
/// smallest normal number.
double scaled(double x, double factor) {
  if (x == 0) return 0;
  const double product = x * factor;
  return product < kSmallestNormal ? product + kSmallestPositive : product;
}

/// What is no number bounds nothing, and would pass any comparison that asks whether it is above.
void require_finite_parts(const Certificate& c) {
  for (const double part : {c.w2, c.cells, c.dropped, c.basis, c.rounding, c.centroid_gap})
    if (!std::isfinite(part))
      throw InvalidArgument(
          "scheme: no finite certificate for this mixture; expected lengths within 1e150 of each "
          "other");
}

Certificate in_units(const Certificate& c, double unit) {
  return {.w2 = scaled(c.w2, unit),
          .cells = scaled(scaled(c.cells, unit), unit),
          .dropped = scaled(scaled(c.dropped, unit), unit),
          .reduction = scaled(c.reduction, unit),
          .basis = scaled(c.basis, unit),
          .rounding = scaled(c.rounding, unit),
          .centroid_gap = scaled(c.centroid_gap, unit)};
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
  const double probability_error = probability_error_ + weight_error;
  const double layer_error = layers_ > 1 ? layer_error_ + weight_error : 0;
  Certificate c;
  c.cells = cells_.value() * (1 + kCellCostError);
  c.dropped = round_up(dropped_.value());
  const double delta = round_up(std::sqrt(basis_.value()));
  const double plain = std::sqrt(c.cells + c.dropped);
  const double with_delta = root_sum_squares(std::sqrt(c.cells) + delta, std::sqrt(c.dropped));
  const double gain = delta * (2 * std::sqrt(c.cells) + delta);
  c.basis = gain == 0 ? 0 : round_up(gain / (plain + with_delta));

  const double l = round_up(std::sqrt(rounding_.value()));
  const double distance = plain + c.basis + l;
  const double across = std::sqrt(spread_.value()) + distance;
  const double within = std::sqrt(std::min(within_.value(), spread_.value())) + distance;
  double misplaced = 4 * (layer_error * across * across + probability_error * within * within);
  // Of a faint component's, the product may have vanished.
  if (layer_error + probability_error > 0 && across > 0) misplaced += kSmallestNormal;
  const double moved =
      misplaced == 0 ? 0 : misplaced / (distance + std::sqrt(distance * distance + misplaced));
  c.rounding = round_up(l + moved + 4 * kEpsilon * distance);
  const double gap =
      std::sqrt(centroid_gap_.value()) * (1 + kCellCostError) + l + 4 * kEpsilon * distance;
  c.centroid_gap = round_up(std::min(gap, distance));
  c.w2 = sum_of_parts(c);
  require_finite_parts(c);
  return in_units(c, unit);
}

}  // namespace wquant
