// Covers also: midpoints.
#include "numerics/row_cells.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "numerics/midpoints.hpp"

namespace wquant {
namespace {

TEST(GaussianCell, OfOneDeviationAboutTheMean) {
  const CellMoments cell = gaussian_cell(1, 2, -1, 3);
  const double mass = std::erf(std::sqrt(0.5));
  EXPECT_NEAR(cell.mass, mass, 1e-15);
  EXPECT_NEAR(cell.mean, 1, 1e-15);
  EXPECT_NEAR(cell.variance, 4 * (1 - 2 * normal_density(1) / mass), 1e-14);
}

TEST(GaussianCell, OfAPointMassHoldsItsUpperEnd) {
  EXPECT_EQ(gaussian_cell(3, 0, 1, 3).mass, 1);
  EXPECT_EQ(gaussian_cell(3, 0, 1, 3).mean, 3);
  EXPECT_EQ(gaussian_cell(3, 0, 1, 3).variance, 0);
  EXPECT_EQ(gaussian_cell(3, 0, 3, 5).mass, 0);
  EXPECT_EQ(gaussian_cell(3, 0, 3, 5).mean, 3);  // the end that is nearer
  EXPECT_EQ(gaussian_cell(9, 0, 3, 5).mean, 5);
  EXPECT_EQ(gaussian_cell_formula(3, 0, 1, 3), CellFormula::none);
}

TEST(GaussianCell, WithoutMassIsAtItsNearerEnd) {
  const CellMoments right = gaussian_cell(0, 1, 50, 60);
  EXPECT_EQ(right.mass, 0);
  EXPECT_EQ(right.mean, 50);
  EXPECT_EQ(right.variance, 0);
  EXPECT_EQ(gaussian_cell(0, 1, -60, -50).mean, -50);
}

TEST(RowCells, BetweenMidpointsMakeUpTheWhole) {
  const std::vector<double> edges = midpoints({-1, 1, 4});
  EXPECT_EQ(edges, (std::vector<double>{0, 2.5}));
  double mass = 0;
  double mean = 0;
  for (long long j = 0; j < 3; ++j) {
    const CellMoments cell = row_cell(0.5, 2, edges.data(), 3, j);
    mass += cell.mass;
    mean += cell.mass * cell.mean;
    const CellEnds ends = row_cell_ends(edges.data(), 3, j);
    EXPECT_EQ(ends.lower, j == 0 ? -kInfinity : edges[j - 1]);
    EXPECT_EQ(ends.upper, j == 2 ? kInfinity : edges[j]);
    EXPECT_EQ(row_cell_formula(0.5, 2, edges.data(), 3, j),
              gaussian_cell_formula(0.5, 2, ends.lower, ends.upper));
  }
  EXPECT_NEAR(mass, 1, 1e-15);
  EXPECT_NEAR(mean, 0.5, 1e-15);
  EXPECT_EQ(row_cell(0.5, 2, nullptr, 1, 0).mass, 1);  // one cell has no edges
}

TEST(Midpoints, DoNotOverflow) {
  EXPECT_TRUE(midpoints({3}).empty());
  EXPECT_EQ(midpoints({0x1p1023, 0x1.8p1023}), std::vector<double>{0x1.4p1023});
}

}  // namespace
}  // namespace wquant
