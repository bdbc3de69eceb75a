#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "quantize/crosses/cross_cells.hpp"
#include "quantize/crosses/folded_normal.hpp"

namespace wquant {

inline double square(double x) { return x * x; }

/// Far below any mass, cost or gap of interest: what lies beyond FoldedNormal::reach(), and what
/// underflow may have taken.
inline constexpr double kNothing = 1e-290;

/// The coordinates that have a density, and the one point mass that can be largest: all others are
/// below it, whatever happens, and only add their squares.
struct Coordinates {
  std::vector<std::size_t> axis;
  std::vector<FoldedNormal> normal;
  std::vector<double> squared_scale;
  double constant = 0;       ///< Σ s² mean² over point masses.
  double total_scale = 0;    ///< Σ s² over all.
  double below_largest = 0;  ///< Σ s² mean² over the other point masses.
  std::int64_t largest_axis = -1;
  double largest = 0;  ///< its magnitude: M is never below.
  double reach = 0;
  double beyond = 0;  ///< ≥ the cost of what lies beyond `reach`.
};

Coordinates coordinates(const ProductNormal& normal, const std::vector<double>& scales,
                        double largest_radius);

/// Everything at one magnitude t.
struct Slice {
  std::vector<FoldedNormal::Within> within;
  std::vector<double> others_mass;    ///< Π_{l≠k} H_l.
  std::vector<double> others_second;  ///< ≥ Σ_{l≠k} s_l² E[z_l² | |z_l| ≤ t].
  double error = 0;                   ///< relative, of the products.
};

Slice slice(const Coordinates& all, const Magnitude& t);

/// What the magnitudes in (begin, end), part of one shell, add to its cells and to the whole.
/// Side 2i is coordinate i with sign +, side 2i + 1 with sign −.
struct CrossPanel {
  double begin = 0;
  double end = 0;
  std::size_t shell = 0;
  struct Side {
    double mass = 0, mass_error = 0;
    double offset = 0, offset_error = 0;  ///< ∫ (t − r) f_k(±t) Π_{l≠k} H_l(t) dt.
    double square = 0;                    ///< ≥ ∫ (t − r)² f_k(±t) Π_{l≠k} H_l(t) dt.
  };
  std::vector<Side> sides;
  double cost = 0;            ///< ≥ the panel's cost, but for the remainder.
  double cost_remainder = 0;  ///< of the quadrature.
  double mass_remainder = 0;
  double off_axis = 0;  ///< ≥ the part of the centroid gap across the cells' axes.
  double half() const { return (end - begin) / 2; }
  double middle() const { return begin + half(); }
};

/// By Gauss–Legendre: tight once the panel is no wider than the narrowest density that matters.
CrossPanel integrated_panel(const Coordinates& all, double radius, double begin, double end,
                            std::size_t shell);

/// By monotonicity, for panels that cannot be made narrow enough: H_l, E[z_l² | |z_l| ≤ t] and
/// |E[z_l | |z_l| ≤ t]| grow with t, so their values at the ends enclose them. No remainder.
CrossPanel monotone_panel(const Coordinates& all, double radius, double begin, double end,
                          std::size_t shell);

}  // namespace wquant
