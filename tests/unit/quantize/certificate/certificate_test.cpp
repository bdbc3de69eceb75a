// Covers: component_totals, evaluation, grid_totals, scheme_tables. Certificates of the schemes
// that the library makes.
#include "wquant/certificate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "support/golden.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::centred_gaussian;
using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::VectorXd;

double w2_of_parts(const Certificate& c) {
  return std::sqrt(c.cells + c.dropped) + c.reduction + c.basis + c.rounding;
}

TEST(Certificate, ReproducesTheReferenceForOneGaussian) {
  const Context context = Context::cpu();
  for (const auto& row : test::golden()["grids"]) {
    const auto variances = test::flatten(row["eigenvalues"]);
    const auto mixture =
        centred_gaussian(VectorXd::Map(variances.data(), variances.size())).build(context);
    const auto result = quantize(context, mixture, {.support = row["budget"].get<std::int64_t>()});
    EXPECT_NEAR(result.certificate.w2, row["w2"].get<double>(), 1e-10) << row["budget"];
    const auto shape = row["shape"].get<std::vector<std::int64_t>>();
    EXPECT_EQ(result.distribution.size(),
              std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()));
  }
}

TEST(Certificate, ReproducesTheReferenceForSharedGrids) {
  const Context context = Context::cpu();
  for (const auto& row : test::golden()["shared_grids"]) {
    const auto weights = test::flatten(row["weights"]);
    const auto means = test::flatten(row["means"]);
    auto variances = test::flatten(row["deviations"]);
    for (double& v : variances) v *= v;
    const auto count = static_cast<std::int64_t>(weights.size());
    const auto d = static_cast<std::int64_t>(means.size()) / count;
    const auto mixture = GaussianMixture::diagonal(
        context, {weights.data(), count}, {means.data(), count, d}, {variances.data(), count, d});
    const test::RowMajor unit = test::RowMajor::Identity(d, d);
    Grid grid(Axes({unit.data(), d, d}, std::vector<double>(d, 1.0), std::vector<double>(d, 0.0)),
              row["points"].get<std::vector<std::vector<double>>>());
    const auto result = apply(context, Scheme::grid(std::move(grid), count), mixture);
    EXPECT_NEAR(result.certificate.w2, row["w2"].get<double>(), 1e-10);
    EXPECT_LT(result.certificate.w2 - std::sqrt(result.certificate.cells), 1e-11);
  }
}

TEST(Certificate, IsTheSumOfItsParts) {
  const Context context = Context::cpu();
  Random random(5);
  for (int trial = 0; trial < 20; ++trial) {
    const auto mixture = random.mixture(1 + trial % 4, 1 + trial % 6, 2).build(context);
    for (const auto family : {SchemeFamily::grid, SchemeFamily::per_component}) {
      const auto c = quantize(context, mixture, {.support = 40, .family = family}).certificate;
      EXPECT_GE(c.w2, w2_of_parts(c));
      EXPECT_LE(c.w2, w2_of_parts(c) * (1 + 1e-14));
      for (const double part : {c.cells, c.dropped, c.reduction, c.basis, c.rounding})
        EXPECT_GE(part, 0);
    }
  }
}

TEST(Certificate, RoundingIsNegligibleInOrdinaryCases) {
  const Context context = Context::cpu();
  Random random(6);
  for (const std::int64_t d : {1, 2, 3, 5, 16, 64}) {
    const auto mixture = random.mixture(1, d, 3).build(context);
    const auto c = quantize(context, mixture, {.support = 1000}).certificate;
    // A thousand points on a line are so fine that ulps of the probabilities are felt.
    EXPECT_LT((c.basis + c.rounding) / c.w2, d == 1 ? 2e-8 : 1e-9) << d;
  }
}

