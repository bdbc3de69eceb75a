#include "wquant/free_points.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "wquant/error.hpp"

namespace wquant {
namespace {

TEST(FreePoints, KeepTheirLocations) {
  const double values[] = {1, 2, 99, 3, 4, 99};
  const FreePoints points({values, 2, 2, 3}, 500);
  EXPECT_EQ(points.size(), 2);
  EXPECT_EQ(points.dimension(), 2);
  EXPECT_EQ(points.locations()(1, 0), 3);
  EXPECT_EQ(points.locations()(1, 1), 4);
  EXPECT_EQ(points.fine_support(), 500);
  std::ostringstream out;
  out << points;
  EXPECT_EQ(out.str(), "2 free points, assigned by 500 fine ones");
}

/// 64 a point, but at least 4096 and at most 10⁶ unless there are more points than that.
TEST(FreePoints, HaveFineOnesInProportion) {
  EXPECT_EQ(FreePoints::automatic_fine_support(1), 4096);
  EXPECT_EQ(FreePoints::automatic_fine_support(64), 4096);
  EXPECT_EQ(FreePoints::automatic_fine_support(100), 6400);
  EXPECT_EQ(FreePoints::automatic_fine_support(20'000), 1'000'000);
  EXPECT_EQ(FreePoints::automatic_fine_support(2'000'000), 2'000'000);
  EXPECT_EQ(FreePoints::automatic_fine_support(std::int64_t{1} << 60), std::int64_t{1} << 60);
  const double origin[] = {0};
  EXPECT_EQ(FreePoints({origin, 1, 1}).fine_support(), 4096);
}

TEST(FreePoints, AreChecked) {
  const double bad[] = {0, NAN};
  EXPECT_THROW(FreePoints({bad, 1, 2}), InvalidArgument);
  const double good[] = {0, 1};
  EXPECT_THROW(FreePoints({good, 0, 2}), InvalidArgument);
  EXPECT_THROW(FreePoints({good, 1, 2}, -1), InvalidArgument);
  const double huge[] = {1e200};
  EXPECT_THROW(FreePoints({huge, 1, 1}), InvalidArgument);
}

}  // namespace
}  // namespace wquant
