#include "numerics/normal_cell.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/limits.hpp"

// Against 50 digits: tests/accuracy/normal_cell_accuracy_test.cpp. Here is what can be checked by
// hand.

namespace wquant {
namespace {

CellMoments cell(double lower, double upper) { return normal_cell(lower, upper, upper - lower); }

TEST(NormalCell, OfTheLineAndOfItsHalf) {
  const CellMoments line = cell(-kInfinity, kInfinity);
  EXPECT_EQ(line.mass, 1);
  EXPECT_EQ(line.mean, 0);
  EXPECT_EQ(line.variance, 1);
  const double two_over_pi = 2 / std::acos(-1.0);
  const CellMoments half = cell(0, kInfinity);
  EXPECT_NEAR(half.mass, 0.5, 1e-16);
  EXPECT_NEAR(half.mean, std::sqrt(two_over_pi), 1e-15);
  EXPECT_NEAR(half.variance, 1 - two_over_pi, 1e-15);
}

TEST(NormalCell, CellsMakeUpTheWhole) {
  const std::vector<double> edges = {-kInfinity, -38, -7, -1, -0.9, 0,
                                     1e-3,       0.5, 2,  6,  20,   kInfinity};
  double mass = 0;
  double first = 0;
  double second = 0;
  for (std::size_t j = 0; j + 1 < edges.size(); ++j) {
    const CellMoments part = cell(edges[j], edges[j + 1]);
    EXPECT_GE(part.mean, edges[j]);
    EXPECT_LE(part.mean, edges[j + 1]);
    mass += part.mass;
    first += part.mass * part.mean;
    second += part.mass * (part.variance + part.mean * part.mean);
    const CellMoments mirrored = cell(-edges[j + 1], -edges[j]);
    EXPECT_EQ(mirrored.mass, part.mass);
    EXPECT_EQ(mirrored.mean, -part.mean);
    EXPECT_EQ(mirrored.variance, part.variance);
  }
  EXPECT_NEAR(mass, 1, 1e-15);
  EXPECT_NEAR(first, 0, 1e-15);
  EXPECT_NEAR(second, 1, 2e-15);
}

TEST(NormalCell, ANarrowOneIsNearlyUniform) {
  const double width = 1e-4;
  for (const double a : {0.0, 3.0, 30.0}) {
    const CellMoments narrow = normal_cell(a, a + width, width);
    const double middle = a + width / 2;
    EXPECT_NEAR(narrow.mass / (width * normal_density(middle)), 1, 1e-6);
    EXPECT_NEAR(narrow.variance / (width * width / 12), 1, 1e-6);
    EXPECT_NEAR(narrow.mean, middle - middle * width * width / 12, 1e-12);
  }
}

/// Mills' ratio: Q(a) = φ(a)/a (1 − 1/a² + 3/a⁴ − …), and the moments of what lies beyond a.
TEST(NormalCell, FarTailsAreNearlyExponential) {
  const double a = 30;
  const CellMoments tail = cell(a, kInfinity);
  const double q = 1 / (a * a);
  EXPECT_NEAR(tail.mass / (normal_density(a) / a * (1 - q + 3 * q * q)), 1, 20 * q * q * q);
  EXPECT_NEAR(tail.mean, a + (1 - 2 * q + 10 * q * q) / a, 75 * q * q * q / a);
  EXPECT_NEAR(tail.variance, q * (1 - 6 * q + 50 * q * q), 600 * q * q * q * q);
  const CellMoments nothing = cell(50, 51);
  EXPECT_EQ(nothing.mass, 0);
  EXPECT_EQ(nothing.mean, 50);
}

TEST(NormalCell, FormulasTakeOverFromEachOtherWithoutAJump) {
  for (const double width : {0.2, 1.5, 3.0}) {
    const double next = width * (1 + 1e-14);
    EXPECT_NE(normal_cell_formula(0, width, width), normal_cell_formula(0, next, next));
    const CellMoments below = normal_cell(0, width, width);
    const CellMoments above = normal_cell(0, next, next);
    EXPECT_NEAR(above.mass / below.mass, 1, 1e-12) << width;
    EXPECT_NEAR(above.mean, below.mean, 1e-12) << width;
    EXPECT_NEAR(above.variance / below.variance, 1, 1e-12) << width;
  }
}

}  // namespace
}  // namespace wquant
