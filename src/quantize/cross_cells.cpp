#include "quantize/cross_cells.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/gauss_legendre.hpp"
#include "quantize/folded_normal.hpp"
#include "quantize/gauss_remainder.hpp"
#include "quantize/optimal_points.hpp"
#include "quantize/rounding.hpp"
#include "quantize/shell_moments.hpp"

namespace wquant {
namespace {

constexpr int kNodes = 16;
/// A panel's remainder may be this fraction of the whole cost, and this much probability.
constexpr double kRemainderGoal = 1e-17;
/// Weights, products and the summation of one panel, as in shell_moments.cpp.
constexpr double kSumError = 24 * kEpsilon;
/// Beyond FoldedNormal::reach(), and what underflow may have taken.
constexpr double kNothing = 1e-290;
/// However odd the input, no more panels than this; the remainders are charged all the same.
constexpr std::size_t kMostPanels = 20'000;

double square(double x) { return x * x; }

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
                        double largest_radius) {
  Coordinates out;
  CompensatedSum constant;
  for (std::size_t k = 0; k < scales.size(); ++k) {
    const double magnitude = std::fabs(normal.mean[k]);
    out.total_scale += square(scales[k]);
    if (normal.deviation[k] > 0) {
      out.axis.push_back(k);
      out.normal.emplace_back(normal.mean[k], normal.deviation[k]);
      out.squared_scale.push_back(square(scales[k]));
      out.reach = std::max(out.reach, out.normal.back().reach());
      continue;
    }
    constant += square(scales[k] * magnitude);
    if (out.largest_axis >= 0 && magnitude <= out.largest) continue;
    out.largest_axis = static_cast<std::int64_t>(k);
    out.largest = magnitude;
  }
  out.constant = round_up(constant.value());
  CompensatedSum below;
  for (std::size_t k = 0; k < scales.size(); ++k)
    if (normal.deviation[k] == 0 && static_cast<std::int64_t>(k) != out.largest_axis)
      below += square(scales[k] * normal.mean[k]);
  out.below_largest = round_up(below.value());
  out.beyond = kNothing * out.total_scale * square(1 + out.reach + out.largest + largest_radius);
  return out;
}

/// All but one: sums and products over l ≠ k without dividing or subtracting.
template <class Combine>
std::vector<double> all_but_one(const std::vector<double>& values, double neutral,
                                const Combine& combine) {
  std::vector<double> out(values.size());
  double before = neutral;
  for (std::size_t k = 0; k < values.size(); ++k) {
    out[k] = before;
    before = combine(before, values[k]);
  }
  double after = neutral;
  for (std::size_t k = values.size(); k-- > 0;) {
    out[k] = combine(out[k], after);
    after = combine(after, values[k]);
  }
  return out;
}

std::vector<double> products_but_one(const std::vector<double>& values) {
  return all_but_one(values, 1, [](double a, double b) { return a * b; });
}

std::vector<double> sums_but_one(const std::vector<double>& values) {
  return all_but_one(values, 0, [](double a, double b) { return a + b; });
}

/// One panel of one shell. Side 2i is coordinate i with sign +, side 2i + 1 with sign −.
struct Panel {
  double begin = 0;
  double end = 0;
  std::size_t shell = 0;
  struct Side {
    double mass = 0, mass_error = 0;
    double offset = 0, offset_error = 0;  ///< ∫ (t − r) f_k(±t) Π_{l≠k} H_l(t) dt.
    double square = 0;                    ///< ≥ ∫ (t − r)² f_k(±t) Π_{l≠k} H_l(t) dt.
  };
  std::vector<Side> sides;
  double cost = 0;  ///< upper bound but for the remainder.
  double cost_remainder = 0;
  double mass_remainder = 0;
  double off_axis = 0;  ///< ≥ the part of the centroid gap across the cells' axes.
  double half() const { return (end - begin) / 2; }
  double middle() const { return begin + half(); }
};

/// Everything at one magnitude t.
struct Slice {
  std::vector<FoldedNormal::Within> within;
  std::vector<double> others_mass;    ///< Π_{l≠k} H_l.
  std::vector<double> others_second;  ///< ≥ Σ_{l≠k} s_l² E[z_l² | |z_l| ≤ t].
  double error = 0;                   ///< relative, of the products.
};

Slice slice(const Coordinates& all, const Magnitude& t) {
  Slice out;
  std::vector<double> mass, second;
  const double summation = 1 + (static_cast<double>(all.normal.size()) + 8) * kEpsilon;
  for (std::size_t i = 0; i < all.normal.size(); ++i) {
    const FoldedNormal::Within within = all.normal[i].within(t);
    out.within.push_back(within);
    mass.push_back(within.mass);
    second.push_back(all.squared_scale[i] * (within.second + within.second_error) * summation);
    out.error += within.mass_error + kEpsilon;
  }
  out.others_mass = products_but_one(mass);
  out.others_second = sums_but_one(second);
  return out;
}

/// |E[z_l | |z_l| ≤ t]| grows with t: over a panel it stays between these.
struct CentreRange {
  double low;
  double high;
};

std::vector<CentreRange> centre_ranges(const Coordinates& all, double begin, double end) {
  std::vector<CentreRange> out;
  for (const FoldedNormal& normal : all.normal) {
    const FoldedNormal::Within first = normal.within({begin, 0, 0});
    const FoldedNormal::Within last = normal.within({end, 0, 0});
    out.push_back({first.mass > 0 ? std::max(0.0, std::fabs(first.centre) - first.centre_error) : 0,
                   last.mass > 0 ? std::fabs(last.centre) + last.centre_error : end});
  }
  return out;
}

/// ≥ Σ_{l≠k} s_l² c_l², c_l = |E[z_l | |z_l| ≤ t]| for one t of a panel, by the chord
/// c² ≤ (low + high) c − low · high: linear in c, so that times Π H_l it is entire.
std::vector<double> off_axis_squares(const Coordinates& all, const Slice& slice,
                                     const std::vector<CentreRange>& ranges) {
  std::vector<double> squares;
  for (std::size_t i = 0; i < all.normal.size(); ++i) {
    const auto [low, high] = ranges[i];
    const FoldedNormal::Within& within = slice.within[i];
    const double centre = std::fabs(within.centre) + within.centre_error;
    const double chord = (low + high) * centre - low * high + 4 * kEpsilon * high * high;
    squares.push_back(all.squared_scale[i] * std::max(0.0, chord));
  }
  std::vector<double> out = sums_but_one(squares);
  const double rounding = 1 + (static_cast<double>(squares.size()) + 16) * kEpsilon;
  for (double& sum : out) sum = (sum + all.constant) * rounding;
  return out;
}

/// Suprema of the sides' integrands f_k Π_{l≠k} H_l over one ellipse around a panel.
std::vector<double> side_suprema(const Coordinates& all, double middle,
                                 const BernsteinEllipse& ellipse) {
  const double low = middle - ellipse.half_length;
  const double high = middle + ellipse.half_length;
  std::vector<double> log_masses;
  for (const FoldedNormal& normal : all.normal)
    log_masses.push_back(normal.log_mass_supremum(low, high, ellipse.half_height));
  const std::vector<double> log_others = sums_but_one(log_masses);
  std::vector<double> out;
  for (std::size_t i = 0; i < all.normal.size(); ++i)
    for (const bool minus : {false, true}) {
      const double log_density = all.normal[i].log_density_supremum(
          minus ? -high : low, minus ? -low : high, ellipse.half_height);
      out.push_back(std::max(1e-300, 1.001 * std::exp(log_others[i] + log_density)));
    }
  return out;
}

/// The smallest remainders that any of the ellipses gives, for all sides together.
struct Remainders {
  std::vector<double> sides;
  double total = std::numeric_limits<double>::infinity();
  double reach = 0;
};

Remainders panel_remainders(const Coordinates& all, const Panel& panel) {
  Remainders best;
  for (const double ratio : kEllipseRatios) {
    const BernsteinEllipse ellipse = bernstein_ellipse(panel.half(), ratio);
    std::vector<double> sides = side_suprema(all, panel.middle(), ellipse);
    double total = 0;
    for (double& side : sides) {
      side = gauss_remainder(kNodes, panel.half(), ratio, side);
      total += side;
    }
    if (best.sides.empty() || total < best.total)
      best = {std::move(sides), total, ellipse.half_length};
  }
  return best;
}

/// The cost of what panel holds is, with no term that cancels,
///     ∫ Σ_{k,±} f_k(±t) Π_{l≠k} H_l(t) [ s_k² (t − r)² + Σ_{l≠k} s_l² E[z_l² | |z_l| ≤ t] ] dt;
/// times Π H_l its bracket is entire too, and for |w| ≤ z at most z² Σ s_l² times the bound of the
/// product without it.
void integrate(const Coordinates& all, double radius, Panel& panel) {
  const Remainders remainders = panel_remainders(all, panel);
  const double half = panel.half();
  const double middle_offset = (panel.begin - radius) / 2 + (panel.end - radius) / 2;
  const double extent = std::max(std::fabs(panel.begin - radius), std::fabs(panel.end - radius));
  const double place = 4 * kEpsilon * extent;
  panel.sides.assign(2 * all.normal.size(), {});
  const std::vector<CentreRange> ranges = centre_ranges(all, panel.begin, panel.end);
  CompensatedSum others;
  CompensatedSum off_axis;
  for (int i = 0; i < kNodes; ++i) {
    const int pair = i / 2;
    const double node = (i % 2 == 0 ? -half : half) * GaussLegendre<kNodes>::node(pair);
    const double weight = half * GaussLegendre<kNodes>::weight(pair);
    const Magnitude t = {panel.begin, half + node, 4 * kEpsilon * half};
    const double s = middle_offset + node;
    const Slice at = slice(all, t);
    const std::vector<double> centres = off_axis_squares(all, at, ranges);
    for (std::size_t k = 0; k < all.normal.size(); ++k)
      for (const int minus : {0, 1}) {
        const FoldedNormal::Value density = all.normal[k].density(t, minus == 1 ? -1 : 1);
        const double mass = weight * density.value * at.others_mass[k];
        const double error = density.error + at.error + kSumError;
        Panel::Side& side = panel.sides[2 * k + minus];
        side.mass += mass;
        side.mass_error += mass * error;
        side.offset += mass * s;
        side.offset_error += mass * (std::fabs(s) * error + place);
        side.square += mass * (s * s * (1 + error) + place * (2 * std::fabs(s) + place));
        others += mass * (1 + error) * (at.others_second[k] + all.constant);
        off_axis += mass * (1 + error) * centres[k];
      }
  }
  const double reach = extent + remainders.reach;
  const double farthest = panel.middle() + remainders.reach;
  CompensatedSum cost = others;
  for (std::size_t i = 0; i < panel.sides.size(); ++i) {
    Panel::Side& side = panel.sides[i];
    const double remainder = remainders.sides[i];
    const double squared_scale = all.squared_scale[i / 2];
    cost += squared_scale * side.square;
    panel.cost_remainder +=
        (squared_scale * square(reach) + all.total_scale * square(farthest)) * remainder;
    panel.mass_remainder += remainder;
    side.mass_error += remainder;
    side.offset_error += reach * remainder;
    side.square += square(reach) * remainder;
  }
  panel.cost = cost.value();
  double largest_square = all.constant;
  for (std::size_t i = 0; i < ranges.size(); ++i)
    largest_square += all.squared_scale[i] * ((ranges[i].low + ranges[i].high) * farthest +
                                              ranges[i].low * ranges[i].high);
  panel.off_axis = off_axis.value() + largest_square * panel.mass_remainder;
}

/// One panel a shell, from the largest point mass to where nothing is left.
std::vector<Panel> first_panels(const Coordinates& all, const std::vector<double>& radii) {
  const std::vector<double> edges = midpoints(radii);
  std::vector<Panel> panels;
  for (std::size_t j = 0; j < radii.size(); ++j) {
    Panel panel;
    panel.begin = std::max(all.largest, j == 0 ? 0 : edges[j - 1]);
    panel.end = j == edges.size() ? all.reach : std::min(all.reach, edges[j]);
    panel.shell = j;
    if (!(panel.begin < panel.end)) continue;
    integrate(all, radii[j], panel);
    panels.push_back(std::move(panel));
  }
  return panels;
}

/// Halves of every panel whose remainder is not negligible beside the whole.
std::vector<Panel> refined(const Coordinates& all, const std::vector<double>& radii,
                           std::vector<Panel> panels) {
  double cost = 0;
  for (const Panel& panel : panels) cost += panel.cost;
  std::vector<Panel> out;
  for (Panel& panel : panels) {
    const bool accurate = panel.cost_remainder <= std::max(kRemainderGoal * cost, all.beyond) &&
                          panel.mass_remainder <= kRemainderGoal;
    const bool divisible = panel.half() > 64 * kEpsilon * panel.end;
    if (accurate || !divisible || panels.size() > kMostPanels) {
      out.push_back(std::move(panel));
      continue;
    }
    for (const bool left : {true, false}) {
      Panel part;
      part.begin = left ? panel.begin : panel.middle();
      part.end = left ? panel.middle() : panel.end;
      part.shell = panel.shell;
      integrate(all, radii[part.shell], part);
      out.push_back(std::move(part));
    }
  }
  return out;
}

std::vector<Panel> integrated_panels(const Coordinates& all, const std::vector<double>& radii) {
  std::vector<Panel> panels = first_panels(all, radii);
  for (std::size_t before = 0; before != panels.size();) {
    before = panels.size();
    panels = refined(all, radii, std::move(panels));
  }
  return panels;
}

struct CellSums {
  EnclosedSum mass, offset, square;
};

/// What the cells have in common, upper bounds.
struct Costs {
  CompensatedSum cost;
  CompensatedSum off_axis;
};

/// The event that no coordinate exceeds the largest point mass.
void add_largest_point(const Coordinates& all, const ProductNormal& normal,
                       const std::vector<double>& scales, const std::vector<double>& radii,
                       std::vector<CellSums>& cells, Costs& costs) {
  const std::vector<double> edges = midpoints(radii);
  const auto shell = static_cast<std::size_t>(
      std::lower_bound(edges.begin(), edges.end(), all.largest) - edges.begin());
  const auto axis = static_cast<std::size_t>(all.largest_axis);
  const Slice at = slice(all, {all.largest, 0, 0});
  double mass = 1;
  double second = all.below_largest + square(scales[axis] * (all.largest - radii[shell]));
  double off_axis = all.below_largest;
  for (std::size_t i = 0; i < all.normal.size(); ++i) {
    const FoldedNormal::Within& within = at.within[i];
    mass *= within.mass;
    second += all.squared_scale[i] * (within.second + within.second_error);
    off_axis += all.squared_scale[i] * square(std::fabs(within.centre) + within.centre_error);
  }
  const double error = at.error + kSumError;
  const double rounded_up = 1 + (static_cast<double>(scales.size()) + 16) * kEpsilon;
  const double offset = all.largest - radii[shell];
  CellSums& cell = cells[(2 * axis + (normal.mean[axis] < 0 ? 1 : 0)) * radii.size() + shell];
  cell.mass.add(mass, mass * error);
  cell.offset.add(mass * offset, mass * std::fabs(offset) * error);
  cell.square.add(mass * square(offset), mass * square(offset) * error);
  costs.cost += mass * (1 + error) * second * rounded_up;
  costs.off_axis += mass * (1 + error) * off_axis * rounded_up;
}

/// ≥ P (E[t | cell] − r)².
double cell_gap(const CellSums& cell) {
  const Enclosed mass = cell.mass.total();
  const Enclosed offset = cell.offset.total();
  const double trivial = cell.square.total().upper();
  if (!(mass.lower() > 0)) return trivial;
  return std::min(trivial, square(std::fabs(offset.value) + offset.error) / mass.lower());
}

}  // namespace

