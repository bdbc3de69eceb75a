#include "wquant/density.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "support/long_density.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::RowMajor;
using test::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kLogTwoPi = std::log(2 * std::acos(-1.0));

MatrixView<const double> view(const RowMajor& points) {
  return {points.data(), points.rows(), points.cols()};
}

RowMajor row(const VectorXd& x) { return x.transpose(); }

double log_density_at(const GaussianMixture& mixture, const VectorXd& x) {
  return log_density(Context::cpu(), mixture, view(row(x)))(0);
}

VectorXd score_at(const GaussianMixture& mixture, const VectorXd& x) {
  const Array<double> out = score(Context::cpu(), mixture, view(row(x)));
  return Eigen::Map<const VectorXd>(out.data(), out.size());
}

MatrixXd hessian_at(const GaussianMixture& mixture, const VectorXd& x) {
  const Array<double> out = hessian(Context::cpu(), mixture, view(row(x)));
  return Eigen::Map<const RowMajor>(out.data(), x.size(), x.size());
}

RowMajor points_near(const PlainMixture& mixture, std::int64_t n, Random& random) {
  RowMajor out(n, mixture.dimension());
  for (std::int64_t s = 0; s < n; ++s)
    out.row(s) = mixture.means[s % mixture.components()] +
                 random.uniform(0, 3) * random.normal_vector(mixture.dimension());
  return out;
}

std::string message(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Density, EqualsTheSumOfCholeskyDensities) {
  const Context context = Context::cpu();
  Random random(111);
  for (const std::int64_t d : {1, 2, 3, 5}) {
    const PlainMixture plain = random.mixture(2 * d, d, 2);
    const test::LongDensity reference(plain);
    const RowMajor points = points_near(plain, 200, random);
    const Array<double> found = log_density(context, plain.build(context), view(points));
    for (std::int64_t s = 0; s < points.rows(); ++s) {
      const auto expected = static_cast<double>(reference(points.row(s).cast<long double>()));
      EXPECT_NEAR(found(s), expected, 1e-12 * std::max(1.0, std::fabs(expected)));
    }
  }
}

TEST(Density, OfASharedAndOfTheUnitBasisEqualsThatOfFullMatrices) {
  const Context context = Context::cpu();
  Random random(112);
  const RowMajor v = random.rotation(3);
  const std::vector<double> weights = random.weights(4);
  const RowMajor means = RowMajor::NullaryExpr(4, 3, [&] { return random.normal(); });
  const RowMajor variances = RowMajor::NullaryExpr(4, 3, [&] { return random.uniform(0.1, 2); });
  const RowMajor points = RowMajor::NullaryExpr(50, 3, [&] { return 2 * random.normal(); });
  const VectorView<const double> w{weights.data(), 4};
  const auto diagonal = GaussianMixture::diagonal(context, w, view(means), view(variances));
  const auto shared =
      GaussianMixture::eigen(context, w, view(means), view(variances), {v.data(), 1, 3, 3});
  PlainMixture plain{weights, {}, {}};
  PlainMixture turned{weights, {}, {}};
  for (int i = 0; i < 4; ++i) {
    plain.means.emplace_back(means.row(i));
    turned.means.emplace_back(means.row(i));
    plain.covariances.emplace_back(variances.row(i).asDiagonal());
    const MatrixXd sigma = v * plain.covariances.back() * v.transpose();
    turned.covariances.emplace_back((sigma + sigma.transpose()) / 2);
  }
  const Array<double> unit_found = log_density(context, diagonal, view(points));
  const Array<double> shared_found = log_density(context, shared, view(points));
  for (int s = 0; s < 50; ++s) {
    const test::LongVector x = points.row(s).cast<long double>();
    EXPECT_NEAR(unit_found(s), static_cast<double>(test::LongDensity(plain)(x)), 1e-11);
    EXPECT_NEAR(shared_found(s), static_cast<double>(test::LongDensity(turned)(x)), 1e-11);
  }
}

TEST(Density, ScoreIsTheGradientOfTheLogDensity) {
  const Context context = Context::cpu();
  Random random(113);
  for (const std::int64_t d : {1, 2, 3, 5}) {
    const PlainMixture plain = random.mixture(2 * d, d, 2);
    const test::LongDensity reference(plain);
    const RowMajor points = points_near(plain, 40, random);
    const Array<double> found = score(context, plain.build(context), view(points));
    for (std::int64_t s = 0; s < points.rows(); ++s) {
      const VectorXd expected =
          test::gradient(reference, points.row(s).cast<long double>(), 1e-4L).cast<double>();
      for (std::int64_t a = 0; a < d; ++a)
        EXPECT_NEAR(found(s, a), expected[a], 1e-9 * (1 + expected.norm()));
    }
  }
}

