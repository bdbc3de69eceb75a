#include <gtest/gtest.h>

#include "accuracy/instances.hpp"

namespace wquant {
namespace {

using test::Excess;
using test::Kind;
using test::PlainMixture;
using test::Real;

QuantizeOptions options(SchemeFamily family, int trial) {
  return {.support = 2 + trial % 15, .family = family};
}

Excess compare(SchemeFamily family, bool aligned, int trials, std::uint64_t seed) {
  test::Random random(seed);
  const Context context = Context::cpu();
  Excess excess(std::string(name(family)) + (aligned ? "_aligned" : "_turned"));
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < trials; ++trial) {
      const std::int64_t count = 1 + trial % 3;
      const PlainMixture plain = test::instance(random, kind, count, 1 + trial / 3 % 3, aligned);
      const GaussianMixture mixture = plain.build(context);
      const auto result = quantize(context, mixture, options(family, trial));
      if (!test::has_grids_and_trees_only(result.scheme)) continue;
      const Real exact = test::exact_parts(result.scheme, plain).bound();
      const double noise = test::is_delicate(kind)
                               ? test::stored_noise(plain, static_cast<double>(exact), aligned)
                               : 0;
      excess.add(kind, result.certificate.w2, exact, noise);
    }
  return excess;
}

TEST(GridFamilies, SharedGridsAlongTheirAxes) {
  compare(SchemeFamily::grid, true, 200, 1).expect_small();
}
TEST(GridFamilies, GridsOfComponentsAlongTheirAxes) {
  compare(SchemeFamily::per_component, true, 200, 2).expect_small();
}
TEST(GridFamilies, GridsOfComponentsInTheirOwnEigenbases) {
  compare(SchemeFamily::per_component, false, 200, 3).expect_small();
}
TEST(GridFamilies, GridsOfModesAlongTheirAxes) {
  compare(SchemeFamily::per_mode, true, 100, 4).expect_small();
}
TEST(GridFamilies, TreesAlongTheirAxes) { compare(SchemeFamily::tree, true, 60, 5).expect_small(); }

/// Eigenvectors are taken at their word, orthonormal or not: Σ is the product of the numbers.
TEST(GridFamilies, OfEigenvectorsThatAreNotQuiteOrthonormal) {
  test::Random random(8);
  const Context context = Context::cpu();
  for (int trial = 0; trial < 300; ++trial) {
    const std::int64_t d = 2 + trial % 2;
    const test::RowMajor v = random.rotation(d) + 1e-8 * (trial % 3) * random.rotation(d);
    const test::VectorXd mean = random.normal_vector(d);
    std::vector<double> lambda;
    for (std::int64_t k = 0; k < d; ++k)
      lambda.push_back(trial % 2 ? std::pow(10, random.uniform(-6, 0)) : random.uniform(0.05, 2));
    test::RealMatrix sigma(static_cast<std::size_t>(d));
    for (std::int64_t a = 0; a < d; ++a)
      for (std::int64_t b = 0; b < d; ++b)
        for (std::int64_t k = 0; k < d; ++k)
          sigma(static_cast<std::size_t>(a), static_cast<std::size_t>(b)) +=
              Real(v(a, k)) * lambda[static_cast<std::size_t>(k)] * v(b, k);
    const double weight[] = {1};
    const auto mixture = GaussianMixture::eigen(context, {weight, 1}, {mean.data(), 1, d},
                                                {lambda.data(), 1, d}, {v.data(), 1, d, d});
    const auto result = quantize(context, mixture, options(SchemeFamily::grid, trial));
    const Real exact =
        test::exact_parts(std::get<Grid>(result.scheme.layers()[0].pattern), mean, sigma).bound();
    EXPECT_GE(Real(result.certificate.w2), exact) << trial;
    EXPECT_LT(static_cast<double>(result.certificate.w2 / exact - 1), trial % 3 ? 1e-4 : 1e-6);
  }
}

/// Axes that fit no component: `basis` comes from an inequality, which has an excess of its own.
TEST(GridFamilies, SharedGridsInNobodysEigenbasis) {
  compare(SchemeFamily::grid, false, 150, 6).report();
}
TEST(GridFamilies, GridsOfModesInNobodysEigenbasis) {
  compare(SchemeFamily::per_mode, false, 30, 7).report();
}

}  // namespace
}  // namespace wquant
