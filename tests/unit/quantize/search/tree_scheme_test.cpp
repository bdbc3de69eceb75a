// Covers also: tree_growth.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::PlainMixture;
using test::Random;
using test::VectorXd;

const Tree& tree_of(const Scheme& scheme, std::size_t layer = 0) {
  return std::get<Tree>(scheme.layers()[layer].pattern);
}

TEST(TreeScheme, TilesTheSpace) {
  const Context context = Context::cpu();
  Random random(32);
  for (const std::int64_t d : {1, 2, 5}) {
    const auto mixture = random.homogeneous_mixture(7, d, 2).build(context);
    const Scheme scheme =
        make_scheme(context, mixture, {.support = 60, .family = SchemeFamily::tree});
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
  const Scheme small = make_scheme(context, mixture, {.support = 20, .family = SchemeFamily::tree});
  const Scheme large = make_scheme(context, mixture, {.support = 90, .family = SchemeFamily::tree});
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
      make_scheme(context, plain.build(context), {.support = 50, .family = SchemeFamily::tree});
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