TEST(Density, HessianIsThatOfTheLogDensity) {
  const Context context = Context::cpu();
  Random random(114);
  for (const std::int64_t d : {1, 2, 3, 5}) {
    const PlainMixture plain = random.mixture(2 * d, d, 2);
    const test::LongDensity reference(plain);
    const RowMajor points = points_near(plain, 15, random);
    const Array<double> found = hessian(context, plain.build(context), view(points));
    ASSERT_EQ(found.cols(), d * d);
    for (std::int64_t s = 0; s < points.rows(); ++s) {
      const MatrixXd expected =
          test::hessian_matrix(reference, points.row(s).cast<long double>(), 3e-4L).cast<double>();
      for (std::int64_t a = 0; a < d; ++a)
        for (std::int64_t b = 0; b < d; ++b) {
          EXPECT_NEAR(found(s, a * d + b), expected(a, b), 1e-7 * (1 + expected.norm()));
          EXPECT_EQ(found(s, a * d + b), found(s, b * d + a));
        }
    }
  }
}

TEST(Density, OfALineLivesOnTheLine) {
  Random random(115);
  for (const std::int64_t d : {2, 3, 5}) {
    const VectorXd u = random.normal_vector(d).normalized();
    const VectorXd mean = 100 * random.normal_vector(d);
    const double s = 0.7;
    const GaussianMixture mixture =
        test::gaussian(mean, s * s * u * u.transpose()).build(Context::cpu());
    const VectorXd across =
        (random.normal_vector(d) - u * random.normal_vector(d).dot(u)).normalized();
    for (const double t : {0.0, 0.3, -2.0, 7.0}) {
      const VectorXd x = mean + t * u;
      EXPECT_NEAR(log_density_at(mixture, x), -kLogTwoPi / 2 - std::log(s) - t * t / (2 * s * s),
                  1e-10);
      EXPECT_LT((score_at(mixture, x) + t / (s * s) * u).norm(), 1e-10);
      EXPECT_LT((hessian_at(mixture, x) + u * u.transpose() / (s * s)).norm(), 1e-12);
      EXPECT_EQ(log_density_at(mixture, x + 1e-6 * (across - u * across.dot(u))), -kInfinity);
    }
    const VectorXd off = mean + across - u * across.dot(u);
    EXPECT_EQ(score_at(mixture, off), VectorXd::Zero(d));
    EXPECT_EQ(hessian_at(mixture, off), MatrixXd::Zero(d, d));
  }
}

TEST(Density, OfAPointMassIsItsWeightAtThePoint) {
  const VectorXd at{{1.0 / 3, -2.0}};
  const MatrixXd nothing = MatrixXd::Zero(2, 2);
  const PlainMixture plain{
      {0.25, 0.5, 0.25}, {at, VectorXd{{5.0, 5.0}}, at}, {nothing, nothing, nothing}};
  const GaussianMixture mixture = plain.build(Context::cpu());
  EXPECT_NEAR(log_density_at(mixture, at), std::log(0.5), 1e-15);
  EXPECT_NEAR(log_density_at(mixture, VectorXd{{5.0, 5.0}}), std::log(0.5), 1e-15);
  EXPECT_EQ(log_density_at(mixture, VectorXd{{1.0 / 3, -2.0 + 1e-10}}), -kInfinity);
  EXPECT_EQ(score_at(mixture, at), VectorXd::Zero(2));
  EXPECT_EQ(hessian_at(mixture, at), nothing);
}

TEST(Density, TheLeastRankAtAPointDominates) {
  const VectorXd zero = VectorXd::Zero(2);
  const PlainMixture plain{{0.2, 0.3, 0.1, 0.4},
                           {zero, zero, zero, zero},
                           {MatrixXd{{1.0, 0.0}, {0.0, 1.0}}, MatrixXd{{4.0, 0.0}, {0.0, 0.0}},
                            MatrixXd::Zero(2, 2), MatrixXd{{1.0, 0.0}, {0.0, 0.0}}}};
  const GaussianMixture mixture = plain.build(Context::cpu());
  EXPECT_NEAR(log_density_at(mixture, zero), std::log(0.1), 1e-15);
  const double on_line = 0.3 / 2 * std::exp(-1.0 / 8) + 0.4 * std::exp(-0.5);
  EXPECT_NEAR(log_density_at(mixture, VectorXd{{1.0, 0.0}}), std::log(on_line) - kLogTwoPi / 2,
              1e-14);
  EXPECT_NEAR(log_density_at(mixture, VectorXd{{1.0, 1.0}}), std::log(0.2) - kLogTwoPi - 1, 1e-14);
  EXPECT_NEAR(score_at(mixture, VectorXd{{1.0, 0.0}})[0],
              -(0.3 / 8 * std::exp(-1.0 / 8) + 0.4 * std::exp(-0.5)) / on_line, 1e-14);
  EXPECT_EQ(score_at(mixture, VectorXd{{1.0, 0.0}})[1], 0);
}

