#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "wquant/error.hpp"
#include "wquant/push_forward.hpp"

// Random matrices of other sizes, against their singular values: push_forward_test.cpp.

namespace wquant {
namespace {

double bound(const std::vector<double>& values, std::int64_t rows, std::int64_t cols) {
  return spectral_norm_bound(Context::cpu(), {values.data(), rows, cols});
}

/// In two dimensions σ² = (S + (S² − 4 D²)^{1/2}) / 2 with S the sum of the squares and D = ad −
/// bc.
TEST(SpectralNorm, OfTwoByTwoMatricesIsAboveTheClosedForm) {
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    std::vector<double> m;
    for (std::uint64_t k = 0; k < 4; ++k) m.push_back(2 * uniform(trial, k) - 1);
    long double squares = 0;
    for (const double x : m) squares += static_cast<long double>(x) * x;
    const long double determinant =
        static_cast<long double>(m[0]) * m[3] - static_cast<long double>(m[1]) * m[2];
    const long double root = std::sqrt(squares * squares - 4 * determinant * determinant);
    const long double norm = std::sqrt((squares + root) / 2);
    EXPECT_GE(bound(m, 2, 2), norm);
    EXPECT_LE(bound(m, 2, 2), norm * (1 + 2e-14L));
  }
}

/// Of uvᵀ it is ‖u‖ ‖v‖: (1, 2, 2)ᵀ (3, 4) has 3 · 5.
TEST(SpectralNorm, OfRankOneIsTheProductOfTheLengths) {
  EXPECT_NEAR(bound({3, 4, 6, 8, 6, 8}, 3, 2), 15, 1e-12);
  EXPECT_NEAR(bound({3, 6, 6, 4, 8, 8}, 2, 3), 15, 1e-12);
  EXPECT_NEAR(bound({3, 4}, 1, 2), 5, 1e-13);
  EXPECT_NEAR(bound({3, 4}, 2, 1), 5, 1e-13);
}

TEST(SpectralNorm, OfSpecialMatrices) {
  EXPECT_EQ(bound({0, 0, 0, 0, 0, 0}, 2, 3), 0);
  EXPECT_NEAR(bound({1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, 3), 1, 1e-13);
  EXPECT_NEAR(bound({1e-200, 0, 0, 1e100}, 2, 2) / 1e100, 1, 1e-14);
  EXPECT_GE(bound({5e-324}, 1, 1), 5e-324);
}

TEST(SpectralNorm, RefusesWhatHasNone) {
  EXPECT_THROW(bound(std::vector<double>(16, 1e308), 4, 4), InvalidArgument);
  EXPECT_THROW(bound({}, 0, 3), InvalidArgument);
  EXPECT_THROW(bound({1, NAN}, 1, 2), InvalidArgument);
}

}  // namespace
}  // namespace wquant
