#include "quantize/search/support_guess.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "wquant/normal_quantizer.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kMost = 100'000;

/// Components of variance 1 on a line, a hundred apart.
GaussianMixture apart(std::int64_t count) {
  const auto size = static_cast<std::size_t>(count);
  const std::vector<double> weights(size, 1 / static_cast<double>(count));
  const std::vector<double> ones(size, 1.0);
  std::vector<double> means;
  for (std::int64_t i = 0; i < count; ++i) means.push_back(100 * static_cast<double>(i));
  return GaussianMixture::diagonal(Context::cpu(), {weights.data(), count},
                                   {means.data(), count, 1}, {ones.data(), count, 1});
}

std::int64_t guess(const GaussianMixture& mixture, double square, std::int64_t most = kMost) {
  return guess_support(Context::cpu(), mixture, {.tolerance = std::sqrt(square)}, most);
}

TEST(SupportGuess, OfOneGaussianOnALineIsWhatTheDistortionsSay) {
  for (const std::int64_t n : {2, 10, 100}) {
    EXPECT_EQ(guess(apart(1), normal_distortion(n) * (1 + 1e-9)), n);
    EXPECT_EQ(guess(apart(1), normal_distortion(n) * (1 - 1e-9)), n + 1);
  }
  EXPECT_EQ(guess(apart(1), 2), 1);
  EXPECT_EQ(guess(apart(1), 1e-12, 50), 50);
}

/// Of the shapes of at most 16 points for diag(4, 1), 8 × 2 is the best, and of at most 15 5 × 3.
TEST(SupportGuess, OfAGaussianInThePlaneIsThatOfTheBestShape) {
  const double one[] = {1};
  const double zeros[] = {0, 0};
  const double variances[] = {4, 1};
  const auto mixture =
      GaussianMixture::diagonal(Context::cpu(), {one, 1}, {zeros, 1, 2}, {variances, 1, 2});
  const auto just_above = [](int n, int m) {
    return (4 * normal_distortion(n) + normal_distortion(m)) * (1 + 1e-9);
  };
  EXPECT_EQ(guess(mixture, just_above(8, 2)), 16);
  EXPECT_EQ(guess(mixture, just_above(5, 3)), 15);
}

TEST(SupportGuess, OfComponentsApartIsThatOfEach) {
  const double square = normal_distortion(8) * (1 + 1e-9);
  EXPECT_EQ(guess(apart(3), square), 3 * 8);
  EXPECT_EQ(guess(apart(3), square, 3), 3);  // no more than one point each to begin with
  EXPECT_EQ(guess(apart(3), square, 2), 2);
}

}  // namespace
}  // namespace wquant