TEST(Density, ComponentsWithoutWeightDoNotCount) {
  const VectorXd zero = VectorXd::Zero(1);
  const PlainMixture plain{{0, 1}, {zero, zero}, {MatrixXd::Zero(1, 1), MatrixXd::Identity(1, 1)}};
  EXPECT_NEAR(log_density_at(plain.build(Context::cpu()), zero), -kLogTwoPi / 2, 1e-15);
}

TEST(Density, SmallEigenvaluesAreNotNull) {
  Random random(116);
  for (const double small : {1e-8, 1e-12}) {
    const VectorXd variances{{1.0, small}};
    const double at_zero = -kLogTwoPi - std::log(small) / 2;
    const double s = std::sqrt(small);
    EXPECT_NEAR(log_density_at(test::centred_gaussian(variances).build(Context::cpu()),
                               VectorXd{{0.0, 2 * s}}),
                at_zero - 2, 1e-12);
    const MatrixXd v = random.rotation(2);
    const auto turned = test::centred_gaussian(variances).moved(v, 1, VectorXd::Zero(2));
    EXPECT_NEAR(log_density_at(turned.build(Context::cpu()), v.col(1) * 2 * s), at_zero - 2, 5e-3);
  }
}

/// Points of the exact support, which the computed eigenvectors miss by ε λ_max / λ_min.
TEST(Density, SupportsAreRecognisedBesideSmallEigenvalues) {
  Random random(117);
  for (const double small : {1.0, 1e-4, 1e-8, 1e-12})
    for (int trial = 0; trial < 20; ++trial) {
      const MatrixXd v = random.rotation(4);
      const VectorXd variances{{1.0, small, 0.0, 0.0}};
      const VectorXd mean = random.normal_vector(4);
      const auto plain = test::centred_gaussian(variances).moved(v, 1, mean);
      const VectorXd z = variances.cwiseSqrt().cwiseProduct(random.normal_vector(4));
      const GaussianMixture mixture = plain.build(Context::cpu());
      EXPECT_TRUE(std::isfinite(log_density_at(mixture, mean + v * z))) << small;
      EXPECT_EQ(log_density_at(mixture, mean + v * z + 1e-3 * v.col(2)), -kInfinity) << small;
    }
}

TEST(Density, RoundingDoesNotLeaveASupport) {
  const GaussianMixture mixture =
      test::gaussian(VectorXd{{0.0, 0.3}}, MatrixXd{{1.0, 0.0}, {0.0, 0.0}}).build(Context::cpu());
  ASSERT_NE(0.1 + 0.2, 0.3);
  EXPECT_NEAR(log_density_at(mixture, VectorXd{{0.0, 0.1 + 0.2}}), -kLogTwoPi / 2, 1e-15);
  EXPECT_EQ(log_density_at(mixture, VectorXd{{0.0, 0.3 + 1e-13}}), -kInfinity);
  const RowMajor close{{0.0, 0.3 + 1e-13}};
  EXPECT_NEAR(log_density(Context::cpu(), mixture, view(close), {.span_tolerance = 1e-12})(0),
              -kLogTwoPi / 2, 1e-15);
}

TEST(Density, EigenvectorsThatAreNearlyOrthonormalKeepTheirSupport) {
  const Context context = Context::cpu();
  Random random(121);
  const RowMajor v =
      random.rotation(3) + 1e-8 * MatrixXd::NullaryExpr(3, 3, [&] { return random.normal(); });
  const double weight = 1;
  const double mean[] = {1, 2, 3};
  const double variances[] = {4, 1, 0};
  const auto mixture = GaussianMixture::eigen(context, {&weight, 1}, {mean, 1, 3},
                                              {variances, 1, 3}, {v.data(), 1, 3, 3});
  const Array<double> points = sample(context, mixture, 1000, 1);
  const Array<double> log_p = log_density(context, mixture, points.view());
  for (std::int64_t s = 0; s < 1000; ++s) EXPECT_TRUE(std::isfinite(log_p(s))) << s;
}

