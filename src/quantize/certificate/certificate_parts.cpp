#include "quantize/certificate/certificate_parts.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "base/rounding.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kLargestProbabilityError = 1e-9;

/// √(t² + root²) − t.
double hypotenuse_excess(double t, double root) {
  return root == 0 ? 0 : round_up(root * (root / (t + std::hypot(t, root))));
}

/// ≤ w2 − rounding.
double without_rounding(const Certificate& c) {
  return std::max(0.0, (c.w2 - c.rounding) - 32 * kEpsilon * c.w2);
}

/// x · factor, rounded up also where it falls below the smallest normal number.
double scaled_up(double x, double factor) {
  if (x == 0 || factor == 0) return 0;
  return round_up(x * factor) + kSmallestPositive;
}

}  // namespace

double sum_of_parts(const Certificate& c) {
  return round_up(std::sqrt(c.cells + c.dropped) + c.reduction + c.basis + c.rounding);
}

double stand_in_distance(const Certificate& c) {
  if (c.basis == 0) return 0;
  const double gain = c.basis * (2 * std::sqrt(c.cells + c.dropped) + c.basis);
  const double delta = round_up(gain / (std::sqrt(c.cells + gain) + std::sqrt(c.cells)));
  return std::max(c.basis, round_up(delta));
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
  const double sum = sum_of_parts(c);
  if (c.w2 > sum * (1 + 1e-12))
    throw InvalidArgument(name + ".w2: " + number_text(c.w2) + "; expected the sum of its parts, " +
                          number_text(sum));
}

double probability_error(const Certificate& certificate) {
  if (certificate.rounding == 0) return 0;
  const double known = without_rounding(certificate);
  if (known == 0) return kLargestProbabilityError;
  const double ratio = certificate.rounding / known;
  return std::min(kLargestProbabilityError, round_up(ratio * (2 + ratio) / 4));
}

double rounding_that_shows(double eta, double distance) {
  // The positive root of ρ (2 + ρ) = 4η, and a little for the way back.
  return round_up(distance * 4 * eta / (1 + std::sqrt(1 + 4 * eta)) * (1 + 64 * kEpsilon));
}

double misplacement(double eta, double spread, double w) {
  return hypotenuse_excess(w, 2 * std::sqrt(eta) * (spread + w));
}

/// On the mass that keeps its point the cost is at most t'² with t' = t + growth. The rest costs
/// M' = 4η' (s + t')² + 4η (s' + t')² ≤ M (t'/t)² by the argument for M, so √(t'² + M') − t' ≤
/// (t'/t) (√(t² + M) − t). Also √M' ≤ √M + 2√η · moved, which serves where t is nearly nothing.
/// (The distance moved is an average over q, M' one over p: 2⁻²⁰ is more than that matters.)
double rounding_sent_on(const Certificate& before, double moved, double growth) {
  if (before.rounding == 0) return 0;
  constexpr double kSlack = 1 + 0x1p-20;
  const double known = without_rounding(before);
  const double in_proportion =
      known == 0 ? INFINITY : before.rounding * (1 + kSlack * growth / known);
  const double mass_moved = std::sqrt(before.rounding) * std::sqrt(2 * before.w2) +
                            2 * std::sqrt(probability_error(before)) * moved;
  const double apart = before.rounding + hypotenuse_excess(known + growth, kSlack * mass_moved);
  return round_up(std::min(in_proportion, apart));
}

/// X ~ P is sent where its partner X' ~ P' goes, so t grows by the bound b. The mass that leaves
/// its point does so whatever X was, at most 2η of each cell's: of E‖X − X'‖² it takes part in
/// 2ηb², so that √M grows by 2√η b at most, as rounding_sent_on has it for points that move. Means
/// of cells move by E[X − X' | a], which is b in the root mean square or less.
Certificate after_reduction(const Certificate& before, double bound) {
  if (bound == 0) return before;
  Certificate after = before;
  after.reduction = round_up(before.reduction + bound);
  after.rounding = rounding_sent_on(before, bound, bound);
  after.w2 = sum_of_parts(after);
  after.centroid_gap = std::min(round_up(before.centroid_gap + bound), after.w2);
  return after;
}

Certificate stretched(const Certificate& c, double lipschitz, double error) {
  Certificate out{
      .w2 = scaled_up(c.w2, lipschitz) + error,
      .cells = scaled_up(scaled_up(c.cells, lipschitz), lipschitz),
      .dropped = scaled_up(scaled_up(c.dropped, lipschitz), lipschitz),
      .reduction = scaled_up(c.reduction, lipschitz),
      .basis = scaled_up(c.basis, lipschitz),
      .rounding = scaled_up(c.rounding, lipschitz) + error,
  };
  if (!(out.w2 <= kLargestLength))
    throw InvalidArgument("push_forward: the constant " + number_text(lipschitz) +
                          " makes the bound " + number_text(out.w2) + "; expected at most " +
                          number_text(kLargestLength));
  out.rounding = round_up(out.rounding);
  out.w2 = std::max(round_up(out.w2), sum_of_parts(out));
  out.centroid_gap = out.w2;
  return out;
}

}  // namespace wquant
