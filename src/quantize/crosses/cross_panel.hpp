#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "quantize/crosses/cross_cells.hpp"
#include "quantize/crosses/folded_normal.hpp"

namespace wquant {

inline double square(double x) { return x * x; }

/// The charge for mass that lies beyond FoldedNormal::reach() and for what underflow may have lost.
/// It is far above both, and far below any mass, cost or gap of interest.
inline constexpr double kNothing = 1e-290;

/// The coordinates of a product Gaussian, sorted by what they are: those that have a density, and
/// the point masses. Of the point masses only that of largest magnitude can be the largest
/// coordinate; the others never are and only add their squares.
struct Coordinates {
  std::vector<std::size_t> axis;
  std::vector<FoldedNormal> normal;
  std::vector<double> squared_scale;
  double constant = 0;       ///< Σ s² mean² over point masses.
  double total_scale = 0;    ///< Σ s² over all.
  double below_largest = 0;  ///< Σ s² mean² over the other point masses.
  std::int64_t largest_axis = -1;
  double largest = 0;  ///< magnitude of the largest point mass; M is never below it.
  double reach = 0;    ///< magnitude beyond which no coordinate has mass that matters.
  double beyond = 0;   ///< ≥ the cost of what lies beyond `reach`.
};

Coordinates coordinates(const ProductNormal& normal, const std::vector<double>& scales,
                        double largest_radius);

/// What the integrands need to know at one magnitude t, coordinate by coordinate.
struct Slice {
  std::vector<FoldedNormal::Within> within;
  std::vector<double> others_mass;    ///< Π_{l≠k} H_l.
  std::vector<double> others_second;  ///< ≥ Σ_{l≠k} s_l² E[z_l² | |z_l| ≤ t].
  double error = 0;                   ///< relative, of the products.
};

Slice slice(const Coordinates& all, const Magnitude& t);

/// What the magnitudes in the interval (begin, end), which lies within one shell, add to the cells
/// of that shell and to the cost of the cross. Side 2i is coordinate i with sign +, side 2i + 1 is
/// coordinate i with sign −.
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
  double cost = 0;            ///< ≥ the cost of the panel without the quadrature's remainder.
  double cost_remainder = 0;  ///< ≥ that remainder.
  double mass_remainder = 0;  ///< ≥ the remainders of the sides' masses together.
  double off_axis = 0;        ///< ≥ the part of the centroid gap across the cells' axes.
  double half() const { return (end - begin) / 2; }
  double middle() const { return begin + half(); }
};

/// The panel by Gauss–Legendre quadrature, tight once the panel is no wider than the narrowest
/// density that matters.
CrossPanel integrated_panel(const Coordinates& all, double radius, double begin, double end,
                            std::size_t shell);

/// The panel by monotonicity, where it cannot be made narrow enough for quadrature: H_l,
/// E[z_l² | |z_l| ≤ t] and |E[z_l | |z_l| ≤ t]| grow with t, so their values at the ends enclose
/// them. There is no remainder.
CrossPanel monotone_panel(const Coordinates& all, double radius, double begin, double end,
                          std::size_t shell);

}  // namespace wquant
