#include <gtest/gtest.h>

#include <cmath>

#include "accuracy/multiprecision.hpp"
#include "numerics/normal_cell.hpp"
#include "support/golden.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::Real;

struct Errors {
  double mass = 0, mean = 0, variance = 0;
};

/// Errors relative to what kCellMassError, kCellMeanError and kCellVarianceError promise.
Errors errors(double lower, double upper) {
  const CellMoments found = normal_cell(lower, upper, upper - lower);
  const test::RealMoments wanted = test::real_cell(std::isinf(lower) ? Real(-200) : Real(lower),
                                                   std::isinf(upper) ? Real(200) : Real(upper));
  const auto relative = [](double value, const Real& exact) {
    return std::fabs(static_cast<double>((value - exact) / exact));
  };
  return {relative(found.mass, wanted.mass) / kCellMassError,
          std::fabs(static_cast<double>(found.mean - wanted.mean)) /
              std::max(1.0, std::fabs(found.mean)) / kCellMeanError,
          relative(found.variance, wanted.variance) / kCellVarianceError};
}

void keep_largest(Errors& all, const Errors& one) {
  all.mass = std::max(all.mass, one.mass);
  all.mean = std::max(all.mean, one.mean);
  all.variance = std::max(all.variance, one.variance);
}

/// The 50-digit side against an independent one: the reference's numbers, to their 25 digits.
TEST(Multiprecision, AgreesWithTheReference) {
  for (const auto& row : test::golden()["cell_moments"]) {
    const double lower = std::stod(row["lower"].get<std::string>());
    const double upper = std::stod(row["upper"].get<std::string>());
    const test::RealMoments cell = test::real_cell(std::isinf(lower) ? Real(-200) : Real(lower),
                                                   std::isinf(upper) ? Real(200) : Real(upper));
    const auto expect_equal = [&](const Real& found, const char* key) {
      const Real wanted(row[key].get<std::string>());
      EXPECT_LT(static_cast<double>(abs(found - wanted)),
                1e-23 * static_cast<double>(abs(wanted)) + 1e-90)
          << row;
    };
    expect_equal(cell.mass, "mass");
    expect_equal(cell.mean, "mean");
    expect_equal(cell.variance, "variance");
  }
}

/// Positions and widths over the whole range that quantization.md §1 asks for: ends within ±37,
/// widths from 1e-8 to infinity.
TEST(NormalCell, IsWithinHalfOfItsStatedErrors) {
  test::Random random(71);
  Errors worst;
  for (int trial = 0; trial < 1500; ++trial) {
    const double lower = random.uniform(-37, 37) * (trial % 3 == 0 ? 0.1 : 1);
    const double upper =
        trial % 11 == 0 ? INFINITY : std::min(37.0, lower + std::pow(10, random.uniform(-8, 1.9)));
    if (lower < upper) keep_largest(worst, errors(lower, upper));
    if (lower < upper) keep_largest(worst, errors(-upper, -lower));
  }
  EXPECT_LT(worst.mass, 0.5);
  EXPECT_LT(worst.mean, 0.5);
  EXPECT_LT(worst.variance, 0.5);
  RecordProperty("mass", std::to_string(worst.mass));
  RecordProperty("mean", std::to_string(worst.mean));
  RecordProperty("variance", std::to_string(worst.variance));
}

/// Both sides of every border between two formulas.
TEST(NormalCell, IsAccurateWhereTheFormulasMeet) {
  Errors worst;
  for (const double lower : {-1.5, -0.75, -0.1, 0.0, 0.3, 0.999, 1.001, 2.0, 3.1, 5.0, 12.0, 30.0})
    for (const double width : {0.2, 1.5, 3.0})
      for (const double factor : {0.5, 0.999999, 1.0, 1.000001, 1.7})
        keep_largest(worst, errors(lower, lower + width * factor));
  for (const double drop : {0.4, 5.0, 10.0})
    for (const double lower : {0.5, 1.0, 4.0, 20.0, 36.0})
      for (const double factor : {0.999999, 1.0, 1.000001}) {
        const double width = std::sqrt(lower * lower + 2 * drop * factor) - lower;
        keep_largest(worst, errors(lower, lower + width));
      }
  EXPECT_LT(worst.mass, 0.5);
  EXPECT_LT(worst.mean, 0.5);
  EXPECT_LT(worst.variance, 0.5);
}

}  // namespace
}  // namespace wquant
