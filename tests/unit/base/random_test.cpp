#include "base/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "cpu/random_fill.hpp"
#include "numerics/normal_pair.hpp"

namespace wquant {
namespace {

constexpr double kEpsilon = 0x1p-52;

TEST(Random, LogarithmIsAccurateUpToOne) {
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

TEST(Random, SineAndCosineAreAccurateInEveryOctant) {
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

TEST(Random, NumbersFilledInVectorsAreThoseOfOneCallEach) {
  std::vector<double> normals(2 * 1001);
  std::vector<double> uniforms(1001);
  fill_normals(5, 17, 1001, normals.data());
  fill_uniforms(5, 17, 1001, uniforms.data());
  for (std::uint64_t j = 0; j < 1001; ++j) {
    const NormalPair pair = normal_pair(5, 17 + j);
    EXPECT_EQ(normals[2 * j], pair.first);
    EXPECT_EQ(normals[2 * j + 1], pair.second);
    EXPECT_EQ(uniforms[j], uniform(5, 17 + j));
  }
}

TEST(Random, StreamsOfNeighbouringSeedsAreNotShiftsOfEachOther) {
  // Seeds one golden ratio apart give the same sequence shifted by one; their streams must not.
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15u;
  EXPECT_EQ(random_bits(kGolden, 0), random_bits(0, 1));
  std::set<std::uint64_t> seen;
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, kGolden, 2 * kGolden})
    for (std::uint64_t stream = 0; stream < 4; ++stream)
      for (std::uint64_t counter = 0; counter < 100; ++counter)
        EXPECT_TRUE(seen.insert(random_bits(stream_seed(seed, stream), counter)).second);
}

}  // namespace
}  // namespace wquant
