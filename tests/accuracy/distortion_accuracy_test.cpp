#include <gtest/gtest.h>

#include <cmath>

#include "accuracy/multiprecision.hpp"
#include "support/mixtures.hpp"
#include "wquant/normal_quantizer.hpp"

namespace wquant {
namespace {

using test::Real;

TEST(Distortion, IsNeverBelowTheExactOneAndHardlyAbove) {
  for (const std::int64_t n : {1, 2, 3, 4, 5, 8, 10, 17, 32, 61, 100, 256, 700}) {
    const auto quantizer = normal_quantizer(n);
    const Real exact = test::grid_error(quantizer->points, 0, 1);
    EXPECT_GE(Real(quantizer->distortion), exact) << n;
    EXPECT_LT(static_cast<double>(quantizer->distortion / exact - 1), 1e-12) << n;
  }
}

/// A grid put down by hand, on a Gaussian that it was not made for: still an upper bound.
TEST(Distortion, OfPointsThatAreNotStationaryIsBoundedToo) {
  test::Random random(72);
  const Context context = Context::cpu();
  const double unit[] = {1};
  const double weight[] = {1};
  for (int trial = 0; trial < 60; ++trial) {
    std::vector<double> points;
    for (int j = 0; j < 1 + trial % 9; ++j) points.push_back(random.uniform(-4, 4));
    std::sort(points.begin(), points.end());
    const double mean = random.uniform(-3, 3);
    const double variance = std::pow(10, random.uniform(-3, 1));
    const auto mixture =
        GaussianMixture::diagonal(context, {weight, 1}, {&mean, 1, 1}, {&variance, 1, 1});
    const auto certificate =
        certify(context, Scheme::grid(Grid(Axes({unit, 1, 1}, {1}, {0}), {points}), 1), mixture);
    const Real exact = test::grid_error(points, mean, sqrt(Real(variance)));
    EXPECT_GE(Real(certificate.w2) * Real(certificate.w2), exact) << trial;
    EXPECT_LT(static_cast<double>(Real(certificate.w2) / sqrt(exact) - 1), 1e-11) << trial;
  }
}

}  // namespace
}  // namespace wquant
