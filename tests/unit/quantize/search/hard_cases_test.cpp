// Covers: families, grid_scheme, per_component, quantize. Mixtures on which a family may stumble.
#include <gtest/gtest.h>

#include <cmath>

#include "support/mixtures.hpp"

// Inputs on which other implementations of the same schemes fail: wrong distances, wrong weights,
// exceptions, supports that are left unused.

namespace wquant {
namespace {

using test::centred_gaussian;
using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::RowMajor;
using test::VectorXd;

TEST(HardCase, TiedEigenvalues) {
  const Context context = Context::cpu();
  Random random(71);
  const VectorXd variances{{1.0, 1.0, 1.0, 0.01}};
  const MatrixXd v = random.rotation(4);
  const MatrixXd turned = v * variances.asDiagonal() * v.transpose();
  for (const MatrixXd& sigma :
       {MatrixXd(variances.asDiagonal()), MatrixXd((turned + turned.transpose()) / 2)}) {
    const auto result = quantize(context, test::gaussian(VectorXd::Zero(4), sigma).build(context),
                                 {.support = 1000});
    EXPECT_NEAR(result.certificate.w2, 0.2807, 5e-5);
  }
}

/// Law of total variance: points that are cell means keep the mean of P and lose, of the trace of
/// its covariance, exactly E‖X − point‖².
TEST(HardCase, ComponentsThatOrderTheirEigenvaluesDifferently) {
  const Context context = Context::cpu();
  Random random(72);
  const MatrixXd v = random.rotation(3);
  PlainMixture plain{{0.3, 0.5, 0.2}, {}, {}};
  for (const VectorXd& variances :
       {VectorXd{{4.0, 1.0, 0.1}}, VectorXd{{0.1, 4.0, 1.0}}, VectorXd{{1.0, 0.1, 4.0}}}) {
    const MatrixXd sigma = v * variances.asDiagonal() * v.transpose();
    plain.covariances.push_back((sigma + sigma.transpose()) / 2);
    plain.means.push_back(random.normal_vector(3));
  }
  const auto mixture = plain.build(context);
  const std::vector<double> total = mixture.total_covariance();
  const double trace = total[0] + total[4] + total[8];
  for (const auto family : {SchemeFamily::per_component, SchemeFamily::cross}) {
    const auto result = quantize(context, mixture, {.support = 120, .family = family});
    const std::vector<double> covariance = result.distribution.covariance();
    for (std::int64_t k = 0; k < 3; ++k)
      EXPECT_NEAR(result.distribution.mean()[k], plain.mean()[k], 1e-12);
    EXPECT_NEAR(trace - (covariance[0] + covariance[4] + covariance[8]),
                result.certificate.cells + result.certificate.dropped, 1e-10);
    for (std::int64_t k = 0; k < 9; k += 4) EXPECT_LT(covariance[k], total[k]);
  }
}

TEST(HardCase, TinyEigenvaluesBesideOneAndAlone) {
  const Context context = Context::cpu();
  const auto w2 = [&](const VectorXd& variances, std::int64_t support, SchemeFamily family) {
    return quantize(context, centred_gaussian(variances).build(context),
                    {.support = support, .family = family})
        .certificate.w2;
  };
  for (const auto family : {SchemeFamily::grid, SchemeFamily::per_component}) {
    const double line = w2(VectorXd::Ones(1), 50, family);
    for (const double tiny : {1e-8, 1e-12})
      EXPECT_NEAR(w2(VectorXd{{1.0, tiny}}, 50, family), std::sqrt(line * line + tiny), 1e-12);
    const double large = w2(VectorXd{{1.0, 1.0}}, 36, family);
    EXPECT_NEAR(w2(VectorXd::Constant(2, 1e-8), 36, family), 1e-4 * large, 1e-16);
  }
  const double cross = w2(VectorXd{{1.0, 1.0}}, 8, SchemeFamily::cross);
  EXPECT_NEAR(w2(VectorXd::Constant(2, 1e-8), 8, SchemeFamily::cross), 1e-4 * cross, 1e-15);
}

/// A test against the first covariance alone finds that I commutes with everything.
/// One over its norm is no number.
TEST(HardCase, ACovarianceOfTheLeastSize) {
  const Context context = Context::cpu();
  Random random(76);
  PlainMixture plain{{0.4, 0.3, 0.3}, {}, {}};
  for (int i = 0; i < 3; ++i) {
    const MatrixXd v = random.rotation(4);
    const MatrixXd sigma = v * VectorXd{{1.0, 0.5, 0.2, 0.1}}.asDiagonal() * v.transpose();
    plain.covariances.push_back((sigma + sigma.transpose()) / 2);
    plain.means.push_back(random.normal_vector(4));
  }
  plain.covariances[2].setZero();
  plain.covariances[2](2, 2) = 1e-310;
  const auto result =
      quantize(context, plain.build(context), {.support = 100, .family = SchemeFamily::grid});
  EXPECT_GT(result.certificate.w2, 0.1);
  EXPECT_LT(result.certificate.w2, 3);
}

TEST(HardCase, FirstCovarianceIsTheIdentityAndTheOthersDoNotCommute) {
  const Context context = Context::cpu();
  Random random(73);
  PlainMixture plain = random.mixture(3, 2, 0.5);
  plain.covariances = {MatrixXd::Identity(2, 2), MatrixXd{{1.0, 0.9}, {0.9, 1.0}},
                       MatrixXd{{2.0, 0.0}, {0.0, 0.1}}};
  const auto mixture = plain.build(context);
  std::vector<std::int64_t> made_by;
  const RowMajor samples = test::sample(plain, 200'000, random, made_by);
  for (const auto family : {SchemeFamily::grid, SchemeFamily::per_component, SchemeFamily::cross}) {
    const auto result = quantize(context, mixture, {.support = 60, .family = family});
    const auto points = Eigen::Map<const RowMajor>(result.distribution.locations().data(),
                                                   result.distribution.size(), 2);
    double sum = 0;
    for (Eigen::Index s = 0; s < samples.rows(); ++s)
      sum += (points.rowwise() - samples.row(s)).rowwise().squaredNorm().minCoeff();
    EXPECT_LE(sum / 200'000, result.certificate.w2 * result.certificate.w2) << name(family);
  }
}

TEST(HardCase, PartlyDegenerateMixture) {
  const Context context = Context::cpu();
  Random random(74);
  const VectorXd line = random.normal_vector(3);
  PlainMixture plain{{0.25, 0.25, 0.25, 0.25}, {}, {}};
  for (int i = 0; i < 4; ++i) plain.means.push_back(2 * random.normal_vector(3));
  plain.covariances = {line * line.transpose(), MatrixXd::Zero(3, 3), random.covariance(3),
                       VectorXd{{1.0, 1.0, 0.0}}.asDiagonal()};
  const auto mixture = plain.build(context);
  for (const auto family : {SchemeFamily::grid, SchemeFamily::per_component, SchemeFamily::cross}) {
    const auto result = quantize(context, mixture, {.support = 100, .family = family});
    EXPECT_TRUE(std::isfinite(result.certificate.w2));
    EXPECT_LT(result.certificate.w2, 2);
  }
  // The point mass needs one point, and its line and plane are met.
  const auto result =
      quantize(context, mixture, {.support = 4, .family = SchemeFamily::per_component});
  double traces = 0;
  for (const MatrixXd& sigma : plain.covariances) traces += sigma.trace() / 4;
  EXPECT_NEAR(result.certificate.w2, std::sqrt(traces), 1e-7);
}

TEST(HardCase, AMillionPointsInThePlane) {
  const Context context = Context::cpu();
  const auto result =
      quantize(context, centred_gaussian(VectorXd::Ones(2)).build(context), {.support = 1'000'000});
  EXPECT_EQ(result.distribution.size(), 1'000'000);
  EXPECT_NEAR(result.certificate.w2, std::sqrt(2 * normal_distortion(1000)), 1e-9);
}

TEST(HardCase, SixtyFourPointsInThreeDimensionsAreAllUsed) {
  const Context context = Context::cpu();
  const auto result = quantize(context, centred_gaussian(VectorXd::Ones(3)).build(context),
                               {.support = 64, .family = SchemeFamily::grid});
  EXPECT_EQ(std::get<Grid>(result.scheme.layers()[0].pattern).shape(),
            (std::vector<std::int64_t>{4, 4, 4}));
  EXPECT_EQ(result.distribution.size(), 64);
}

TEST(HardCase, FewerPointsThanComponents) {
  const Context context = Context::cpu();
  Random random(75);
  const auto mixture = random.mixture(50, 3, 3).build(context);
  const std::vector<double> total = mixture.total_covariance();
  for (const auto family : {SchemeFamily::grid, SchemeFamily::per_component, SchemeFamily::cross})
    for (const std::int64_t support : {1, 2, 7, 49}) {
      const auto result = quantize(context, mixture, {.support = support, .family = family});
      EXPECT_LE(result.distribution.size(), support);
      // A shared grid pays for covariances that do not commute.
      const double basis = result.certificate.basis;
      EXPECT_LE(result.certificate.w2,
                std::sqrt(total[0] + total[4] + total[8]) * (1 + 1e-12) + basis);
    }
}

TEST(HardCase, OneComponentOfAlmostNoWeight) {
  const Context context = Context::cpu();
  Random random(76);
  PlainMixture plain = random.mixture(3, 2, 2);
  plain.weights = {0.4, 1e-300, 0.6};
  plain.means[1] = VectorXd{{1e6, -1e6}};
  const auto mixture = plain.build(context);
  PlainMixture without{
      {0.4, 0.6}, {plain.means[0], plain.means[2]}, {plain.covariances[0], plain.covariances[2]}};
  for (const auto family : {SchemeFamily::per_component, SchemeFamily::cross}) {
    const auto result = quantize(context, mixture, {.support = 41, .family = family});
    const auto alone = quantize(context, without.build(context), {.support = 40, .family = family});
    EXPECT_NEAR(result.certificate.w2, alone.certificate.w2, 1e-6);
    EXPECT_GE(result.distribution.probabilities().to_host()(0), 0);
  }
}

}  // namespace
}  // namespace wquant
