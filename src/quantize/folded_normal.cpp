#include "quantize/folded_normal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/normal_cell.hpp"
#include "quantize/rounding.hpp"

namespace wquant {
namespace {

/// Covers the rounding of the suprema many times over.
constexpr double kRoundedUp = 1.001;
constexpr double kInverseRootTwoPi = 0.39894228040143267794;

double distance(double x, double low, double high) {
  return x < low ? low - x : x > high ? x - high : 0;
}

}  // namespace

/// The cell (−t − mean, t − mean)/σ of N(0, 1). Its near end is rounded by at most 2ε|near|. Moving
/// the cell by δ is tilting by e^{−δx}: it changes the mass by a relative |mean| δ, the mean by at
/// most δ and the variance by a relative 2δ at most (log-concavity); the rounding of the width
/// moves the far end, where the density is smallest, and costs a relative ε of the mass. As t grows
/// the mass grows by f(t) + f(−t), and the conditional moments move at most t, t² times as fast.
FoldedNormal::Within FoldedNormal::within(double t, double shift) const {
  const double lower = (-t - mean_) / deviation_;
  const double upper = (t - mean_) / deviation_;
  const CellMoments cell = normal_cell(lower, upper, 2 * t / deviation_);
  Within out{};
  out.mass = cell.mass;
  if (!(cell.mass > 0)) return out;
  const double near = std::min(std::fabs(lower), std::fabs(upper));
  const double moved = 2 * kEpsilon * near;
  const double growth = shift * (density(t, 0).value + density(-t, 0).value) / cell.mass;
  out.mass_error = kCellMassError + 4 * kEpsilon + moved * std::fabs(cell.mean) + growth;
  out.centre = mean_ + deviation_ * cell.mean;
  out.centre_error =
      deviation_ * ((kCellMeanError + 2 * kEpsilon) * std::max(1.0, std::fabs(cell.mean)) + moved) +
      kEpsilon * std::fabs(mean_) + 2 * t * growth;
  const double spread = deviation_ * deviation_ * cell.variance;
  out.second = spread + out.centre * out.centre;
  out.second_error = spread * (kCellVarianceError + 8 * kEpsilon + 2 * moved) +
                     out.centre_error * (2 * std::fabs(out.centre) + out.centre_error) +
                     4 * kEpsilon * out.second + t * t * growth;
  return out;
}

FoldedNormal::Value FoldedNormal::density(double x, double shift) const {
  const double standard = (x - mean_) / deviation_;
  if (std::fabs(standard) > kBeyondDoubles) return {0, 0};
  return {normal_density(standard) / deviation_,
          10 * kEpsilon +
              std::fabs(standard) * (2 * kEpsilon * std::fabs(standard) + shift / deviation_)};
}

/// |f(x + iy)| = f(x) e^{y²/2σ²}. Not below −10⁶, so that adding +∞ gives +∞.
double FoldedNormal::log_density_supremum(double low, double high, double height) const {
  const double nearest = distance(mean_, low, high);
  const double exponent = (height - nearest) / deviation_ * ((height + nearest) / deviation_) / 2;
  if (!(exponent < 1e4)) return std::numeric_limits<double>::infinity();
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

double FoldedNormal::reach() const { return std::fabs(mean_) + 38 * deviation_; }

}  // namespace wquant
