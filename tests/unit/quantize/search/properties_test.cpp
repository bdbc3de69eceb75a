// Covers: families, grid_scheme, per_component, quantize. What holds for every family.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "support/decompositions.hpp"
#include "support/golden.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::RowMajor;
using test::VectorXd;

RowMajor locations(const DiscreteDistribution& distribution) {
  return Eigen::Map<const RowMajor>(distribution.locations().data(), distribution.size(),
                                    distribution.dimension());
}

VectorXd probabilities(const DiscreteDistribution& distribution) {
  return Eigen::Map<const VectorXd>(distribution.probabilities().data(), distribution.size());
}

/// Largest distance from a row of a to the nearest row of b, and of the probabilities there.
struct Difference {
  double location = 0;
  double probability = 0;
};

Difference difference(const RowMajor& a, const VectorXd& p, const RowMajor& b, const VectorXd& q) {
  Difference out;
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    Eigen::Index nearest = 0;
    const double square = (b.rowwise() - a.row(i)).rowwise().squaredNorm().minCoeff(&nearest);
    out.location = std::max(out.location, std::sqrt(square));
    out.probability = std::max(out.probability, std::fabs(p[i] - q[nearest]));
  }
  return out;
}

struct Family {
  const char* name;
  SchemeFamily family;
};

class EveryFamily : public ::testing::TestWithParam<Family> {
 protected:
  Quantization run(const PlainMixture& plain, std::int64_t support) const {
    return quantize(context_, plain.build(context_),
                    {.support = support, .family = GetParam().family});
  }
  Context context_ = Context::cpu();
};

INSTANTIATE_TEST_SUITE_P(Schemes, EveryFamily,
                         ::testing::Values(Family{"grid", SchemeFamily::grid},
                                           Family{"per_component", SchemeFamily::per_component},
                                           Family{"cross", SchemeFamily::cross},
                                           Family{"per_mode", SchemeFamily::per_mode},
                                           Family{"tree", SchemeFamily::tree}),
                         [](const auto& instance) { return instance.param.name; });

TEST_P(EveryFamily, ProbabilitiesSumToOne) {
  Random random(11);
  for (int trial = 0; trial < 12; ++trial) {
    const auto result = run(random.homogeneous_mixture(1 + trial, 1 + trial % 5, 2), 200);
    const VectorXd p = probabilities(result.distribution);
    EXPECT_NEAR(p.sum(), 1, 1e-12);
    EXPECT_GE(p.minCoeff(), 0);
    EXPECT_LE(result.distribution.size(), 200);
  }
}

/// x ↦ s R x + t must carry the support along and multiply the certificate by s.
TEST_P(EveryFamily, RotationScalingAndTranslationCarryOver) {
  Random random(12);
  for (const std::int64_t d : {2, 3, 5, 16}) {
    const PlainMixture plain = random.homogeneous_mixture(3, d, 2);
    const MatrixXd rotation = random.rotation(d);
    const VectorXd shift = 10 * random.normal_vector(d);
    const double scale = 3.7;
    const auto before = run(plain, 60);
    const auto after = run(plain.moved(rotation, scale, shift), 60);
    EXPECT_NEAR(after.certificate.w2, scale * before.certificate.w2, 1e-8 * after.certificate.w2);
    const RowMajor carried =
        (scale * locations(before.distribution) * rotation.transpose()).rowwise() +
        shift.transpose();
    const auto off = difference(carried, probabilities(before.distribution),
                                locations(after.distribution), probabilities(after.distribution));
    EXPECT_LT(off.location, 1e-6) << "d = " << d;
    EXPECT_LT(off.probability, 1e-8);
  }
}

TEST_P(EveryFamily, PermutingDimensionsPermutesTheResult) {
  Random random(13);
  const std::int64_t d = 5;
  const PlainMixture plain = random.homogeneous_mixture(4, d, 1);
  Eigen::PermutationMatrix<Eigen::Dynamic> permutation(d);
  permutation.indices() << 3, 0, 4, 1, 2;
  const MatrixXd matrix = permutation.toDenseMatrix().cast<double>();
  const auto before = run(plain, 100);
  const auto after = run(plain.moved(matrix, 1, VectorXd::Zero(d)), 100);
  EXPECT_NEAR(after.certificate.w2, before.certificate.w2, 1e-9);
  const RowMajor carried = locations(before.distribution) * matrix.transpose();
  const auto off = difference(carried, probabilities(before.distribution),
                              locations(after.distribution), probabilities(after.distribution));
  EXPECT_LT(off.location, 1e-6);
  EXPECT_LT(off.probability, 1e-8);
}

