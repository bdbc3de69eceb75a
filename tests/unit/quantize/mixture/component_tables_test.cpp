#include "quantize/mixture/component_tables.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/limits.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

TEST(RankTolerance, IsRoundingByDefaultAndBelowOne) {
  EXPECT_EQ(rank_tolerance_or_default(-1, 3), 3 * kEpsilon);
  EXPECT_EQ(rank_tolerance_or_default(0, 3), 0);
  EXPECT_EQ(rank_tolerance_or_default(0.5, 3), 0.5);
  EXPECT_NO_THROW(require_rank_tolerance(-1));
  for (const double bad : {1.0, std::nan("")})
    EXPECT_THROW(require_rank_tolerance(bad), InvalidArgument);
}

TEST(ComponentTables, LeaveOutSmallEigenvaluesByEachComponentsLargest) {
  const double weights[] = {0.5, 0.25, 0.25};
  const double means[] = {0, 0, 1, 1, 2, 2};
  const double variances[] = {4, 0.04, 0.04, 0.09, 0, 0};
  const auto mixture =
      GaussianMixture::diagonal(Context::cpu(), {weights, 3}, {means, 3, 2}, {variances, 3, 2});
  const ComponentTables tables(mixture, 0.01);
  EXPECT_EQ(tables.deviations, (std::vector<double>{2, 0, 0.2, 0.3, 0, 0}));
  EXPECT_EQ(tables.ranks, (std::vector<std::int64_t>{1, 2, 0}));
  EXPECT_EQ(tables.view().means.data, mixture.means().data);
  EXPECT_EQ(tables.view().eigenvectors.count, 0);
  EXPECT_EQ(ComponentTables(mixture, 0).ranks, (std::vector<std::int64_t>{2, 2, 0}));
}

TEST(ComponentTables, ShareEigenvectorsAsTheMixtureDoes) {
  const double weights[] = {0.5, 0.5};
  const double means[] = {0, 1};
  const double one[] = {1, 1};
  const auto shared = GaussianMixture::eigen(Context::cpu(), {weights, 2}, {means, 2, 1},
                                             {one, 2, 1}, {one, 1, 1, 1});
  EXPECT_EQ(ComponentTables(shared, 0).view().eigenvectors.count, 1);
  const auto separate = GaussianMixture::eigen(Context::cpu(), {weights, 2}, {means, 2, 1},
                                               {one, 2, 1}, {one, 2, 1, 1});
  EXPECT_EQ(ComponentTables(separate, 0).view().eigenvectors.count, 2);
}

}  // namespace
}  // namespace wquant
