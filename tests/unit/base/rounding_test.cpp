// Covers also: distance_above, outward.
#include "base/rounding.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/distance_above.hpp"
#include "base/outward.hpp"

namespace wquant {
namespace {

constexpr double kSlack = 1e-14;

TEST(Orthogonality, OfSignedUnitVectorsIsExact) {
  const double rows[] = {0, -1, 0, 0, 0, 1};
  EXPECT_EQ(row_orthogonality_error({rows, 2, 3}), 0);
  const double columns[] = {0, 0, -1, 0, 0, 1};
  EXPECT_EQ(column_orthogonality_error({columns, 3, 2}), 0);
}

TEST(Orthogonality, IsTheDistanceOfTheGramMatrixFromTheUnitOne) {
  const double twice[] = {1, 0, 1, 0};  // MMᵀ has 1 off the diagonal
  EXPECT_GE(row_orthogonality_error({twice, 2, 2}), std::sqrt(2.0));
  EXPECT_LE(row_orthogonality_error({twice, 2, 2}), std::sqrt(2.0) + kSlack);
  const double longer[] = {1.5, 0};
  EXPECT_NEAR(row_orthogonality_error({longer, 1, 2}), 1.25, kSlack);
  EXPECT_GE(column_orthogonality_error({longer, 1, 2}), std::sqrt(1.25 * 1.25 + 1));
  const double turned[] = {0.6, -0.8, 0.8, 0.6};
  for (const double error :
       {row_orthogonality_error({turned, 2, 2}), column_orthogonality_error({turned, 2, 2})}) {
    EXPECT_GT(error, 0);  // 0.6² + 0.8² is 1 up to the rounding of both
    EXPECT_LT(error, kSlack);
  }
}

TEST(Units, NothingBecomesZeroInThem) {
  EXPECT_EQ(in_units_of(2, 6), 3);
  EXPECT_EQ(in_units_of(0x1p1000, 0), 0);
  EXPECT_EQ(in_units_of(0x1p1000, 1e-300), 5e-324);
  EXPECT_EQ(in_units_of(0x1p1000, -1e-300), -5e-324);
  EXPECT_EQ(root_sum_squares(3, 4), 5);
}

TEST(Outward, IsAboveWhatAChainOfRoundingsStandsFor) {
  double tenth = 0;
  double root = 2;
  for (int i = 0; i < 10; ++i) tenth += 0.1;
  EXPECT_LT(tenth, 10 * static_cast<long double>(0.1));
  EXPECT_GE(outward(tenth, 10), 10 * static_cast<long double>(0.1));
  EXPECT_LE(outward(tenth, 10), 1 + kSlack);
  EXPECT_GE(outward(0, 1), 5e-324);  // what vanished may have been anything below
  for (int i = 0; i < 20; ++i) root = std::sqrt(root);
  EXPECT_GE(outward(root, 20), std::pow(2.0L, std::ldexp(1.0L, -20)));
}

TEST(DistanceAbove, HoldsWhereSquaresVanish) {
  EXPECT_GE(distance_above(5, 2), 5);
  EXPECT_LE(distance_above(5, 2), 5 + 5 * kSlack);
  const double tiny = 1e-163;  // of (tiny, tiny) the computed distance is 0
  EXPECT_EQ(tiny * tiny, 0);
  EXPECT_GE(distance_above(0, 2), std::sqrt(2.0) * tiny);
  EXPECT_LE(distance_above(0, 2), 1e-160);
}

TEST(Powers, AndTheirRootsFromAbove) {
  EXPECT_EQ(power(3, 1), 3);
  EXPECT_EQ(power(3, 2), 9);
  EXPECT_EQ(root_above(3, 1), 3);
  const long double root = root_above(2, 2);
  EXPECT_GE(root * root, 2);
  EXPECT_LE(root * root, 2 + 8 * kSlack);
}

}  // namespace
}  // namespace wquant
