#include "wquant/reduce.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "support/decompositions.hpp"
#include "support/line_transport.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::LineMixture;
using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::VectorXd;

using Indices = std::vector<std::int64_t>;

GaussianMixture on_line(const Context& context, const std::vector<double>& weights,
                        const std::vector<double>& means, const std::vector<double>& variances) {
  const auto count = static_cast<std::int64_t>(weights.size());
  return GaussianMixture::diagonal(context, {weights.data(), count}, {means.data(), count, 1},
                                   {variances.data(), count, 1});
}

PlainMixture chosen(const PlainMixture& mixture, const Indices& indices) {
  PlainMixture out;
  for (const std::int64_t i : indices) {
    out.weights.push_back(mixture.weights[i]);
    out.means.push_back(mixture.means[i]);
    out.covariances.push_back(mixture.covariances[i]);
  }
  return out;
}

/// Weights that are multiples of 2⁻²⁰: any sum of them is exact.
PlainMixture with_exact_weights(PlainMixture mixture) {
  double rest = 1;
  for (std::size_t i = 1; i < mixture.weights.size(); ++i) {
    mixture.weights[i] = std::floor(mixture.weights[i] * 0x1p20) * 0x1p-20;
    rest -= mixture.weights[i];
  }
  mixture.weights[0] = rest;
  return mixture;
}

