#include "wquant/confidence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "support/golden.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

TEST(ClopperPearson, NothingAndEverythingSeen) {
  EXPECT_EQ(clopper_pearson_lower(0, 10, 0.05), 0);
  EXPECT_EQ(clopper_pearson_upper(10, 10, 0.05), 1);
  // P(Bin(n, p) = 0) = (1 − p)^n.
  EXPECT_NEAR(clopper_pearson_upper(0, 10, 0.05), 1 - std::pow(0.05, 0.1), 1e-11);
  EXPECT_NEAR(clopper_pearson_lower(10, 10, 0.05), std::pow(0.05, 0.1), 1e-11);
  EXPECT_NEAR(clopper_pearson_upper(0, 1, 0.25), 0.75, 1e-11);
}

TEST(ClopperPearson, ReproducesTheGoldenBoxes) {
  const auto& cases = test::learning_golden();
  ASSERT_EQ(cases.size(), 8u);
  for (const auto& golden : cases) {
    const auto counts = golden["counts"].get<std::vector<std::int64_t>>();
    const ProbabilityBox box = clopper_pearson_box(counts, golden["beta"].get<double>());
    const auto lower = golden["expected"]["lower"].get<std::vector<double>>();
    const auto upper = golden["expected"]["upper"].get<std::vector<double>>();
    ASSERT_EQ(box.lower.size(), lower.size());
    for (std::size_t k = 0; k < lower.size(); ++k) {
      EXPECT_NEAR(box.lower[k], lower[k], 1e-9 * lower[k]);
      EXPECT_NEAR(box.upper[k], upper[k], 1e-9 * upper[k]);
    }
  }
}

TEST(ClopperPearson, IsFiniteAndOrderedOverTheWholeRange) {
  std::vector<std::int64_t> totals;
  for (std::int64_t total = 1; total <= 1'000'000'000; total = total * 3 + 1)
    totals.push_back(total);
  totals.push_back(1'000'000'000);
  totals.push_back(std::int64_t{1} << 53);
  for (const std::int64_t total : totals)
    for (const double level : {0.49, 0.01, 1e-9, 1e-15, 1e-100}) {
      double last_lower = -1;
      double last_upper = -1;
      for (std::int64_t count = 0; count <= total; count = count < 3 ? count + 1 : count * 5 / 2) {
        const double lower = clopper_pearson_lower(count, total, level);
        const double upper = clopper_pearson_upper(count, total, level);
        const double share = static_cast<double>(count) / static_cast<double>(total);
        SCOPED_TRACE(::testing::Message() << count << " of " << total << ", level " << level);
        ASSERT_TRUE(lower >= 0 && lower <= share && share <= upper && upper <= 1)
            << lower << " " << upper;
        ASSERT_GE(lower, last_lower);
        ASSERT_GE(upper, last_upper);
        last_lower = lower;
        last_upper = upper;
      }
    }
}

TEST(ClopperPearson, MoreSamplesAndLessConfidenceGiveNarrowerLimits) {
  EXPECT_LT(clopper_pearson_lower(10, 100, 1e-6), clopper_pearson_lower(100, 1000, 1e-6));
  EXPECT_GT(clopper_pearson_upper(10, 100, 1e-6), clopper_pearson_upper(100, 1000, 1e-6));
  EXPECT_GT(clopper_pearson_upper(10, 100, 1e-6), clopper_pearson_upper(10, 100, 1e-3));
}

/// Levels that are multiples of the smallest double: 780 p² ≥ P(Bin(40, p) ≥ 2), and nearly so.
TEST(ClopperPearson, RoundsOutwardsBelowTheSmallestNormalLevel) {
  for (const double level : {5e-324, 1e-323, 4e-323, 1.2e-321, 1e-310}) {
    const double lower = clopper_pearson_lower(2, 40, level);
    EXPECT_LE(780 * static_cast<long double>(lower) * lower, level) << level;
    EXPECT_EQ(clopper_pearson_upper(38, 40, level), 1) << level;
  }
  EXPECT_GT(clopper_pearson_lower(2, 40, 1e-310), 3.5e-157);
  const ProbabilityBox box = clopper_pearson_box({2, 38}, 1e-322);
  EXPECT_LE(780 * static_cast<long double>(box.lower[0]) * box.lower[0], 1e-322L / 4);
}

TEST(ClopperPearson, RefusesWhatMeansNothing) {
  EXPECT_THROW(clopper_pearson_lower(-1, 10, 0.1), InvalidArgument);
  EXPECT_THROW(clopper_pearson_lower(11, 10, 0.1), InvalidArgument);
  EXPECT_THROW(clopper_pearson_upper(0, 0, 0.1), InvalidArgument);
  EXPECT_THROW(clopper_pearson_upper(1, 10, 0), InvalidArgument);
  EXPECT_THROW(clopper_pearson_upper(1, 10, 1), InvalidArgument);
  EXPECT_THROW(clopper_pearson_upper(1, 10, NAN), InvalidArgument);
  EXPECT_THROW(clopper_pearson_box({}, 0.1), InvalidArgument);
  EXPECT_THROW(clopper_pearson_box({0, 0}, 0.1), InvalidArgument);
}

}  // namespace
}  // namespace wquant
