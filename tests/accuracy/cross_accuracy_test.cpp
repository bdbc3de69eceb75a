#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "accuracy/exact_shells.hpp"
#include "quantize/crosses/cross_shells.hpp"
#include "quantize/points/cross_radii.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::exact_norm_shells;
using test::ExactShells;
using test::LargestCoordinate;
using test::Real;

struct Excess {
  double factor = 0, gap = 0, mass = 0;  ///< the last relative to what is stated.
};

void expect_enclosed(const CrossShells& found, const ExactShells& exact, Excess& worst) {
  EXPECT_GE(Real(found.factor), exact.factor);
  EXPECT_GE(Real(found.centroid_gap), exact.gap);
  worst.factor =
      std::max(worst.factor, static_cast<double>((found.factor - exact.factor) / exact.factor));
  worst.gap =
      std::max(worst.gap, static_cast<double>((found.centroid_gap - exact.gap) / exact.factor));
  for (std::size_t j = 0; j < exact.mass.size(); ++j)
    worst.mass = std::max(
        worst.mass, static_cast<double>(abs(found.mass[j] - exact.mass[j])) / found.mass_error[j]);
}

void record(const Excess& worst, std::int64_t n) {
  const std::string suffix = "_" + std::to_string(n);
  testing::Test::RecordProperty("factor" + suffix, std::to_string(worst.factor * 1e12) + "e-12");
  testing::Test::RecordProperty("gap" + suffix, std::to_string(worst.gap * 1e12) + "e-12");
  testing::Test::RecordProperty("mass" + suffix, std::to_string(worst.mass));
}

/// Ordinary radii: optimal, the paper's, random ones.
std::vector<std::vector<double>> ordinary_radii(std::int64_t n) {
  test::Random random(75);
  std::vector<std::vector<double>> out;
  for (const int m : {1, 2, 5, 20}) {
    out.push_back(optimal_cross_radii(n, m));
    out.push_back(paper_cross_radii(n, m));
    std::vector<double> radii;
    for (int j = 0; j < m; ++j) radii.push_back(random.uniform(0, 6));
    std::sort(radii.begin(), radii.end());
    out.push_back(radii);
  }
  return out;
}

/// Far out, in clusters, next to nothing, equal, 0.
std::vector<std::vector<double>> badly_placed_radii() {
  return {{10, 11, 12, 30, 35, 36, 50},
          {2, 2 + 1e-9, 2 + 2e-9, 2 + 1e-15, 2.5},
          {1e-9, 1e-8, 2e-8, 0.3},
          {1e-300, 1e-200, 1e-100},
          {0, 1, 1, 3},
          {1000, 2000},
          {1e-3},
          {0.5, 0.6, 0.7, 0.8, 37.9, 40, 42}};
}

class Cross : public testing::TestWithParam<std::int64_t> {};

TEST_P(Cross, CoordinateShellsAreEnclosed) {
  const std::int64_t n = GetParam();
  const LargestCoordinate exact(n);
  Excess worst;
  for (const auto& radii : ordinary_radii(n))
    expect_enclosed(coordinate_shells(n, radii), exact.shells(radii), worst);
  EXPECT_LT(worst.factor, 1e-12);
  EXPECT_LT(worst.gap, 1e-12);
  EXPECT_LT(worst.mass, 1);
  record(worst, n);
}

TEST_P(Cross, CoordinateShellsAreEnclosedHoweverTheRadiiLie) {
  const std::int64_t n = GetParam();
  const LargestCoordinate exact(n);
  Excess worst;
  for (auto radii : badly_placed_radii()) {
    std::sort(radii.begin(), radii.end());
    expect_enclosed(coordinate_shells(n, radii), exact.shells(radii), worst);
  }
  EXPECT_LT(worst.factor, 1e-12);
  EXPECT_LT(worst.mass, 1);
  record(worst, n);
}

TEST_P(Cross, NormShellsAreEnclosed) {
  const std::int64_t n = GetParam();
  const Real mean = LargestCoordinate(n).mean();
  Excess worst;
  auto all = ordinary_radii(n);
  all.push_back({std::sqrt(static_cast<double>(n))});
  for (const auto& radii : all)
    expect_enclosed(norm_shells(n, radii), exact_norm_shells(n, radii, mean), worst);
  EXPECT_LT(worst.factor, 1e-12);
  EXPECT_LT(worst.gap, 1e-12);
  EXPECT_LT(worst.mass, 1);
  record(worst, n);
}

TEST_P(Cross, NormShellsAreEnclosedHoweverTheRadiiLie) {
  const std::int64_t n = GetParam();
  const Real mean = LargestCoordinate(n).mean();
  Excess worst;
  for (auto radii : badly_placed_radii()) {
    std::sort(radii.begin(), radii.end());
    expect_enclosed(norm_shells(n, radii), exact_norm_shells(n, radii, mean), worst);
  }
  EXPECT_LT(worst.factor, 1e-12);
  EXPECT_LT(worst.mass, 1);
  record(worst, n);
}

INSTANTIATE_TEST_SUITE_P(Dimensions, Cross, testing::Values(1, 2, 3, 10, 64, 1000, 10'000),
                         testing::PrintToStringParamName());

/// The 100-digit side against another: on the line a cross is a grid.
TEST(ExactCross, IsTheGridsErrorOnTheLine) {
  const std::vector<double> radii = {0.25, 1.5, 2.75};
  const Real cross = LargestCoordinate(1).shells(radii).factor;
  const Real grid = test::grid_error({-2.75, -1.5, -0.25, 0.25, 1.5, 2.75}, 0, 1);
  EXPECT_LT(static_cast<double>(abs(cross - grid)), 1e-40);
}

/// Many narrow shells: what is lost to rounding must not grow with their number.
TEST(ManyRadii, OnTheLineAreEnclosedTightly) {
  const auto radii = optimal_cross_radii(1, 5000);
  std::vector<double> points;
  for (std::size_t j = radii.size(); j-- > 0;) points.push_back(-radii[j]);
  points.insert(points.end(), radii.begin(), radii.end());
  const Real exact = test::grid_error(points, 0, 1);
  const double factor = coordinate_shells(1, radii).factor;
  EXPECT_GE(Real(factor), exact);
  EXPECT_LT(static_cast<double>(factor / exact - 1), 1e-12);
}

}  // namespace
}  // namespace wquant