CrossCells cross_cells(const ProductNormal& normal, const std::vector<double>& scales,
                       const std::vector<double>& radii) {
  const Coordinates all = coordinates(normal, scales, radii.back());
  std::vector<CellSums> cells(2 * scales.size() * radii.size());
  Costs costs;
  for (const Panel& panel : integrated_panels(all, radii)) {
    for (std::size_t i = 0; i < panel.sides.size(); ++i) {
      const Panel::Side& side = panel.sides[i];
      CellSums& cell = cells[(2 * all.axis[i / 2] + i % 2) * radii.size() + panel.shell];
      cell.mass.add(side.mass, side.mass_error);
      cell.offset.add(side.offset, side.offset_error);
      cell.square.add(side.square, 0);
    }
    costs.cost += panel.cost + panel.cost_remainder;
    costs.off_axis += panel.off_axis;
  }
  if (all.largest_axis >= 0) add_largest_point(all, normal, scales, radii, cells, costs);

  CrossCells out;
  CompensatedSum gap = costs.off_axis;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    out.mass.push_back(cells[c].mass.total().value);
    out.mass_error.push_back(cells[c].mass.total().error + kNothing);
    gap += square(scales[c / (2 * radii.size())]) * cell_gap(cells[c]);
  }
  constexpr double kRounding = 1e-14;
  out.cost = (costs.cost.value() + all.beyond) * (1 + kRounding);
  const double bound = (gap.value() + all.beyond) * (1 + kRounding);
  out.centroid_gap = bound < out.cost ? bound : out.cost;
  return out;
}

}  // namespace wquant
