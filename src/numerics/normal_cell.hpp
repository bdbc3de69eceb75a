#pragma once

#include <cmath>

#include "base/host_device.hpp"
#include "numerics/gauss_legendre.hpp"

namespace wquant {

/// Mass, mean and variance of N(0,1) restricted to an interval. Mean and variance are those of the
/// conditional distribution, well defined even where the mass underflows to zero.
struct CellMoments {
  double mass;
  double mean;
  double variance;
};

/// How the moments of a cell are found; neighbours take similar time. `none`: by inspection.
enum class CellFormula { none, six_nodes, ten_nodes, sixteen_nodes, tail, wide };
inline constexpr int kCellFormulas = 6;

/// Errors of normal_cell for interval ends taken as exact: relative for the mass, relative for the
/// variance, and for the mean relative to max(1, |mean|). Four times what tests/accuracy finds
/// against 50 digits for ends up to ±37.
inline constexpr double kCellMassError = 32 * 0x1p-52;
inline constexpr double kCellVarianceError = 128 * 0x1p-52;
inline constexpr double kCellMeanError = 8 * 0x1p-52;

/// Φ(−40) is below the smallest double.
inline constexpr double kBeyondDoubles = 40;

/// φ(x); the rounding of x² is compensated, since at |x| = 37 it alone would cost 1e-13.
WQUANT_HOST_DEVICE inline double normal_density(double x) {
  const double x_high = static_cast<double>(static_cast<float>(x));
  const double x_low = x - x_high;
  const double square = x_high * x_high;  // exact: 48 bits
  const double rest = x_low * (x + x_high);
  return 0.39894228040143267794 * std::exp(-0.5 * square) * std::exp(-0.5 * rest);
}

namespace detail {

/// ∫ s^p e^{−s(a + s/2)} ds for p = 0, 1, 2 over one panel, s measured from `origin`.
struct PanelSums {
  double zeroth = 0;
  double first = 0;
  double second = 0;
};

template <int kNodes>
WQUANT_HOST_DEVICE inline void add_panel(double a, double begin, double length, double origin,
                                         PanelSums& sums) {
  const double half = 0.5 * length;
  const double middle = begin + half;
  for (int i = 0; i < kNodes / 2; ++i) {
    const double node = half * GaussLegendre<kNodes>::node(i);
    const double weight = half * GaussLegendre<kNodes>::weight(i);
    for (int side = 0; side < 2; ++side) {
      const double s = side == 0 ? middle - node : middle + node;
      const double density = weight * std::exp(-s * (a + 0.5 * s));
      const double t = s - origin;
      sums.zeroth += density;
      sums.first += density * t;
      sums.second += density * t * t;
    }
  }
}

WQUANT_HOST_DEVICE inline CellMoments from_panels(double a, double origin, const PanelSums& sums) {
  const double shift = sums.first / sums.zeroth;
  return {normal_density(a) * sums.zeroth, (a + origin) + shift,
          sums.second / sums.zeroth - shift * shift};
}

/// One Gauss–Legendre panel over (a, a + width). `drop` = log φ(a)/φ(a + width). Moments are taken
/// about the middle, or about the near end when the density falls steeply.
template <int kNodes>
WQUANT_HOST_DEVICE inline CellMoments one_panel(double a, double width, double drop) {
  const double origin = drop > 3 ? 0 : 0.5 * width;
  PanelSums sums;
  add_panel<kNodes>(a, 0, width, origin, sums);
  return from_panels(a, origin, sums);
}

/// (a, a + width) in the tail, a ≥ 1: the integrand e^{−s(a + s/2)} is below e^{−41} of its start
/// beyond `reach`, so four panels up to there hold everything.
WQUANT_HOST_DEVICE inline CellMoments tail_panels(double a, double width) {
  const double reach = 82 / (a + std::sqrt(a * a + 82));
  const double length = (width < reach ? width : reach) / 4;
  PanelSums sums;
  for (int panel = 0; panel < 4; ++panel) add_panel<16>(a, panel * length, length, 0, sums);
  return from_panels(a, 0, sums);
}

/// The textbook differences (quantization.md §1) for wide cells that begin below 1, where they
/// cancel nothing.
WQUANT_HOST_DEVICE inline CellMoments wide_cell(double a, double b) {
  constexpr double kSqrtHalf = 0.70710678118654752440;
  const double tail_b = 0.5 * std::erfc(b * kSqrtHalf);
  const double mass = a >= 0 ? 0.5 * std::erfc(a * kSqrtHalf) - tail_b
                             : 0.5 * (std::erf(-a * kSqrtHalf) + std::erf(b * kSqrtHalf));
  const double density_a = normal_density(a);
  const double density_b = b < kBeyondDoubles ? normal_density(b) : 0;
  const double moment_b = b < kBeyondDoubles ? b * density_b : 0;
  const double mean = (density_a - density_b) / mass;
  return {mass, mean, 1 + (a * density_a - moment_b) / mass - mean * mean};
}

/// The cell begins at a, the end nearer to the origin.
WQUANT_HOST_DEVICE inline CellFormula formula_from_near_end(double a, double width) {
  if (a > kBeyondDoubles || !(width > 0)) return CellFormula::none;
  const double drop = width * (a + 0.5 * width);
  if (width <= 0.2 && drop <= 0.4) return CellFormula::six_nodes;
  if (width <= 1.5 && drop <= 5) return CellFormula::ten_nodes;
  if (width <= 3 && drop <= 10) return CellFormula::sixteen_nodes;
  return a < 1 ? CellFormula::wide : CellFormula::tail;
}

/// |a| ≤ |b|, b > 0.
WQUANT_HOST_DEVICE inline CellMoments cell_from_near_end(double a, double b, double width) {
  const double drop = width * (a + 0.5 * width);
  switch (formula_from_near_end(a, width)) {
    case CellFormula::six_nodes:
      return one_panel<6>(a, width, drop);
    case CellFormula::ten_nodes:
      return one_panel<10>(a, width, drop);
    case CellFormula::sixteen_nodes:
      return one_panel<16>(a, width, drop);
    case CellFormula::tail:
      return tail_panels(a, width);
    case CellFormula::wide:
      return wide_cell(a, b);
    default:
      return {0, a, 0};
  }
}

WQUANT_HOST_DEVICE inline bool whole_line(double lower, double upper) {
  return lower < -kBeyondDoubles && upper > kBeyondDoubles;
}

}  // namespace detail

/// By which formula `normal_cell` finds its moments.
WQUANT_HOST_DEVICE inline CellFormula normal_cell_formula(double lower, double upper,
                                                          double width) {
  if (detail::whole_line(lower, upper)) return CellFormula::none;
  return detail::formula_from_near_end(lower + upper >= 0 ? lower : -upper, width);
}

/// Moments of N(0,1) on (lower, upper), either end possibly infinite (quantization.md §1). `width`
/// is upper − lower, given apart because for narrow cells far out the difference of the rounded
/// ends has lost it. Requires lower < upper.
WQUANT_HOST_DEVICE inline CellMoments normal_cell(double lower, double upper, double width) {
  if (detail::whole_line(lower, upper)) return {1, 0, 1};
  const bool right = lower + upper >= 0;
  CellMoments cell =
      detail::cell_from_near_end(right ? lower : -upper, right ? upper : -lower, width);
  if (!right) cell.mean = -cell.mean;
  return cell;
}

}  // namespace wquant
