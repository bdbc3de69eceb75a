#include "wquant/product.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/mixtures.hpp"
#include "wquant/compress.hpp"

namespace wquant {
namespace {

using test::Random;
using test::VectorXd;

DiscreteDistribution discrete(const std::vector<double>& locations, std::int64_t d,
                              const std::vector<double>& probabilities) {
  return {Array<double>::from_host(locations, d), Array<double>::from_host(probabilities)};
}

TEST(Product, PutsIndependentPartsSideBySideTheLastFastest) {
  const Context context = Context::cpu();
  const auto a = discrete({1, 2}, 1, {0.25, 0.75});
  const auto b = discrete({10, 20, 30, 40, 50, 60}, 2, {0.5, 0.25, 0.25});
  const auto both = product(context, a, b);
  ASSERT_EQ(both.size(), 6);
  ASSERT_EQ(both.dimension(), 3);
  const std::vector<double> locations{1, 10, 20, 1, 30, 40, 1, 50, 60,
                                      2, 10, 20, 2, 30, 40, 2, 50, 60};
  const std::vector<double> probabilities{0.125, 0.0625, 0.0625, 0.375, 0.1875, 0.1875};
  for (std::int64_t i = 0; i < 6; ++i) {
    EXPECT_EQ(both.probabilities()(i), probabilities[i]);
    for (std::int64_t k = 0; k < 3; ++k) EXPECT_EQ(both.locations()(i, k), locations[i * 3 + k]);
  }
}

TEST(Product, HasTheMomentsOfIndependentParts) {
  const Context context = Context::cpu();
  Random random(231);
  const auto x = quantize(context, random.mixture(2, 2, 1).build(context), {.support = 20});
  const auto y = quantize(context, random.mixture(3, 1, 1).build(context), {.support = 7});
  const auto both = product(context, x.distribution, y.distribution);
  const auto covariance = both.covariance();
  for (std::int64_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(both.mean()[k], x.distribution.mean()[k], 1e-13);
    EXPECT_NEAR(covariance[k * 3 + 2], 0, 1e-13);
    for (std::int64_t l = 0; l < 2; ++l)
      EXPECT_NEAR(covariance[k * 3 + l], x.distribution.covariance()[k * 2 + l], 1e-12);
  }
  EXPECT_NEAR(both.mean()[2], y.distribution.mean()[0], 1e-13);
}

/// The product of optimal grids of N(0, λ_k) is the product grid of N(0, diag λ).
TEST(Product, OfGridsHasTheCertificateOfTheProductGrid) {
  const Context context = Context::cpu();
  const auto normal = [&](double variance) {
    return test::centred_gaussian(VectorXd{{variance}}).build(context);
  };
  const auto x = quantize(context, normal(4), {.support = 8});
  const auto y = quantize(context, normal(1), {.support = 5});
  const auto both = product(context, x, y);
  const double truth =
      std::sqrt(4 * normal_quantizer(8)->distortion + normal_quantizer(5)->distortion);
  EXPECT_GE(both.certificate.w2, truth * (1 - 1e-15));
  EXPECT_LT(both.certificate.w2 / truth - 1, 1e-11);
  EXPECT_NEAR(both.certificate.w2, std::hypot(x.certificate.w2, y.certificate.w2), 1e-11);
  EXPECT_LT(both.certificate.centroid_gap, 1e-12);
  EXPECT_NO_THROW(compress(context, both, {.support = 6}));
}

TEST(Product, AddsSquaresAndKeepsTheIdentityOfParts) {
  const Context context = Context::cpu();
  const CertifiedDistribution x{discrete({0, 1}, 1, {0.5, 0.5}),
                                {.w2 = 9.5,
                                 .cells = 9,
                                 .dropped = 16,
                                 .reduction = 3,
                                 .basis = 1,
                                 .rounding = 0.5,
                                 .centroid_gap = 3}};
  const CertifiedDistribution y{
      discrete({0, 1}, 1, {0.5, 0.5}),
      {.w2 = 17, .cells = 144, .reduction = 4, .basis = 0.5, .rounding = 0.5, .centroid_gap = 4}};
  const Certificate c = product(context, x, y).certificate;
  EXPECT_NEAR(c.cells, 153, 1e-12);
  EXPECT_NEAR(c.dropped, 16, 1e-13);
  EXPECT_NEAR(c.reduction, 5, 1e-13);
  EXPECT_NEAR(c.centroid_gap, 5, 1e-13);
  EXPECT_GE(c.w2, std::hypot(9.5, 17));
  EXPECT_NEAR(c.w2, std::sqrt(c.cells + c.dropped) + c.reduction + c.basis + c.rounding, 1e-13);
}

/// P itself on both sides: only the rounding of products may be charged, and dyadic ones are exact.
TEST(Product, OfExactDistributionsChargesTheRoundingOfProbabilities) {
  const Context context = Context::cpu();
  const CertifiedDistribution dyadic{discrete({0, 1}, 1, {0.25, 0.75}), {}};
  EXPECT_EQ(product(context, dyadic, dyadic).certificate.w2, 0);
  const CertifiedDistribution tenths{discrete({0, 1}, 1, {0.1, 0.9}), {}};
  const double w2 = product(context, tenths, tenths).certificate.w2;
  EXPECT_GT(w2, 1e-9);
  EXPECT_LT(w2, 1e-6);
}

TEST(Product, NormalisesProbabilitiesThatAreOffByRounding) {
  const Context context = Context::cpu();
  const auto off = discrete({0, 1}, 1, {0.5, 0.5 + 9e-10});
  const auto many = product(context, std::vector(10, std::cref(off)));
  double sum = 0;
  for (std::int64_t a = 0; a < many.size(); ++a) sum += many.probabilities()(a);
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(Product, ChargesProbabilitiesThatVanish) {
  const Context context = Context::cpu();
  const CertifiedDistribution faint{discrete({0, 1e140}, 1, {1, 1e-200}), {}};
  const auto both = product(context, faint, faint);
  EXPECT_EQ(both.distribution.probabilities()(3), 0);
  EXPECT_GE(both.certificate.w2, 1e-200 * 1e140);
}

TEST(Product, RefusesWhatItCannotHold) {
  const Context context = Context::cpu({.workspace_limit = 1 << 20});
  const auto one = discrete({0, 1}, 1, {0.5, 0.5});
  using Factors = std::vector<std::reference_wrapper<const DiscreteDistribution>>;
  EXPECT_THROW(product(context, Factors{}), InvalidArgument);
  EXPECT_THROW(product(context, Factors(20, one)), OutOfMemory);
  EXPECT_THROW(product(context, Factors(100, one)), InvalidArgument);
}

}  // namespace
}  // namespace wquant
