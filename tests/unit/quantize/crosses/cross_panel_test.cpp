#include "quantize/crosses/cross_panel.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "numerics/normal_cell.hpp"

namespace wquant {
namespace {

/// P(|Z| ≤ t).
double central(double t) { return std::erf(t / std::sqrt(2.0)); }

TEST(CrossPanel, CoordinatesPartDensitiesFromPointMasses) {
  const Coordinates all = coordinates({{0.5, 3, -4, 1}, {2, 0, 0, 0}}, {1, 2, 0.5, 1}, 10);
  EXPECT_EQ(all.axis, std::vector<std::size_t>{0});
  EXPECT_EQ(all.largest_axis, 2);
  EXPECT_EQ(all.largest, 4);
  EXPECT_NEAR(all.constant, 36 + 4 + 1, 1e-12);  // Σ s² mean²
  EXPECT_NEAR(all.below_largest, 36 + 1, 1e-12);
  EXPECT_EQ(all.total_scale, 1 + 4 + 0.25 + 1);
  EXPECT_EQ(all.reach, FoldedNormal(0.5, 2).reach());
  EXPECT_EQ(coordinates({{0}, {1}}, {1}, 1).largest_axis, -1);
}

/// In the plane with unit scales: the masses of H and E[z²] are those of the other coordinate.
TEST(CrossPanel, SliceLeavesOutOneCoordinate) {
  const Slice at = slice(coordinates({{0, 0}, {1, 2}}, {1, 3}, 1), {1, 0, 0});
  EXPECT_NEAR(at.others_mass[0], central(0.5), 1e-15);
  EXPECT_NEAR(at.others_mass[1], central(1), 1e-15);
  const double second = 1 - 2 * normal_density(1) / central(1);
  EXPECT_NEAR(at.others_second[1], second, 1e-13);
  EXPECT_GE(at.others_second[1], second - 1e-16);
}

/// Of N(0, I) in the plane the panel 0.5 < M < 0.75 has the mass central(0.75)² − central(0.5)²,
/// a quarter on each side.
class StandardPanel : public ::testing::Test {
 protected:
  const double begin_ = 0.5;
  const double end_ = 0.75;
  const double radius_ = 0.6;
  const Coordinates all_ = coordinates({{0, 0}, {1, 1}}, {1, 1}, radius_);
  const CrossPanel panel_ = integrated_panel(all_, radius_, begin_, end_, 3);
};

TEST_F(StandardPanel, HasItsMassWithinItsErrors) {
  const double mass = central(end_) * central(end_) - central(begin_) * central(begin_);
  ASSERT_EQ(panel_.sides.size(), 4u);
  EXPECT_EQ(panel_.shell, 3u);
  for (const CrossPanel::Side& side : panel_.sides) {
    EXPECT_NEAR(side.mass, mass / 4, side.mass_error + 1e-16);
    EXPECT_LT(side.mass_error, 1e-13);
    EXPECT_GE(side.square * side.mass, side.offset * side.offset);
  }
}

/// ∫ 4 f(t) H(t) [(t − r)² + E[z² | |z| ≤ t]] dt by Simpson's rule.
TEST_F(StandardPanel, CostsTheIntegralOfItsSquares) {
  const int steps = 200;
  const double step = (end_ - begin_) / steps;
  double cost = 0;
  double offset = 0;
  for (int i = 0; i <= steps; ++i) {
    const double t = begin_ + i * step;
    const double weight = step / 3 * (i == 0 || i == steps ? 1 : i % 2 ? 4 : 2);
    const double second = 1 - 2 * t * normal_density(t) / central(t);
    const double density = normal_density(t) * central(t);
    cost += weight * 4 * density * (square(t - radius_) + second);
    offset += weight * density * (t - radius_);
  }
  EXPECT_NEAR(panel_.cost, cost, 1e-11);
  EXPECT_NEAR(panel_.sides[0].offset, offset, 1e-12);
  EXPECT_LT(panel_.cost_remainder, 1e-13);
}

TEST_F(StandardPanel, ByMonotonicityEnclosesIt) {
  const CrossPanel rough = monotone_panel(all_, radius_, begin_, end_, 3);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_LE(std::fabs(rough.sides[i].mass - panel_.sides[i].mass),
              rough.sides[i].mass_error + 1e-15);
    EXPECT_LE(std::fabs(rough.sides[i].offset - panel_.sides[i].offset),
              rough.sides[i].offset_error);
    EXPECT_GE(rough.sides[i].square, panel_.sides[i].square);
  }
  EXPECT_GE(rough.cost, panel_.cost);
  EXPECT_GE(rough.off_axis, panel_.off_axis);
  EXPECT_EQ(rough.cost_remainder, 0);
}

}  // namespace
}  // namespace wquant
