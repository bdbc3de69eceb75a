#include "quantize/crosses/cross_panel.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "base/summation.hpp"
#include "base/upper.hpp"
#include "numerics/gauss_legendre.hpp"
#include "quantize/crosses/gauss_remainder.hpp"

namespace wquant {
namespace {

constexpr int kNodes = 16;
/// Weights, products and sums over one panel, relative to sums of absolute values.
constexpr double kSumError = 24 * kEpsilon;

/// Covers a naive sum of so many non-negative terms and a few products.
double sum_rounding(std::size_t terms) { return 1 + (static_cast<double>(terms) + 16) * kEpsilon; }

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
  for (double& sum : out) sum = (sum + all.constant) * sum_rounding(squares.size());
  return out;
}

/// Suprema of the sides' integrands f_k Π_{l≠k} H_l over one ellipse around a panel. Its ends are
/// rounded outwards: beside a narrow density, an ulp of t is a good part of a deviation.
std::vector<double> side_suprema(const Coordinates& all, double middle,
                                 const BernsteinEllipse& ellipse) {
  const double margin = 4 * kEpsilon * (middle + ellipse.half_length);
  const double low = middle - ellipse.half_length - margin;
  const double high = middle + ellipse.half_length + margin;
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
  double total = kInfinity;
  double reach = 0;
};

Remainders panel_remainders(const Coordinates& all, const CrossPanel& panel) {
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

/// Sums over the nodes that belong to no side.
struct Shared {
  CompensatedSum others;  ///< ≥ the squares of the coordinates l ≠ k.
  CompensatedSum off_axis;
};

/// The node `from_middle` of a panel; r is at −middle_offset from its middle.
void add_node(const Coordinates& all, const std::vector<CentreRange>& ranges, double from_middle,
              double weight, double middle_offset, double place, CrossPanel& panel,
              Shared& shared) {
  const double half = panel.half();
  const double s = middle_offset + from_middle;
  const Magnitude t = {panel.begin, half + from_middle, 4 * kEpsilon * half};
  const Slice at = slice(all, t);
  const std::vector<double> off_axis = off_axis_squares(all, at, ranges);
  for (std::size_t i = 0; i < panel.sides.size(); ++i) {
    const std::size_t k = i / 2;
    const FoldedNormal::Value density = all.normal[k].density(t, i % 2 == 0 ? 1 : -1);
    const double mass = weight * density.value * at.others_mass[k];
    const double error = density.error + at.error + kSumError;
    CrossPanel::Side& side = panel.sides[i];
    side.mass += mass;
    side.mass_error += mass * error;
    side.offset += mass * s;
    side.offset_error += mass * (std::fabs(s) * error + place);
    side.square += mass * (s * s * (1 + error) + place * (2 * std::fabs(s) + place));
    shared.others += mass * (1 + error) * (at.others_second[k] + all.constant);
    shared.off_axis += mass * (1 + error) * off_axis[k];
  }
}

/// Every integrand is a side's f_k Π H_l times at most a square: (t − r)², or z² in place of a
/// factor H_l by E[z_l²; |z_l| ≤ t], and the bound of H_l times |w|² bounds that as well.
void charge_remainders(const Coordinates& all, const std::vector<CentreRange>& ranges,
                       double extent, CrossPanel& panel) {
  const Remainders remainders = panel_remainders(all, panel);
  const double reach = extent + remainders.reach;
  const double farthest = panel.middle() + remainders.reach;
  for (std::size_t i = 0; i < panel.sides.size(); ++i) {
    const double remainder = remainders.sides[i];
    CrossPanel::Side& side = panel.sides[i];
    side.mass_error += remainder;
    side.offset_error += reach * remainder;
    side.square += square(reach) * remainder;
    panel.mass_remainder += remainder;
    panel.cost_remainder +=
        (all.squared_scale[i / 2] * square(reach) + all.total_scale * square(farthest)) * remainder;
  }
  double off_axis = all.constant;
  for (std::size_t i = 0; i < ranges.size(); ++i)
    off_axis += all.squared_scale[i] *
                ((ranges[i].low + ranges[i].high) * farthest + ranges[i].low * ranges[i].high);
  panel.off_axis += off_axis * panel.mass_remainder;
}

CrossPanel empty_panel(const Coordinates& all, double begin, double end, std::size_t shell) {
  CrossPanel panel;
  panel.begin = begin;
  panel.end = end;
  panel.shell = shell;
  panel.sides.resize(2 * all.normal.size());
  return panel;
}

double farther(const CrossPanel& panel, double radius) {
  return std::max(std::fabs(panel.begin - radius), std::fabs(panel.end - radius));
}

}  // namespace

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
  out.constant = Upper::relative(constant.value(), 14).value();
  CompensatedSum below;
  for (std::size_t k = 0; k < scales.size(); ++k)
    if (normal.deviation[k] == 0 && static_cast<std::int64_t>(k) != out.largest_axis)
      below += square(scales[k] * normal.mean[k]);
  out.below_largest = Upper::relative(below.value(), 14).value();
  out.beyond = kNothing * out.total_scale * square(1 + out.reach + out.largest + largest_radius);
  return out;
}