TEST(Density, FarPointsAreFiniteOrMinusInfinity) {
  const Context context = Context::cpu();
  Random random(118);
  PlainMixture plain = random.mixture(3, 2, 1);
  plain.covariances[1] = 1e-290 * plain.covariances[1];
  plain.covariances[2] = 1e290 * plain.covariances[2];
  const double tiny_variances[] = {5e-324, 1e-310, 1, 0};
  const double means[] = {0, 0, 1, 1};
  const double weights[] = {0.5, 0.5};
  const auto denormal =
      GaussianMixture::diagonal(context, {weights, 2}, {means, 2, 2}, {tiny_variances, 2, 2});
  const GaussianMixture mixture = plain.build(context);
  for (const GaussianMixture* of : {&mixture, &denormal})
    for (const double far : {0.0, 5e-324, 1e-310, 1e-160, 1e-145, 1.0, 1e10, 1e160, 1e300, 1.7e308})
      for (const double turn : {0.0, 1.0, -1.0}) {
        const RowMajor x{{far, turn * far}};
        const double p = log_density(context, *of, view(x))(0);
        EXPECT_TRUE(std::isfinite(p) || p == -kInfinity) << far << ": " << p;
        EXPECT_TRUE(score_at(*of, x.row(0)).allFinite()) << far;
        EXPECT_TRUE(hessian_at(*of, x.row(0)).allFinite()) << far;
        if (p == -kInfinity) {
          EXPECT_EQ(score_at(*of, x.row(0)), VectorXd::Zero(2));
        }
      }
}

TEST(Density, FarFromAllButOneComponentTheHessianDoesNotCancel) {
  const PlainMixture plain{{0.5, 0.5},
                           {VectorXd{{0.0}}, VectorXd{{-1e8}}},
                           {MatrixXd::Identity(1, 1), MatrixXd::Identity(1, 1)}};
  EXPECT_EQ(hessian_at(plain.build(Context::cpu()), VectorXd{{1e9}})(0, 0), -1);
}

TEST(Density, IsTheSameForAnyNumberOfThreads) {
  Random random(119);
  const PlainMixture plain = random.mixture(7, 3, 2);
  const RowMajor points = points_near(plain, 20'000, random);
  const auto bits = [&](int threads) {
    const Context context = Context::cpu({.threads = threads});
    const GaussianMixture mixture = plain.build(context);
    std::vector<double> out;
    for (const auto& call : {log_density, score, hessian}) {
      const Array<double> values = call(context, mixture, view(points), {});
      out.insert(out.end(), values.data(), values.data() + values.size());
    }
    return out;
  };
  EXPECT_EQ(bits(1), bits(2));
  EXPECT_EQ(bits(1), bits(8));
}

TEST(Density, OfNoPointsIsEmpty) {
  Random random(120);
  const Context context = Context::cpu();
  const GaussianMixture mixture = random.mixture(2, 3, 1).build(context);
  EXPECT_EQ(log_density(context, mixture, {nullptr, 0, 3}).rows(), 0);
  EXPECT_EQ(hessian(context, mixture, {nullptr, 0, 3}).rows(), 0);
}

TEST(Density, NamesWhatIsWrong) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = test::centred_gaussian(VectorXd::Ones(2)).build(context);
  RowMajor points = RowMajor::Zero(2, 2);
  points(1, 0) = NAN;
  EXPECT_EQ(message([&] { score(context, mixture, view(points)); }),
            "points[1][0]: nan; expected a finite number");
  points(1, 0) = 0;
  EXPECT_EQ(message([&] {
              hessian(context, mixture, {points.data(), 1, 4});
            }),
            "points: the shape is 1 x 4; expected 1 x 2");
  EXPECT_EQ(message([&] { log_density(context, mixture, view(points), {.rank_tolerance = 1}); }),
            "rank_tolerance: 1; expected a number below 1");
  EXPECT_EQ(message([&] { log_density(context, mixture, view(points), {.span_tolerance = NAN}); }),
            "span_tolerance: nan; expected a number below 1");
  EXPECT_THROW(log_density(context, mixture, {points.data(), 2, 2, 2, MemorySpace::device}),
               InvalidArgument);
  EXPECT_THROW(log_density(context, mixture, view(points),
                           {.progress = [](const Progress&) { return false; }}),
               Cancelled);
  EXPECT_THROW(hessian(Context::cpu({.workspace_limit = 16}), mixture, view(points)), OutOfMemory);
}

}  // namespace
}  // namespace wquant