/// The numbers of each component, in an order that no permutation changes.
std::vector<std::vector<double>> sorted_components(const GaussianMixture& mixture) {
  std::vector<std::vector<double>> out;
  const std::int64_t d = mixture.dimension();
  for (std::int64_t i = 0; i < mixture.components(); ++i) {
    std::vector<double> one{mixture.weights()[i], mixture.factor_error(i)};
    one.insert(one.end(), mixture.means().row(i), mixture.means().row(i) + d);
    one.insert(one.end(), mixture.eigenvalues().row(i), mixture.eigenvalues().row(i) + d);
    const std::vector<double> sigma = mixture.covariance(i);
    one.insert(one.end(), sigma.begin(), sigma.end());
    out.push_back(std::move(one));
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// W₂ of the images under the random directions that are farthest apart: never above W₂.
double projected_distance(const GaussianMixture& a, const GaussianMixture& b, Random& random) {
  double largest = 0;
  for (int trial = 0; trial < 8; ++trial) {
    const VectorXd direction = random.normal_vector(a.dimension()).normalized();
    const std::vector<double> v(direction.begin(), direction.end());
    largest = std::max(largest, test::line_distance({a, v}, {b, v}, 400));
  }
  return largest;
}

TEST(Reduce, TwoGaussiansOnALineBecomeTheirBarycentre) {
  const Context context = Context::cpu();
  const GaussianMixture two = on_line(context, {0.5, 0.5}, {0, 2}, {1, 9});
  const Reduction one = reduce(context, two, {.components = 1});
  ASSERT_EQ(one.mixture.components(), 1);
  EXPECT_EQ(one.mixture.weights()[0], 1);
  EXPECT_EQ(one.mixture.means()(0, 0), 1);
  EXPECT_EQ(one.mixture.eigenvalues()(0, 0), 4);  // (½ · 1 + ½ · 3)²
  EXPECT_GE(one.bound, std::sqrt(2.0));           // Σ w ((μ − 1)² + (σ − 2)²)
  EXPECT_LT(one.bound, std::sqrt(2.0) * (1 + 1e-13));
  EXPECT_EQ(one.labels, (Indices{0, 0}));
}

TEST(Reduce, CommutingCovariancesHaveTheClosedForm) {
  const Context context = Context::cpu();
  Random random(301);
  std::vector<double> means, variances;
  const std::vector<double> weights = random.weights(40);
  for (int i = 0; i < 40 * 3; ++i) {
    means.push_back(random.normal());
    variances.push_back(random.uniform(0.1, 4));
  }
  const test::RowMajor basis = random.rotation(3);
  const MatrixView<const double> m{means.data(), 40, 3}, v{variances.data(), 40, 3};
  for (const bool shared : {false, true}) {
    const GaussianMixture given =
        shared
            ? GaussianMixture::eigen(context, {weights.data(), 40}, m, v, {basis.data(), 1, 3, 3})
            : GaussianMixture::diagonal(context, {weights.data(), 40}, m, v);
    const Reduction reduced = reduce(context, given, {.components = 7});
    EXPECT_EQ(reduced.mixture.basis(), given.basis());
    double square = 0;
    for (std::int64_t i = 0; i < 40; ++i)
      for (std::int64_t k = 0; k < 3; ++k) {
        const std::int64_t j = reduced.labels[i];
        const double mean = means[i * 3 + k] - reduced.mixture.means()(j, k);
        const double root =
            std::sqrt(variances[i * 3 + k]) - std::sqrt(reduced.mixture.eigenvalues()(j, k));
        square += given.weights()[i] * (mean * mean + root * root);
      }
    EXPECT_NEAR(reduced.bound, std::sqrt(square), 1e-13);
  }
}

/// (Σ w (‖μ_i − μ'‖² + Bures²(Σ_i, Σ')))^{1/2} for the moment-matched N(μ', Σ').
double moment_matched_cost(const PlainMixture& plain) {
  const VectorXd centre = plain.mean();
  MatrixXd sigma = MatrixXd::Zero(plain.dimension(), plain.dimension());
  for (std::size_t i = 0; i < plain.weights.size(); ++i) {
    const VectorXd offset = plain.means[i] - centre;
    sigma += plain.weights[i] * (plain.covariances[i] + offset * offset.transpose());
  }
  const MatrixXd root = test::root_of(sigma);
  double square = 0;
  for (std::size_t i = 0; i < plain.weights.size(); ++i) {
    const double fidelity = test::nuclear_norm(test::root_of(plain.covariances[i]) * root);
    square += plain.weights[i] * ((plain.means[i] - centre).squaredNorm() +
                                  plain.covariances[i].trace() + sigma.trace() - 2 * fidelity);
  }
  return std::sqrt(square);
}

TEST(Reduce, MomentMatchingWouldGainLittleOrNothing) {
  const Context context = Context::cpu();
  Random random(317);
  for (const std::int64_t d : {2, 3, 8})
    for (int trial = 0; trial < 20; ++trial) {
      PlainMixture plain = random.mixture(20, d, 0.5);
      EXPECT_LT(reduce(context, plain.build(context), {.components = 1}).bound,
                moment_matched_cost(plain));
      const MatrixXd shape = MatrixXd::NullaryExpr(d, d, [&] { return random.normal(); });
      for (int i = 0; i < 20; ++i) {
        const MatrixXd a =
            shape + 0.3 * MatrixXd::NullaryExpr(d, d, [&] { return random.normal(); });
        plain.means[i].setZero();
        plain.covariances[i] =
            a * a.transpose() / static_cast<double>(d) + 0.1 * MatrixXd::Identity(d, d);
      }
      EXPECT_LT(reduce(context, plain.build(context), {.components = 1}).bound,
                1.1 * moment_matched_cost(plain));
    }
}

TEST(Reduce, DuplicatesCostExactlyNothing) {
  const Context context = Context::cpu();
  Random random(302);
  for (const std::int64_t d : {1, 2, 5}) {
    const PlainMixture distinct = random.mixture(6, d, 2);
    PlainMixture doubled = chosen(distinct, {0, 3, 1, 2, 3, 4, 5, 0, 5, 2});
    doubled.weights = random.weights(10);
    const Reduction reduced = reduce(context, doubled.build(context), {.components = 6});
    EXPECT_EQ(reduced.bound, 0);
    EXPECT_EQ(reduced.mixture.components(), 6);
    EXPECT_EQ(reduced.labels[0], reduced.labels[7]);
    EXPECT_NEAR(reduced.mixture.weights()[reduced.labels[0]],
                doubled.weights[0] + doubled.weights[7], 1e-15);
    EXPECT_GT(reduce(context, doubled.build(context), {.components = 5}).bound, 0);
  }
}

TEST(Reduce, ComponentsWithoutWeightTakeNoPlace) {
  const Context context = Context::cpu();
  const Reduction reduced =
      reduce(context, on_line(context, {0, 1, 0}, {5, 1, -5}, {1, 2, 3}), {.components = 1});
  EXPECT_EQ(reduced.bound, 0);
  ASSERT_EQ(reduced.mixture.components(), 1);
  EXPECT_EQ(reduced.mixture.means()(0, 0), 1);
  EXPECT_EQ(reduced.mixture.eigenvalues()(0, 0), 2);
}

TEST(Reduce, WhatMergesWithNothingKeepsItsBits) {
  const Context context = Context::cpu();
  Random random(303);
  PlainMixture plain = random.mixture(5, 3, 1e-3);
  plain.means[2] += VectorXd::Constant(3, 100);
  const GaussianMixture given = plain.build(context);
  const Reduction reduced = reduce(context, given, {.components = 2});
  const std::int64_t j = reduced.labels[2];
  EXPECT_EQ(std::count(reduced.labels.begin(), reduced.labels.end(), j), 1);
  EXPECT_EQ(reduced.mixture.covariance(j), given.covariance(2));
  EXPECT_EQ(reduced.mixture.factor_error(j), given.factor_error(2));
  EXPECT_EQ(reduced.mixture.factor_error(1 - j), 0);
}

TEST(Reduce, BoundIsAboveTheDistanceOnALine) {
  const Context context = Context::cpu();
  Random random(304);
  for (int trial = 0; trial < 40; ++trial) {
    const int count = 3 + trial % 12;
    std::vector<double> means, variances;
    for (int i = 0; i < count; ++i) {
      means.push_back(random.uniform(0, 3) * random.normal());
      variances.push_back(trial % 5 == 0 && i % 2 ? 0 : std::pow(10, random.uniform(-4, 1)));
    }
    const GaussianMixture given = on_line(context, random.weights(count), means, variances);
    const Reduction reduced = reduce(context, given, {.components = 1 + trial % count});
    EXPECT_GE(reduced.bound * (1 + 1e-6) + 1e-13,
              test::line_distance({given, {1}}, {reduced.mixture, {1}}, 2000));
  }
}

TEST(Reduce, BoundIsAboveEveryProjectionsDistance) {
  const Context context = Context::cpu();
  Random random(305);
  for (const std::int64_t d : {2, 3, 6})
    for (const std::int64_t kept : {1, 3, 8}) {
      const GaussianMixture given = random.mixture(9, d, 0.3).build(context);
      const Reduction reduced = reduce(context, given, {.components = kept});
      EXPECT_GE(reduced.bound, projected_distance(given, reduced.mixture, random));
    }
}

TEST(Reduce, OrderOfTheComponentsDoesNotMatter) {
  const Context context = Context::cpu();
  Random random(306);
  PlainMixture plain = random.mixture(60, 3, 1);
  for (int i = 0; i < 20; ++i)
    plain.means[i] = plain.means[59 - i], plain.covariances[i] = plain.covariances[59 - i];
  plain = with_exact_weights(plain);
  const Reduction first = reduce(context, plain.build(context), {.components = 11, .seed = 5});
  Indices order(60);
  std::iota(order.begin(), order.end(), 0);
  for (int trial = 0; trial < 3; ++trial) {
    for (std::size_t i = 59; i > 0; --i)
      std::swap(order[i],
                order[static_cast<std::size_t>(random.uniform(0, 1) * static_cast<double>(i + 1))]);
    const Reduction other =
        reduce(context, chosen(plain, order).build(context), {.components = 11, .seed = 5});
    EXPECT_EQ(other.bound, first.bound);
    EXPECT_EQ(sorted_components(other.mixture), sorted_components(first.mixture));
    for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(other.labels[i], first.labels[order[i]]);
  }
}

TEST(Reduce, ThreadsDoNotMatter) {
  Random random(307);
  const PlainMixture plain = random.mixture(3000, 2, 3);
  const Context one = Context::cpu({.threads = 1});
  const Context four = Context::cpu({.threads = 4});
  const Reduction a = reduce(one, plain.build(one), {.components = 50});
  const Reduction b = reduce(four, plain.build(four), {.components = 50});
  EXPECT_EQ(a.bound, b.bound);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(sorted_components(a.mixture), sorted_components(b.mixture));
}

TEST(Reduce, SingularCovariances) {
  const Context context = Context::cpu();
  Random random(308);
  for (const double least : {0.0, 1e-18, 1e-14, 1e-8}) {
    PlainMixture plain{random.weights(12), {}, {}};
    for (int i = 0; i < 12; ++i) {
      const MatrixXd v = random.rotation(3);
      const MatrixXd sigma =
          v * VectorXd{{1.0, random.uniform(0.1, 1), least}}.asDiagonal() * v.transpose();
      plain.means.push_back(random.normal_vector(3));
      plain.covariances.push_back((sigma + sigma.transpose()) / 2);
    }
    const GaussianMixture given = plain.build(context);
    const Reduction reduced = reduce(context, given, {.components = 4});
    EXPECT_GE(reduced.bound, projected_distance(given, reduced.mixture, random)) << least;
    EXPECT_LT(reduced.bound, 3) << least;
  }
}

TEST(Reduce, PointMassesAreKMeans) {
  const Context context = Context::cpu();
  const Reduction reduced =
      reduce(context, on_line(context, {0.25, 0.25, 0.25, 0.25}, {0, 2, 10, 12}, {0, 0, 0, 0}),
             {.components = 2});
  EXPECT_NEAR(reduced.bound, 1, 1e-14);
  EXPECT_GE(reduced.bound, 1);
  EXPECT_EQ(reduced.mixture.eigenvalues()(0, 0), 0);
}

TEST(Reduce, AnyScale) {
  const Context context = Context::cpu();
  Random random(309);
  const PlainMixture plain = random.mixture(30, 3, 1);
  const double bound = reduce(context, plain.build(context), {.components = 5}).bound;
  for (const double scale : {1e-100, 1e-30, 1e30, 1e100}) {
    const PlainMixture scaled = plain.moved(MatrixXd::Identity(3, 3), scale, VectorXd::Zero(3));
    const Reduction reduced = reduce(context, scaled.build(context), {.components = 5});
    EXPECT_NEAR(reduced.bound / scale, bound, 1e-9 * bound) << scale;
  }
}

TEST(Reduce, ManyComponentsAreBisectedFirst) {
  const Context context = Context::cpu();
  Random random(310);
  std::vector<double> means, variances;
  const std::int64_t count = 200'000;
  const std::vector<double> weights(count, 1.0 / count);
  for (std::int64_t i = 0; i < count * 2; ++i) {
    means.push_back(random.normal());
    variances.push_back(random.uniform(0.01, 0.02));
  }
  const GaussianMixture given = GaussianMixture::diagonal(
      context, {weights.data(), count}, {means.data(), count, 2}, {variances.data(), count, 2});
  const Reduction reduced = reduce(context, given, {.components = 6000, .iterations = 1});
  EXPECT_EQ(reduced.mixture.components(), 6000);
  EXPECT_LT(reduced.bound, 0.07);  // about 0.05, as k-means of N(0, I₂) with roots 0.1 to 0.14
}

TEST(Reduce, OptionsAreCheckedAndCallsCancelled) {
  const Context context = Context::cpu();
  Random random(311);
  const GaussianMixture given = random.mixture(20, 2, 1).build(context);
  EXPECT_THROW(reduce(context, given, {.components = 0}), InvalidArgument);
  EXPECT_THROW(reduce(context, given, {.components = 2, .iterations = -1}), InvalidArgument);
  const ProgressCallback stop = [](const Progress&) { return false; };
  EXPECT_THROW(reduce(context, given, {.components = 2, .progress = stop}), Cancelled);
}

TEST(QuantizeReduced, CertificateHoldsTheReduction) {
  const Context context = Context::cpu();
  Random random(312);
  const GaussianMixture given = random.mixture(40, 2, 3).build(context);
  const QuantizeOptions options{.support = 60, .reduced_components = 8, .seed = 3};
  const Quantization out = quantize(context, given, options);
  const Reduction reduced = reduce(context, given, {.components = 8, .seed = 3});
  const CertifiedDistribution plain = apply(context, out.scheme, reduced.mixture);
  const Certificate& c = out.certificate;
  EXPECT_EQ(out.scheme.components(), 8);
  EXPECT_GE(c.reduction, reduced.bound);
  EXPECT_GE(c.w2, std::sqrt(c.cells + c.dropped) + c.reduction + c.basis + c.rounding);
  EXPECT_NEAR(c.w2, plain.certificate.w2 + reduced.bound, 1e-11);
  EXPECT_GE(c.w2, plain.certificate.w2 + reduced.bound);
  EXPECT_GE(c.centroid_gap, std::min(c.w2, plain.certificate.centroid_gap + reduced.bound));
  EXPECT_EQ(std::memcmp(plain.distribution.locations().data(), out.distribution.locations().data(),
                        sizeof(double) * static_cast<std::size_t>(2 * out.distribution.size())),
            0);
}

TEST(QuantizeReduced, EnoughComponentsChangeNothing) {
  const Context context = Context::cpu();
  Random random(313);
  const GaussianMixture given = random.mixture(5, 2, 3).build(context);
  const Certificate with =
      quantize(context, given, {.support = 50, .reduced_components = 5}).certificate;
  EXPECT_EQ(with.reduction, 0);
  EXPECT_NEAR(with.w2, quantize(context, given, {.support = 50}).certificate.w2, 1e-12);
}

TEST(QuantizeReduced, ATolerance) {
  const Context context = Context::cpu();
  Random random(314);
  const GaussianMixture given = random.mixture(40, 2, 1).build(context);
  const double bound = reduce(context, given, {.components = 20}).bound;
  const Quantization out =
      quantize(context, given, {.tolerance = bound + 0.3, .reduced_components = 20});
  EXPECT_LE(out.certificate.w2, bound + 0.3);
  EXPECT_GT(out.certificate.w2, bound + 0.25);
  EXPECT_THROW(quantize(context, given, {.tolerance = bound, .reduced_components = 20}),
               InvalidArgument);
}

TEST(QuantizeReduced, ABatchHasTheBitsOfOneByOne) {
  const Context context = Context::cpu();
  Random random(315);
  std::vector<GaussianMixture> mixtures;
  std::vector<QuantizeOptions> options;
  for (int b = 0; b < 12; ++b) {
    mixtures.push_back(random.mixture(2 + b, 2, 2).build(context));
    options.push_back({.support = 20, .reduced_components = b % 4});
  }
  const QuantizationBatch all = quantize(context, mixtures, options);
  for (int b = 0; b < 12; ++b) {
    const Certificate one = quantize(context, mixtures[b], options[b]).certificate;
    EXPECT_EQ(std::memcmp(&one, &all.certificates[b], sizeof(Certificate)), 0) << b;
  }
}

TEST(QuantizeReduced, SchemesAreMadeForTheMixtureGiven) {
  const Context context = Context::cpu();
  const GaussianMixture given = test::centred_gaussian(VectorXd::Ones(2)).build(context);
  EXPECT_THROW(make_scheme(context, given, {.reduced_components = 1}), InvalidArgument);
  EXPECT_THROW(quantize(context, given, {.reduced_components = -1}), InvalidArgument);
}

/// What compress, products and images rely on: η read from the certificate does not fall.
TEST(QuantizeReduced, CompressionOfTheResultIsStillABound) {
  const Context context = Context::cpu();
  Random random(316);
  const GaussianMixture given =
      on_line(context, random.weights(12), {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
              {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2});
  const Quantization out = quantize(context, given, {.support = 40, .reduced_components = 4});
  const CertifiedDistribution few = compress(context, out, {.support = 6});
  EXPECT_GE(few.certificate.w2, out.certificate.w2);
  EXPECT_GE(few.certificate.reduction, out.certificate.reduction);
  EXPECT_GE(few.certificate.rounding, out.certificate.rounding);
}

}  // namespace
}  // namespace wquant
