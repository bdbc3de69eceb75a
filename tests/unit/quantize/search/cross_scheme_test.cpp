// Covers also: quantize/certificate/cross_totals.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "support/golden.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::centred_gaussian;
using test::MatrixXd;
using test::Random;
using test::RowMajor;
using test::VectorXd;

Axes first_axes(std::int64_t d, const std::vector<double>& variances) {
  const auto n = static_cast<std::int64_t>(variances.size());
  const RowMajor basis = RowMajor::Identity(d, n);
  std::vector<double> scales;
  for (const double v : variances) scales.push_back(std::sqrt(v));
  return Axes({basis.data(), d, n}, scales, std::vector<double>(d, 0.0));
}

TEST(Cross, ReproducesTheReference) {
  const Context context = Context::cpu();
  for (const auto& row : test::golden()["crosses"]) {
    const auto active = test::flatten(row["active"]);
    const auto inactive = test::flatten(row["inactive"]);
    const auto radii = test::flatten(row["radii"]);
    std::vector<double> all = active;
    all.insert(all.end(), inactive.begin(), inactive.end());
    const auto d = static_cast<std::int64_t>(all.size());
    const auto mixture = centred_gaussian(VectorXd::Map(all.data(), d)).build(context);
    const auto result =
        apply(context, Scheme::cross(Cross(first_axes(d, active), radii), 1), mixture);
    EXPECT_NEAR(result.certificate.w2, row["w2"].get<double>(), 1e-9) << row["radii"];
    const auto weights = test::flatten(row["weights_per_radius"]);
    for (std::int64_t a = 0; a < result.distribution.size(); ++a)
      EXPECT_NEAR(result.distribution.probabilities()(a), weights[a % radii.size()], 1e-9);
  }
}

TEST(Cross, LocationsAreRadiiOnTheAxes) {
  const Cross cross(first_axes(3, {4, 1}), {1, 2});
  ASSERT_EQ(cross.size(), 8);
  EXPECT_EQ(cross.location(0), (std::vector<double>{2, 0, 0}));
  EXPECT_EQ(cross.location(3), (std::vector<double>{-4, 0, 0}));
  EXPECT_EQ(cross.location(5), (std::vector<double>{0, 2, 0}));
  EXPECT_THROW(cross.location(8), InvalidArgument);
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd{{4.0, 1.0, 0.5}}).build(context);
  const auto result = apply(context, Scheme::cross(cross, 1), mixture);
  for (std::int64_t a = 0; a < 8; ++a)
    for (std::int64_t k = 0; k < 3; ++k)
      EXPECT_EQ(result.distribution.locations()(a, k), cross.location(a)[k]);
}

/// For every number of active axes and points, through the public family.
TEST(Cross, OptimalRadiiAreNeverWorseThanOthers) {
  const Context context = Context::cpu();
  for (const std::int64_t n : {1, 2, 3, 10, 64}) {
    const auto mixture = centred_gaussian(VectorXd::LinSpaced(n + 2, 2, 0.5)).build(context);
    const auto w2 = [&](CrossRadii radii, std::int64_t m) {
      const auto result = quantize(context, mixture,
                                   {.support = 2 * n * m,
                                    .family = SchemeFamily::cross,
                                    .radii = radii,
                                    .active_dimensions = n});
      EXPECT_EQ(result.distribution.size(), 2 * n * (radii == CrossRadii::unscented ? 1 : m));
      return result.certificate.w2;
    };
    for (const std::int64_t m : {1, 2, 5}) {
      EXPECT_LE(w2(CrossRadii::optimal, m), w2(CrossRadii::paper, m)) << n << ' ' << m;
      EXPECT_LE(w2(CrossRadii::optimal, m), w2(CrossRadii::unscented, m)) << n << ' ' << m;
    }
  }
}

TEST(Cross, UnscentedSetHasTheMomentsOfTheGaussian) {
  const Context context = Context::cpu();
  Random random(31);
  for (const std::int64_t d : {1, 2, 5, 12}) {
    const auto plain = random.mixture(1, d, 3);
    const auto result =
        quantize(context, plain.build(context),
                 {.support = 2 * d, .family = SchemeFamily::cross, .radii = CrossRadii::unscented});
    ASSERT_EQ(result.distribution.size(), 2 * d);
    const std::vector<double> mean = result.distribution.mean();
    const std::vector<double> covariance = result.distribution.covariance();
    for (std::int64_t a = 0; a < d; ++a) {
      EXPECT_NEAR(mean[a], plain.means[0][a], 1e-12);
      for (std::int64_t b = 0; b < d; ++b)
        EXPECT_NEAR(covariance[a * d + b], plain.covariances[0](a, b), 1e-12);
    }
  }
}

