#include "quantize/points/cross_radii.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <cmath>

#include "base/limits.hpp"
#include "numerics/midpoints.hpp"
#include "numerics/normal_cell.hpp"
#include "quantize/crosses/shell_moments.hpp"
#include "quantize/points/optimal_points.hpp"

namespace wquant {
namespace {

/// Newton converges quadratically: after a move of 1e-10 what is left is rounding.
constexpr double kNewtonTolerance = 1e-10;
constexpr int kMostIterations = 100;

CentroidTerms shell_terms(const RadialDensity& density, const std::vector<double>& radii) {
  const RadialMoments moments = radial_moments(density, radii);
  CentroidTerms terms;
  for (std::size_t j = 0; j < radii.size(); ++j) {
    const ShellMoments& shell = moments.shells[j];
    terms.mass.push_back(shell.mass.value);
    terms.first_moment.push_back(radii[j] * shell.mass.value + shell.offset.value);
  }
  const RadialDensity::Range range = density.range();
  for (const double edge : midpoints(radii)) {
    const bool inside = range.lower < edge && edge < range.upper;
    terms.edge_density.push_back(inside ? density.at(edge, 0).value : 0);
  }
  return terms;
}

/// Companding for squared error: the quantiles of the density ∝ f^{1/3} at j / (m + 1), from sums
/// over a grid on which what is left out has f below 1e-45 of its mass.
std::vector<double> companding_radii(const RadialDensity& density, double begin, double end,
                                     std::int64_t m) {
  const std::int64_t steps = 1024 + 4 * m;
  const double step = (end - begin) / static_cast<double>(steps);
  double sum = 0;
  std::vector<double> sums = {sum};
  for (std::int64_t i = 0; i < steps; ++i) {
    const double t = begin + (static_cast<double>(i) + 0.5) * step;
    sum += std::cbrt(density.at(t, 0).value);
    sums.push_back(sum);
  }
  std::vector<double> radii;
  std::int64_t i = 0;
  for (std::int64_t j = 0; j < m; ++j) {
    const double level = sums.back() * static_cast<double>(j + 1) / static_cast<double>(m + 1);
    while (sums[i + 1] < level) ++i;
    const double part = (level - sums[i]) / (sums[i + 1] - sums[i]);
    radii.push_back(begin + (static_cast<double>(i) + part) * step);
  }
  return radii;
}

}  // namespace

std::vector<double> optimal_cross_radii(std::int64_t n, std::int64_t m) {
  const LargestCoordinateDensity density(n);
  const auto dimension = static_cast<double>(n);
  constexpr double kLeftOut = 1e-45;
  const double root_two = std::sqrt(2.0);
  const double begin = root_two * boost::math::erf_inv(std::pow(kLeftOut, 1 / dimension));
  const double end = root_two * boost::math::erfc_inv(kLeftOut / dimension);
  return stationary_points(
      companding_radii(density, begin, end, m),
      [&](const std::vector<double>& radii) { return shell_terms(density, radii); },
      kNewtonTolerance, kMostIterations);
}

std::vector<double> paper_cross_radii(std::int64_t n, std::int64_t m) {
  const auto slices = static_cast<double>(m);
  const double root = std::sqrt(static_cast<double>(n));
  std::vector<double> radii;
  double begin = 0;
  for (std::int64_t j = 0; j < m; ++j) {
    const double above = static_cast<double>(m - 1 - j) / slices;
    const double end = above > 0 ? std::sqrt(2.0) * boost::math::erfc_inv(above) : kInfinity;
    radii.push_back(root * normal_cell(begin, end, end - begin).mean);
    begin = end;
  }
  return radii;
}

}  // namespace wquant
