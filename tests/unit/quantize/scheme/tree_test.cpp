#include "wquant/tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <sstream>
#include <string>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::PlainMixture;
using test::Random;
using test::RowMajor;
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

const Tree& tree_of(const Scheme& scheme, std::size_t layer = 0) {
  return std::get<Tree>(scheme.layers()[layer].pattern);
}

TEST(TreeScheme, TilesTheSpace) {
  const Context context = Context::cpu();
  Random random(32);
  for (const std::int64_t d : {1, 2, 5}) {
    const auto mixture = random.homogeneous_mixture(7, d, 2).build(context);
    const Scheme scheme =
        make_scheme(context, mixture, {.support = 60, .family = SchemeFamily::tree}).scheme;
    const Tree& tree = tree_of(scheme);
    EXPECT_EQ(tree.size(), 60);
    for (int trial = 0; trial < 200; ++trial) {
      const VectorXd x = 3 * random.normal_vector(d);
      const std::vector<double> point(x.begin(), x.end());
      std::int64_t holding = 0;
      for (std::int64_t a = 0; a < tree.size(); ++a) {
        if (!tree.cell(a).contains(point)) continue;
        ++holding;
        EXPECT_EQ(tree.find(point), a);
      }
      EXPECT_EQ(holding, 1);
    }
  }
}

TEST(TreeScheme, PointsAreTheMeansOfTheirCells) {
  const Context context = Context::cpu();
  Random random(33);
  for (const std::int64_t d : {1, 2, 6}) {
    const PlainMixture plain = random.homogeneous_mixture(9, d, 3);
    const auto result =
        quantize(context, plain.build(context), {.support = 200, .family = SchemeFamily::tree});
    EXPECT_LT(result.certificate.centroid_gap, 1e-11);
    double sum = 0;
    for (std::int64_t a = 0; a < result.distribution.size(); ++a)
      sum += result.distribution.probabilities()(a);
    EXPECT_NEAR(sum, 1, 1e-12);
    const std::vector<double> mean = result.distribution.mean();
    for (std::int64_t k = 0; k < d; ++k) EXPECT_NEAR(mean[k], plain.mean()[k], 1e-11);
  }
}

void expect_same_points(const DiscreteDistribution& a, const DiscreteDistribution& b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(std::memcmp(a.locations().data(), b.locations().data(),
                        sizeof(double) * a.locations().size()),
            0);
  EXPECT_EQ(
      std::memcmp(a.probabilities().data(), b.probabilities().data(), sizeof(double) * a.size()),
      0);
}

/// Equal weights, so that normalising them rounds alike in any order.
PlainMixture equally_weighted(PlainMixture plain) {
  plain.weights.assign(plain.weights.size(), 1.0 / static_cast<double>(plain.weights.size()));
  return plain;
}

TEST(TreeScheme, IsTheSameForAnyOrderOfTheComponents) {
  const Context context = Context::cpu();
  Random random(34);
  for (const PlainMixture& plain : {equally_weighted(random.homogeneous_mixture(64, 3, 2)),
                                    equally_weighted(random.mixture(16, 2, 2))}) {
    PlainMixture other = plain;
    for (std::size_t i = 0; i < other.weights.size(); ++i) {
      const std::size_t from = (i * 11 + 5) % other.weights.size();
      other.means[i] = plain.means[from];
      other.covariances[i] = plain.covariances[from];
    }
    const QuantizeOptions options{.support = 200, .family = SchemeFamily::tree};
    const auto a = quantize(context, plain.build(context), options);
    const auto b = quantize(context, other.build(context), options);
    expect_same_points(a.distribution, b.distribution);
    EXPECT_NEAR(a.certificate.w2, b.certificate.w2, 1e-13);
  }
}

TEST(TreeScheme, IsTheSameForAnyNumberOfThreads) {
  Random random(35);
  for (const PlainMixture& plain :
       {random.homogeneous_mixture(80, 4, 2), random.mixture(12, 3, 2)}) {
    const auto with = [&](int threads) {
      const Context context = Context::cpu({.threads = threads});
      return quantize(context, plain.build(context),
                      {.support = 500, .family = SchemeFamily::tree});
    };
    const auto one = with(1);
    for (const int threads : {2, 7}) {
      const auto many = with(threads);
      expect_same_points(one.distribution, many.distribution);
      EXPECT_EQ(std::memcmp(&one.certificate, &many.certificate, sizeof(Certificate)), 0);
    }
  }
}