TEST(Cross, TenThousandPointsIn256Dimensions) {
  const Context context = Context::cpu();
  Random random(32);
  const VectorXd variances = VectorXd::LinSpaced(256, 1, 256).cwiseAbs2().cwiseInverse();
  const MatrixXd v = random.rotation(256);
  const MatrixXd sigma = v * variances.asDiagonal() * v.transpose();
  const auto mixture =
      test::gaussian(VectorXd::Zero(256), (sigma + sigma.transpose()) / 2).build(context);
  const auto result =
      quantize(context, mixture,
               {.support = 10'000, .family = SchemeFamily::cross, .active_dimensions = 256});
  EXPECT_EQ(result.distribution.size(), 2 * 256 * 19);
  EXPECT_LT(result.certificate.w2, std::sqrt(variances.sum()));
  EXPECT_LT(result.certificate.basis + result.certificate.rounding, 1e-9 * result.certificate.w2);
  const auto free_choice =
      quantize(context, mixture, {.support = 10'000, .family = SchemeFamily::cross});
  EXPECT_LT(free_choice.certificate.w2, result.certificate.w2);
}

/// Six points in three dimensions: a cross leaves 3 · 0.4136, a 3 × 2 grid 1.5534.
TEST(Cross, WinsUnderAutoWhereItIsBetter) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd::Ones(3)).build(context);
  const auto result = quantize(context, mixture, {.support = 6});
  EXPECT_EQ(result.statistics.family, SchemeFamily::cross);
  EXPECT_NEAR(result.certificate.w2 * result.certificate.w2, 3 * 0.413566058474, 1e-9);
  EXPECT_EQ(quantize(context, mixture, {.support = 1000}).statistics.family, SchemeFamily::grid);
}

TEST(Cross, ServesAnotherGaussianAtTheirDistance) {
  const Context context = Context::cpu();
  const Cross cross(first_axes(2, {1, 1}), {1, 2});
  const auto w2 = [&](const test::PlainMixture& plain) {
    return certify(context, Scheme::cross(cross, plain.components()), plain.build(context)).w2;
  };
  const double own = w2(centred_gaussian(VectorXd::Ones(2)));
  const double moved = w2(test::gaussian(VectorXd{{0.3, -0.4}}, MatrixXd::Identity(2, 2)));
  EXPECT_LE(moved, own + 0.5 + 1e-12);
  EXPECT_GE(moved, own);
  const double scaled = w2(centred_gaussian(VectorXd{{4.0, 1.0}}));
  EXPECT_LE(scaled, own + 1 + 1e-12);
}

TEST(Cross, RebasedHasTheSamePointsAndCertificate) {
  const Context context = Context::cpu();
  const Cross cross(first_axes(3, {4, 1, 0.25}), {0.8, 2});
  const double turned[] = {0, -1, 0, 1, 0, 0, 0, 0, -1};  // columns e2, −e1, −e3
  const Axes axes({turned, 3, 3}, {0.5, 1, 0.25}, {0, 0, 0});
  const Cross rebased = cross.rebase(axes);
  EXPECT_EQ(rebased.radii(), (std::vector<double>{1.6, 4}));
  const auto mixture = centred_gaussian(VectorXd{{4.0, 1.0, 0.25}}).build(context);
  const double before = certify(context, Scheme::cross(cross, 1), mixture).w2;
  EXPECT_NEAR(certify(context, Scheme::cross(rebased, 1), mixture).w2, before, 1e-12);
  EXPECT_THROW(cross.rebase(Axes({turned, 3, 3}, {1, 1, 1}, {0, 0, 0})), InvalidArgument);
  EXPECT_THROW(cross.rebase(Axes({turned, 3, 3}, {0.5, 1, 0.25}, {1, 0, 0})), InvalidArgument);
}

}  // namespace
}  // namespace wquant