TEST_P(EveryFamily, MorePointsNeverHurtMuchAndUsuallyHelp) {
  Random random(14);
  const PlainMixture plain = random.homogeneous_mixture(3, 2, 2);
  double before = INFINITY;
  for (std::int64_t n = 4; n <= 4096; n *= 4) {
    const double w2 = run(plain, n).certificate.w2;
    EXPECT_LT(w2, before);
    before = w2;
  }
}

TEST_P(EveryFamily, RotatedCovariancesInManyDimensions) {
  Random random(15);
  for (const std::int64_t d : {2, 3, 5, 16, 256}) {
    const VectorXd variances =
        VectorXd::LinSpaced(d, 1, static_cast<double>(d)).cwiseAbs2().cwiseInverse();
    const MatrixXd v = random.rotation(d);
    const MatrixXd sigma = v * variances.asDiagonal() * v.transpose();
    const double straight = run(test::centred_gaussian(variances), 1000).certificate.w2;
    const double turned =
        run(test::gaussian(VectorXd::Zero(d), (sigma + sigma.transpose()) / 2), 1000)
            .certificate.w2;
    EXPECT_NEAR(turned, straight, 1e-10) << d;
  }
}

TEST_P(EveryFamily, OneHeavyAndManyWeightlessComponents) {
  Random random(16);
  PlainMixture plain = random.homogeneous_mixture(4, 2, 2);
  plain.weights = {1, 1e-300, 0, 0};
  const auto result = run(plain, 50);
  PlainMixture alone{{1.0}, {plain.means[0]}, {plain.covariances[0]}};
  EXPECT_LT(result.certificate.w2, 1.1 * run(alone, 47).certificate.w2);
}

TEST(OptimalGrid, KeepsTheMeanOfTheMixture) {
  const Context context = Context::cpu();
  Random random(17);
  for (const std::int64_t d : {1, 2, 4, 8}) {
    const PlainMixture one = random.mixture(1, d, 5);
    const PlainMixture several = random.mixture(5, d, 2);
    for (const auto& [plain, family] :
         {std::pair{one, SchemeFamily::grid}, std::pair{several, SchemeFamily::per_component}}) {
      const auto result =
          quantize(context, plain.build(context), {.support = 300, .family = family});
      const std::vector<double> mean = result.distribution.mean();
      for (std::int64_t k = 0; k < d; ++k) EXPECT_NEAR(mean[k], plain.mean()[k], 1e-11);
    }
  }
}

TEST(SharedGrid, IsStationarySoItKeepsTheMeanOfTheMixtureToo) {
  const Context context = Context::cpu();
  Random random(18);
  const PlainMixture plain = random.homogeneous_mixture(6, 2, 1);
  const auto result =
      quantize(context, plain.build(context), {.support = 64, .family = SchemeFamily::grid});
  for (std::int64_t k = 0; k < 2; ++k)
    EXPECT_NEAR(result.distribution.mean()[k], plain.mean()[k], 1e-7);
}

TEST(SingularCovariance, PutsEveryPointInTheAffineSupport) {
  const Context context = Context::cpu();
  Random random(19);
  for (const std::int64_t d : {2, 3, 7, 12}) {
    const std::int64_t rank = d / 2;
    const MatrixXd factor = MatrixXd::NullaryExpr(d, rank, [&] { return random.normal(); });
    const VectorXd mean = random.normal_vector(d);
    const MatrixXd sigma = factor * factor.transpose();
    const auto result =
        quantize(context, test::gaussian(mean, sigma).build(context), {.support = 500});
    const MatrixXd span = test::orthogonal_factor(factor).leftCols(rank);
    const RowMajor centred = locations(result.distribution).rowwise() - mean.transpose();
    const RowMajor outside = centred - centred * span * span.transpose();
    EXPECT_LT(outside.rowwise().norm().maxCoeff(), 1e-12 * std::sqrt(sigma.trace()));
    const VectorXd variances = test::eigh(factor.transpose() * factor).values;
    const auto flat =
        quantize(context, test::centred_gaussian(variances).build(context), {.support = 500});
    EXPECT_NEAR(result.certificate.w2, flat.certificate.w2, 1e-8 * flat.certificate.w2);
  }
}

TEST(SharedGrid, BeatsTheMomentMatchedGaussianGrid) {
  const Context context = Context::cpu();
  PlainMixture plain{{0.5, 0.5},
                     {VectorXd{{-5.0}}, VectorXd{{5.0}}},
                     {MatrixXd::Ones(1, 1), MatrixXd::Ones(1, 1)}};
  const auto mixture = plain.build(context);
  const auto best = quantize(context, mixture, {.support = 8, .family = SchemeFamily::grid});
  const double unit[] = {1};
  const Scheme plain_grid = Scheme::grid(
      Grid(Axes({unit, 1, 1}, {std::sqrt(26.0)}, {0}), {normal_quantizer(8)->points}), 2);
  EXPECT_LT(best.certificate.w2, 0.6 * certify(context, plain_grid, mixture).w2);
  // Two well-separated unit Gaussians with four points each.
  EXPECT_NEAR(best.certificate.w2, std::sqrt(normal_distortion(4)), 1e-4);
}