/// Points of optimal quantisers are the means of their cells, and a single point is the mixture's.
TEST(Certificate, CentroidGapIsRoundingForOptimalGrids) {
  const Context context = Context::cpu();
  Random random(8);
  for (const std::int64_t d : {1, 2, 5, 16}) {
    const auto one = random.mixture(1, d, 3).build(context);
    const auto several = random.mixture(4, d, 3).build(context);
    for (const std::int64_t n : {1, 7, 300}) {
      const auto c = quantize(context, one, {.support = n}).certificate;
      EXPECT_LT(c.centroid_gap, 1e-10 * c.w2) << d << ' ' << n;
    }
    for (const std::int64_t n : {1, 2, 40}) {
      const auto c =
          quantize(context, several, {.support = n, .family = SchemeFamily::per_component})
              .certificate;
      EXPECT_LT(c.centroid_gap, 1e-10 * c.w2) << d << ' ' << n;
    }
  }
}

/// N(0, 1) on the points −1 and 3: cells (−∞, 1] and (1, ∞).
TEST(Certificate, CentroidGapOfAPoorGrid) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd::Ones(1)).build(context);
  const double unit[] = {1};
  const Grid grid(Axes({unit, 1, 1}, {1}, {0}), {{-1, 3}});
  const double density = std::exp(-0.5) / std::sqrt(2 * M_PI);
  const double upper = 0.5 * std::erfc(std::sqrt(0.5));
  const double low = -density / (1 - upper) + 1;
  const double high = density / upper - 3;
  EXPECT_NEAR(certify(context, Scheme::grid(grid, 1), mixture).centroid_gap,
              std::sqrt((1 - upper) * low * low + upper * high * high), 1e-13);
}

TEST(Certificate, OfOnePointIsTheStandardDeviation) {
  const Context context = Context::cpu();
  Random random(7);
  const PlainMixture plain = random.mixture(3, 4, 2);
  const auto result = quantize(context, plain.build(context), {.support = 1});
  MatrixXd total = MatrixXd::Zero(4, 4);
  for (std::size_t i = 0; i < 3; ++i) {
    const VectorXd offset = plain.means[i] - plain.mean();
    total += plain.weights[i] * (plain.covariances[i] + offset * offset.transpose());
  }
  EXPECT_EQ(result.distribution.size(), 1);
  EXPECT_NEAR(result.certificate.w2, std::sqrt(total.trace()), 1e-12);
}

TEST(Certificate, OfPointMassesIsZero) {
  const Context context = Context::cpu();
  PlainMixture plain{{0.25, 0.75},
                     {VectorXd{{1.0, 2.0}}, VectorXd{{-3.0, 5.0}}},
                     {MatrixXd::Zero(2, 2), MatrixXd::Zero(2, 2)}};
  const auto result = quantize(context, plain.build(context), {.support = 2});
  EXPECT_EQ(result.certificate.w2, 0);
  EXPECT_EQ(result.distribution.size(), 2);
}

TEST(Certificate, TiedEigenvaluesAreNoObstacle) {
  const Context context = Context::cpu();
  const auto w2 = [&](const VectorXd& variances, std::int64_t n) {
    return quantize(context, centred_gaussian(variances).build(context), {.support = n})
        .certificate.w2;
  };
  EXPECT_NEAR(w2(VectorXd{{1.0, 1.0, 1.0, 0.01}}, 1000), 0.2807, 5e-5);
  EXPECT_NEAR(w2(VectorXd::Ones(5), 1000), 0.7890, 5e-5);
  EXPECT_NEAR(w2(VectorXd::Ones(10), 1000), 2.0242, 5e-5);
}

/// Σ commutes with the identity scales of the grid without being diagonal on its axes: treating it
/// as a product there would certify 0.727.
TEST(Certificate, CorrelationOnTiedScalesIsCharged) {
  const Context context = Context::cpu();
  const MatrixXd sigma{{1.0, 0.9}, {0.9, 1.0}};
  const auto mixture = test::gaussian(VectorXd::Zero(2), sigma).build(context);
  const test::RowMajor unit = test::RowMajor::Identity(2, 2);
  const auto points = normal_quantizer(2)->points;
  const Scheme scheme =
      Scheme::grid(Grid(Axes({unit.data(), 2, 2}, {1, 1}, {0, 0}), {points, points}), 1);
  const auto certificate = certify(context, scheme, mixture);
  EXPECT_NEAR(std::sqrt(certificate.cells), std::sqrt(2 * normal_distortion(2)), 1e-12);
  // ‖Σ^{1/2} − I‖_F with eigenvalues 1.9 and 0.1.
  const double mismatch = std::hypot(std::sqrt(1.9) - 1, std::sqrt(0.1) - 1);
  EXPECT_NEAR(certificate.basis, mismatch, 1e-6);
  EXPECT_GT(certificate.w2, 0.727);
  const auto own = quantize(context, mixture, {.support = 4}).certificate.w2;
  EXPECT_LT(own, certificate.w2);
}

