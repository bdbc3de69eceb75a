#include "cluster/bisection.hpp"

#include <gtest/gtest.h>

namespace wquant {
namespace {

using Indices = std::vector<std::int64_t>;

Indices group(const Groups& groups, std::int64_t j) {
  return {groups.group(j), groups.group(j) + groups.size(j)};
}

TEST(Groups, AreThoseOfTheirLabels) {
  const Groups groups = groups_of({2, 0, 2, 0}, 4);
  ASSERT_EQ(groups.count(), 2);  // 1 and 3 have no members
  EXPECT_EQ(group(groups, 0), (Indices{1, 3}));
  EXPECT_EQ(group(groups, 1), (Indices{0, 2}));
  EXPECT_EQ(groups.labels(), (Indices{1, 0, 1, 0}));
}

TEST(Bisection, CutsTheGroupWithTheLargestSumAtItsMean) {
  const double points[] = {0, 10, 1, 14};
  const double weights[] = {1, 1, 1, 1};
  const auto into = [&](std::int64_t wanted) {
    return bisect({points, 4, 1}, {weights, 4}, wanted);
  };
  EXPECT_EQ(into(1).labels(), (Indices{0, 0, 0, 0}));
  EXPECT_EQ(into(2).labels(), (Indices{0, 1, 0, 1}));
  EXPECT_EQ(into(3).labels(), (Indices{0, 1, 0, 2}));  // 10 and 14 cost 8, 0 and 1 cost ½
  EXPECT_EQ(into(9).count(), 4);
}

TEST(Bisection, CutsAcrossTheWidestCoordinate) {
  const double points[] = {0, 0, 0, 3, 2, 0, 2, 3};
  const double weights[] = {1, 1, 1, 1};
  EXPECT_EQ(bisect({points, 4, 2}, {weights, 4}, 2).labels(), (Indices{0, 1, 0, 1}));
}

TEST(Bisection, WeightsMoveTheMean) {
  const double points[] = {0, 1, 3};
  const double even[] = {1, 1, 1};
  const double light[] = {9, 1, 1};  // their mean is 4/11
  EXPECT_EQ(bisect({points, 3, 1}, {even, 3}, 2).labels(), (Indices{0, 0, 1}));
  EXPECT_EQ(bisect({points, 3, 1}, {light, 3}, 2).labels(), (Indices{0, 1, 1}));
}

/// Of 0 and 1 the sum is ½, of 10 and 13, which weigh a tenth, 0.45.
TEST(Bisection, WeightsDecideWhichGroupIsCut) {
  const double points[] = {0, 1, 10, 13};
  const double weights[] = {1, 1, 0.1, 0.1};
  EXPECT_EQ(bisect({points, 4, 1}, {weights, 4}, 3).labels(), (Indices{0, 1, 2, 2}));
}

TEST(Bisection, DoesNotPartWhatIsInOnePlaceOrWeighsNothing) {
  const double same[] = {0.1, 0.1, 0.1};
  const double points[] = {0, 1, 2};
  const double weights[] = {0.3, 0.3, 0.4};
  const double none[] = {0, 0, 0};
  EXPECT_EQ(bisect({same, 3, 1}, {weights, 3}, 3).count(), 1);
  EXPECT_EQ(bisect({points, 3, 1}, {none, 3}, 3).count(), 1);
}

}  // namespace
}  // namespace wquant
