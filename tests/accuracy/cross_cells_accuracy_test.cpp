#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <vector>

#include "accuracy/multiprecision.hpp"
#include "quantize/crosses/cross_cells.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::Real;

struct ExactCells {
  std::vector<Real> mass;
  Real cost = 0;
  Real gap = 0;
};

/// z_l given |z_l| ≤ t, by the textbook formulas in 100 digits.
test::RealMoments within(const ProductNormal& normal, std::size_t l, const Real& t) {
  const Real mean = normal.mean[l];
  const Real deviation = normal.deviation[l];
  if (deviation == 0) return {abs(mean) <= t ? 1 : 0, mean, 0};
  test::RealMoments cell = test::real_cell((-t - mean) / deviation, (t - mean) / deviation);
  cell.mean = mean + deviation * cell.mean;
  cell.variance *= deviation * deviation;
  return cell;
}

/// Over one cell: mass, E[z_l; cell] and E[z_l²; cell] for every l, in terms of |z_k| = t.
struct CellIntegrals {
  Real mass = 0;
  std::vector<Real> first;
  std::vector<Real> second;
};

void add_slice(const ProductNormal& normal, std::size_t k, int sign, const Real& t,
               const Real& weight, CellIntegrals& sums) {
  const std::size_t n = normal.mean.size();
  const Real x = (sign * t - normal.mean[k]) / normal.deviation[k];
  Real mass = weight * test::density(x) / normal.deviation[k];
  std::vector<test::RealMoments> others(n);
  for (std::size_t l = 0; l < n; ++l) {
    if (l == k) continue;
    others[l] = within(normal, l, t);
    mass *= others[l].mass;
  }
  sums.mass += mass;
  for (std::size_t l = 0; l < n; ++l) {
    const Real centre = l == k ? sign * t : others[l].mean;
    const Real spread = l == k ? Real(0) : others[l].variance;
    sums.first[l] += mass * centre;
    sums.second[l] += mass * (centre * centre + spread);
  }
}

/// 10-point panels no wider than a quarter of the smallest deviation: below 1e-25.
CellIntegrals integrals(const ProductNormal& normal, std::size_t k, int sign, double begin,
                        double end) {
  using Rule = boost::math::quadrature::gauss<Real, 10>;
  const std::size_t n = normal.mean.size();
  CellIntegrals sums{0, std::vector<Real>(n), std::vector<Real>(n)};
  double smallest = 1;
  for (const double deviation : normal.deviation)
    if (deviation > 0) smallest = std::min(smallest, deviation);
  const int panels = static_cast<int>(std::ceil((end - begin) / (smallest / 4)));
  const Real half = (Real(end) - begin) / (2 * panels);
  for (int panel = 0; panel < panels; ++panel)
    for (std::size_t i = 0; i < Rule::abscissa().size(); ++i)
      for (const int side : {-1, 1}) {
        const Real t = begin + half * (2 * panel + 1 + side * Rule::abscissa()[i]);
        add_slice(normal, k, sign, t, half * Rule::weights()[i], sums);
      }
  return sums;
}

/// No point mass may be the largest: those cells are left to the unit tests.
ExactCells exact_cells(const ProductNormal& normal, const std::vector<double>& scales,
                       const std::vector<double>& radii) {
  const std::size_t n = normal.mean.size();
  double largest_point = 0;
  for (std::size_t k = 0; k < n; ++k)
    if (normal.deviation[k] == 0)
      largest_point = std::max(largest_point, std::fabs(normal.mean[k]));
  ExactCells out;
  for (std::size_t k = 0; k < n; ++k)
    for (const int sign : {1, -1})
      for (std::size_t j = 0; j < radii.size(); ++j) {
        const double begin = std::max(largest_point, j == 0 ? 0 : radii[j - 1] / 2 + radii[j] / 2);
        const double reach = std::fabs(normal.mean[k]) + 13 * normal.deviation[k];
        const double end = j + 1 == radii.size() ? reach : radii[j] / 2 + radii[j + 1] / 2;
        out.mass.emplace_back(0);
        if (normal.deviation[k] == 0 || !(begin < std::min(end, reach))) continue;
        const CellIntegrals cell = integrals(normal, k, sign, begin, std::min(end, reach));
        out.mass.back() = cell.mass;
        for (std::size_t l = 0; l < n; ++l) {
          const Real squared_scale = Real(scales[l]) * scales[l];
          const Real point = l == k ? sign * Real(radii[j]) : Real(0);
          out.cost += squared_scale *
                      (cell.second[l] - 2 * point * cell.first[l] + point * point * cell.mass);
          const Real offset = cell.first[l] - point * cell.mass;
          if (cell.mass > 1e-60) out.gap += squared_scale * offset * offset / cell.mass;
        }
      }
  return out;
}

void expect_enclosed(const ProductNormal& normal, const std::vector<double>& scales,
                     const std::vector<double>& radii) {
  const ExactCells exact = exact_cells(normal, scales, radii);
  const CrossCells found = cross_cells(normal, scales, radii);
  EXPECT_GE(Real(found.cost), exact.cost);
  EXPECT_LT(static_cast<double>(found.cost / exact.cost - 1), 1e-12);
  EXPECT_GE(Real(found.centroid_gap), exact.gap);
  EXPECT_LT(static_cast<double>((found.centroid_gap - exact.gap) / exact.cost), 0.1);
  for (std::size_t c = 0; c < exact.mass.size(); ++c)
    EXPECT_LE(abs(found.mass[c] - exact.mass[c]), found.mass_error[c] + Real(1e-36)) << c;
}

TEST(CrossCellsAccuracy, CostGapAndMassesAreEnclosed) {
  test::Random random(83);
  for (int trial = 0; trial < 6; ++trial) {
    const int n = 1 + trial % 3;
    ProductNormal normal;
    std::vector<double> scales, radii;
    for (int k = 0; k < n; ++k) {
      normal.mean.push_back(trial < 2 ? 0 : random.uniform(-2, 2));
      normal.deviation.push_back(random.uniform(0.3, 1.5));
      scales.push_back(random.uniform(0.2, 2));
    }
    for (int j = 0; j < 1 + trial % 4; ++j) radii.push_back(random.uniform(0.1, 4));
    std::sort(radii.begin(), radii.end());
    expect_enclosed(normal, scales, radii);
  }
}

TEST(CrossCellsAccuracy, NarrowBesideWideIsEnclosed) {
  expect_enclosed({{1.5, -0.5}, {0.1, 1.0}}, {1, 0.5}, {1, 2});
  expect_enclosed({{-3, 0.1}, {0.1, 0.4}}, {2, 1}, {0.5, 2.5, 3});
}

/// A point mass that never is the largest, at 0.
TEST(CrossCellsAccuracy, BesideAPointMassAreEnclosed) {
  expect_enclosed({{0.3, 0, -0.4}, {0.8, 0, 0.5}}, {1, 3, 2}, {0.5, 1.5});
}

/// On the line a cross is a grid.
TEST(CrossCellsAccuracy, OnTheLineAreTheGridsCells) {
  const Real exact = test::grid_error({-2.5, -1, 1, 2.5}, Real(0.7), Real(1.3));
  const double found = cross_cells({{0.7}, {1.3}}, {1}, {1, 2.5}).cost;
  EXPECT_GE(Real(found), exact);
  EXPECT_LT(static_cast<double>(found / exact - 1), 1e-12);
}

}  // namespace
}  // namespace wquant