TEST(Certificate, CountsEveryDroppedVariance) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd{{1.0, 1e-4, 1e-8, 1e-12}}).build(context);
  const auto certificate = quantize(context, mixture, {.support = 5}).certificate;
  EXPECT_NEAR(certificate.dropped, 1e-4 + 1e-8 + 1e-12, 1e-14);
  const auto coarse = quantize(context, mixture, {.support = 5000, .rank_tolerance = 1e-3});
  EXPECT_EQ(std::get<Grid>(coarse.scheme.layers()[0].pattern).axes().rank(), 1);
  EXPECT_NEAR(coarse.certificate.dropped, 1e-4 + 1e-8 + 1e-12, 1e-14);
}

/// w2 / scale must not depend on the scale, whichever squares would overflow or vanish.
TEST(Certificate, HoldsForScalesFromTinyToHuge) {
  const Context context = Context::cpu();
  PlainMixture plain{{0.5, 0.5},
                     {VectorXd::Zero(2), VectorXd{{0.5, 1.0}}},
                     {MatrixXd{{2.0, 0.3}, {0.3, 1.0}}, MatrixXd{{1.0, 1.0}, {1.0, 1.0}}}};
  for (const auto family : {SchemeFamily::grid, SchemeFamily::per_component}) {
    const QuantizeOptions options{.support = 16, .family = family};
    const double reference = quantize(context, plain.build(context), options).certificate.w2;
    for (const double scale : {1e-140, 1e-100, 1e-82, 1e-8, 1e8, 1e77, 1e100, 1e148}) {
      const auto mixture =
          plain.moved(MatrixXd::Identity(2, 2), scale, VectorXd::Zero(2)).build(context);
      const auto result = quantize(context, mixture, options);
      EXPECT_NEAR(result.certificate.w2 / scale / reference, 1, 1e-6) << scale;
    }
  }
}

/// Nearly all of this Gaussian lies on a diagonal that the grid does not follow: W₂ ≥ s by the
/// second moments across it.
TEST(Certificate, OfAThinDiagonalGaussianHoldsAtAnyScale) {
  const Context context = Context::cpu();
  const test::RowMajor unit = test::RowMajor::Identity(2, 2);
  for (const double s : {1e-140, 1e-100, 1e-82, 1.0, 1e100}) {
    const MatrixXd sigma = s * s * MatrixXd{{0.5, 0.5 - 5e-10}, {0.5 - 5e-10, 0.5}};
    const Scheme scheme =
        Scheme::grid(Grid(Axes({unit.data(), 2, 2}, {s, s}, {0, 0}), {{-1, 1}, {-1, 1}}), 1);
    const auto mixture = test::gaussian(VectorXd::Zero(2), sigma).build(context);
    EXPECT_GE(certify(context, scheme, mixture).w2, s * (1 - 2e-5)) << s;
  }
}

TEST(Certificate, IsPositiveWhereSquaresVanish) {
  const Context context = Context::cpu();
  const double halves[] = {0.5, 0.5};
  const double apart[] = {0, 1e-165};
  const double none[] = {0, 0};
  const auto points = GaussianMixture::diagonal(context, {halves, 2}, {apart, 2, 1}, {none, 2, 1});
  EXPECT_GE(quantize(context, points, {.support = 1}).certificate.w2, 5e-166);

  const double weights[] = {1 - 1e-16, 1e-300};
  const double variances[] = {0, 1e-30};
  const auto faint =
      GaussianMixture::diagonal(context, {weights, 2}, {none, 2, 1}, {variances, 2, 1});
  const double w2 = quantize(context, faint, {.support = 2}).certificate.w2;
  EXPECT_GE(w2, 1e-165);
  EXPECT_LT(w2, 1e-20);
}

