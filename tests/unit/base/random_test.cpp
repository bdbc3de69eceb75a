#include "base/random.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "cpu/random_fill.hpp"
#include "numerics/normal_pair.hpp"

namespace wquant {
namespace {

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
