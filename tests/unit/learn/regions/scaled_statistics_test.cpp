#include "learn/regions/scaled_statistics.hpp"

#include <gtest/gtest.h>

namespace wquant {
namespace {

TEST(ScaledStatistics, CountsSumToTheTotalAndKeepTheirShares) {
  RegionStatistics seen;
  seen.count = {3, 0, 5, 2};
  seen.sum = {{1, 0}, {}, {2, 0}, {0.5, 0}};
  seen.square = seen.sum;
  seen.farthest = {1, 0, 2, 3};
  for (const std::int64_t total : {1, 7, 10, 1000003}) {
    const RegionStatistics expected = scaled(seen, total);
    EXPECT_EQ(expected.total(), total);
    EXPECT_EQ(expected.count[1], 0);
    for (std::size_t k = 0; k < 4; ++k) {
      const double share = static_cast<double>(seen.count[k]) / 10;
      EXPECT_NEAR(static_cast<double>(expected.count[k]), share * static_cast<double>(total), 1);
      EXPECT_DOUBLE_EQ(expected.sum[k].high, seen.sum[k].high * static_cast<double>(total) / 10);
    }
    EXPECT_EQ(expected.farthest, seen.farthest);
  }
}

}  // namespace
}  // namespace wquant
