#include "numerics/normal_pair.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace wquant {
namespace {

constexpr double kEpsilon = 0x1p-52;

TEST(NormalPair, LogarithmIsAccurateUpToOne) {
  std::vector<double> arguments{1, 0x1p-52, 1 - 0x1p-53, std::sqrt(0.5), std::nextafter(1, 0)};
  for (std::uint64_t j = 0; j < 100'000; ++j) {
    arguments.push_back(2 - detail::uniform_in_binade(1, j));
    arguments.push_back(std::ldexp(1 + uniform(2, j), -static_cast<int>(j % 52) - 1));
    arguments.push_back(1 - static_cast<double>(j) * 0x1p-52);
  }
  for (const double u : arguments) {
    const long double expected = -std::log(static_cast<long double>(u));
    EXPECT_LE(std::fabs(detail::minus_log(u) - expected), 4 * kEpsilon * expected) << u;
  }
}

TEST(NormalPair, SineAndCosineAreAccurateInEveryOctant) {
  for (std::uint64_t j = 0; j < 100'000; ++j) {
    const double v = j <= 16 ? static_cast<double>(j) / 16.5 : uniform(3, j);
    const long double angle = 2 * std::acos(-1.0L) * v;
    const detail::SineAndCosine found = detail::sine_and_cosine(v);
    EXPECT_NEAR(found.sine, static_cast<double>(std::sin(angle)), 2 * kEpsilon) << v;
    EXPECT_NEAR(found.cosine, static_cast<double>(std::cos(angle)), 2 * kEpsilon) << v;
  }
  for (int quarter = 0; quarter < 4; ++quarter) {
    const detail::SineAndCosine found = detail::sine_and_cosine(quarter / 4.0);
    EXPECT_EQ(found.sine, quarter == 1 ? 1 : quarter == 3 ? -1 : 0);
    EXPECT_EQ(found.cosine, quarter == 0 ? 1 : quarter == 2 ? -1 : 0);
  }
}

/// Over 10⁵ pairs: means within 5 standard errors of those of independent N(0, 1).
TEST(NormalPair, HasTheMomentsOfTwoIndependentNormals) {
  constexpr double kPairs = 100'000;
  double first = 0, second = 0, product = 0, square = 0, fourth = 0;
  for (std::uint64_t j = 0; j < 100'000; ++j) {
    const auto [x, y] = normal_pair(7, j);
    EXPECT_LT(std::fabs(x), 8.5);
    first += x;
    second += y;
    product += x * y;
    square += x * x + y * y;
    fourth += x * x * x * x;
  }
  const double error = 5 / std::sqrt(kPairs);
  EXPECT_NEAR(first / kPairs, 0, error);
  EXPECT_NEAR(second / kPairs, 0, error);
  EXPECT_NEAR(product / kPairs, 0, error);
  EXPECT_NEAR(square / kPairs, 2, 2 * error);
  EXPECT_NEAR(fourth / kPairs, 3, std::sqrt(96.0) * error);
}

}  // namespace
}  // namespace wquant
