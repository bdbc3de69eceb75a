#include "wquant/scheme.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

Grid unit_grid(std::vector<std::vector<double>> points) {
  const auto d = static_cast<std::int64_t>(points.size());
  const test::RowMajor unit = test::RowMajor::Identity(d, d);
  return Grid(Axes({unit.data(), d, d}, std::vector<double>(d, 1.0), std::vector<double>(d, 0.0)),
              std::move(points));
}

TEST(Scheme, HasFewerThan2To63Locations) {
  const Grid grid = unit_grid(std::vector<std::vector<double>>(62, {-1, 1}));
  EXPECT_THROW(Scheme::layered({{grid, {0}}, {grid, {1}}}), InvalidArgument);
}

TEST(Scheme, NeedsEveryComponentExactlyOnce) {
  const Grid grid = unit_grid({{0.0}});
  EXPECT_NO_THROW(Scheme::layered({{grid, {1}}, {grid, {0, 2}}}));
  EXPECT_THROW(Scheme::layered({}), InvalidArgument);
  EXPECT_THROW(Scheme::layered({{grid, {}}}), InvalidArgument);
  EXPECT_THROW(Scheme::layered({{grid, {0}}, {grid, {0}}}), InvalidArgument);
  EXPECT_THROW(Scheme::layered({{grid, {0}}, {grid, {2}}}), InvalidArgument);
  EXPECT_THROW(Scheme::layered({{grid, {0}}, {unit_grid({{0.0}, {0.0}}), {1}}}), InvalidArgument);
  EXPECT_THROW(Scheme::grid(grid, 0), InvalidArgument);
}

TEST(Scheme, PrintsItsGrids) {
  std::ostringstream out;
  out << Scheme::grid(unit_grid({{-1, 1}, {0, 1, 2}}), 4);
  EXPECT_NE(out.str().find("2 x 3"), std::string::npos);
  EXPECT_NE(out.str().find("4 component(s)"), std::string::npos);
}

TEST(Scheme, IsRefusedByAnotherMixture) {
  const Context context = Context::cpu();
  const auto mixture = test::centred_gaussian(test::VectorXd{{1.0, 2.0}}).build(context);
  EXPECT_THROW(apply(context, Scheme::grid(unit_grid({{0.0}, {0.0}}), 2), mixture),
               InvalidArgument);
  EXPECT_THROW(apply(context, Scheme::grid(unit_grid({{0.0}}), 1), mixture), InvalidArgument);
}

TEST(Apply, ABatchHasNoDistributionPastItsLast) {
  const Context context = Context::cpu();
  const auto mixture = test::centred_gaussian(test::VectorXd{{1.0}}).build(context);
  const Scheme scheme = Scheme::grid(unit_grid({{-1, 1}}), 1);
  const CertifiedBatch applied =
      apply(context, std::vector{scheme, scheme}, std::vector{mixture, mixture});
  const DistributionBatch& batch = applied.distributions;
  EXPECT_EQ(batch.distribution(1).size(), 2);
  EXPECT_THROW(batch.distribution(-1), InvalidArgument);
  EXPECT_THROW(batch.distribution(2), InvalidArgument);
}

}  // namespace
}  // namespace wquant
