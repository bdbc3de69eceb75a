#include "wquant/grid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Grid unit_grid(std::vector<std::vector<double>> points) {
  const Axes axes = Axes::standard(std::vector<double>(points.size(), 0.0));
  return Grid(axes, std::move(points));
}

TEST(Grid, CountsItsLocationsTheLastDimensionFastest) {
  const Grid grid = unit_grid({{-1, 0, 1}, {0, 2}});
  EXPECT_EQ(grid.size(), 6);
  EXPECT_EQ(grid.shape(), (std::vector<std::int64_t>{3, 2}));
  EXPECT_EQ(grid.location(0), (std::vector<double>{-1, 0}));
  EXPECT_EQ(grid.location(1), (std::vector<double>{-1, 2}));
  EXPECT_EQ(grid.location(2), (std::vector<double>{0, 0}));
}

TEST(Grid, RefusesPointsOutOfOrder) {
  EXPECT_THROW(unit_grid({{0, 0}}), InvalidArgument);
  EXPECT_THROW(unit_grid({{1, 0}}), InvalidArgument);
  EXPECT_THROW(unit_grid({{}}), InvalidArgument);
  EXPECT_THROW(unit_grid({{NAN}}), InvalidArgument);
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

TEST(Grid, CellsEndAtMidpointsUnlessTheyAreGiven) {
  const Grid grid = unit_grid({{-1, 0, 2}});
  EXPECT_TRUE(grid.has_midpoint_edges());
  EXPECT_EQ(grid.edges(0), (std::vector<double>{-kInfinity, -0.5, 1, kInfinity}));
  EXPECT_FALSE(grid.domain().is_bounded());
  const Grid bounded = grid.within({-3}, {kInfinity}, {9});
  EXPECT_EQ(bounded.edges(0), (std::vector<double>{-3, -0.5, 1, kInfinity}));
  EXPECT_EQ(bounded.size(), 4);
  EXPECT_EQ(bounded.location(3), std::vector<double>{9});
  EXPECT_TRUE(bounded.domain().is_bounded());
  EXPECT_THROW(grid.within({0}, {kInfinity}), InvalidArgument);  // beyond the edge at −½
  EXPECT_TRUE(grid.cell(1).contains({1}));                       // a cell holds its upper ends
  EXPECT_FALSE(grid.cell(1).contains({-0.5}));
}

/// z ↦ −z/2 turns the order of points, edges and the outside around.
TEST(Grid, RebasedIsTheSameInOtherCoordinates) {
  const double minus[] = {-1};
  const Axes turned({minus, 1, 1}, {2}, {0});
  const Grid grid(Axes::standard({0}), {{-1, 3}}, {{-2, 0, 4}}, {6});
  const Grid rebased = grid.rebase(turned);
  EXPECT_EQ(rebased.points()[0], (std::vector<double>{-1.5, 0.5}));
  EXPECT_EQ(rebased.edges(0), (std::vector<double>{-2, 0, 1}));
  EXPECT_EQ(rebased.outside(), std::vector<double>{-3});
  EXPECT_EQ(rebased.location(0), grid.location(1));
  EXPECT_EQ(rebased.location(2), grid.location(2));
}

TEST(Cell, RefusesWhatHoldsNothing) {
  const Axes axes = Axes::standard({0});
  EXPECT_NO_THROW(Cell(axes, {-kInfinity}, {kInfinity}));
  EXPECT_THROW(Cell(axes, {1}, {1}), InvalidArgument);
  EXPECT_THROW(Cell(axes, {kInfinity}, {kInfinity}), InvalidArgument);
  EXPECT_THROW(Cell(axes, {NAN}, {1}), InvalidArgument);
  EXPECT_THROW(Cell(axes, {0, 0}, {1, 1}), InvalidArgument);
  std::ostringstream out;
  out << Cell(axes, {-kInfinity}, {2});
  EXPECT_EQ(out.str(), "(-inf, 2]");
}

}  // namespace
}  // namespace wquant
