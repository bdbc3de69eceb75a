#include "quantize/crosses/cross_cells.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "base/summation.hpp"
#include "base/upper.hpp"
#include "numerics/midpoints.hpp"
#include "quantize/crosses/cross_panel.hpp"
#include "quantize/crosses/enclosed.hpp"

namespace wquant {
namespace {

/// A panel's remainder may be this fraction of the whole cost, and this much probability.
constexpr double kRemainderGoal = 1e-17;
/// However odd the input, no more splits than this.
constexpr int kMostSplits = 20'000;

/// Sums over the cells, and upper bounds on what they have in common.
struct Totals {
  struct Cell {
    EnclosedSum mass, offset, square;
  };
  std::vector<Cell> cells;
  CompensatedSum cost;
  CompensatedSum off_axis;
};

void add_panel(const Coordinates& all, const CrossPanel& panel, std::size_t radii, Totals& totals) {
  for (std::size_t i = 0; i < panel.sides.size(); ++i) {
    const CrossPanel::Side& side = panel.sides[i];
    Totals::Cell& cell = totals.cells[(2 * all.axis[i / 2] + i % 2) * radii + panel.shell];
    cell.mass.add(side.mass, side.mass_error);
    cell.offset.add(side.offset, side.offset_error);
    cell.square.add(side.square, 0);
  }
  totals.cost += panel.cost + panel.cost_remainder;
  totals.off_axis += panel.off_axis;
}

/// One panel a shell, from the largest point mass to where nothing is left.
std::vector<CrossPanel> first_panels(const Coordinates& all, const std::vector<double>& radii) {
  const std::vector<double> edges = midpoints(radii);
  std::vector<CrossPanel> panels;
  for (std::size_t j = 0; j < radii.size(); ++j) {
    const double begin = std::max(all.largest, j == 0 ? 0 : edges[j - 1]);
    const double end = j == edges.size() ? all.reach : std::min(all.reach, edges[j]);
    if (begin < end) panels.push_back(integrated_panel(all, radii[j], begin, end, j));
  }
  return panels;
}

/// Panels are halved until their remainders are negligible beside the whole.
void add_panels(const Coordinates& all, const std::vector<double>& radii, Totals& totals) {
  std::vector<CrossPanel> panels = first_panels(all, radii);
  int splits = 0;
  while (!panels.empty()) {
    double cost = totals.cost.value();
    for (const CrossPanel& panel : panels) cost += panel.cost;
    const double cost_goal = std::max(kRemainderGoal * cost, all.beyond);
    std::vector<CrossPanel> halves;
    for (const CrossPanel& panel : panels) {
      const double radius = radii[panel.shell];
      const double middle = panel.middle();
      if (panel.cost_remainder <= cost_goal && panel.mass_remainder <= kRemainderGoal) {
        add_panel(all, panel, radii.size(), totals);
      } else if (panel.half() <= 64 * kEpsilon * panel.end || ++splits > kMostSplits) {
        add_panel(all, monotone_panel(all, radius, panel.begin, panel.end, panel.shell),
                  radii.size(), totals);
      } else {
        halves.push_back(integrated_panel(all, radius, panel.begin, middle, panel.shell));
        halves.push_back(integrated_panel(all, radius, middle, panel.end, panel.shell));
      }
    }
    panels = std::move(halves);
  }
}

/// The event that no coordinate exceeds the largest point mass.
void add_largest_point(const Coordinates& all, const ProductNormal& normal,
                       const std::vector<double>& scales, const std::vector<double>& radii,
                       Totals& totals) {
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
  const double error = at.error + 16 * kEpsilon;
  const double rounded_up = 1 + (static_cast<double>(scales.size()) + 16) * kEpsilon;
  const double offset = all.largest - radii[shell];
  const std::size_t side = 2 * axis + (normal.mean[axis] < 0 ? 1 : 0);
  Totals::Cell& cell = totals.cells[side * radii.size() + shell];
  cell.mass.add(mass, mass * error);
  cell.offset.add(mass * offset, mass * std::fabs(offset) * error);
  cell.square.add(mass * square(offset), mass * square(offset) * error);
  totals.cost += mass * (1 + error) * second * rounded_up;
  totals.off_axis += mass * (1 + error) * off_axis * rounded_up;
}

/// ≥ P (E[t | cell] − r)².
double cell_gap(const Totals::Cell& cell) {
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
  Totals totals;
  totals.cells.resize(2 * scales.size() * radii.size());
  if (!all.normal.empty()) add_panels(all, radii, totals);
  if (all.largest_axis >= 0) add_largest_point(all, normal, scales, radii, totals);
  CrossCells out;
  CompensatedSum gap = totals.off_axis;
  for (std::size_t c = 0; c < totals.cells.size(); ++c) {
    const Enclosed mass = totals.cells[c].mass.total();
    out.mass.push_back(mass.value);
    out.mass_error.push_back(mass.error + kNothing);
    gap += square(scales[c / (2 * radii.size())]) * cell_gap(totals.cells[c]);
  }
  out.cost = Upper::relative(totals.cost.value() + all.beyond, 14).value();
  const double bound = Upper::relative(gap.value() + all.beyond, 14).value();
  out.centroid_gap = bound < out.cost ? bound : out.cost;
  return out;
}

}  // namespace wquant
