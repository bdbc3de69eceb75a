#include "quantize/crosses/cross_shells.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "base/upper.hpp"
#include "quantize/crosses/shell_moments.hpp"

namespace wquant {
namespace {

/// κ = E[M]/E[R] lies between lower and lower + width.
struct Ratio {
  double lower = 1;
  double width = 0;
};

Enclosed total_mass(const RadialMoments& moments) {
  EnclosedSum sum;
  for (const ShellMoments& shell : moments.shells) sum.add(shell.mass.value, shell.mass.error);
  const Enclosed total = sum.total();
  return {total.value, Upper::relative(total.error + 4 * kEpsilon * total.value, 14).value()};
}

double total_square(const RadialMoments& moments) {
  CompensatedSum sum;
  for (const ShellMoments& shell : moments.shells) sum += shell.square.upper();
  return Upper::relative(sum.value(), 14).value();
}

/// ≥ P (κm − r)² = (∫ (κt − r) f)² / ∫ f for one shell, and never above ∫ (κt − r)² f (Cauchy and
/// Schwarz), when the moments were taken with κ = ratio.lower; `root_second` ≥ (∫ t² f)^{1/2}.
double shell_gap(const ShellMoments& shell, const Ratio& ratio, double root_second) {
  const double trivial = std::sqrt(shell.square.upper()) + ratio.width * root_second;
  const double mass = shell.mass.lower();
  if (!(mass > 0)) return trivial * trivial;
  const double drift = ratio.width * root_second * std::sqrt(shell.mass.upper());
  const double offset = std::fabs(shell.offset.value) + shell.offset.error + drift;
  return std::min(offset * offset / mass, trivial * trivial);
}

double total_gap(const RadialMoments& moments, const Ratio& ratio) {
  const double root_second = std::sqrt(moments.second.upper());
  CompensatedSum sum;
  for (const ShellMoments& shell : moments.shells) sum += shell_gap(shell, ratio, root_second);
  return Upper::relative(sum.value(), 14).value();
}

/// M/R is independent of R, so E[M | R] = κR with κ = E[M]/E[R].
Ratio coordinate_to_norm(std::int64_t n) {
  if (n == 1) return {};
  const RadialMoments coordinate = radial_moments(LargestCoordinateDensity(n), {0});
  const RadialMoments norm = radial_moments(NormDensity(n), {0});
  const Enclosed mass = total_mass(norm);
  const double lower =
      lower_bound_of(coordinate.first.lower() / norm.first.upper() * mass.lower(), 14);
  const double upper =
      Upper::relative(coordinate.first.upper() / norm.first.lower() * mass.upper(), 14).value();
  return {lower, Upper::relative(upper - lower, 14).value()};
}

}  // namespace

/// n · factor = E[the other coordinates' squares] + Σ_j E[(M − r_j)²; shell j], where the first is
/// n − E[M²]: nothing for n = 1, and never below 0.36 beyond.
CrossShells coordinate_shells(std::int64_t n, const std::vector<double>& radii) {
  const RadialMoments moments = radial_moments(LargestCoordinateDensity(n), radii);
  const auto dimension = static_cast<double>(n);
  CrossShells out;
  for (const ShellMoments& shell : moments.shells) {
    out.mass.push_back(shell.mass.value);
    out.mass_error.push_back(shell.mass.error);
  }
  const double others = n == 1 ? 0 : dimension - lower_bound_of(moments.second.lower(), 14);
  out.factor = Upper::relative((others + total_square(moments)) / dimension, 14).value();
  out.centroid_gap = Upper::relative(total_gap(moments, {}) / dimension, 14).value();
  return out;
}

/// E[M; shell] = κ E[R; shell] and E[R²] = n, so that for any κ, and decreasing in κ,
///     n − 2 Σ r_j κ E[R; shell j] + Σ r_j² P_j = n (1 − κ²) + Σ_j E[(κR − r_j)²; shell j].
CrossShells norm_shells(std::int64_t n, const std::vector<double>& radii) {
  const Ratio ratio = coordinate_to_norm(n);
  const RadialMoments moments = radial_moments(NormDensity(n), radii, ratio.lower);
  const auto dimension = static_cast<double>(n);
  const Enclosed total = total_mass(moments);
  CrossShells out;
  for (const ShellMoments& shell : moments.shells) {
    const double mass = shell.mass.value / total.value;
    out.mass.push_back(mass);
    out.mass_error.push_back(
        Upper::relative(
            (shell.mass.error + mass * (total.error + kEpsilon * total.value)) / total.lower(), 14)
            .value());
  }
  const double unit = lower_bound_of(total.lower(), 14) * dimension;
  out.factor =
      Upper::relative((1 - ratio.lower) * (1 + ratio.lower) + total_square(moments) / unit, 14)
          .value();
  out.centroid_gap = Upper::relative(total_gap(moments, ratio) / unit, 14).value();
  return out;
}

}  // namespace wquant
