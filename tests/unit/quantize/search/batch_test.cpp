// Covers: quantize, quantize/certificate/apply, quantize/mixture/gaussian_mixture. Batches have the
// bits of one by one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>

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
    out.options.push_back({.support = 1 + (b * 13) % 40, .family = families[b % 4]});
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

TEST(Batch, InAnyOrderHasTheSameBitsInThatOrder) {
  constexpr std::int64_t kCount = 24;
  const Context context = Context::cpu();
  Problem problem = random_problem(context, kCount, 3);
  problem.options[5].family = SchemeFamily::per_mode;
  problem.options[6].family = SchemeFamily::tree;
  problem.options[7].family = SchemeFamily::lloyd;
  const QuantizationBatch all = quantize(context, problem.mixtures, problem.options);
  std::vector<std::int64_t> order(kCount);
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 engine(53);
  for (int round = 0; round < 4; ++round) {
    std::shuffle(order.begin(), order.end(), engine);
    std::vector<GaussianMixture> mixtures;
    std::vector<QuantizeOptions> options;
    for (const std::int64_t b : order) {
      mixtures.push_back(problem.mixtures[b]);
      options.push_back(problem.options[b]);
    }
    const QuantizationBatch shuffled = quantize(context, mixtures, options);
    for (std::int64_t at = 0; at < kCount; ++at) {
      const std::int64_t b = order[at];
      const std::int64_t size = all.distributions.size(b);
      ASSERT_EQ(shuffled.distributions.size(at), size) << b;
      EXPECT_TRUE(same_bits(shuffled.certificates[at], all.certificates[b])) << b;
      EXPECT_TRUE(same_bits(shuffled.distributions.locations_of(at).data,
                            all.distributions.locations_of(b).data, size * 3))
          << b;
      EXPECT_TRUE(same_bits(shuffled.distributions.probabilities_of(at).data,
                            all.distributions.probabilities_of(b).data, size))
          << b;
    }
  }
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

/// Decomposed together, the mixtures have the bits that they have one by one.
TEST(MixtureBatch, EqualsMixturesMadeOneByOne) {
  const Context context = Context::cpu();
  Random random(54);
  const std::vector<std::int64_t> sizes{2, 1, 4};
  std::vector<double> weights, means, covariances;
  std::vector<GaussianMixture> apart;
  for (const std::int64_t size : sizes) {
    PlainMixture plain = random.mixture(size, 3, 1);
    if (size == 1) plain.covariances[0] = VectorXd{{1.0, 2.0, 3.0}}.asDiagonal();
    apart.push_back(plain.build(context));
    for (std::int64_t i = 0; i < size; ++i) {
      weights.push_back(plain.weights[i]);
      means.insert(means.end(), plain.means[i].begin(), plain.means[i].end());
      const test::RowMajor sigma = plain.covariances[i];
      covariances.insert(covariances.end(), sigma.data(), sigma.data() + 9);
    }
  }
  const auto batch = GaussianMixture::full_batch(
      context, sizes, {weights.data(), 7}, {means.data(), 7, 3}, {covariances.data(), 7, 3, 3});
  ASSERT_EQ(batch.size(), 3);
  for (std::size_t b = 0; b < 3; ++b) {
    EXPECT_EQ(batch[b].basis(), apart[b].basis());
    EXPECT_EQ(batch[b].weight_error(), apart[b].weight_error());
    EXPECT_TRUE(same_bits(batch[b].weights().data, apart[b].weights().data, sizes[b]));
    EXPECT_TRUE(same_bits(batch[b].eigenvalues().data, apart[b].eigenvalues().data, 3 * sizes[b]));
    for (std::int64_t i = 0; i < sizes[b]; ++i) {
      EXPECT_EQ(batch[b].covariance(i), apart[b].covariance(i));
      EXPECT_EQ(batch[b].factor_error(i), apart[b].factor_error(i));
    }
  }
}

TEST(MixtureBatch, NamesTheMixtureThatIsWrong) {
  const Context context = Context::cpu();
  const double weights[] = {1, 0.5, 0.5};
  const double means[] = {0, 0, 0};
  double covariances[] = {1, 1, 1};
  const auto make = [&](std::vector<std::int64_t> sizes) {
    return GaussianMixture::full_batch(context, sizes, {weights, 3}, {means, 3, 1},
                                       {covariances, 3, 1, 1});
  };
  EXPECT_EQ(make({1, 2}).size(), 2);
  EXPECT_THROW(make({1, 1}), InvalidArgument);
  EXPECT_THROW(make({1, 3}), InvalidArgument);
  EXPECT_THROW(make({0, 3}), InvalidArgument);
  try {
    make({1, 1, 1});  // the weights of the second sum to ½
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(std::string(error.what()).rfind("mixtures[1]: weights", 0), 0) << error.what();
  }
  covariances[2] = -1;
  EXPECT_THROW(make({1, 2}), NotPositiveSemidefinite);
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