/// Two point masses t apart, or a Gaussian of variance t, while lengths of a component without
/// weight set the unit.
TEST(Certificate, IsPositiveFarBelowTheUnit) {
  const Context context = Context::cpu();
  const auto w2 = [&](SchemeFamily family, const std::vector<double>& weights,
                      const std::vector<double>& means, const std::vector<double>& variances) {
    const auto k = static_cast<std::int64_t>(weights.size());
    const auto mixture = GaussianMixture::diagonal(context, {weights.data(), k},
                                                   {means.data(), k, 2}, {variances.data(), k, 2});
    return quantize(context, mixture, {.support = 1, .family = family}).certificate.w2;
  };
  for (const SchemeFamily family :
       {SchemeFamily::grid, SchemeFamily::per_component, SchemeFamily::cross,
        SchemeFamily::per_mode, SchemeFamily::tree, SchemeFamily::lloyd})
    for (const double unit : {1.0, 8e100})
      for (const double t : {1e-140, 3.7e-222, 1e-300, 5e-324}) {
        EXPECT_GE(w2(family, {0, 0.5, 0.5}, {unit, 0, 0, 0, 0, t}, {1, 1, 0, 0, 0, 0}), t / 2)
            << name(family) << " unit " << unit << " t " << t;
        EXPECT_GE(w2(family, {0, 1}, {unit, 0, 0, 0}, {1, 1, t, 0}), std::sqrt(t) * (1 - 1e-15))
            << name(family) << " unit " << unit << " variance " << t;
      }
}

TEST(Certificate, ChargesTheNormalisationOfWeights) {
  const Context context = Context::cpu();
  const double weights[] = {0.32102757229729062, 0.67897242771130206};  // sum 1 + 8.6e-12
  const double means[] = {0, 1};
  const double none[] = {0, 0};
  const auto mixture =
      GaussianMixture::diagonal(context, {weights, 2}, {means, 2, 1}, {none, 2, 1});
  const double w2 = quantize(context, mixture, {.support = 2}).certificate.w2;
  EXPECT_GE(w2, 5.3e-9);
  EXPECT_LT(w2, 1e-7);
}

TEST(Certificate, DoesNotChargeDistantComponentsForEachOthersPoints) {
  const Context context = Context::cpu();
  const double halves[] = {0.5, 0.5};
  const double variances[] = {1, 1};
  const auto w2 = [&](double distance) {
    const double means[] = {0, distance};
    const auto mixture =
        GaussianMixture::diagonal(context, {halves, 2}, {means, 2, 1}, {variances, 2, 1});
    return quantize(context, mixture, {.support = 200, .family = SchemeFamily::per_component})
        .certificate.w2;
  };
  const double exact = std::sqrt(normal_quantizer(100)->distortion);
  EXPECT_LT(w2(10) / exact - 1, 1e-9);
  EXPECT_LT(w2(100) / exact - 1, 2e-8);
}

TEST(Certificate, IsRefusedBeyondTheRangeOfSquares) {
  const Context context = Context::cpu();
  const double weight[] = {1};
  const double far[] = {1e160};
  const double near[] = {0};
  const double one[] = {1};
  const double huge[] = {1e305};
  EXPECT_THROW(GaussianMixture::diagonal(context, {weight, 1}, {far, 1, 1}, {one, 1, 1}),
               InvalidArgument);
  EXPECT_THROW(GaussianMixture::diagonal(context, {weight, 1}, {near, 1, 1}, {huge, 1, 1}),
               InvalidArgument);
  const auto mixture = GaussianMixture::diagonal(context, {weight, 1}, {near, 1, 1}, {one, 1, 1});
  const Scheme scheme = Scheme::grid(Grid(Axes({one, 1, 1}, {1}, {0}), {{-1e160, 0, 1e160}}), 1);
  EXPECT_THROW(certify(context, scheme, mixture), InvalidArgument);
}

}  // namespace
}  // namespace wquant
