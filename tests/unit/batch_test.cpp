#include <gtest/gtest.h>

#include <cstring>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::PlainMixture;
using test::Random;
using test::VectorXd;

bool same_bits(const double* a, const double* b, std::int64_t count) {
  return std::memcmp(a, b, static_cast<std::size_t>(count) * sizeof(double)) == 0;
}

bool same_bits(const Certificate& a, const Certificate& b) {
  return std::memcmp(&a, &b, sizeof(Certificate)) == 0;
}

/// Mixtures of one dimension, of different numbers of components, with options of their own.
struct Problem {
  std::vector<GaussianMixture> mixtures;
  std::vector<QuantizeOptions> options;
};

Problem random_problem(const Context& context, std::int64_t count, std::int64_t d) {
  Random random(51);
  Problem out;
  const SchemeFamily families[] = {SchemeFamily::automatic, SchemeFamily::grid,
                                   SchemeFamily::per_component, SchemeFamily::cross};
  for (std::int64_t b = 0; b < count; ++b) {
    const std::int64_t components = 1 + (b * 7) % 5;
    const PlainMixture plain = b % 3 == 0 ? random.mixture(components, d, 2)
                                          : random.homogeneous_mixture(components, d, 1);
    out.mixtures.push_back(plain.build(context));
    out.options.push_back({.support = 1 + (b * 13) % 40, .scheme = families[b % 4]});
    if (b % 11 == 0) out.options.back().tolerance = 3;
  }
  return out;
}

TEST(Batch, HasTheBitsOfOneByOneForAnyNumberOfThreads) {
  for (const int threads : {1, 2, 8}) {
    const Context context = Context::cpu({.threads = threads});
    for (const std::int64_t d : {1, 2, 4}) {
      const Problem problem = random_problem(context, 60, d);
      const QuantizationBatch batch = quantize(context, problem.mixtures, problem.options);
      ASSERT_EQ(batch.distributions.count(), 60);
      for (std::int64_t b = 0; b < 60; ++b) {
        const Quantization one = quantize(context, problem.mixtures[b], problem.options[b]);
        const std::int64_t size = one.distribution.size();
        ASSERT_EQ(batch.distributions.size(b), size) << b;
        EXPECT_TRUE(same_bits(batch.certificates[b], one.certificate)) << b;
        EXPECT_EQ(batch.families[b], one.statistics.family);
        EXPECT_TRUE(same_bits(batch.distributions.locations_of(b).data,
                              one.distribution.locations().data(), size * d))
            << b;
        EXPECT_TRUE(same_bits(batch.distributions.probabilities_of(b).data,
                              one.distribution.probabilities().data(), size))
            << b;
        const DiscreteDistribution copy = batch.distributions.distribution(b);
        EXPECT_EQ(copy.size(), size);
        EXPECT_EQ(copy.mean(), one.distribution.mean());
      }
    }
  }
}

TEST(Batch, DoesNotDependOnWhatElseIsInIt) {
  const Context context = Context::cpu();
  const Problem problem = random_problem(context, 24, 3);
  const QuantizationBatch all = quantize(context, problem.mixtures, problem.options);
  const std::vector<GaussianMixture> reversed(problem.mixtures.rbegin(), problem.mixtures.rend());
  const std::vector<QuantizeOptions> options(problem.options.rbegin(), problem.options.rend());
  const QuantizationBatch backwards = quantize(context, reversed, options);
  for (std::int64_t b = 0; b < 24; ++b)
    EXPECT_TRUE(same_bits(all.certificates[b], backwards.certificates[23 - b]));
}

TEST(Batch, OfSchemesEqualsApplyingThemOneByOne) {
  const Context context = Context::cpu();
  Random random(52);
  std::vector<GaussianMixture> mixtures;
  std::vector<Scheme> schemes;
  const double where[] = {0, 0, 1, 2, -1, 1};
  for (int b = 0; b < 12; ++b) {
    mixtures.push_back(random.homogeneous_mixture(3, 2, 1).build(context));
    const Axes axes = Axes::standard({0, 0});
    if (b % 3 == 0)
      schemes.push_back(Scheme::grid(Grid(axes, {{-1, 1}, {0, 1}}).within({-2, -2}, {2, 2}), 3));
    else if (b % 3 == 1)
      schemes.push_back(Scheme::free(FreePoints({where, 3, 2}, 500), 3));
    else
      schemes.push_back(Scheme::cross(Cross(axes, {0.5, 1.5}), 3));
  }
  const CertifiedBatch batch = apply(context, schemes, mixtures);
  for (std::int64_t b = 0; b < 12; ++b) {
    const CertifiedDistribution one = apply(context, schemes[b], mixtures[b]);
    EXPECT_TRUE(same_bits(batch.certificates[b], one.certificate)) << b;
    EXPECT_TRUE(same_bits(batch.distributions.locations_of(b).data,
                          one.distribution.locations().data(), one.distribution.size() * 2));
    EXPECT_TRUE(same_bits(batch.distributions.probabilities_of(b).data,
                          one.distribution.probabilities().data(), one.distribution.size()));
  }
}

TEST(Batch, OneSetOfOptionsServesAll) {
  const Context context = Context::cpu();
  const Problem problem = random_problem(context, 5, 2);
  const QuantizeOptions options{.support = 7};
  const QuantizationBatch batch = quantize(context, problem.mixtures, {&options, 1});
  for (std::int64_t b = 0; b < 5; ++b) {
    EXPECT_LE(batch.distributions.size(b), 7);
    EXPECT_TRUE(same_bits(batch.certificates[b],
                          quantize(context, problem.mixtures[b], options).certificate));
  }
}

TEST(Batch, RefusesWhatDoesNotFitTogether) {
  const Context context = Context::cpu({.workspace_limit = 1 << 20});
  Random random(53);
  std::vector<GaussianMixture> mixtures;
  mixtures.push_back(random.mixture(1, 2, 1).build(context));
  mixtures.push_back(random.mixture(1, 3, 1).build(context));
  const std::vector<QuantizeOptions> three(3);
  const QuantizeOptions one;
  EXPECT_THROW(quantize(context, mixtures, {&one, 1}), InvalidArgument);  // dimensions
  EXPECT_THROW(quantize(context, mixtures, three), InvalidArgument);
  EXPECT_THROW(quantize(context, std::span<const GaussianMixture>{}, {&one, 1}), InvalidArgument);
  const std::vector<GaussianMixture> many(100, mixtures[0]);
  const QuantizeOptions large{.support = 1000};
  EXPECT_THROW(quantize(context, many, {&large, 1}), OutOfMemory);
}

TEST(Batch, CanBeCancelled) {
  const Context context = Context::cpu();
  const Problem problem = random_problem(context, 30, 2);
  int calls = 0;
  QuantizeOptions options{.support = 20};
  options.progress = [&](const Progress&) { return ++calls < 2; };
  EXPECT_THROW(quantize(context, problem.mixtures, {&options, 1}), Cancelled);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace wquant
