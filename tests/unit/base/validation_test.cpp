// Covers also: checked.
#include "base/validation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "base/checked.hpp"

namespace wquant {
namespace {

/// What the call says when it refuses its argument.
template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

TEST(NumberText, IsTheShortestThatReadsBack) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(-3), "-3");
  EXPECT_EQ(number_text(1e300), "1e+300");
  for (const double value : {1.0 / 3, 5e-324, 0x1.fffffffffffffp1023})
    EXPECT_EQ(std::strtod(number_text(value).c_str(), nullptr), value);
}

TEST(Validation, NamesThePlaceTheValueAndWhatWasExpected) {
  EXPECT_EQ(refusal([] {
              throw_bad_value("means", {2, 1}, -0.5, "a number >= 0");
            }),
            "means[2][1]: -0.5; expected a number >= 0");
  EXPECT_EQ(refusal([] { throw_bad_value("beta", {}, 2, "less"); }), "beta: 2; expected less");
  EXPECT_EQ(refusal([] {
              require_shape("x", {2, 3}, {3, 2});
            }),
            "x: the shape is 2 x 3; expected 3 x 2");
  EXPECT_EQ(refusal([] { require_shape("x", {2, 3}, {2, 3}); }), "");
  EXPECT_EQ(refusal([] { require_host("x", MemorySpace::device); }),
            "x: device memory; expected host memory for this context");
}

TEST(Validation, FindsWhatIsNotFiniteInRowsWithGapsBetweenThem) {
  const double values[] = {1, 2, NAN, 3, HUGE_VAL, NAN};
  EXPECT_EQ(refusal([&] { require_finite("v", VectorView<const double>{values, 2}); }), "");
  EXPECT_EQ(refusal([&] {
              require_finite("v", VectorView<const double>{values, 3});
            }),
            "v[2]: nan; expected a finite number");
  EXPECT_EQ(refusal([&] { require_finite("m", MatrixView<const double>(values, 2, 1, 3)); }), "");
  EXPECT_EQ(refusal([&] { require_finite("m", MatrixView<const double>(values, 2, 2, 3)); }),
            "m[1][1]: inf; expected a finite number");
  EXPECT_EQ(refusal([&] { require_finite("t", TensorView<const double>(values, 2, 1, 2, 2, 3)); }),
            "t[1][0][1]: inf; expected a finite number");
}

TEST(Validation, ProbabilitiesAreNotNegativeAndSumToOne) {
  const double halves[] = {0.5, 0.5};
  EXPECT_EQ(refusal([&] { require_probabilities("p", {halves, 2}, 0); }), "");
  EXPECT_EQ(refusal([&] {
              require_probabilities("p", {halves, 1}, 1e-9);
            }),
            "p: the sum is 0.5; expected 1 within 1e-09");
  const double negative[] = {1.25, -0.25};
  EXPECT_EQ(refusal([&] {
              require_probabilities("p", {negative, 2}, 1e-9);
            }),
            "p[1]: -0.25; expected a number >= 0");
}

TEST(CheckedBytes, AreTheProductOrAnError) {
  constexpr std::int64_t kOne = 1;
  EXPECT_EQ(checked_bytes(3, 4, 8), 96u);
  EXPECT_EQ(checked_bytes(0, kOne << 62, 8), 0u);
  EXPECT_EQ(checked_bytes(kOne << 31, kOne << 30, 4), std::size_t{1} << 63);
  EXPECT_THROW(checked_bytes(kOne << 31, kOne << 30, 8), OutOfMemory);  // 2⁶⁴ bytes
  EXPECT_THROW(checked_bytes(kOne << 40, kOne << 40, 1), OutOfMemory);
  EXPECT_THROW(checked_bytes(-1, 2, 8), InvalidArgument);
  EXPECT_THROW(checked_bytes(2, -1, 8), InvalidArgument);
}

TEST(HumanBytes, HaveTheLargestUnitAndOneDecimal) {
  EXPECT_EQ(human_bytes(0), "0 bytes");
  EXPECT_EQ(human_bytes(1023), "1023 bytes");
  EXPECT_EQ(human_bytes(1024), "1.0 KiB");
  EXPECT_EQ(human_bytes(1.55 * 1024), "1.6 KiB");
  EXPECT_EQ(human_bytes(3.2 * 0x1p30), "3.2 GiB");
  EXPECT_EQ(human_bytes(0x1p70), "1024.0 EiB");
}

}  // namespace
}  // namespace wquant