Slice slice(const Coordinates& all, const Magnitude& t) {
  Slice out;
  std::vector<double> mass, second;
  const double summation = sum_rounding(all.normal.size());
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

/// What the panel costs is, with no term that cancels,
///     ∫ Σ_{k,±} f_k(±t) Π_{l≠k} H_l(t) [ s_k² (t − r)² + Σ_{l≠k} s_l² E[z_l² | |z_l| ≤ t] ] dt.
CrossPanel integrated_panel(const Coordinates& all, double radius, double begin, double end,
                            std::size_t shell) {
  using Rule = GaussLegendre<kNodes>;
  CrossPanel panel = empty_panel(all, begin, end, shell);
  const double half = panel.half();
  const double middle_offset = (begin - radius) / 2 + (end - radius) / 2;
  const double extent = farther(panel, radius);
  const double place = 4 * kEpsilon * extent;
  const std::vector<CentreRange> ranges = centre_ranges(all, begin, end);
  Shared shared;
  for (int i = 0; i < kNodes / 2; ++i)
    for (const double node : {-half * Rule::node(i), half * Rule::node(i)})
      add_node(all, ranges, node, half * Rule::weight(i), middle_offset, place, panel, shared);
  CompensatedSum cost = shared.others;
  for (std::size_t i = 0; i < panel.sides.size(); ++i)
    cost += all.squared_scale[i / 2] * panel.sides[i].square;
  panel.cost = cost.value();
  panel.off_axis = shared.off_axis.value();
  charge_remainders(all, ranges, extent, panel);
  return panel;
}

CrossPanel monotone_panel(const Coordinates& all, double radius, double begin, double end,
                          std::size_t shell) {
  CrossPanel panel = empty_panel(all, begin, end, shell);
  const double extent = farther(panel, radius) * (1 + kEpsilon);
  const Slice first = slice(all, {begin, 0, 0});
  const Slice last = slice(all, {end, 0, 0});
  CompensatedSum cost;
  for (std::size_t i = 0; i < panel.sides.size(); ++i) {
    const std::size_t k = i / 2;
    const FoldedNormal::Mass own = all.normal[k].mass_between(begin, end, i % 2 == 0 ? 1 : -1);
    const double high =
        (own.value + own.error) * last.others_mass[k] * (1 + last.error + kSumError);
    const double low = std::max(0.0, own.value - own.error) * first.others_mass[k] *
                       std::max(0.0, 1 - first.error - kSumError);
    CrossPanel::Side& side = panel.sides[i];
    side.mass = (low + high) / 2;
    side.mass_error = (high - low) / 2 + kEpsilon * high;
    side.offset_error = extent * high;
    side.square = square(extent) * high;
    const double others = last.others_second[k] + all.constant;
    cost += (all.squared_scale[k] * square(extent) + others) * high;
    panel.off_axis += others * high * sum_rounding(panel.sides.size());
  }
  panel.cost = cost.value() * (1 + 8 * kEpsilon);
  return panel;
}

}  // namespace wquant
