#include "wquant/scheme.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

Grid unit_grid(std::vector<std::vector<double>> points) {
  const auto d = static_cast<std::int64_t>(points.size());
  const test::RowMajor unit = test::RowMajor::Identity(d, d);
  return Grid(Axes({unit.data(), d, d}, std::vector<double>(d, 1.0), std::vector<double>(d, 0.0)),
              std::move(points));
}

TEST(Grid, CountsItsLocations) {
  const Grid grid = unit_grid({{-1, 0, 1}, {0, 2}});
  EXPECT_EQ(grid.size(), 6);
  EXPECT_EQ(grid.shape(), (std::vector<std::int64_t>{3, 2}));
}

TEST(Grid, RefusesPointsOutOfOrderAndBadAxes) {
  EXPECT_THROW(unit_grid({{0, 0}}), InvalidArgument);
  EXPECT_THROW(unit_grid({{1, 0}}), InvalidArgument);
  EXPECT_THROW(unit_grid({{}}), InvalidArgument);
  EXPECT_THROW(unit_grid({{NAN}}), InvalidArgument);
  const double skew[] = {1, 0.1, 0, 1};
  EXPECT_THROW(Axes({skew, 2, 2}, {1, 1}, {0, 0}), InvalidArgument);
  const double unit[] = {1, 0, 0, 1};
  EXPECT_THROW(Axes({unit, 2, 2}, {1, 0}, {0, 0}), InvalidArgument);
  EXPECT_THROW(Axes({unit, 2, 2}, {1, 1}, {0, NAN}), InvalidArgument);
  EXPECT_THROW(Axes({unit, 2, 2}, {1}, {0, 0}), InvalidArgument);
  EXPECT_NO_THROW(Axes({unit, 2, 1, 2}, {1}, {0, 0}));
}

TEST(Grid, HasNoLocationPastItsLast) {
  const Grid grid = unit_grid({{-1, 0, 1}, {0, 2}});
  EXPECT_EQ(grid.location(5), (std::vector<double>{1, 2}));
  for (const std::int64_t a : {-1, 6}) {
    EXPECT_THROW(grid.location(a), InvalidArgument);
    EXPECT_THROW(grid.cell(a), InvalidArgument);
  }
  const Grid bounded = grid.within({-2, -2}, {2, 4});
  EXPECT_NO_THROW(bounded.location(6));  // of all that is outside
  EXPECT_THROW(bounded.cell(6), InvalidArgument);
}

TEST(Grid, HasAtMost2To62Locations) {
  std::vector<std::vector<double>> points(62, {-1, 1});
  EXPECT_EQ(unit_grid(points).size(), std::int64_t{1} << 62);
  points.push_back({-1, 1});
  EXPECT_THROW(unit_grid(points), InvalidArgument);
}

TEST(Scheme, HasFewerThan2To63Locations) {
  const Grid grid = unit_grid(std::vector<std::vector<double>>(62, {-1, 1}));
  EXPECT_THROW(Scheme::layered({{grid, {0}}, {grid, {1}}}), InvalidArgument);
}

TEST(Scheme, NeedsEveryComponentExactlyOnce) {
  const Grid grid = unit_grid({{0.0}});
  EXPECT_NO_THROW(Scheme::layered({{grid, {1}}, {grid, {0, 2}}}));
  EXPECT_THROW(Scheme::layered({}), InvalidArgument);
  EXPECT_THROW(Scheme::layered({{grid, {}}}), InvalidArgument);
  EXPECT_THROW(Scheme::layered({{grid, {0}}, {grid, {0}}}), InvalidArgument);
  EXPECT_THROW(Scheme::layered({{grid, {0}}, {grid, {2}}}), InvalidArgument);
  EXPECT_THROW(Scheme::layered({{grid, {0}}, {unit_grid({{0.0}, {0.0}}), {1}}}), InvalidArgument);
  EXPECT_THROW(Scheme::grid(grid, 0), InvalidArgument);
}

TEST(Scheme, PrintsItsGrids) {
  std::ostringstream out;
  out << Scheme::grid(unit_grid({{-1, 1}, {0, 1, 2}}), 4);
  EXPECT_NE(out.str().find("2 x 3"), std::string::npos);
  EXPECT_NE(out.str().find("4 component(s)"), std::string::npos);
}

TEST(Scheme, IsRefusedByAnotherMixture) {
  const Context context = Context::cpu();
  const auto mixture = test::centred_gaussian(test::VectorXd{{1.0, 2.0}}).build(context);
  EXPECT_THROW(apply(context, Scheme::grid(unit_grid({{0.0}, {0.0}}), 2), mixture),
               InvalidArgument);
  EXPECT_THROW(apply(context, Scheme::grid(unit_grid({{0.0}}), 1), mixture), InvalidArgument);
}

TEST(Apply, ABatchHasNoDistributionPastItsLast) {
  const Context context = Context::cpu();
  const auto mixture = test::centred_gaussian(test::VectorXd{{1.0}}).build(context);
  const Scheme scheme = Scheme::grid(unit_grid({{-1, 1}}), 1);
  const CertifiedBatch applied =
      apply(context, std::vector{scheme, scheme}, std::vector{mixture, mixture});
  const DistributionBatch& batch = applied.distributions;
  EXPECT_EQ(batch.distribution(1).size(), 2);
  EXPECT_THROW(batch.distribution(-1), InvalidArgument);
  EXPECT_THROW(batch.distribution(2), InvalidArgument);
}

}  // namespace
}  // namespace wquant
