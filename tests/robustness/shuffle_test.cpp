// Covers: base/shuffle. The samples of the program are shuffled by it.
#include "io/shuffle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "wquant/error.hpp"

namespace wquant::test {
namespace {

std::vector<double> shuffled(std::vector<double> values, std::uint64_t seed) {
  io::Samples samples{static_cast<std::int64_t>(values.size()), 1, std::move(values)};
  io::shuffle(samples, seed);
  return std::get<std::vector<double>>(samples.values);
}

TEST(Shuffle, every_order_is_as_likely_as_another) {
  constexpr int kTrials = 24'000;
  std::map<std::vector<double>, int> seen;
  for (int seed = 0; seed < kTrials; ++seed) ++seen[shuffled({1, 2, 3, 4}, seed)];
  EXPECT_EQ(seen.size(), 24U);
  double chi_square = 0;  // of 23 degrees of freedom; above 75 with probability 2e-7
  for (const auto& [order, count] : seen) chi_square += std::pow(count - 1000, 2) / 1000.0;
  EXPECT_LT(chi_square, 75);
}

TEST(Shuffle, rows_stay_whole_and_none_is_lost) {
  io::Samples samples{1000, 3, std::vector<float>()};
  auto& values = std::get<std::vector<float>>(samples.values);
  for (int i = 0; i < 1000; ++i) values.insert(values.end(), {float(i), float(2 * i), float(-i)});
  io::shuffle(samples, 7);
  std::vector<float> first;
  for (std::size_t i = 0; i < 3000; i += 3) {
    EXPECT_EQ(values[i + 1], 2 * values[i]);
    EXPECT_EQ(values[i + 2], -values[i]);
    first.push_back(values[i]);
  }
  EXPECT_FALSE(std::is_sorted(first.begin(), first.end()));
  std::sort(first.begin(), first.end());
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(first[static_cast<std::size_t>(i)], float(i));
}

TEST(Shuffle, depends_on_the_seed_alone) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_EQ(shuffled(values, 3), shuffled(values, 3));
  EXPECT_NE(shuffled(values, 3), shuffled(values, 4));
}

TEST(Shuffle, can_be_cancelled) {
  io::Samples samples{100'000, 1, std::vector<double>(100'000)};
  EXPECT_THROW(io::shuffle(samples, 0, [](const Progress&) { return false; }), Cancelled);
}

}  // namespace
}  // namespace wquant::test