/// A smaller support is a stage of the growth to a larger one.
TEST(TreeScheme, GrowsByCutsAlone) {
  const Context context = Context::cpu();
  Random random(36);
  const auto mixture = random.homogeneous_mixture(5, 2, 2).build(context);
  const Scheme small =
      make_scheme(context, mixture, {.support = 20, .family = SchemeFamily::tree}).scheme;
  const Scheme large =
      make_scheme(context, mixture, {.support = 90, .family = SchemeFamily::tree}).scheme;
  for (std::size_t s = 0; s < tree_of(small).splits().size(); ++s) {
    const Tree::Split& a = tree_of(small).splits()[s];
    const Tree::Split& b = tree_of(large).splits()[s];
    EXPECT_EQ(a.leaf, b.leaf);
    EXPECT_EQ(a.dimension, b.dimension);
    EXPECT_EQ(a.cut, b.cut);
  }
}

TEST(TreeScheme, MeetsAToleranceWithTheFewestLeaves) {
  const Context context = Context::cpu();
  Random random(37);
  for (const PlainMixture& plain :
       {random.homogeneous_mixture(6, 2, 2), random.mixture(1, 3, 1), random.mixture(4, 2, 2)}) {
    const auto mixture = plain.build(context);
    const double tolerance = 0.3;
    const auto result =
        quantize(context, mixture, {.tolerance = tolerance, .family = SchemeFamily::tree});
    EXPECT_LE(result.certificate.w2, tolerance);
    EXPECT_EQ(result.statistics.family, SchemeFamily::tree);
    const auto fewer =
        quantize(context, mixture,
                 {.support = result.distribution.size() - 1, .family = SchemeFamily::tree});
    EXPECT_GT(fewer.certificate.w2, tolerance);
  }
}

/// The cost of the cuts alone, by which the forest grows, is below it then, the certificate above.
TEST(TreeScheme, MeetsAToleranceJustBelowACertificate) {
  const Context context = Context::cpu();
  const auto mixture = test::centred_gaussian(VectorXd{{1.0, 0.3}}).build(context);
  for (const std::int64_t support : {1, 2, 7, 20}) {
    const double w2 = quantize(context, mixture, {.support = support, .family = SchemeFamily::tree})
                          .certificate.w2;
    const double tolerance = std::nextafter(w2, 0);
    const auto result =
        quantize(context, mixture, {.tolerance = tolerance, .family = SchemeFamily::tree});
    EXPECT_LE(result.certificate.w2, tolerance);
    EXPECT_EQ(result.distribution.size(), support + 1);
  }
}

TEST(TreeScheme, SaysSoWhereAToleranceIsOutOfReach) {
  const Context context = Context::cpu({.workspace_limit = 1 << 20});
  const auto mixture = test::centred_gaussian(VectorXd::Ones(3)).build(context);
  EXPECT_THROW(quantize(context, mixture, {.tolerance = 1e-3, .family = SchemeFamily::tree}),
               OutOfMemory);
}

/// 600 components that all count in most boxes: a hundred boxes keep more than 1 MiB of them.
TEST(TreeScheme, CountsTheComponentsOfItsBoxes) {
  const Context context = Context::cpu({.workspace_limit = 1 << 20});
  Random random(39);
  const GaussianMixture mixture = random.homogeneous_mixture(600, 2, 0.3).build(Context::cpu());
  const QuantizeOptions options{.support = 200, .family = SchemeFamily::tree};
  try {
    quantize(context, mixture, options);
    FAIL() << "no error";
  } catch (const OutOfMemory& error) {
    const std::string message = error.what();
    EXPECT_TRUE(message.starts_with("components in the boxes of the tree: ")) << message;
    EXPECT_TRUE(message.ends_with("the workspace limit is 1.0 MiB")) << message;
  }
  EXPECT_GT(quantize(Context::cpu(), mixture, options).certificate.w2, 0);
}

/// The families that memory does not suffice for are left out of the choice.
TEST(TreeScheme, IsLeftOutForWantOfMemory) {
  const Context context = Context::cpu({.workspace_limit = 1 << 20});
  Random random(39);
  const GaussianMixture mixture = random.homogeneous_mixture(600, 2, 0.3).build(Context::cpu());
  const auto result = quantize(context, mixture, {.support = 200, .seconds = 100});
  const std::vector<SchemeFamily>& left_out = result.statistics.left_out;
  EXPECT_TRUE(std::count(left_out.begin(), left_out.end(), SchemeFamily::tree));
  EXPECT_NE(result.statistics.family, SchemeFamily::tree);
}

TEST(TreeScheme, IsAForestWhereBasesDiffer) {
  const Context context = Context::cpu();
  Random random(38);
  PlainMixture plain = random.homogeneous_mixture(3, 2, 0.5);
  const PlainMixture other = random.homogeneous_mixture(2, 2, 0.5);
  for (int i = 0; i < 2; ++i) {
    plain.means.push_back(VectorXd{{40.0, 0.0}} + other.means[i]);
    plain.covariances.push_back(other.covariances[i]);
  }
  plain.weights = {0.1, 0.2, 0.3, 0.15, 0.25};
  const Scheme scheme =
      make_scheme(context, plain.build(context), {.support = 50, .family = SchemeFamily::tree})
          .scheme;
  ASSERT_EQ(scheme.layers().size(), 2);
  EXPECT_EQ(scheme.support(), 50);
  const std::vector<std::int64_t> first{0, 1, 2}, second{3, 4};
  EXPECT_TRUE(scheme.layers()[0].components == first || scheme.layers()[1].components == first);
  EXPECT_TRUE(scheme.layers()[0].components == second || scheme.layers()[1].components == second);
}

