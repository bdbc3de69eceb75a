// Covers also: numerics/region_sums.
#include "wquant/region_statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/points.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

using test::Points;
using test::random_points;
using test::view;

constexpr std::int64_t kDimension = 3;

Partition partition_of(std::int64_t clusters) {
  const auto centres = random_points<double>(clusters, kDimension, 7);
  test::Random random(8);
  std::vector<double> radii;
  for (std::int64_t k = 0; k < clusters; ++k) radii.push_back(random.uniform(0.3, 1.5));
  return {Box::cube(kDimension, -10, 10), {centres.data(), centres.data() + centres.size()}, radii};
}

double value(const DoubleDouble& sum) { return sum.high + sum.low; }

/// Statistics of the rows cut at `cuts`, merged in order.
template <class T>
RegionStatistics merged(const Context& context, const Partition& partition, const Points<T>& points,
                        std::vector<std::int64_t> cuts, int order) {
  RegionStatistics out = no_statistics(partition, order);
  cuts.push_back(points.rows());
  std::int64_t from = 0;
  for (const std::int64_t to : cuts) {
    out.merge(region_statistics(
        context, partition,
        MatrixView<const T>(points.data() + from * points.cols(), to - from, points.cols()),
        order));
    from = to;
  }
  return out;
}

template <class T>
void check_splits() {
  const Context context = Context::cpu();
  const Partition partition = partition_of(12);
  const auto points = random_points<T>(20000, kDimension, 9);
  const Regions regions = regions_of(context, partition, view(points));
  test::Random random(10);
  for (const int order : {1, 2}) {
    std::vector<long double> sum(13), square(13);
    std::vector<std::int64_t> count(13);
    std::vector<double> farthest(13);
    for (std::size_t i = 0; i < regions.label.size(); ++i) {
      const std::int64_t j = regions.label[i];
      const long double z = std::pow(static_cast<long double>(regions.distance[i]), order);
      sum[j] += z;
      square[j] += z * z;
      ++count[j];
      farthest[j] = std::max(farthest[j], regions.distance[i]);
    }
    for (int trial = 0; trial < 10; ++trial) {
      std::vector<std::int64_t> cuts;
      for (int c = 0; c < 3 * trial; ++c)
        cuts.push_back(static_cast<std::int64_t>(random.uniform(0, 20000)));
      std::sort(cuts.begin(), cuts.end());
      const RegionStatistics all = merged(context, partition, points, cuts, order);
      EXPECT_EQ(all.count, count);
      EXPECT_EQ(all.total(), 20000);
      EXPECT_EQ(all.farthest, farthest);
      for (std::size_t j = 0; j < 13; ++j) {
        EXPECT_NEAR(value(all.sum[j]) / static_cast<double>(sum[j]), 1, 1e-14);
        EXPECT_NEAR(value(all.square[j]) / static_cast<double>(square[j]), 1, 1e-14);
        EXPECT_LE(std::fabs(all.sum[j].low), 0x1p-52 * all.sum[j].high);
      }
    }
  }
}

TEST(RegionStatistics, MergeOverAnySplitInDouble) { check_splits<double>(); }
TEST(RegionStatistics, MergeOverAnySplitInFloat) { check_splits<float>(); }

/// A small sum is not lost beside large ones, which plain doubles would do.
TEST(RegionStatistics, SumsKeepWhatIsBelowTheLastBit) {
  const Partition partition = partition_of(1);
  RegionStatistics all = no_statistics(partition, 1);
  RegionStatistics large = all;
  large.sum[0] = {1, 0};
  RegionStatistics tiny = all;
  tiny.sum[0] = {0x1p-60, 0};
  all.merge(large);
  for (int i = 0; i < 1024; ++i) all.merge(tiny);
  EXPECT_EQ(all.sum[0].high, 1 + 0x1p-50);
  EXPECT_EQ(all.sum[0].low, 0);
}

TEST(RegionStatistics, AreTheSameBitsForAnyNumberOfThreads) {
  const Partition partition = partition_of(30);
  const auto points = random_points<float>(50000, kDimension, 11);
  const auto of = [&](int threads) {
    return region_statistics(Context::cpu({.threads = threads}), partition, view(points), 1);
  };
  const RegionStatistics one = of(1);
  for (const int threads : {2, 8}) {
    const RegionStatistics several = of(threads);
    EXPECT_EQ(one.count, several.count);
    for (std::size_t j = 0; j < one.sum.size(); ++j) {
      EXPECT_EQ(one.sum[j].high, several.sum[j].high);
      EXPECT_EQ(one.sum[j].low, several.sum[j].low);
      EXPECT_EQ(one.square[j].low, several.square[j].low);
    }
  }
}

TEST(RegionStatistics, OfNoPointsAreZero) {
  const Context context = Context::cpu();
  const Partition partition = partition_of(2);
  const RegionStatistics none =
      region_statistics(context, partition, MatrixView<const double>(nullptr, 0, kDimension), 2);
  EXPECT_EQ(none.total(), 0);
  EXPECT_EQ(none.order, 2);
  EXPECT_EQ(none.partition, partition.fingerprint());
  EXPECT_EQ(none.count.size(), 3u);
}

template <class Call>
std::string message(const Call& call) {
  try {
    call();
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "nothing thrown";
}

TEST(RegionStatistics, NameThePointsOutsideTheBox) {
  const Context context = Context::cpu();
  const Partition partition = partition_of(2);
  Points<float> points = random_points<float>(3000, kDimension, 12);
  points(17, 2) = 12.5f;
  points(2999, 0) = NAN;
  const std::string expected =
      "points: 2 of 3000 samples lie outside the box; the first is points[17][2]: 12.5, expected a "
      "number from -10 to 10";
  EXPECT_EQ(message([&] { region_statistics(context, partition, view(points), 1); }), expected);
  EXPECT_EQ(message([&] { regions_of(context, partition, view(points)); }), expected);
}

TEST(RegionStatistics, RefuseWhatMakesNoSense) {
  const Context context = Context::cpu();
  const Partition partition = partition_of(2);
  const auto points = random_points<double>(5, kDimension + 1, 13);
  EXPECT_EQ(message([&] { region_statistics(context, partition, view(points), 1); }),
            "points: the shape is 4; expected 3");
  const Points<double> good = points.leftCols(kDimension);
  EXPECT_EQ(message([&] { region_statistics(context, partition, view(good), 3); }),
            "order: 3; expected 1 or 2");
  RegionStatistics one = no_statistics(partition, 1);
  EXPECT_EQ(message([&] { one.merge(no_statistics(partition, 2)); }),
            "statistics: order 2; expected 1");
  EXPECT_NE(message([&] {
              one.merge(no_statistics(partition_of(3), 1));
            }).find("statistics: of another partition"),
            std::string::npos);
}

TEST(RegionStatistics, CanBeCancelled) {
  const Partition partition = partition_of(2);
  const auto points = random_points<double>(5, kDimension, 14);
  EXPECT_THROW(region_statistics(Context::cpu(), partition, view(points), 1,
                                 [](const Progress&) { return false; }),
               Cancelled);
}

}  // namespace
}  // namespace wquant
