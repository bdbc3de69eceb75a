#include "quantize/certificate/totals.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/limits.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

Certificate certificate_of(const LayerTotals& layer, double weight_error = 0, double unit = 1) {
  Totals totals;
  totals.add(layer);
  return totals.certificate(weight_error, unit);
}

/// At least `exact`, and above it by the relative error of the cells of a line at most.
void expect_just_above(double value, double exact) {
  EXPECT_GE(value, exact);
  EXPECT_LE(value, exact * (1 + 1e-12) + 1e-14);
}

TEST(Totals, RootOfWhatIsLeftInAndAcrossTheSpans) {
  const Certificate c = certificate_of({.cells = 9, .dropped = 16, .centroid_gap = 0.25});
  expect_just_above(c.w2, 5);
  expect_just_above(c.cells, 9);
  expect_just_above(c.dropped, 16);
  expect_just_above(c.centroid_gap, 0.5);
  EXPECT_EQ(c.basis, 0);
  EXPECT_EQ(c.reduction, 0);
  EXPECT_LT(c.rounding, 1e-14);
}

TEST(Totals, AreSumsOverTheLayers) {
  Totals totals;
  totals.add({.cells = 4, .dropped = 10});
  totals.add({.cells = 5, .dropped = 6});
  expect_just_above(totals.certificate(0, 1).w2, 5);
}

/// Stand-ins at a distance of 1: √((3 + 1)² + 16) in place of √(9 + 16).
TEST(Totals, StandInsLieWithinTheSpans) {
  const Certificate c = certificate_of({.cells = 9, .dropped = 16, .basis = 1});
  EXPECT_NEAR(c.basis, std::sqrt(32.0) - 5, 1e-12);
  EXPECT_GE(c.w2, std::sqrt(32.0));
}

TEST(Totals, RoundingOfLengthsIsADistance) {
  expect_just_above(certificate_of({.cells = 9, .rounding = 0.01}).w2, 3.1);
}

/// Mass 4η (√within + 3)² = 4 · 16/196 · 49 = 16 is added to the square 9: √25 − 3.
TEST(Totals, MassOnItsWayToOtherPointsIsCharged) {
  const LayerTotals layer{.cells = 9, .spread = 100, .within = 16, .probability_error = 16.0 / 196};
  expect_just_above(certificate_of(layer).rounding, 2);
  LayerTotals by_weights = layer;
  by_weights.probability_error = 0;
  expect_just_above(certificate_of(by_weights, 16.0 / 196).rounding, 2);
  // One layer takes all there is, so that nothing is off in its share.
  LayerTotals share = by_weights;
  share.layer_error = 16.0 / 196;
  EXPECT_LT(certificate_of(share).rounding, 1e-14);
  Totals two;
  two.add({.cells = 9, .spread = 16, .within = 1, .layer_error = 16.0 / 196});
  two.add({});
  expect_just_above(two.certificate(0, 1).rounding, 2);
}

TEST(Totals, ComeBackInTheUnitsOfTheInput) {
  const LayerTotals layer{.cells = 9, .dropped = 16, .centroid_gap = 1, .basis = 1};
  const Certificate one = certificate_of(layer);
  const Certificate eight = certificate_of(layer, 0, 8);
  EXPECT_EQ(eight.w2, 8 * one.w2);
  EXPECT_EQ(eight.cells, 64 * one.cells);
  EXPECT_EQ(eight.basis, 8 * one.basis);
  EXPECT_GT(certificate_of(layer, 0, 0x1p-1074).cells, 0);  // nothing vanishes
}

TEST(Totals, WhatIsNoNumberIsRefused) {
  EXPECT_THROW(certificate_of({.cells = std::nan("")}), InvalidArgument);
  EXPECT_THROW(certificate_of({.dropped = kInfinity}), InvalidArgument);
}

}  // namespace
}  // namespace wquant