TEST(TreeScheme, WithFewerPointsThanComponentsIsNoWorseThanMergingThem) {
  const Context context = Context::cpu();
  Random random(39);
  for (const double spread : {0.5, 20.0}) {
    const auto mixture = random.mixture(30, 2, spread).build(context);
    const auto tree = quantize(context, mixture, {.support = 12, .family = SchemeFamily::tree});
    const auto merged =
        quantize(context, mixture, {.support = 12, .family = SchemeFamily::per_component});
    EXPECT_LE(tree.distribution.size(), 12);
    EXPECT_LE(tree.certificate.w2, merged.certificate.w2 * (1 + 1e-3)) << spread;
  }
}

TEST(TreeScheme, OfPointMassesNeedsNoMoreThanThem) {
  const Context context = Context::cpu();
  const double weights[] = {0.25, 0.25, 0.5};
  const double means[] = {0, 0, 3, 1, -2, 5};
  const double variances[] = {0, 0, 0, 0, 0, 0};
  const auto mixture =
      GaussianMixture::diagonal(context, {weights, 3}, {means, 3, 2}, {variances, 3, 2});
  const auto result = quantize(context, mixture, {.support = 10, .family = SchemeFamily::tree});
  EXPECT_EQ(result.distribution.size(), 3);
  EXPECT_EQ(result.certificate.cells, 0);
  EXPECT_LT(result.certificate.w2, 2e-6);  // the root of what rounding of probabilities may move
}

/// In one dimension W₂ is attained by quantiles, and a tree sends them to its points in order.
TEST(TreeScheme, OnALineIsExact) {
  const Context context = Context::cpu();
  Random random(40);
  const auto mixture = random.homogeneous_mixture(3, 1, 2).build(context);
  const auto result = quantize(context, mixture, {.support = 9, .family = SchemeFamily::tree});
  std::vector<std::int64_t> order(9);
  std::iota(order.begin(), order.end(), 0);
  const auto at = [&](std::int64_t a) { return result.distribution.locations()(a, 0); };
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return at(a) < at(b); });
  // ∫ (F⁻¹(t) − G⁻¹(t))² dt over x, by the midpoint rule on a fine grid.
  double square = 0;
  double below = 0;
  std::size_t n = 0;
  double filled = result.distribution.probabilities()(order[0]);
  constexpr double kStep = 1e-4;
  for (double x = -25; x < 25; x += kStep) {
    double density = 0;
    const double middle = x + kStep / 2;
    for (std::int64_t i = 0; i < 3; ++i) {
      const double variance = mixture.eigenvalues()(i, 0);
      const double offset = middle - mixture.means()(i, 0);
      density += mixture.weights()[i] * std::exp(-offset * offset / (2 * variance)) /
                 std::sqrt(2 * M_PI * variance);
    }
    below += density * kStep / 2;
    while (below > filled && n + 1 < order.size())
      filled += result.distribution.probabilities()(order[++n]);
    square += density * kStep * (middle - at(order[n])) * (middle - at(order[n]));
    below += density * kStep / 2;
  }
  EXPECT_NEAR(result.certificate.w2, std::sqrt(square), 1e-5);
  EXPECT_GE(result.certificate.w2, std::sqrt(square) * (1 - 1e-5));
}

TEST(TreeScheme, ReachesThePrototype) {
  const Context context = Context::cpu();
  const auto w2 = [&](const VectorXd& variances, std::int64_t support) {
    return quantize(context, test::centred_gaussian(variances).build(context),
                    {.support = support, .family = SchemeFamily::tree})
        .certificate.w2;
  };
  EXPECT_LE(w2(VectorXd::Ones(2), 1000), 0.06705);
  EXPECT_LE(w2(VectorXd::Ones(3), 1000), 0.24865);
  EXPECT_LE(w2(VectorXd::Ones(5), 1000), 0.76775);
  EXPECT_LE(w2(VectorXd::Ones(10), 1000), 1.91415);
  const VectorXd decay = VectorXd::LinSpaced(256, 1, 256).cwiseAbs2().cwiseInverse();
  EXPECT_LE(w2(decay, 100), 0.59345);
  EXPECT_LE(w2(decay, 1000), 0.50675);
}

}  // namespace
}  // namespace wquant
