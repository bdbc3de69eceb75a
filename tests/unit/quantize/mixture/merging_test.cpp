#include "quantize/mixture/merging.hpp"

#include <gtest/gtest.h>

namespace wquant {
namespace {

using Groups = std::vector<std::vector<std::int64_t>>;

/// Of unit variances on a line.
GaussianMixture on_a_line(const std::vector<double>& weights, const std::vector<double>& means) {
  const auto count = static_cast<std::int64_t>(weights.size());
  const std::vector<double> ones(weights.size(), 1.0);
  return GaussianMixture::diagonal(Context::cpu(), {weights.data(), count},
                                   {means.data(), count, 1}, {ones.data(), count, 1});
}

TEST(GroupMean, IsWeightedWhereThereIsWeight) {
  const GaussianMixture mixture = on_a_line({0.25, 0.75, 0, 0}, {0, 4, 1, 3});
  EXPECT_EQ(group_mean(mixture, {0, 1}), std::vector<double>{3});
  EXPECT_EQ(group_mean(mixture, {0, 2, 3}), std::vector<double>{0});
  EXPECT_EQ(group_mean(mixture, {2, 3}), std::vector<double>{2});  // none has any
}

TEST(MergeComponents, JoinsNeighbours) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = on_a_line({0.25, 0.25, 0.25, 0.25}, {12, 0, 10, 1});
  EXPECT_EQ(merge_components(context, mixture, 1), (Groups{{0, 1, 2, 3}}));
  EXPECT_EQ(merge_components(context, mixture, 2), (Groups{{1, 3}, {0, 2}}));
  EXPECT_EQ(merge_components(context, mixture, 4).size(), 4u);
  EXPECT_EQ(merge_components(context, mixture, 9).size(), 4u);
}

/// The cut at the mean, 13/6, parts 3 from the zeros; the means of both sides, 0 and 6½, are such
/// that it is nearer to them.
TEST(MergeComponents, PolishesTheCuts) {
  const GaussianMixture mixture = on_a_line(std::vector<double>(6, 1.0 / 6), {0, 0, 0, 0, 3, 10});
  EXPECT_EQ(merge_components(Context::cpu(), mixture, 2), (Groups{{0, 1, 2, 3, 4}, {5}}));
}

}  // namespace
}  // namespace wquant
