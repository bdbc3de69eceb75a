// Covers: base/simd.
#include <gtest/gtest.h>

#include <vector>

#include "base/simd.hpp"
#include "cpu/centre_scan.hpp"
#include "support/points.hpp"

namespace wquant {
namespace {

template <class T>
struct alignas(64) Answer {
  T least[kBlock<T>], second[kBlock<T>];
  ScanIndex<T> direct[kBlock<T>], expanded[kBlock<T>];
};

/// A block of points against 40 centres in R^7 with every width that this machine has.
template <class T>
void check_widths() {
  constexpr std::int64_t kQuads = 10, kDimension = 7;
  struct alignas(64) Block {
    T values[kDimension * kBlock<T>];
  } points;
  const auto random = test::random_points<T>(1, kDimension * kBlock<T>, 1);
  std::copy(random.data(), random.data() + random.size(), points.values);
  const auto quads = test::random_points<T>(1, kQuads * kQuad * kDimension, 2);
  std::vector<T> half_squares(kQuads * kQuad);
  for (std::int64_t j = 0; j < kQuads * kQuad; ++j)
    for (std::int64_t k = 0; k < kDimension; ++k) {
      const T c = quads.data()[(j / kQuad * kDimension + k) * kQuad + j % kQuad];
      half_squares[j] += c * c / 2;
    }
  Answer<T> reference;
  for (int bytes = 16; bytes <= vector_bytes(); bytes *= 2) {
    Answer<T> answer;
    direct_scan(points.values, quads.data(), kQuads, kDimension, answer.direct, bytes);
    expanded_scan(points.values, quads.data(), half_squares.data(), kQuads, kDimension,
                  answer.least, answer.second, answer.expanded, bytes);
    if (bytes == 16) reference = answer;
    for (std::int64_t i = 0; i < kBlock<T>; ++i) {
      EXPECT_EQ(answer.direct[i], reference.direct[i]);
      EXPECT_EQ(answer.expanded[i], answer.direct[i]);
      EXPECT_LT(answer.least[i], answer.second[i]);
      const T rounding = 30 * std::numeric_limits<T>::epsilon();
      EXPECT_NEAR(answer.least[i], reference.least[i], rounding);
      EXPECT_NEAR(answer.second[i], reference.second[i], rounding);
    }
  }
}

TEST(VectorWidths, FindTheSameInDouble) { check_widths<double>(); }
TEST(VectorWidths, FindTheSameInFloat) { check_widths<float>(); }

}  // namespace
}  // namespace wquant