TEST(Automatic, TakesTheBetterFamilyAndSaysWhatItTried) {
  const Context context = Context::cpu();
  Random random(20);
  for (const double spread : {0.01, 30.0}) {
    const auto mixture = random.homogeneous_mixture(8, 3, spread).build(context);
    const auto result = quantize(context, mixture, {.support = 100});
    ASSERT_GE(result.statistics.tried.size(), 2);
    double best = INFINITY;
    for (const auto& trial : result.statistics.tried) best = std::min(best, trial.w2);
    EXPECT_EQ(result.certificate.w2, best);
  }
}

TEST(FewerPointsThanComponents, MergesNeighboursAndStillCertifies) {
  const Context context = Context::cpu();
  Random random(21);
  PlainMixture plain{random.weights(40), {}, {}};
  double within = 0;
  for (int i = 0; i < 40; ++i) {  // four clusters of ten
    plain.means.push_back(VectorXd{{100.0 * (i % 4), 0.0}} + random.normal_vector(2));
    plain.covariances.push_back(random.covariance(2));
    within += plain.weights[i] * (plain.covariances[i].trace() + 4);
  }
  const auto result = quantize(context, plain.build(context),
                               {.support = 4, .family = SchemeFamily::per_component});
  EXPECT_EQ(result.distribution.size(), 4);
  EXPECT_LT(result.certificate.w2, std::sqrt(within));
}

TEST(Cancellation, StopsBetweenStages) {
  const Context context = Context::cpu();
  Random random(22);
  const auto mixture = random.homogeneous_mixture(5, 3, 1).build(context);
  int calls = 0;
  QuantizeOptions options{.support = 100};
  options.progress = [&calls](const Progress& progress) {
    EXPECT_GE(progress.fraction, 0);
    EXPECT_LE(progress.fraction, 1);
    return ++calls < 3;
  };
  EXPECT_THROW(quantize(context, mixture, options), Cancelled);
  EXPECT_EQ(calls, 3);
  options.progress = {};
  EXPECT_NO_THROW(quantize(context, mixture, options));
}

TEST(Options, OutOfRangeAreRefused) {
  const Context context = Context::cpu({.workspace_limit = 1 << 20});
  const auto mixture = test::centred_gaussian(VectorXd::Ones(4)).build(context);
  EXPECT_THROW(quantize(context, mixture, {.support = 0}), InvalidArgument);
  EXPECT_THROW(quantize(context, mixture, {.support = -5}), InvalidArgument);
  EXPECT_THROW(quantize(context, mixture, {.support = 1'000'000'001}), InvalidArgument);
  EXPECT_THROW(quantize(context, mixture, {.support = 5, .rank_tolerance = 1}), InvalidArgument);
  EXPECT_THROW(quantize(context, mixture, {.support = 1'000'000}), OutOfMemory);
}

/// Every byte of the result, for any number of threads.
TEST(Determinism, ThreadCountNeverChangesABit) {
  Random random(23);
  const PlainMixture mixtures[] = {random.mixture(300, 3, 4), random.homogeneous_mixture(7, 16, 1),
                                   random.mixture(1, 100, 0)};
  for (const PlainMixture& plain : mixtures)
    for (const auto family :
         {SchemeFamily::grid, SchemeFamily::per_component, SchemeFamily::tree}) {
      std::vector<Quantization> results;
      for (const int threads : {1, 2, 8}) {
        const Context context = Context::cpu({.threads = threads});
        results.push_back(
            quantize(context, plain.build(context), {.support = 3000, .family = family}));
      }
      for (const Quantization& other : results) {
        const auto& first = results[0].distribution;
        const auto& now = other.distribution;
        ASSERT_EQ(now.size(), first.size());
        EXPECT_EQ(std::memcmp(&other.certificate, &results[0].certificate, sizeof(Certificate)), 0);
        EXPECT_EQ(std::memcmp(now.locations().data(), first.locations().data(),
                              sizeof(double) * first.locations().size()),
                  0);
        EXPECT_EQ(std::memcmp(now.probabilities().data(), first.probabilities().data(),
                              sizeof(double) * first.size()),
                  0);
      }
    }
}

}  // namespace
}  // namespace wquant
