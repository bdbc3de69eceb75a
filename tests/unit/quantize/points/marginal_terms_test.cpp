#include "quantize/points/marginal_terms.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "numerics/midpoints.hpp"
#include "numerics/row_cells.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

const auto kNoCheck = [] {};

TEST(MarginalTerms, OfTheStandardNormalAtOneAndMinusOne) {
  const double one[] = {1};
  const double zero[] = {0};
  const MarginalTerms terms({one, 1}, {zero, 1}, {one, 1}, 1, kNoCheck);
  const CentroidTerms at = terms({-1, 1});
  const double density = 1 / std::sqrt(2 * std::acos(-1.0));
  EXPECT_EQ(at.mass, (std::vector<double>{0.5, 0.5}));
  EXPECT_NEAR(at.first_moment[0], -density, 1e-16);
  EXPECT_NEAR(at.first_moment[1], density, 1e-16);
  ASSERT_EQ(at.edge_density.size(), 1u);
  EXPECT_NEAR(at.edge_density[0], density, 1e-16);
  EXPECT_EQ(terms({7}).mass, std::vector<double>{1});
}

TEST(MarginalTerms, APointMassGoesToTheCellThatEndsAtIt) {
  const double weights[] = {0.25, 0.75};
  const double means[] = {2, 5};
  const double deviations[] = {0, 0};
  const MarginalTerms terms({weights, 2}, {means, 2}, {deviations, 2}, 1, kNoCheck);
  const CentroidTerms at = terms({1, 3, 9});  // edges 2 and 6
  EXPECT_EQ(at.mass, (std::vector<double>{0.25, 0.75, 0}));
  EXPECT_EQ(at.first_moment, (std::vector<double>{0.5, 3.75, 0}));
  EXPECT_EQ(at.edge_density, (std::vector<double>{0, 0}));
}

/// Three components at 1000 points, where chunks of points and threads have something to share.
TEST(MarginalTerms, AreSumsOverTheComponentsForAnyNumberOfThreads) {
  const double weights[] = {0.5, 0.3, 0.2};
  const double means[] = {-1, 0.5, 4};
  const double deviations[] = {1, 0.01, 2};
  std::vector<double> points;
  for (int j = 0; j < 1000; ++j) points.push_back(-6 + 0.015 * j);
  const auto with = [&](int threads) {
    return MarginalTerms({weights, 3}, {means, 3}, {deviations, 3}, threads, kNoCheck)(points);
  };
  const CentroidTerms one = with(1);
  const CentroidTerms four = with(4);
  EXPECT_EQ(one.mass, four.mass);
  EXPECT_EQ(one.first_moment, four.first_moment);
  EXPECT_EQ(one.edge_density, four.edge_density);
  const std::vector<double> edges = midpoints(points);
  for (std::int64_t j = 0; j < 1000; ++j) {
    double mass = 0;
    double moment = 0;
    for (int i = 0; i < 3; ++i) {
      const CellMoments cell = row_cell(means[i], deviations[i], edges.data(), 1000, j);
      mass += weights[i] * cell.mass;
      moment += weights[i] * cell.mass * cell.mean;
    }
    EXPECT_NEAR(one.mass[j], mass, 2e-15);
    EXPECT_NEAR(one.first_moment[j], moment, 1e-14);
  }
}

TEST(MarginalTerms, AskBeforeEachEvaluation) {
  const double one[] = {1};
  int calls = 0;
  const MarginalTerms terms({one, 1}, {one, 1}, {one, 1}, 1, [&] {
    if (++calls == 3) throw Cancelled("enough");
  });
  terms({1});
  terms({1});
  EXPECT_THROW(terms({1}), Cancelled);
}

}  // namespace
}  // namespace wquant
