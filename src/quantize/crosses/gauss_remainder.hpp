#pragma once

#include <algorithm>
#include <array>

#include "base/limits.hpp"

namespace wquant {

/// The ellipse with foci c − h and c + h whose semi-axes are h (ρ ± 1/ρ)/2.
struct BernsteinEllipse {
  double ratio;        ///< ρ.
  double half_length;  ///< along the real axis.
  double half_height;
};

inline constexpr std::array kEllipseRatios = {2., 3., 4.5, 7., 11., 18., 30., 50., 80.};

inline BernsteinEllipse bernstein_ellipse(double half_width, double ratio) {
  return {ratio, half_width * (ratio + 1 / ratio) / 2, half_width * (ratio - 1 / ratio) / 2};
}

/// ≥ |∫_{c−h}^{c+h} f − the N-point Gauss–Legendre sum| for f analytic and |f| ≤ M in the ellipse:
///     (64/15) h M ρ^{−2N} / (1 − ρ^{−2}),   N ≥ 2
/// (Trefethen, Approximation Theory and Approximation Practice, Thm 19.3). Proof: the Chebyshev
/// coefficients of f are at most 2Mρ^{−k}; the rule is exact below degree 2N and for odd k; for
/// even k ≥ 2N it and the integral give T_k at most 2 + 2/(k² − 1) ≤ 32/15 between them.
inline double gauss_remainder(int nodes, double half_width, double ratio, double supremum) {
  const double inverse_square = 1 / (ratio * ratio);
  double decay = 1;
  for (int i = 0; i < nodes; ++i) decay *= inverse_square;
  return 1.0001 * (64.0 / 15) * half_width * supremum * decay / (1 - inverse_square);
}

/// A remainder for f alone, and how far the ellipse that gave it reaches from the real interval's
/// middle: a factor p(z) of the integrand multiplies the remainder by sup |p| there.
struct Remainder {
  double density = kInfinity;
  double reach = 0;
};

/// Suprema of |f| over every ellipse of kEllipseRatios, by supremum(ellipse).
template <class Supremum>
std::array<double, kEllipseRatios.size()> ellipse_suprema(double half_width,
                                                          const Supremum& supremum) {
  std::array<double, kEllipseRatios.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = supremum(bernstein_ellipse(half_width, kEllipseRatios[i]));
  return out;
}

/// The smallest over the ellipses.
inline Remainder smallest_remainder(int nodes, double half_width,
                                    const std::array<double, kEllipseRatios.size()>& suprema) {
  Remainder best;
  for (std::size_t i = 0; i < suprema.size(); ++i) {
    const double bound = gauss_remainder(nodes, half_width, kEllipseRatios[i], suprema[i]);
    if (!(bound < best.density)) continue;
    best = {bound, bernstein_ellipse(half_width, kEllipseRatios[i]).half_length};
  }
  if (best.reach == 0)
    best.reach = bernstein_ellipse(half_width, kEllipseRatios.front()).half_length;
  return best;
}

}  // namespace wquant
