#include "wquant/normal_quantizer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "support/golden.hpp"

namespace wquant {
namespace {

TEST(NormalQuantizer, ReproducesTheReference) {
  for (const auto& row : test::golden()["normal_quantisers"]) {
    const auto quantizer = normal_quantizer(row["n"].get<std::int64_t>());
    const auto points = test::flatten(row["points"]);
    ASSERT_EQ(quantizer->points.size(), points.size());
    for (std::size_t j = 0; j < points.size(); ++j)
      EXPECT_NEAR(quantizer->points[j], points[j], 1e-12) << "n = " << row["n"];
    EXPECT_NEAR(quantizer->distortion, row["distortion"].get<double>(), 1e-12);
  }
}

TEST(NormalQuantizer, HasTheKnownDistortions) {
  EXPECT_EQ(normal_quantizer(1)->points, std::vector<double>{0.0});
  EXPECT_NEAR(normal_distortion(1), 1, 1e-13);
  EXPECT_NEAR(normal_distortion(2), 1 - 2 / std::acos(-1.0), 1e-13);
  EXPECT_NEAR(normal_distortion(3), 0.1901740, 1e-7);
  EXPECT_NEAR(normal_distortion(10), 0.0229370529, 1e-10);
}

TEST(NormalQuantizer, PointsAreSymmetricAscendingMeansOfTheirCells) {
  for (const std::int64_t n : {2, 7, 64, 255, 1000, 10'000}) {
    const auto quantizer = normal_quantizer(n);
    double mass = 0;
    double squares = 0;
    for (std::int64_t j = 0; j < n; ++j) {
      EXPECT_EQ(quantizer->points[j], -quantizer->points[n - 1 - j]);
      if (j > 0) {
        EXPECT_LT(quantizer->points[j - 1], quantizer->points[j]);
      }
      mass += quantizer->masses[j];
      squares += quantizer->masses[j] * quantizer->points[j] * quantizer->points[j];
    }
    EXPECT_NEAR(mass, 1, 1e-12);
    EXPECT_NEAR(1 - squares, quantizer->distortion, 1e-12);  // only at stationarity
  }
}

TEST(NormalQuantizer, DistortionDecreasesAndApproachesPanterDite) {
  for (std::int64_t n = 1; n < 600; ++n) EXPECT_GT(normal_distortion(n), normal_distortion(n + 1));
  const double limit = std::sqrt(3.0) * std::acos(-1.0) / 2;
  EXPECT_NEAR(normal_distortion(1'000'000) * 1e12, limit, 1e-4);
}

TEST(NormalQuantizer, SeriesForTheSearchIsWithinItsStatedError) {
  for (const std::int64_t n : {257, 300, 500, 1000, 2500, 10'000})
    EXPECT_NEAR(normal_distortion(n) / normal_quantizer(n)->distortion, 1, 1e-6) << n;
}

TEST(NormalQuantizer, CompandingBeyondTenThousandPointsIsNearlyOptimal) {
  const auto quantizer = normal_quantizer(20'000);
  EXPECT_GT(quantizer->distortion, normal_distortion(20'000) * (1 - 1e-6));
  EXPECT_LT(quantizer->distortion, normal_distortion(20'000) * (1 + 1e-5));
}

TEST(NormalQuantizer, GivesTheSameObjectToAllThreads) {
  std::vector<std::shared_ptr<const NormalQuantizer>> seen(8);
  std::vector<std::thread> threads;
  for (auto& slot : seen) threads.emplace_back([&slot] { slot = normal_quantizer(777); });
  for (auto& thread : threads) thread.join();
  for (const auto& slot : seen) EXPECT_EQ(slot->points, seen[0]->points);
  EXPECT_EQ(normal_quantizer(777), normal_quantizer(777));
}

TEST(NormalQuantizer, RefusesNonsense) {
  EXPECT_THROW(normal_quantizer(0), InvalidArgument);
  EXPECT_THROW(normal_quantizer(-3), InvalidArgument);
  EXPECT_THROW(normal_quantizer(1'000'000'001), InvalidArgument);
  EXPECT_THROW(normal_distortion(0), InvalidArgument);
}

}  // namespace
}  // namespace wquant
