#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "multiprecision.hpp"
#include "wquant/confidence.hpp"

namespace wquant {
namespace {

using test::Real;

/// log Γ(x) for whole x ≥ 1, by Stirling's series behind a shift.
Real log_factorial(std::int64_t n) {
  Real shift = 0;
  std::int64_t m = n + 1;
  for (; m < 60; ++m) shift += log(Real(m));
  const Real x = m;
  const Real coefficients[] = {Real(1) / 12,          Real(-1) / 360,       Real(1) / 1260,
                               Real(-1) / 1680,       Real(1) / 1188,       Real(-691) / 360360,
                               Real(1) / 156,         Real(-3617) / 122400, Real(43867) / 244188,
                               Real(-174611) / 125400};
  Real sum = (x - Real(0.5)) * log(x) - x + log(2 * boost::math::constants::pi<Real>()) / 2;
  Real power = 1 / x;
  for (const Real& c : coefficients) {
    sum += c * power;
    power /= x * x;
  }
  return sum - shift;
}

/// P(Bin(total, p) ≥ count) if upper, ≤ count if not: the terms from `count` outwards, until they
/// no longer matter.
Real tail(std::int64_t count, std::int64_t total, double p, bool upper) {
  const Real success = p;
  const Real failure = 1 - success;
  Real term = exp(log_factorial(total) - log_factorial(count) - log_factorial(total - count) +
                  count * log(success) + (total - count) * log(failure));
  Real sum = 0;
  for (std::int64_t k = count; term > sum * Real(1e-30);) {
    sum += term;
    if (upper) {
      if (k == total) break;
      term *= Real(total - k) / Real(k + 1) * success / failure;
      ++k;
    } else {
      if (k == 0) break;
      term *= Real(k) / Real(total - k + 1) * failure / success;
      --k;
    }
  }
  return sum;
}

void expect_tight(std::int64_t count, std::int64_t total, double level) {
  const double kClose = std::max(1e-10, 1e-17 * static_cast<double>(total));
  const double lower = clopper_pearson_lower(count, total, level);
  const double upper = clopper_pearson_upper(count, total, level);
  SCOPED_TRACE(::testing::Message()
               << count << " of " << total << ", level " << level << ": " << lower << " " << upper);
  if (count > 0) {
    EXPECT_LE(tail(count, total, lower, true), level);
    const double inside =
        lower + std::max(kClose * std::min(lower, 1 - lower), std::min(1e-14, kClose * lower));
    EXPECT_GT(tail(count, total, inside, true), level);
  } else {
    EXPECT_EQ(lower, 0);
  }
  if (count < total) {
    EXPECT_LE(tail(count, total, upper, false), level);
    const double inside = upper - std::max(kClose * std::min(upper, 1 - upper), 1e-14);
    EXPECT_GT(tail(count, total, inside, false), level);
  } else {
    EXPECT_EQ(upper, 1);
  }
}

TEST(ClopperPearsonAccuracy, LimitsLieOnTheSafeSideOfTheBinomialTailAndCloseToIt) {
  for (const std::int64_t total : {1, 2, 7, 100, 15000, 1'000'000, 1'000'000'000})
    for (const std::int64_t count : {std::int64_t{0}, std::int64_t{1}, std::int64_t{3}, total / 100,
                                     total / 2, total - 1, total})
      if (count <= total && (total < 10'000'000 || count < 100 || total - count < 100))
        for (const double level : {0.4, 0.1, 1e-6 / 202, 1e-12, 1e-30})
          expect_tight(count, total, level);
}

TEST(ClopperPearsonAccuracy, AMillionAndAHalfOfABillion) {
  for (const std::int64_t count : {std::int64_t{1'000'000}, std::int64_t{500'000'000}})
    expect_tight(count, 1'000'000'000, 5e-10);
}

}  // namespace
}  // namespace wquant
