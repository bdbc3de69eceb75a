#include "quantize/certificate/certificate_parts.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kSlack = 1e-13;

/// At least `exact`, and above it by rounding only.
void expect_just_above(double value, double exact) {
  EXPECT_GE(value, exact);
  EXPECT_LE(value, exact * (1 + kSlack));
}
void expect_just_above(Upper value, double exact) { expect_just_above(value.value(), exact); }

/// The bound that its parts make.
double w2_of_parts(const Certificate& certificate) {
  return CertificateParts(certificate).w2().value();
}

/// √(9 + 16) + 1 + 2 + ½ = 8½.
Certificate by_hand() {
  return {.w2 = 8.5,
          .cells = 9,
          .dropped = 16,
          .reduction = 1,
          .basis = 2,
          .rounding = 0.5,
          .centroid_gap = 0.25};
}

TEST(CertificateParts, SumUpToTheBound) {
  expect_just_above(w2_of_parts(by_hand()), 8.5);
  EXPECT_NO_THROW(require_parts("input", by_hand()));
  Certificate more = by_hand();
  more.w2 = 8.6;
  EXPECT_THROW(require_parts("input", more), InvalidArgument);
  for (const double bad : {-1.0, std::nan(""), HUGE_VAL}) {
    Certificate wrong = by_hand();
    wrong.dropped = bad;
    EXPECT_THROW(require_parts("input", wrong), InvalidArgument);
  }
}

/// δ = 1: basis = √((3 + 1)² + 16) − √(9 + 16), and where nothing is dropped basis = δ.
TEST(CertificateParts, DistanceOfStandInsComesBackOutOfTheBasis) {
  const Certificate both{.cells = 9, .dropped = 16, .basis = std::sqrt(32.0) - 5};
  EXPECT_NEAR(stand_in_distance(both).value(), 1, kSlack);
  expect_just_above(stand_in_distance({.cells = 9, .basis = 1}), 1);
  EXPECT_EQ(stand_in_distance({.cells = 9, .dropped = 16}), Upper());
}

TEST(CertificateParts, ErrorOfProbabilitiesComesBackOutOfTheRounding) {
  for (const double eta : {1e-15, 1e-12, 9e-10})
    for (const double distance : {1e-3, 3.0}) {
      const double rounding = rounding_that_shows(Upper(eta), Upper(distance)).value();
      const Certificate c{
          .w2 = distance + rounding, .cells = distance * distance, .rounding = rounding};
      EXPECT_GE(probability_error(c), Upper(eta));
      EXPECT_LE(probability_error(c), Upper(eta * (1 + 1e-9) + 1e-16));
    }
  EXPECT_EQ(probability_error({.w2 = 3, .cells = 9}), Upper());
  EXPECT_EQ(probability_error({.w2 = 1, .rounding = 1}), Upper(1e-9));  // says nothing
}

/// √(w² + 4η (s + w)²) − w: √(9 + 16) − 3 = 2 for η = ¼.
TEST(CertificateParts, MisplacedMassCostsAHypotenuse) {
  expect_just_above(misplacement(Upper(0.25), Upper(1), Upper(3)), 2);
  EXPECT_EQ(misplacement(Upper(), Upper(1), Upper(3)), Upper());
  expect_just_above(misplacement(Upper(0.25), Upper(2), Upper()), 2);
}

TEST(CertificateParts, PointsSentOnCarryTheirRoundingAlong) {
  const Certificate before{.w2 = 3.1, .cells = 9, .rounding = 0.1};
  EXPECT_EQ(rounding_sent_on({.w2 = 3, .cells = 9}, Upper(1), Upper(1)), Upper());
  expect_just_above(rounding_sent_on(before, Upper(), Upper()), 0.1);
  // In proportion to the distance: 0.1 (3 + 1) / 3.
  const Upper sent_on = rounding_sent_on(before, Upper(1), Upper(1));
  EXPECT_NEAR(sent_on.value(), 0.4 / 3, 1e-6);
  EXPECT_GE(sent_on, Upper(0.4 / 3));
}

TEST(CertificateParts, AReductionIsOneMoreDistance) {
  const Certificate before = by_hand();
  EXPECT_EQ(after_reduction(before, 0).w2, before.w2);
  const Certificate after = after_reduction(before, 0.75);
  expect_just_above(after.reduction, 1.75);
  EXPECT_EQ(after.cells, before.cells);
  EXPECT_GE(after.rounding, before.rounding);
  EXPECT_EQ(after.w2, w2_of_parts(after));
  expect_just_above(after.centroid_gap, 1);
}

TEST(CertificateParts, ALipschitzImageScalesLengthsAndSquares) {
  const Certificate twice = stretched(by_hand(), Upper(2), Upper());
  expect_just_above(twice.w2, 17);
  expect_just_above(twice.cells, 36);
  expect_just_above(twice.dropped, 64);
  expect_just_above(twice.reduction, 2);
  expect_just_above(twice.basis, 4);
  expect_just_above(twice.rounding, 1);
  EXPECT_EQ(twice.centroid_gap, twice.w2);  // what holds for any map
  const Certificate constant = stretched(by_hand(), Upper(), Upper(0.125));
  expect_just_above(constant.w2, 0.125);
  EXPECT_EQ(constant.cells, 0);
  EXPECT_GT(stretched(by_hand(), Upper(1e-200), Upper()).cells, 0);  // nothing vanishes
  EXPECT_THROW(stretched(by_hand(), Upper(1e150), Upper()), InvalidArgument);
}

}  // namespace
}  // namespace wquant
