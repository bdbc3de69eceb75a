#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::VectorXd;

class PerMode : public ::testing::Test {
 protected:
  Quantization run(const PlainMixture& plain, std::int64_t support,
                   LocalScale local = LocalScale::best) const {
    return quantize(context_, plain.build(context_),
                    {.support = support, .family = SchemeFamily::per_mode, .local = local});
  }
  Context context_ = Context::cpu();
};

/// Heaps of `each` components far apart.
PlainMixture heaps(Random& random, std::int64_t count, std::int64_t each, std::int64_t d,
                   bool commute) {
  PlainMixture out{random.weights(count * each), {}, {}};
  for (std::int64_t h = 0; h < count; ++h) {
    const VectorXd centre = 30 * random.normal_vector(d);
    const PlainMixture heap =
        commute ? random.homogeneous_mixture(each, d, 0.3) : random.mixture(each, d, 0.3);
    for (std::int64_t i = 0; i < each; ++i) {
      out.means.push_back(centre + heap.means[i]);
      out.covariances.push_back(heap.covariances[i]);
    }
  }
  return out;
}

TEST_F(PerMode, OfOneGaussianIsItsGrid) {
  Random random(1);
  const PlainMixture plain = random.mixture(1, 3, 1);
  const auto grid =
      quantize(context_, plain.build(context_), {.support = 60, .family = SchemeFamily::grid});
  EXPECT_EQ(run(plain, 60).certificate.w2, grid.certificate.w2);
}

TEST_F(PerMode, HasOneLayerAModeWhereTheGroupsCommute) {
  Random random(2);
  const PlainMixture plain = heaps(random, 5, 4, 3, true);
  const auto result = run(plain, 200);
  EXPECT_EQ(result.scheme.layers().size(), 5u);
  EXPECT_LE(result.scheme.support(), 200);
  for (const Layer& layer : result.scheme.layers()) {
    EXPECT_EQ(layer.components.size(), 4u);
    for (const std::int64_t i : layer.components) EXPECT_EQ(i / 4, layer.components.front() / 4);
  }
  const auto apart = quantize(context_, plain.build(context_),
                              {.support = 200, .family = SchemeFamily::per_component});
  EXPECT_LT(result.certificate.w2, apart.certificate.w2);
}

TEST_F(PerMode, BestIsTheBetterOfBothScales) {
  Random random(3);
  for (const std::int64_t d : {1, 2, 4}) {
    const PlainMixture plain = random.homogeneous_mixture(20, d, 1.5);
    const double hessian = run(plain, 90, LocalScale::hessian).certificate.w2;
    const double moments = run(plain, 90, LocalScale::moments).certificate.w2;
    const double best = run(plain, 90, LocalScale::best).certificate.w2;
    EXPECT_LE(best, std::min(hessian, moments) * (1 + 1e-12));
  }
}

/// Groups that do not commute: never worse than the grid with its mismatch.
TEST_F(PerMode, TakesTheBestOfGridAndComponentsWhereTheyDoNotCommute) {
  Random random(4);
  for (const std::int64_t support : {3, 20, 300}) {
    const PlainMixture plain = random.mixture(6, 2, 0.2);
    const auto result = run(plain, support);
    EXPECT_LE(result.scheme.support(), support);
    const auto mixture = plain.build(context_);
    if (find_modes(context_, mixture).size() > 1) continue;
    for (const SchemeFamily family : {SchemeFamily::grid, SchemeFamily::per_component})
      EXPECT_LE(result.certificate.w2,
                quantize(context_, mixture, {.support = support, .family = family}).certificate.w2 *
                    (1 + 1e-12));
  }
}

TEST_F(PerMode, JoinsGroupsWherePointsAreFewerThanModes) {
  Random random(5);
  const PlainMixture plain = heaps(random, 12, 2, 2, true);
  double before = INFINITY;
  for (const std::int64_t support : {1, 5, 11, 12, 40}) {
    const auto result = run(plain, support);
    EXPECT_LE(result.scheme.support(), support);
    EXPECT_LT(result.certificate.w2, before) << support;
    before = result.certificate.w2;
  }
}

TEST_F(PerMode, MeetsATolerance) {
  Random random(6);
  const PlainMixture plain = heaps(random, 4, 3, 2, true);
  const auto mixture = plain.build(context_);
  const double tolerance = run(plain, 120).certificate.w2;
  const auto result =
      quantize(context_, mixture, {.tolerance = tolerance, .family = SchemeFamily::per_mode});
  EXPECT_LE(result.certificate.w2, tolerance);
  EXPECT_LE(result.distribution.size(), 120);
  EXPECT_GT(run(plain, result.distribution.size() - 1).certificate.w2, tolerance);
}

TEST_F(PerMode, DoesNotDependOnTheOrderOfTheComponents) {
  Random random(7);
  const PlainMixture plain = random.homogeneous_mixture(60, 2, 4);
  std::vector<std::size_t> order(60);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937_64(8));
  PlainMixture shuffled;
  for (const std::size_t i : order) {
    shuffled.weights.push_back(plain.weights[i]);
    shuffled.means.push_back(plain.means[i]);
    shuffled.covariances.push_back(plain.covariances[i]);
  }
  const auto a = run(plain, 300);
  const auto b = run(shuffled, 300);
  EXPECT_NEAR(a.certificate.w2, b.certificate.w2, 1e-9 * a.certificate.w2);
  EXPECT_EQ(a.distribution.size(), b.distribution.size());
}

TEST_F(PerMode, HasTheSameBitsForAnyNumberOfThreads) {
  Random random(9);
  const auto mixture = random.mixture(80, 2, 4).build(context_);
  const QuantizeOptions options{.support = 400, .family = SchemeFamily::per_mode};
  const auto one = quantize(Context::cpu({.threads = 1}), mixture, options);
  const auto four = quantize(Context::cpu({.threads = 4}), mixture, options);
  EXPECT_EQ(one.certificate.w2, four.certificate.w2);
  ASSERT_EQ(one.distribution.size(), four.distribution.size());
  const auto& a = one.distribution.locations();
  const auto& b = four.distribution.locations();
  EXPECT_TRUE(std::equal(a.data(), a.data() + a.size(), b.data()));
}

TEST_F(PerMode, PutsPointsInSingularSupports) {
  PlainMixture plain;
  for (int i = 0; i < 3; ++i) {
    const VectorXd along{{std::cos(i), std::sin(i)}};
    plain.weights.push_back(1.0 / 3);
    plain.means.push_back(VectorXd{{10.0 * i, 0.0}});
    plain.covariances.push_back(along * along.transpose());
  }
  const auto result = run(plain, 30);
  EXPECT_NEAR(result.certificate.w2, std::sqrt(normal_distortion(10)), 1e-6);
}

/// The one-mode mixture of these two Gaussians on a line: the mean of the grid is theirs.
TEST_F(PerMode, StationaryPointsKeepTheMean) {
  Random random(10);
  const PlainMixture plain = random.homogeneous_mixture(5, 2, 0.5);
  const auto result = run(plain, 60, LocalScale::hessian);
  for (std::int64_t k = 0; k < 2; ++k)
    EXPECT_NEAR(result.distribution.mean()[k], plain.mean()[k], 1e-7);
}

}  // namespace
}  // namespace wquant
