#include "quantize/search/rate_distortion.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

/// One dimension: D = λ / N². Two: water covers the smaller variance first.
TEST(RateDistortion, IsReverseWaterFilling) {
  const double one[] = {4};
  EXPECT_NEAR(gaussian_distortion({one, 1}, std::log(10.0)), 0.04, 1e-15);
  const double two[] = {1, 4};
  EXPECT_NEAR(gaussian_distortion({two, 2}, std::log(1.5)), 1 + 4 / 2.25, 1e-14);
  EXPECT_NEAR(gaussian_distortion({two, 2}, std::log(100.0)), 2 * std::sqrt(4 * 1e-4), 1e-14);
  EXPECT_EQ(gaussian_distortion({two, 2}, 0), 5);
  const double none[] = {0, 0};
  EXPECT_EQ(gaussian_distortion({none, 2}, 1), 0);
}

/// Knowing the component as well, N = 10 points leave ¼ · 1/100 + ¾ · 4/100.
TEST(RateDistortion, OfAMixtureIsThatOfItsComponents) {
  const double weights[] = {0.25, 0.75};
  const double means[] = {0, 100};
  const double variances[] = {1, 4};
  const auto mixture =
      GaussianMixture::diagonal(Context::cpu(), {weights, 2}, {means, 2, 1}, {variances, 2, 1});
  EXPECT_NEAR(least_distortion(mixture, 10), 0.0325, 1e-15);
  EXPECT_EQ(least_distortion(mixture, 1), 3.25);
}

TEST(RateDistortion, IsBelowEveryCertificate) {
  const Context context = Context::cpu();
  test::Random random(64);
  for (int trial = 0; trial < 8; ++trial) {
    const auto mixture = random.mixture(1 + trial % 3, 1 + trial % 4, 0.3).build(context);
    for (const std::int64_t support : {1, 5, 40, 1000}) {
      const double w2 = quantize(context, mixture, {.support = support}).certificate.w2;
      EXPECT_LE(least_distortion(mixture, support), w2 * w2 * (1 + 1e-12));
    }
  }
}

}  // namespace
}  // namespace wquant
