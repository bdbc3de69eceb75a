#include "quantize/crosses/shell_moments.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "numerics/gauss_legendre.hpp"
#include "numerics/midpoints.hpp"
#include "quantize/crosses/gauss_remainder.hpp"

namespace wquant {
namespace {

/// Remainders may be this fraction of a panel's part of the result.
constexpr double kRemainderGoal = 1e-17;
/// Weights, products and the summation of one panel, relative to sums of absolute values: 16 terms
/// are added with 8ε, half the width, the weight and four products cost 3ε, EnclosedSum 3ε.
constexpr double kSumError = 16 * kEpsilon;

struct Panel {
  double begin;
  double end;
  double half() const { return (end - begin) / 2; }
  double middle() const { return begin + half(); }
};

/// κt − r = κ (t − r) − (1 − κ) r, which for κ = 1 loses nothing however narrow the shell.
class Offset {
 public:
  Offset(double radius, double scale, const Panel& panel)
      : scale_(scale),
        middle_(scale * ((panel.begin - radius) / 2 + (panel.end - radius) / 2) -
                (1 - scale) * radius),
        largest_(std::max(std::fabs(panel.begin - radius), std::fabs(panel.end - radius)) +
                 (1 - scale) * radius) {}
  double at(double from_middle) const { return middle_ + scale_ * from_middle; }
  double error() const { return 5 * kEpsilon * largest_; }
  /// ≥ |κz − r| for |z − middle| ≤ reach.
  double bound(double reach) const { return std::fabs(middle_) + error() + reach; }

 private:
  double scale_;
  double middle_;
  double largest_;
};

struct Sums {
  EnclosedSum mass, offset, square;
};

struct RawSums {
  EnclosedSum first, second;
};

template <int kNodes>
void integrate(const RadialDensity& density, const Panel& panel, const Offset& offset,
               const Remainder& remainder, Sums& sums, RawSums& raw) {
  const double half = panel.half();
  const double shift = 4 * kEpsilon * panel.end;
  double mass = 0, first = 0, second = 0, raw_first = 0, raw_second = 0;
  double mass_error = 0, first_error = 0, second_error = 0;
  for (int i = 0; i < kNodes; ++i) {
    const int pair = i / 2;
    const double node = (i % 2 == 0 ? -half : half) * GaussLegendre<kNodes>::node(pair);
    const double t = panel.middle() + node;
    const double s = offset.at(node);
    const RadialDensity::Value f = density.at(t, shift);
    const double weight = half * GaussLegendre<kNodes>::weight(pair) * f.value;
    const double error = f.error + kSumError;
    mass += weight;
    first += weight * s;
    second += weight * s * s;
    raw_first += weight * t;
    raw_second += weight * t * t;
    mass_error += weight * error;
    first_error += weight * std::fabs(s) * error;
    second_error += weight * s * s * error;
  }
  const double place = offset.error();
  const double bound = offset.bound(remainder.reach);
  const double farthest = panel.middle() + remainder.reach;
  sums.mass.add(mass, mass_error + remainder.density);
  sums.offset.add(first, first_error + place * mass + bound * remainder.density);
  sums.square.add(second, second_error + 2 * place * offset.bound(half) * mass +
                              bound * bound * remainder.density);
  raw.first.add(raw_first, mass_error * panel.end + shift * mass + farthest * remainder.density);
  raw.second.add(raw_second, mass_error * panel.end * panel.end + 2 * shift * panel.end * mass +
                                 farthest * farthest * remainder.density);
}

bool integrate_if_accurate(const RadialDensity& density, const Panel& panel, const Offset& offset,
                           bool last_chance, Sums& sums, RawSums& raw) {
  const double half = panel.half();
  const double middle = panel.middle();
  const auto suprema = ellipse_suprema(half, [&](const BernsteinEllipse& ellipse) {
    return density.supremum(middle - ellipse.half_length, middle + ellipse.half_length,
                            ellipse.half_height);
  });
  const double extent = offset.bound(half);
  const double content = half * density.at(middle, 0).value * extent * extent;
  const auto accurate = [&](const Remainder& remainder) {
    const double bound = offset.bound(remainder.reach);
    return remainder.density * bound * bound <=
           std::max(kRemainderGoal * content, kNegligibleMass * extent * extent);
  };
  const Remainder six = smallest_remainder(6, half, suprema);
  if (accurate(six)) return integrate<6>(density, panel, offset, six, sums, raw), true;
  const Remainder ten = smallest_remainder(10, half, suprema);
  if (accurate(ten)) return integrate<10>(density, panel, offset, ten, sums, raw), true;
  const Remainder sixteen = smallest_remainder(16, half, suprema);
  if (!accurate(sixteen) && !last_chance) return false;
  return integrate<16>(density, panel, offset, sixteen, sums, raw), true;
}

void integrate_adaptively(const RadialDensity& density, const Panel& panel, double radius,
                          double scale, Sums& sums, RawSums& raw) {
  const double middle = panel.middle();
  const bool indivisible = panel.half() <= 64 * kEpsilon * panel.end;
  if (integrate_if_accurate(density, panel, Offset(radius, scale, panel), indivisible, sums, raw))
    return;
  integrate_adaptively(density, {panel.begin, middle}, radius, scale, sums, raw);
  integrate_adaptively(density, {middle, panel.end}, radius, scale, sums, raw);
}

/// Outside the range: (κt − r)² ≤ (|t| + r)², and ≤ 2(upper + r)² + 2(t − upper)² beyond it.
double negligible_square(double radius, double upper) {
  return 2 * kNegligibleMass * (1 + (upper + radius) * (upper + radius));
}

ShellMoments shell(const RadialDensity& density, const Panel& whole, double radius, double scale,
                   RawSums& raw) {
  const RadialDensity::Range range = density.range();
  const Panel inner = {std::max(whole.begin, range.lower), std::min(whole.end, range.upper)};
  Sums sums;
  if (inner.begin < inner.end) integrate_adaptively(density, inner, radius, scale, sums, raw);
  const double square = negligible_square(radius, range.upper);
  sums.mass.add(0, kNegligibleMass);
  sums.offset.add(0, square);
  sums.square.add(0, square);
  return {sums.mass.total(), sums.offset.total(), sums.square.total()};
}

}  // namespace

RadialMoments radial_moments(const RadialDensity& density, const std::vector<double>& radii,
                             double scale) {
  const std::vector<double> edges = midpoints(radii);
  RadialMoments out;
  RawSums raw;
  for (std::size_t j = 0; j < radii.size(); ++j) {
    const double begin = j == 0 ? 0 : edges[j - 1];
    const double end = j == edges.size() ? kInfinity : edges[j];
    out.shells.push_back(shell(density, {begin, end}, radii[j], scale, raw));
  }
  const double beyond = negligible_square(0, density.range().upper);
  raw.first.add(0, beyond);
  raw.second.add(0, beyond);
  out.first = raw.first.total();
  out.second = raw.second.total();
  return out;
}

}  // namespace wquant
