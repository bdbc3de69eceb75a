#include "quantize/crosses/folded_normal.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "numerics/normal_cell.hpp"

namespace wquant {
namespace {

/// Covers the rounding of the suprema many times over.
constexpr double kRoundedUp = 1.001;
constexpr double kInverseRootTwoPi = 0.39894228040143267794;

double distance(double x, double low, double high) {
  return x < low ? low - x : x > high ? x - high : 0;
}

/// P(|x| beyond −lower, upper) and its error, as in log_central_mass of radial_density.cpp.
struct Tails {
  double mass = 0;
  double error = 0;
  void add(double x) {
    constexpr double kSqrtHalf = 0.70710678118654752440;
    const double tail = 0.5 * std::erfc(x * kSqrtHalf);
    mass += tail;
    error += tail * (12 + x * x) * kEpsilon;
  }
};

double density_or_zero(double x) { return std::fabs(x) > kBeyondDoubles ? 0 : normal_density(x); }

}  // namespace

FoldedNormal::Standard FoldedNormal::standard(const Magnitude& t, int sign) const {
  const double from_mean = t.base - sign * mean_;
  return {(from_mean + t.local) / deviation_,
          (2 * kEpsilon * (std::fabs(from_mean) + t.local) + t.error) / deviation_};
}

/// The cell (−t − mean, t − mean)/σ of N(0, 1). What its ends may be off by, seen as a move of the
/// cell by δ, is a tilt by e^{−δx}: it changes the mass by a relative |mean| δ, the mean by at most
/// δ and the variance by a relative 2δ (log-concavity). The rounding of the width moves the far
/// end, where the density is smallest: at most a relative 2ε of the mass, 4ε of the mean, 24ε of
/// the variance. As t grows the mass grows by f(t) + f(−t), and the conditional moments move at
/// most t, t² times as fast.
FoldedNormal::Within FoldedNormal::within(const Magnitude& t) const {
  const Standard above = standard(t, 1);
  const Standard below = standard(t, -1);
  const double width = 2 * t.value() / deviation_;
  const CellMoments cell = normal_cell(-below.value, above.value, width);
  Within out{};
  if (!(cell.mass > 0)) return out;
  const double density_above = density_or_zero(above.value);
  const double density_below = density_or_zero(below.value);
  const double growth = t.error / deviation_ * (density_above + density_below) / cell.mass;
  const double moved = std::fabs(above.value) < std::fabs(below.value) ? above.error : below.error;
  out.mass = cell.mass;
  out.mass_error = kCellMassError + 4 * kEpsilon + moved * std::fabs(cell.mean) + growth;
  if (cell.mass > 0.5) {
    Tails tails;
    tails.add(above.value);
    tails.add(below.value);
    out.mass = 1 - tails.mass;
    out.mass_error = 2 * kEpsilon +
                     2 * (tails.error + density_above * above.error + density_below * below.error);
  }
  out.centre = mean_ + deviation_ * cell.mean;
  out.centre_error =
      deviation_ * ((kCellMeanError + 6 * kEpsilon) * std::max(1.0, std::fabs(cell.mean)) + moved) +
      kEpsilon * std::fabs(mean_) + 2 * t.value() * growth;
  const double spread = deviation_ * deviation_ * cell.variance;
  out.second = spread + out.centre * out.centre;
  out.second_error = spread * (kCellVarianceError + 32 * kEpsilon + 2 * moved) +
                     out.centre_error * (2 * std::fabs(out.centre) + out.centre_error) +
                     4 * kEpsilon * out.second + t.value() * t.value() * growth;
  return out;
}

/// normal_density is good to 8ε.
FoldedNormal::Value FoldedNormal::density(const Magnitude& t, int sign) const {
  const Standard x = standard(t, sign);
  return {density_or_zero(x.value) / deviation_, 10 * kEpsilon + std::fabs(x.value) * x.error};
}

FoldedNormal::Mass FoldedNormal::mass_between(double begin, double end, int sign) const {
  const Standard lower = standard({begin, 0, 0}, sign);
  const Standard upper = standard({end, 0, 0}, sign);
  if (!(lower.value < upper.value)) return {0, 1};
  const double mass = normal_cell(lower.value, upper.value, upper.value - lower.value).mass;
  return {mass, (kCellMassError + kEpsilon) * mass + density_or_zero(lower.value) * lower.error +
                    density_or_zero(upper.value) * upper.error};
}

/// |f(x + iy)| = f(x) e^{y²/2σ²}. Not below −10⁶, so that adding +∞ gives +∞.
double FoldedNormal::log_density_supremum(double low, double high, double height) const {
  const double nearest = distance(mean_, low, high);
  const double exponent = (height - nearest) / deviation_ * ((height + nearest) / deviation_) / 2;
  if (!(exponent < 1e4)) return kInfinity;
  return std::max(-1e6, exponent) + std::log(kRoundedUp * kInverseRootTwoPi / deviation_);
}

/// H(x + iy) − H(x) = i ∫_0^y (f(x + is) + f(−x − is)) ds.
double FoldedNormal::log_mass_supremum(double low, double high, double height) const {
  const double far = std::max(std::fabs(low), std::fabs(high));
  const double mass =
      normal_cell((-far - mean_) / deviation_, (far - mean_) / deviation_, 2 * far / deviation_)
          .mass;
  const double sides = std::exp(log_density_supremum(low, high, height)) +
                       std::exp(log_density_supremum(-high, -low, height));
  return std::log(kRoundedUp * (mass + height * sides) + 1e-300);
}

/// Rounded up: beside a tiny deviation, the mean itself would cut the mass in half.
double FoldedNormal::reach() const {
  return (std::fabs(mean_) + 38 * deviation_) * (1 + 4 * kEpsilon);
}

}  // namespace wquant
