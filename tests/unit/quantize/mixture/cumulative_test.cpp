// Covers also: numerics/draw_index.
#include "quantize/mixture/cumulative.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "numerics/draw_index.hpp"

namespace wquant {
namespace {

TEST(Cumulative, SumsUpAndNeverDrawsWhatHasNoProbability) {
  const double probabilities[] = {1, 0, 3, 0};
  const Cumulative table({probabilities, 4});
  const CumulativeTable view = table.view();
  EXPECT_EQ((std::vector<double>{view.cumulative.begin(), view.cumulative.end()}),
            (std::vector<double>{0.25, 0.25, 1, 1}));
  EXPECT_EQ(draw_index(view, 0), 0);
  EXPECT_EQ(draw_index(view, std::nextafter(0.25, 0)), 0);
  EXPECT_EQ(draw_index(view, 0.25), 2);
  EXPECT_EQ(draw_index(view, std::nextafter(1, 0)), 2);
  EXPECT_EQ(Cumulative::bytes(4), 8 * (4 + 1024));
  EXPECT_EQ(Cumulative::bytes(1025), 8 * (1025 + 2048));
}

TEST(Cumulative, DrawsWhatInversionDraws) {
  for (const std::int64_t count : {1, 2, 10, 1023, 1025, 5000}) {
    std::vector<double> probabilities;
    for (std::int64_t j = 0; j < count; ++j)
      probabilities.push_back(0.1 + 0.9 * uniform(135, static_cast<std::uint64_t>(j)));
    for (std::size_t j = 0; j < probabilities.size(); j += 3)
      if (count > 1) probabilities[j] = j % 2 ? 0 : probabilities[j] * 1e-6;
    const Cumulative table({probabilities.data(), count});
    const CumulativeTable view = table.view();
    EXPECT_EQ(view.cumulative[count - 1], 1);
    EXPECT_TRUE(std::is_sorted(view.cumulative.begin(), view.cumulative.end()));
    for (std::int64_t g = 0; g < view.guide.size; ++g) {
      const double u = static_cast<double>(g) / static_cast<double>(view.guide.size);
      const auto first = std::upper_bound(view.cumulative.begin(), view.cumulative.end(), u);
      EXPECT_EQ(view.guide[g], first - view.cumulative.begin());
    }
    for (std::int64_t i = 0; i < count; ++i) {
      const double below = i == 0 ? 0 : view.cumulative[i - 1];
      if (probabilities[i] == 0) {
        EXPECT_EQ(view.cumulative[i], i + 1 == count ? 1 : below);
      }
    }
    for (std::uint64_t s = 0; s < 1000; ++s) {
      const double u = uniform(136, s);
      const auto first = std::upper_bound(view.cumulative.begin(), view.cumulative.end(), u);
      EXPECT_EQ(draw_index(view, u), first - view.cumulative.begin());
    }
  }
}

}  // namespace
}  // namespace wquant
