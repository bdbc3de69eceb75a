// Covers also: quantize/certificate/tree_tables.
#include "wquant/tree.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::PlainMixture;
using test::Random;
using test::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// (−∞, 0] × R cut at y = 1, (0, ∞) × R cut at x = 2.
Tree three_cuts() {
  const double points[] = {-1, 0, 1, 0, -1, 2, 3, 0};
  return Tree(Axes::standard({0, 0}), {{0, 0, 0}, {0, 1, 1}, {1, 0, 2}}, {points, 4, 2});
}

TEST(Tree, KnowsItsBoxesAndLocations) {
  const Tree tree = three_cuts();
  EXPECT_EQ(tree.size(), 4);
  EXPECT_EQ(tree.cell(0).lower(), (std::vector<double>{-kInfinity, -kInfinity}));
  EXPECT_EQ(tree.cell(0).upper(), (std::vector<double>{0, 1}));
  EXPECT_EQ(tree.cell(1).lower(), (std::vector<double>{0, -kInfinity}));
  EXPECT_EQ(tree.cell(1).upper(), (std::vector<double>{2, kInfinity}));
  EXPECT_EQ(tree.cell(2).lower(), (std::vector<double>{-kInfinity, 1}));
  EXPECT_EQ(tree.cell(3).lower(), (std::vector<double>{2, -kInfinity}));
  EXPECT_EQ(tree.location(2), (std::vector<double>{-1, 2}));
  EXPECT_EQ(tree.find({0, 1}), 0);  // a box holds its upper edges
  EXPECT_EQ(tree.find({0, 1.5}), 2);
  EXPECT_EQ(tree.find({2, 7}), 1);
  EXPECT_EQ(tree.find({2.5, 7}), 3);
  std::ostringstream out;
  out << tree;
  EXPECT_EQ(out.str(), "tree of 4 leaves, rank 2, scales 1 1");
}

TEST(Tree, RefusesWhatIsNone) {
  const double points[] = {0, 0, 0, 0, 0, 0};
  const Axes axes = Axes::standard({0, 0});
  const auto make = [&](std::vector<Tree::Split> splits) {
    const auto leaves = static_cast<std::int64_t>(splits.size()) + 1;
    return Tree(axes, std::move(splits), {points, leaves, 2});
  };
  EXPECT_NO_THROW(make({}));
  EXPECT_NO_THROW(make({{0, 0, 0}, {1, 0, 1}}));
  EXPECT_THROW(make({{1, 0, 0}}), InvalidArgument);
  EXPECT_THROW(make({{-1, 0, 0}}), InvalidArgument);
  EXPECT_THROW(make({{0, 2, 0}}), InvalidArgument);
  EXPECT_THROW(make({{0, 0, NAN}}), InvalidArgument);
  EXPECT_THROW(make({{0, 0, kInfinity}}), InvalidArgument);
  EXPECT_THROW(make({{0, 0, 0}, {1, 0, 0}}), InvalidArgument);
  EXPECT_THROW(make({{0, 0, 0}, {0, 0, 1}}), InvalidArgument);
  EXPECT_THROW(Tree(axes, {{0, 0, 0}}, {points, 3, 2}), InvalidArgument);
  const double infinite[] = {0, kInfinity};
  EXPECT_THROW(Tree(axes, {}, {infinite, 1, 2}), InvalidArgument);
  EXPECT_THROW(three_cuts().cell(4), InvalidArgument);
  EXPECT_THROW(three_cuts().location(-1), InvalidArgument);
  EXPECT_THROW(three_cuts().find({0, NAN}), InvalidArgument);
  EXPECT_THROW(three_cuts().find({0}), InvalidArgument);
}

/// By hand: N(0, I) on four quadrants about (±1, ±1) costs 2 (1 + 1 − 2 √(2/π)).
TEST(Tree, OfQuadrantsCostsWhatItShould) {
  const Context context = Context::cpu();
  const double points[] = {-1, -1, 1, -1, -1, 1, 1, 1};
  const Tree tree(Axes::standard({0, 0}), {{0, 0, 0}, {0, 1, 0}, {1, 1, 0}}, {points, 4, 2});
  const auto mixture = test::centred_gaussian(VectorXd::Ones(2)).build(context);
  const auto result = apply(context, Scheme::tree(tree, 1), mixture);
  EXPECT_NEAR(result.certificate.cells, 2 * (2 - 2 * std::sqrt(2 / M_PI)), 1e-12);
  EXPECT_NEAR(result.certificate.centroid_gap, std::sqrt(2.0) * (1 - std::sqrt(2 / M_PI)), 1e-12);
  for (int a = 0; a < 4; ++a) EXPECT_NEAR(result.distribution.probabilities()(a), 0.25, 1e-15);
}

/// Any tree serves any mixture as the grid with the same boxes does.
TEST(Tree, CertifiesAsTheGridWithItsBoxes) {
  const Context context = Context::cpu();
  Random random(31);
  const double points[] = {-1.5, -1, 0.7, -1, -1.5, 1, 0.7, 1};
  const Axes axes = Axes::standard({0.1, -0.2});
  const Tree tree(axes, {{0, 0, -0.4}, {0, 1, 0}, {1, 1, 0}}, {points, 4, 2});
  const Grid grid(axes, {{-1.5, 0.7}, {-1, 1}});
  for (const PlainMixture& plain : {random.mixture(5, 2, 2), random.mixture(1, 2, 0)}) {
    const auto mixture = plain.build(context);
    const auto by_tree = apply(context, Scheme::tree(tree, plain.components()), mixture);
    const auto by_grid = apply(context, Scheme::grid(grid, plain.components()), mixture);
    EXPECT_NEAR(by_tree.certificate.w2, by_grid.certificate.w2, 1e-12);
    EXPECT_NEAR(by_tree.certificate.basis, by_grid.certificate.basis, 1e-12);
    for (const auto& [a, b] : {std::pair{0, 0}, {1, 2}, {2, 1}, {3, 3}})
      EXPECT_NEAR(by_tree.distribution.probabilities()(a), by_grid.distribution.probabilities()(b),
                  1e-14);
  }
}

/// A component that goes no further is paid for: 1 + 10⁻¹⁷ (10⁹)².
TEST(Tree, ChargesWhatEndsOnItsWayDown) {
  const Context context = Context::cpu();
  const double points[] = {0, 1e9};
  const Tree tree(Axes::standard({0}), {{0, 0, 5e8}}, {points, 2, 1});
  const double weights[] = {1, 1e-17};
  const double means[] = {0, 1e9};
  const double variances[] = {1, 1};
  const auto mixture =
      GaussianMixture::diagonal(context, {weights, 2}, {means, 2, 1}, {variances, 2, 1});
  EXPECT_NEAR(certify(context, Scheme::tree(tree, 2), mixture).cells, 11, 1e-9);
}

}  // namespace
}  // namespace wquant
