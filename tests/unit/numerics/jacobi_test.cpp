#include "numerics/jacobi.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace wquant {
namespace {

TEST(JacobiRotation, TakesTheSmallerAngle) {
  const JacobiRotation quarter = jacobi_rotation(2, 2, 1);
  EXPECT_EQ(quarter.tangent, 1);
  EXPECT_DOUBLE_EQ(quarter.cosine, std::sqrt(0.5));
  // t² + 2θt − 1 = 0 with θ = ¾ has the roots ½ and −2.
  EXPECT_DOUBLE_EQ(jacobi_rotation(1, 2.5, 1).tangent, 0.5);
  EXPECT_DOUBLE_EQ(jacobi_rotation(2.5, 1, 1).tangent, -0.5);
  EXPECT_DOUBLE_EQ(jacobi_rotation(0, 1, 1e-200).tangent, 1e-200);  // where θ² overflows
}

template <int kSize>
void check(const double (&matrix)[kSize][kSize], const double (&eigenvalues)[kSize]) {
  double a[kSize][kSize];
  double v[kSize][kSize];
  std::copy_n(&matrix[0][0], kSize * kSize, &a[0][0]);
  jacobi_eigh(a, v);
  double found[kSize];
  for (int k = 0; k < kSize; ++k) found[k] = a[k][k];
  std::sort(found, found + kSize);
  for (int k = 0; k < kSize; ++k) EXPECT_NEAR(found[k], eigenvalues[k], 2e-15);
  for (int i = 0; i < kSize; ++i)
    for (int j = 0; j < kSize; ++j) {
      double image = 0;
      double gram = 0;
      for (int k = 0; k < kSize; ++k) {
        image += matrix[i][k] * v[k][j];
        gram += v[k][i] * v[k][j];
      }
      EXPECT_NEAR(image, v[i][j] * a[j][j], 4e-15) << i << j;
      EXPECT_NEAR(gram, i == j ? 1 : 0, 2e-15) << i << j;
    }
}

TEST(JacobiEigh, FindsKnownEigenvalues) {
  check<2>({{2, 1}, {1, 2}}, {1, 3});
  check<2>({{0, 2}, {2, 3}}, {-1, 4});
  const double root = std::sqrt(2.0);
  check<3>({{2, -1, 0}, {-1, 2, -1}, {0, -1, 2}}, {2 - root, 2, 2 + root});
  check<3>({{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}, {0, 0, 3});
}

TEST(JacobiEigh, LeavesADiagonalMatrixAsItIs) {
  double a[3][3] = {{3, 0, 0}, {0, -1, 0}, {0, 0, 2}};
  double v[3][3];
  jacobi_eigh(a, v);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) EXPECT_EQ(v[i][j], i == j ? 1 : 0);
  EXPECT_EQ(a[1][1], -1);
}

}  // namespace
}  // namespace wquant
