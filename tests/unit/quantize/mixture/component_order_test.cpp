#include "quantize/mixture/component_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace wquant {
namespace {

using Indices = std::vector<std::int64_t>;

/// 0 and 3 are alike but for their weights, 1 has another mean, 2 another variance.
GaussianMixture four() {
  const double weights[] = {0.4, 0.1, 0.3, 0.2};
  const double means[] = {1, 5, 1, 4, 1, 5, 1, 5};
  const double variances[] = {2, 2, 9, 9, 1, 3, 2, 2};
  return GaussianMixture::diagonal(Context::cpu(), {weights, 4}, {means, 4, 2}, {variances, 4, 2});
}

TEST(ComponentOrder, ComparesMeansThenEigenvalues) {
  const GaussianMixture mixture = four();
  EXPECT_LT(compare_components(mixture, 1, 0), 0);
  EXPECT_GT(compare_components(mixture, 0, 2), 0);
  EXPECT_EQ(compare_components(mixture, 0, 3), 0);
  EXPECT_TRUE(precedes(mixture, 3, 0));  // by weight
  EXPECT_FALSE(precedes(mixture, 0, 3));
  EXPECT_FALSE(precedes(mixture, 0, 0));
}

TEST(ComponentOrder, IsTheSameForAnyOrderGiven) {
  const GaussianMixture mixture = four();
  Indices given = all_components(mixture);
  EXPECT_EQ(given, (Indices{0, 1, 2, 3}));
  do EXPECT_EQ(canonical_order(mixture, given), (Indices{1, 2, 3, 0}));
  while (std::next_permutation(given.begin(), given.end()));
}

TEST(ComponentOrder, ComparesEigenvectorsWhereEachHasItsOwn) {
  const double weights[] = {0.5, 0.5};
  const double means[] = {0, 0, 0, 0};
  const double eigenvalues[] = {2, 1, 2, 1};
  const double vectors[] = {1, 0, 0, 1, 0.6, -0.8, 0.8, 0.6};
  const auto mixture = GaussianMixture::eigen(Context::cpu(), {weights, 2}, {means, 2, 2},
                                              {eigenvalues, 2, 2}, {vectors, 2, 2, 2});
  EXPECT_GT(compare_components(mixture, 0, 1), 0);
  EXPECT_LT(compare_components(mixture, 1, 0), 0);
}

}  // namespace
}  // namespace wquant
