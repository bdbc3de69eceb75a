// Covers also: numerics/factor_bound.
#include "quantize/mixture/factors.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"
#include "numerics/factor_bound.hpp"

namespace wquant {
namespace {

TEST(Factors, AreKnownEigenpairsInDescendingOrder) {
  const double matrices[] = {2, 1, 1, 2, 1, 0, 0, 5};
  const Factors factors(Context::cpu(), {matrices, 2, 2, 2});
  EXPECT_NEAR(factors.values(0, 2)(0, 0), 3, 1e-15);
  EXPECT_NEAR(factors.values(0, 2)(0, 1), 1, 1e-15);
  EXPECT_EQ(factors.values(1, 1)(0, 0), 5);
  EXPECT_EQ(factors.values(1, 1)(0, 1), 1);
  const MatrixView<const double> v = factors.vectors(0, 1)[0];
  EXPECT_NEAR(v(0, 0), std::sqrt(0.5), 1e-15);  // columns (1, 1) and (1, −1)
  EXPECT_NEAR(v(0, 0), v(1, 0), 1e-15);
  EXPECT_NEAR(v(0, 1), -v(1, 1), 1e-15);
  EXPECT_EQ(factors.vectors(1, 1)[0](1, 0), 1);
  EXPECT_EQ(Factors(Context::cpu(), {matrices, 0, 2, 2}).values(0, 0).rows, 0);
}

constexpr int kSize = 5;
using Matrix = double[kSize][kSize];

/// Uniform entries in (−1, 1).
void fill(Matrix& matrix, std::uint64_t seed) {
  std::uint64_t counter = 0;
  for (auto& row : matrix)
    for (double& x : row) x = 2 * uniform(seed, counter++) - 1;
}

/// ‖XYᵀ − T‖_F in long double.
long double distance(const Matrix& x, const Matrix& y, const Matrix& t) {
  long double square = 0;
  for (int i = 0; i < kSize; ++i)
    for (int j = 0; j < kSize; ++j) {
      long double entry = -static_cast<long double>(t[i][j]);
      for (int k = 0; k < kSize; ++k) entry += static_cast<long double>(x[i][k]) * y[j][k];
      square += entry * entry;
    }
  return std::sqrt(square);
}

TEST(Factors, BoundsAreAboveTheirErrors) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Matrix drawn, symmetric, scaled, v, identity{};
    fill(drawn, seed);
    for (int i = 0; i < kSize; ++i)
      for (int j = 0; j < kSize; ++j) symmetric[i][j] = drawn[i][j] + drawn[j][i];
    const Factors factors(Context::cpu(), {&symmetric[0][0], 1, kSize, kSize});
    for (int i = 0; i < kSize; ++i)
      for (int k = 0; k < kSize; ++k) v[i][k] = factors.vectors(0, 1)[0](i, k);
    Matrix columns;
    for (int i = 0; i < kSize; ++i) {
      identity[i][i] = 1;
      for (int k = 0; k < kSize; ++k) {
        scaled[i][k] = v[i][k] * factors.values(0, 1)(0, k);
        columns[i][k] = v[k][i];
      }
    }
    const double residual = factors.residual(0, 1)[0];
    const double orthogonality = factors.orthogonality(0, 1)[0];
    // v λ was rounded here: an error of ε/2 ‖VΛ‖ that the bound need not know of
    EXPECT_GE(residual + 4e-16, distance(scaled, v, symmetric));
    EXPECT_LT(residual, 1e-13);
    EXPECT_GE(orthogonality, distance(columns, columns, identity));
    EXPECT_LT(orthogonality, 1e-13);
  }
}

/// Of a product as computed, the computed distance is 0 and the true one its rounding.
TEST(ProductDistanceBound, HoldsWhereAllOfTheDistanceIsRounding) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Matrix x, y, t{};
    fill(x, 2 * seed);
    fill(y, 2 * seed + 1);
    for (int i = 0; i < kSize; ++i)
      for (int j = 0; j < kSize; ++j)
        for (int k = 0; k < kSize; ++k) t[i][j] += x[i][k] * y[j][k];
    double magnitude = 0;
    for (int k = 0; k < kSize; ++k) {
      double xx = 0;
      double yy = 0;
      for (int i = 0; i < kSize; ++i) {
        xx += x[i][k] * x[i][k];
        yy += y[i][k] * y[i][k];
      }
      magnitude += std::sqrt(xx * yy);
    }
    const long double exact = distance(x, y, t);
    EXPECT_GT(exact, 0);
    EXPECT_GE(product_distance_bound(kSize, 0, magnitude), exact);
    EXPECT_LE(product_distance_bound(kSize, 0, magnitude), 1e-14 * magnitude);
    t[2][3] += 0.25;  // exact or rounded once more
    EXPECT_NEAR(product_distance_bound(kSize, 0.25, magnitude), 0.25, 1e-13);
    EXPECT_GE(product_distance_bound(kSize, 0.25, magnitude), distance(x, y, t));
  }
}

}  // namespace
}  // namespace wquant
