#include "quantize/points/cross_radii.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "quantize/crosses/cross_shells.hpp"
#include "wquant/normal_quantizer.hpp"

namespace wquant {
namespace {

/// One radius is E M: √(2/π) on the line and 2/√π in the plane.
TEST(OptimalCrossRadii, OneIsTheMeanOfTheLargestCoordinate) {
  const double pi = std::acos(-1.0);
  EXPECT_NEAR(optimal_cross_radii(1, 1)[0], std::sqrt(2 / pi), 1e-14);
  EXPECT_NEAR(optimal_cross_radii(2, 1)[0], 2 / std::sqrt(pi), 1e-14);
}

TEST(OptimalCrossRadii, AreTheMeansOfTheirShells) {
  for (const std::int64_t n : {1, 2, 3, 10, 64, 256, 10'000})
    for (const std::int64_t m : {1, 2, 5, 20, 1000, 5000}) {
      const auto radii = optimal_cross_radii(n, m);
      ASSERT_EQ(static_cast<std::int64_t>(radii.size()), m);
      EXPECT_GT(radii.front(), 0);
      for (std::int64_t j = 1; j < m; ++j) ASSERT_GT(radii[j], radii[j - 1]) << n << ' ' << m;
      const CrossShells shells = coordinate_shells(n, radii);
      EXPECT_LT(shells.centroid_gap, 1e-16 * shells.factor) << n << ' ' << m;
    }
}

TEST(OptimalCrossRadii, OnTheLineAreTheOptimalQuantizer) {
  for (const std::int64_t m : {1, 2, 3, 10, 100, 5000}) {
    const auto quantizer = normal_quantizer(2 * m);
    const auto radii = optimal_cross_radii(1, m);
    for (std::int64_t j = 0; j < m; ++j) EXPECT_NEAR(radii[j], quantizer->points[m + j], 1e-9) << m;
    EXPECT_NEAR(coordinate_shells(1, radii).factor / quantizer->distortion, 1, 1e-12);
  }
}

/// One slice is the whole half line; the means of the slices average to its mean √(2/π).
TEST(PaperCrossRadii, AreTheMeansOfEquiprobableSlices) {
  const double mean = std::sqrt(2 / std::acos(-1.0));
  for (const std::int64_t m : {1, 2, 3, 50}) {
    const std::vector<double> radii = paper_cross_radii(9, m);
    const double sum = std::accumulate(radii.begin(), radii.end(), 0.0);
    EXPECT_NEAR(sum / static_cast<double>(m), 3 * mean, 1e-13);
  }
}

}  // namespace
}  // namespace wquant
