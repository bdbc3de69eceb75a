#include "numerics/score_margin.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"

namespace wquant {
namespace {

TEST(ScoreMargin, IsItsFormula) {
  // 3 (d + 4) ε (X² + C²) + 8 (d + 4) times the least normal number
  const ScoreMargin<float> margin(4);
  EXPECT_EQ(margin(1, 3), 3 * 8 * 0x1p-23f * 4 + 8 * 8 * 0x1p-126f);
  EXPECT_EQ(ScoreMargin<double>(4)(0, 0), 8 * 8 * 0x1p-1022);
}

TEST(ScoreMargin, KnowsWhereItDoesNotHold) {
  EXPECT_TRUE(ScoreMargin<float>::holds((1 << 17) - 4));  // (d + 4) ε = 1/64
  EXPECT_FALSE(ScoreMargin<float>::holds((1 << 17) - 3));
  EXPECT_TRUE(ScoreMargin<double>::holds(std::int64_t{1} << 40));
  const ScoreMargin<float> margin(2);
  EXPECT_TRUE(margin.representable(1e36f));
  EXPECT_FALSE(margin.representable(0x1p122f));
  EXPECT_FALSE(margin.representable(NAN));
}

constexpr int kDimensions = 5;
using Point = float[kDimensions];

float squared_norm(const Point& x) {
  float sum = 0;
  for (const float v : x) sum = std::fma(v, v, sum);
  return sum;
}

/// ½‖c‖² − x·c for points and centres moved by `shift`.
float score(const Point& x, const Point& c, const Point& shift, float& largest) {
  Point centre;
  for (int k = 0; k < kDimensions; ++k) centre[k] = c[k] - shift[k];
  largest = std::max(largest, squared_norm(centre));
  float sum = squared_norm(centre) / 2;
  for (int k = 0; k < kDimensions; ++k) sum = std::fma(-(x[k] - shift[k]), centre[k], sum);
  return sum;
}

float squared_distance(const Point& x, const Point& c) {
  float sum = 0;
  for (int k = 0; k < kDimensions; ++k) sum += (x[k] - c[k]) * (x[k] - c[k]);
  return sum;
}

/// Two centres that nearly tie: who leads by the margin is nearer as floats see it.
TEST(ScoreMargin, ALeadOfItDecides) {
  const ScoreMargin<float> margin(kDimensions);
  int decided = 0;
  int wrong_without = 0;
  std::uint64_t counter = 0;
  const auto draw = [&] { return static_cast<float>(uniform(1, counter++)); };
  for (int trial = 0; trial < 20'000; ++trial) {
    Point x, a, b, shift, moved;
    for (int k = 0; k < kDimensions; ++k) {
      shift[k] = 10 + draw();
      x[k] = 10 + draw();
      a[k] = 10 + draw();
      b[k] = a[k];
      moved[k] = x[k] - shift[k];
    }
    const int k = trial % kDimensions;
    b[k] = 2 * x[k] - a[k] + (draw() - 0.5f) * 1e-4f;  // the mirror image of a
    float largest = 0;
    const float of_a = score(x, a, shift, largest);
    const float of_b = score(x, b, shift, largest);
    const bool a_is_nearer = squared_distance(x, a) < squared_distance(x, b);
    const bool b_is_nearer = squared_distance(x, b) < squared_distance(x, a);
    if (of_a < of_b) wrong_without += a_is_nearer ? 0 : 1;
    const float lead = margin(squared_norm(moved), largest);
    if (std::fabs(of_a - of_b) <= lead) continue;
    ++decided;
    EXPECT_TRUE(of_a < of_b ? a_is_nearer : b_is_nearer) << trial;
  }
  EXPECT_GT(decided, 1000);
  EXPECT_LT(decided, 19'000);
  EXPECT_GT(wrong_without, 10);
}

}  // namespace
}  // namespace wquant
