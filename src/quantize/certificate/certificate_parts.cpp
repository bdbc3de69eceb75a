#include "quantize/certificate/certificate_parts.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kLargestProbabilityError = 1e-9;

/// ≤ w2 − rounding.
double without_rounding(const Certificate& c) {
  return std::max(0.0, (c.w2 - c.rounding) - 32 * kEpsilon * c.w2);
}

}  // namespace

CertificateParts::CertificateParts(const Certificate& c)
    : cells(c.cells),
      dropped(c.dropped),
      reduction(c.reduction),
      basis(c.basis),
      rounding(c.rounding),
      centroid_gap(c.centroid_gap) {}

Certificate CertificateParts::certificate(Upper least) const {
  const Upper bound = std::max(w2(), least);
  return {.w2 = bound.value(),
          .cells = cells.value(),
          .dropped = dropped.value(),
          .reduction = reduction.value(),
          .basis = basis.value(),
          .rounding = rounding.value(),
          .centroid_gap = std::min(centroid_gap, bound).value()};
}

CertificateParts CertificateParts::scaled(double unit) const {
  CertificateParts out;
  out.cells = cells.scaled(unit).scaled(unit);
  out.dropped = dropped.scaled(unit).scaled(unit);
  out.reduction = reduction.scaled(unit);
  out.basis = basis.scaled(unit);
  out.rounding = rounding.scaled(unit);
  out.centroid_gap = centroid_gap.scaled(unit);
  return out;
}

Upper hypotenuse_excess(double t, Upper root) {
  if (root.value() == 0) return {};
  const double both = (t + std::hypot(t, root.value())) * (1 - 4 * kEpsilon);
  return root * (root / both);
}

Upper stand_in_distance(const Certificate& c) {
  if (c.basis == 0) return {};
  const Upper basis(c.basis);
  const Upper gain = basis * (2 * CertificateParts(c).plain() + basis);
  const double cells = c.cells * (1 - 2 * kEpsilon);
  const double roots = (std::sqrt(cells + gain.value()) + std::sqrt(cells)) * (1 - 4 * kEpsilon);
  return std::max(basis, gain / roots);
}

void require_parts(const std::string& name, const Certificate& c) {
  const auto require = [&](const char* part, double value) {
    if (!(value >= 0 && std::isfinite(value)))
      throw InvalidArgument(name + "." + part + ": " + number_text(value) +
                            "; expected a finite number >= 0");
  };
  require("w2", c.w2);
  require("cells", c.cells);
  require("dropped", c.dropped);
  require("reduction", c.reduction);
  require("basis", c.basis);
  require("rounding", c.rounding);
  require("centroid_gap", c.centroid_gap);
  const double sum = CertificateParts(c).w2().value();
  if (c.w2 > sum * (1 + 1e-12))
    throw InvalidArgument(name + ".w2: " + number_text(c.w2) + "; expected the sum of its parts, " +
                          number_text(sum));
}

Upper probability_error(const Certificate& certificate) {
  if (certificate.rounding == 0) return {};
  const double known = without_rounding(certificate);
  if (known == 0) return Upper(kLargestProbabilityError);
  const Upper ratio = Upper(certificate.rounding) / known;
  return std::min(Upper(kLargestProbabilityError), 0.25 * (ratio * (Upper(2) + ratio)));
}

Upper rounding_that_shows(Upper eta, Upper distance) {
  // The positive root of ρ (2 + ρ) = 4η, and a little for the way back.
  const double root = std::sqrt(1 + 4 * eta.value()) * (1 - 4 * kEpsilon);
  return distance * (4 * eta / (1 + root)) * Upper(1 + 64 * kEpsilon);
}

Upper misplacement(Upper eta, Upper spread, Upper w) {
  return hypotenuse_excess(w.value(), 2 * sqrt(eta) * (spread + w));
}

/// On the mass that keeps its point the cost is at most t'² with t' = t + growth. The rest costs
/// M' = 4η' (s + t')² + 4η (s' + t')² ≤ M (t'/t)² by the argument for M, so √(t'² + M') − t' ≤
/// (t'/t) (√(t² + M) − t). Also √M' ≤ √M + 2√η · moved, which serves where t is nearly nothing.
/// (The distance moved is an average over q, M' one over p: 2⁻²⁰ is more than that matters.)
Upper rounding_sent_on(const Certificate& before, Upper moved, Upper growth) {
  if (before.rounding == 0) return {};
  const Upper slack(1 + 0x1p-20);
  const Upper rounding(before.rounding);
  const double known = without_rounding(before);
  const Upper in_proportion =
      known == 0 ? Upper(kInfinity) : rounding * (Upper(1) + slack * growth / known);
  const Upper mass_moved =
      sqrt(rounding) * sqrt(2 * Upper(before.w2)) + 2 * sqrt(probability_error(before)) * moved;
  // √(x² + M') − x falls as x grows: at x = known + growth from below.
  const double least = (known + growth.value()) * (1 - 4 * kEpsilon);
  return std::min(in_proportion, rounding + hypotenuse_excess(least, slack * mass_moved));
}

/// X ~ P is sent where its partner X' ~ P' goes, so t grows by the bound b. The mass that leaves
/// its point does so whatever X was, at most 2η of each cell's: of E‖X − X'‖² it takes part in
/// 2ηb², so that √M grows by 2√η b at most, as rounding_sent_on has it for points that move. Means
/// of cells move by E[X − X' | a], which is b in the root mean square or less.
Certificate after_reduction(const Certificate& before, double bound) {
  if (bound == 0) return before;
  CertificateParts after(before);
  after.reduction += Upper(bound);
  after.rounding = rounding_sent_on(before, Upper(bound), Upper(bound));
  after.centroid_gap += Upper(bound);
  return after.certificate();
}

Certificate stretched(const Certificate& c, Upper lipschitz, Upper error) {
  CertificateParts out(c);
  for (Upper* const squared : {&out.cells, &out.dropped})
    *squared = *squared * lipschitz * lipschitz;
  for (Upper* const length : {&out.reduction, &out.basis, &out.rounding}) *length *= lipschitz;
  out.rounding += error;
  out.centroid_gap = Upper(kInfinity);
  const Certificate image = out.certificate(Upper(c.w2) * lipschitz + error);
  if (!(image.w2 <= kLargestLength))
    throw InvalidArgument("push_forward: the constant " + number_text(lipschitz.value()) +
                          " makes the bound " + number_text(image.w2) + "; expected at most " +
                          number_text(kLargestLength));
  return image;
}

}  // namespace wquant
