#include "quantize/crosses/radial_density.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <cmath>

#include "base/limits.hpp"
#include "numerics/normal_cell.hpp"

namespace wquant {
namespace {

constexpr double kSqrtHalf = 0.70710678118654752440;
constexpr double kTwoOverRootTwoPi = 0.79788456080286535588;
/// e^{−650} < kNegligibleMass / 1000.
constexpr double kNegligibleMassLog = 650;
/// Covers the rounding of an upper bound, exponents and powers up to 10⁴ included, many times over.
constexpr double kRoundedUp = 1.001;
/// What underflow may have taken from an upper bound.
constexpr double kUnderflow = 1e-300;

/// log G, G(t) = P(|Z| ≤ t) = 2Φ(t) − 1. Relative error ≤ (24 + 2t²) ε: erf and erfc are good to
/// 8ε, the rounding of t/√2 moves erfc by (t² + 1) ε and erf by ε, and log(1 − q) for q ≤ ½ and
/// log(1 − q) for 1 − q ≤ ½ at most double that.
double log_central_mass(double t) {
  const double argument = t * kSqrtHalf;
  return t < 0.67 ? std::log(std::erf(argument)) : std::log1p(-std::erfc(argument));
}

double log_central_mass_error(double t) { return (24 + 2 * t * t) * kEpsilon; }

double nearest_to_zero(double low, double high) { return low > 0 ? low : high < 0 ? -high : 0; }

}  // namespace

/// f(t) = 2n φ(t) G(t)^{n−1}, and |f'/f| ≤ t + (n − 1) 2φ/G.
RadialDensity::Value LargestCoordinateDensity::at(double t, double shift) const {
  const double density = normal_density(t);
  const double log_mass = log_central_mass(t);
  const double power = (n_ - 1) * log_mass;
  const double steepness = t + (n_ - 1) * 2 * density * std::exp(-log_mass);
  const double error =
      12 * kEpsilon - power * (log_central_mass_error(t) + 2 * kEpsilon) + shift * steepness;
  return {2 * n_ * density * std::exp(power), error};
}

/// |φ(x + iy)| = φ(x) e^{y²/2}, and from Φ(x + iy) − Φ(x) = i ∫_0^y φ(x + is) ds
///     |G(x + iy)| ≤ G(|x|) + 2φ(x) |y| e^{y²/2};
/// G grows and φ falls with |x|, so over the rectangle each takes its value at an end.
double LargestCoordinateDensity::supremum(double low, double high, double height) const {
  const double near = nearest_to_zero(low, high);
  const double far = std::max(std::fabs(low), std::fabs(high));
  const double twice_density = kTwoOverRootTwoPi * std::exp((height - near) * (height + near) / 2);
  const double central = std::erf(far * kSqrtHalf) + twice_density * height;
  return std::max(kUnderflow, kRoundedUp * n_ * twice_density * std::pow(central, n_ - 1));
}

/// F(lower) = e^{−650}. ∫_b^∞ (1 + (t − b)²) 2nφ ≤ 2nQ(b) (1 + 2/b²), and 2nQ(upper) = e^{−650}.
RadialDensity::Range LargestCoordinateDensity::range() const {
  const double root_two = std::sqrt(2.0);
  return {root_two * boost::math::erf_inv(std::exp(-kNegligibleMassLog / n_)),
          root_two * boost::math::erfc_inv(std::exp(-kNegligibleMassLog) / n_)};
}

NormDensity::NormDensity(std::int64_t n)
    : n_(static_cast<double>(n)), root_(std::sqrt(static_cast<double>(n))) {}

/// With t = √n (1 + u):  log f(t)/f(√n) = n (log(1 + u) − u − u²/2) − log(1 + u), which cancels
/// nothing near √n. The rounding of √n moves n (u + u²/2) by a relative ε, that of u moves the
/// whole by at most 5 n u² ε + 2ε; elsewhere every term is good to 4ε.
RadialDensity::Value NormDensity::at(double t, double shift) const {
  const double u = (t - root_) / root_;
  const double growth = std::log(t / root_);
  double exponent = (n_ - 1) * growth - (t - root_) * (t + root_) / 2;
  double rounding = n_ * (1 + std::fabs(growth));
  if (u > -0.5) {
    const double bend = boost::math::log1pmx(u);
    exponent = n_ * (bend - u * u / 2) - std::log1p(u);
    rounding = n_ * (u * u / 2 - bend + std::fabs(u + u * u / 2)) + std::fabs(growth);
  }
  const double steepness = std::fabs((n_ - 1) / t - t);
  return {std::exp(exponent), 10 * kEpsilon * (1 + rounding) + shift * steepness};
}

/// |f(x + iy)| ∝ (x² + y²)^{(n−1)/2} e^{(y² − x²)/2} grows with |y|, and with |x| while
/// x² + y² < n − 1.
double NormDensity::supremum(double low, double high, double height) const {
  const double far = std::max(std::fabs(low), std::fabs(high));
  const double peak = std::sqrt(std::max(0.0, n_ - 1 - height * height));
  const double x = std::clamp(peak, nearest_to_zero(low, high), far);
  const double exponent =
      (n_ - 1) * std::log(std::hypot(x, height) / root_) + (n_ + (height - x) * (height + x)) / 2;
  return std::max(kUnderflow, kRoundedUp * std::exp(exponent));
}

/// Below √n the exponent is at most (n − 1) log(t/√n) + n/2, and f grows up to √(n − 1); above it,
/// log(1 + u) ≤ u gives at most −(t − √n)²/2.
RadialDensity::Range NormDensity::range() const {
  const double lower = root_ * std::exp(-(kNegligibleMassLog + n_ / 2) / (n_ - 1));
  return {n_ == 1 ? 0 : lower, root_ + std::sqrt(2 * kNegligibleMassLog)};
}

}  // namespace wquant
