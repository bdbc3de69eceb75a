// Covers also: quantize/certificate/affine_image.
#include "wquant/push_forward.hpp"

#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <cmath>
#include <limits>
#include <vector>

#include "accuracy/multiprecision.hpp"
#include "support/mixtures.hpp"
#include "wquant/compress.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::Random;
using test::Real;
using test::RowMajor;
using test::VectorXd;

AffineMap affine(const RowMajor& a) { return {{a.data(), a.rows(), a.cols()}}; }
AffineMap affine(const RowMajor& a, const VectorXd& b) {
  return {{a.data(), a.rows(), a.cols()}, {b.data(), b.size()}};
}

double norm_bound(const Context& context, const RowMajor& a) {
  return spectral_norm_bound(context, {a.data(), a.rows(), a.cols()});
}

double w2_of_parts(const Certificate& c) {
  return std::sqrt(c.cells + c.dropped) + c.reduction + c.basis + c.rounding;
}

long double spectral_norm(const RowMajor& a) {
  using LongMatrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  return Eigen::JacobiSVD<LongMatrix>(a.cast<long double>()).singularValues()[0];
}

void expect_tight(const Context& context, const RowMajor& a) {
  const long double norm = spectral_norm(a);
  const double bound = norm_bound(context, a);
  EXPECT_GE(bound, norm) << a;
  const auto size = static_cast<double>(a.rows() + a.cols() + 4);
  EXPECT_LT(static_cast<double>(bound / norm - 1), 1e-15 * size * size);
}

TEST(SpectralNorm, IsBoundedFromAboveByRoundingOnly) {
  const Context context = Context::cpu();
  Random random(221);
  for (int trial = 0; trial < 60; ++trial) {
    const std::int64_t m = 1 + trial % 7;
    const std::int64_t d = 1 + trial % 5;
    const RowMajor a = RowMajor::NullaryExpr(m, d, [&] { return random.normal(); });
    for (const double scale : {1.0, 1e-150, 1e150}) expect_tight(context, scale * a);
    VectorXd graded =
        VectorXd::NullaryExpr(d, [&] { return std::pow(10, random.uniform(-16, 2)); });
    expect_tight(context, a * graded.asDiagonal());
    const RowMajor one = a.col(0) * random.normal_vector(d).transpose();  // rank 1
    expect_tight(context, one);
  }
  expect_tight(context, random.rotation(30));
}

/// On a line: ax + b takes N(0, 1) to N(b, a²), and the images of a grid are a grid.
TEST(PushForward, OfAffineMapsOfALineIsAboveTheTruth) {
  const Context context = Context::cpu();
  Random random(222);
  const auto normal = test::centred_gaussian(VectorXd::Ones(1)).build(context);
  const auto fine = quantize(context, normal, {.support = 10});
  for (int trial = 0; trial < 30; ++trial) {
    const double a = std::pow(10, random.uniform(-3, 3));
    const VectorXd b{{random.normal() * (trial % 3 == 0 ? 1e6 : 1)}};
    const auto mapped = push_forward(context, fine, affine(RowMajor{{a}}, b));
    std::vector<double> points;
    for (std::int64_t j = 0; j < 10; ++j) points.push_back(mapped.distribution.locations()(j));
    // No coupling is cheaper than the nearest point.
    const Real truth = sqrt(test::grid_error(points, b[0], Real(a)));
    EXPECT_GE(Real(mapped.certificate.w2), truth);
    EXPECT_LT(mapped.certificate.w2,
              a * fine.certificate.w2 * (1 + 1e-13) + 1e-15 * (20 * std::fabs(b[0]) + 20 * a));
    EXPECT_LE(mapped.certificate.centroid_gap, a * 1e-13 + 1e-15 * (20 * std::fabs(b[0]) + 20 * a));
  }
}

TEST(PushForward, ComposesAndMovesPointsAsTheMapSays) {
  const Context context = Context::cpu();
  Random random(223);
  const auto fine = quantize(context, random.mixture(3, 4, 2).build(context), {.support = 100});
  const RowMajor first = RowMajor::NullaryExpr(3, 4, [&] { return random.normal(); });
  const RowMajor second = RowMajor::NullaryExpr(5, 3, [&] { return random.normal(); });
  const VectorXd shift = random.normal_vector(3);
  const auto once = push_forward(context, fine, affine(first, shift));
  const auto twice = push_forward(context, once, affine(second));
  const RowMajor product = second * first;
  const auto direct = push_forward(context, fine, affine(product, second * shift));
  EXPECT_EQ(direct.distribution.dimension(), 5);
  EXPECT_GE(twice.certificate.w2, direct.certificate.w2 * (1 - 1e-13));
  EXPECT_NEAR(once.certificate.w2, static_cast<double>(spectral_norm(first)) * fine.certificate.w2,
              1e-12 * once.certificate.w2);
  for (const Certificate& c : {once.certificate, twice.certificate, direct.certificate})
    EXPECT_NEAR(c.w2, w2_of_parts(c), 1e-13 * c.w2);
  for (std::int64_t a = 0; a < fine.distribution.size(); ++a) {
    EXPECT_EQ(twice.distribution.probabilities()(a), fine.distribution.probabilities()(a));
    for (std::int64_t k = 0; k < 5; ++k)
      EXPECT_NEAR(twice.distribution.locations()(a, k), direct.distribution.locations()(a, k),
                  1e-13 * 100);
  }
}

/// Translations and signed permutations change nothing but the points.
TEST(PushForward, OfIsometriesKeepsTheBound) {
  const Context context = Context::cpu();
  const auto fine = quantize(context, test::centred_gaussian(VectorXd{{2.0, 1.0}}).build(context),
                             {.support = 30});
  const auto turned = push_forward(context, fine, affine(RowMajor{{0.0, -1.0}, {1.0, 0.0}}));
  EXPECT_NEAR(turned.certificate.w2 / fine.certificate.w2, 1, 1e-13);
  EXPECT_EQ(turned.distribution.locations()(0, 0), -fine.distribution.locations()(0, 1));
}

TEST(PushForward, OfLipschitzMapsScalesEveryPart) {
  const Context context = Context::cpu();
  const CertifiedDistribution input{
      {Array<double>::from_host({0, 1, 2, 3}, 2), Array<double>::from_host({0.25, 0.75})},
      {.w2 = 14.5, .cells = 9, .dropped = 16, .reduction = 4, .basis = 3, .rounding = 2.5}};
  LipschitzMap map{[](MatrixView<const double> in, MatrixView<double> out) {
                     for (std::int64_t i = 0; i < in.rows; ++i)
                       out(i, 0) = 2 * std::sin(in(i, 0) + in(i, 1)) / std::sqrt(2);
                   },
                   1, 2.0, 0.5};
  const auto mapped = push_forward(context, input, map);
  EXPECT_EQ(mapped.distribution.dimension(), 1);
  EXPECT_DOUBLE_EQ(mapped.distribution.locations()(1), std::sqrt(2) * std::sin(5));
  EXPECT_NEAR(mapped.certificate.cells, 36, 1e-12);
  EXPECT_NEAR(mapped.certificate.dropped, 64, 1e-12);
  EXPECT_NEAR(mapped.certificate.reduction, 8, 1e-13);
  EXPECT_NEAR(mapped.certificate.basis, 6, 1e-13);
  EXPECT_NEAR(mapped.certificate.rounding, 5.5, 1e-13);
  EXPECT_NEAR(mapped.certificate.w2, 29.5, 1e-12);
  EXPECT_GE(mapped.certificate.w2, 29.5);
  EXPECT_EQ(mapped.certificate.centroid_gap, mapped.certificate.w2);
}

/// tanh of N(0, 1) and of its quantiser: W₂ is at most E(tanh X − tanh c)², here by quadrature.
TEST(PushForward, OfANonlinearMapIsAboveItsCoupling) {
  const Context context = Context::cpu();
  const auto fine =
      quantize(context, test::centred_gaussian(VectorXd::Ones(1)).build(context), {.support = 6});
  const auto mapped =
      push_forward(context, fine,
                   LipschitzMap{[](MatrixView<const double> in, MatrixView<double> out) {
                                  for (std::int64_t i = 0; i < in.rows; ++i)
                                    out(i, 0) = std::tanh(in(i, 0));
                                },
                                1, 1.0, 1e-15});
  double square = 0;
  for (double x = -8; x < 8; x += 1e-3) {
    double least = INFINITY;
    for (std::int64_t a = 0; a < 6; ++a)
      least = std::min(least, std::fabs(std::tanh(x) - mapped.distribution.locations()(a)));
    square += 1e-3 * least * least * std::exp(-x * x / 2) / std::sqrt(2 * M_PI);
  }
  EXPECT_GE(mapped.certificate.w2, std::sqrt(square));
  const auto coarse = compress(context, mapped, {.support = 2});
  EXPECT_GT(coarse.certificate.w2, mapped.certificate.w2);
}

TEST(PushForward, RefusesWhatMakesNoSense) {
  const Context context = Context::cpu();
  const CertifiedDistribution input{
      {Array<double>::from_host({0, 1}, 1), Array<double>::from_host({0.5, 0.5})},
      {.w2 = 1, .cells = 1}};
  const RowFunction copy = [](MatrixView<const double> in, MatrixView<double> out) {
    for (std::int64_t i = 0; i < in.rows; ++i) out(i, 0) = in(i, 0);
  };
  const auto push = [&](const LipschitzMap& map) { return push_forward(context, input, map); };
  EXPECT_NO_THROW(push({copy, 1, 1}));
  EXPECT_THROW(push({{}, 1, 1}), InvalidArgument);
  EXPECT_THROW(push({copy, 0, 1}), InvalidArgument);
  EXPECT_THROW(push({copy, 1, -1}), InvalidArgument);
  EXPECT_THROW(push({copy, 1, NAN}), InvalidArgument);
  EXPECT_THROW(push({copy, 1, INFINITY}), InvalidArgument);
  EXPECT_THROW(push({copy, 1, 1e300}), InvalidArgument);
  EXPECT_THROW(push({copy, 1, 1, -1}), InvalidArgument);
  EXPECT_THROW(push({[](MatrixView<const double>, MatrixView<double>) {}, 1, 1}), InvalidArgument);
  for (const double bad : {-1.0, std::nan(""), HUGE_VAL}) {
    const CertifiedDistribution no_bound{
        {Array<double>::from_host({0, 1}, 1), Array<double>::from_host({0.5, 0.5})},
        {.w2 = 1, .cells = 1, .dropped = bad}};
    EXPECT_THROW(push_forward(context, no_bound, {copy, 1, 1}), InvalidArgument);
  }
  EXPECT_THROW(push_forward(context, input, affine(RowMajor{{1.0, 2.0}})), InvalidArgument);
  EXPECT_THROW(push_forward(context, input, affine(RowMajor{{NAN}})), InvalidArgument);
  EXPECT_THROW(push_forward(context, input, affine(RowMajor{{1.0}}, VectorXd::Zero(2))),
               InvalidArgument);
  const auto plane = test::centred_gaussian(VectorXd::Ones(2)).build(context);
  EXPECT_THROW(push_forward(context, input, plane, affine(RowMajor{{1.0}})), InvalidArgument);
}

/// N(0, I) on a grid along the first axis, stretched tenfold across it: all of that is felt.
TEST(PushForwardOfAMixture, CountsDirectionsThatTheGridDropped) {
  const Context context = Context::cpu();
  const auto mixture = test::centred_gaussian(VectorXd::Ones(2)).build(context);
  const double first[] = {1, 0};
  const Scheme scheme =
      Scheme::grid(Grid(Axes({first, 2, 1}, {1}, {0, 0}), {normal_quantizer(8)->points}), 1);
  const auto fine = apply(context, scheme, mixture);
  const auto mapped =
      push_forward(context, fine, mixture, affine(RowMajor{{1.0, 0.0}, {0.0, 10.0}}));
  // The images lie on the first axis: W₂² = e(8) + 10², by Pythagoras.
  const double truth = std::sqrt(normal_quantizer(8)->distortion + 100);
  EXPECT_GE(mapped.certificate.w2, truth);
  EXPECT_GE(mapped.certificate.w2, 10);
  EXPECT_LT(mapped.certificate.w2, 10 * fine.certificate.w2 * (1 + 1e-12));
}

TEST(PushForwardOfAMixture, CountsEigenvaluesBelowTheRankTolerance) {
  const Context context = Context::cpu();
  Random random(224);
  const MatrixXd v = random.rotation(2);
  const MatrixXd sigma = v * VectorXd{{1.0, 1e-4}}.asDiagonal() * v.transpose();
  const auto mixture =
      test::gaussian(VectorXd::Zero(2), (sigma + sigma.transpose()) / 2).build(context);
  const auto fine = quantize(context, mixture, {.support = 20, .rank_tolerance = 1e-3});
  ASSERT_EQ(fine.distribution.size(), 20);
  const RowMajor stretch = VectorXd{{1.0, 1e4}}.asDiagonal() * v.transpose();
  const auto mapped = push_forward(context, fine, mixture, affine(stretch));
  EXPECT_GE(mapped.certificate.w2, std::sqrt(normal_quantizer(20)->distortion + 1e4));
}

/// Components and points on one line: only ‖A u‖ counts, whatever A does across it.
TEST(PushForwardOfAMixture, OnALineInSpaceGetsTheConstantOfTheLine) {
  const Context context = Context::cpu();
  Random random(225);
  const MatrixXd v = random.rotation(3);
  const VectorXd base = random.normal_vector(3);
  const double weights[] = {0.5, 0.5};
  RowMajor means(2, 3);
  means.row(0) = base;
  means.row(1) = base + 3 * v.col(0);
  const double eigenvalues[] = {1, 0, 0, 0.25, 0, 0};
  const RowMajor basis = v;
  const auto exact = GaussianMixture::eigen(context, {weights, 2}, {means.data(), 2, 3},
                                            {eigenvalues, 2, 3}, {basis.data(), 1, 3, 3});
  test::PlainMixture plain{{0.5, 0.5}, {means.row(0), means.row(1)}, {}};
  for (const double variance : {1.0, 0.25}) {
    const MatrixXd sigma = variance * v.col(0) * v.col(0).transpose();
    plain.covariances.push_back((sigma + sigma.transpose()) / 2);
  }
  const RowMajor a = VectorXd{{2.0, 1e3, 1e3}}.asDiagonal() * v.transpose();
  const auto check = [&](const GaussianMixture& mixture, double tolerance) {
    const auto fine = quantize(context, mixture, {.support = 20});
    const auto narrow = push_forward(context, fine, mixture, affine(a));
    const auto wide = push_forward(context, fine, affine(a));
    EXPECT_LT(narrow.certificate.w2, 2 * fine.certificate.w2 * (1 + tolerance));
    EXPECT_GE(narrow.certificate.w2, 2 * fine.certificate.w2 * (1 - 1e-12));
    EXPECT_GT(wide.certificate.w2, 999 * fine.certificate.w2);
    EXPECT_NEAR(narrow.certificate.w2, w2_of_parts(narrow.certificate),
                1e-14 * narrow.certificate.w2);
  };
  check(exact, 1e-9);
  // A covariance of nine entries is singular to rounding ε only: √ε of it may lie across.
  check(plain.build(context), 1e-3);
}

TEST(PushForwardOfAMixture, IsNeverMoreThanWithoutIt) {
  const Context context = Context::cpu();
  Random random(226);
  for (int trial = 0; trial < 20; ++trial) {
    const std::int64_t d = 1 + trial % 5;
    const auto mixture = random.mixture(1 + trial % 3, d, 1).build(context);
    const auto fine = quantize(context, mixture, {.support = 30});
    const RowMajor a = RowMajor::NullaryExpr(2, d, [&] { return random.normal(); });
    EXPECT_LE(push_forward(context, fine, mixture, affine(a)).certificate.w2,
              push_forward(context, fine, affine(a)).certificate.w2);
  }
}

TEST(PushForwardOfAMixture, DoesNotDependOnTheScale) {
  const Context context = Context::cpu();
  for (const double scale : {1e-120, 1.0, 1e120}) {
    const auto mixture =
        test::gaussian(VectorXd::Zero(2), VectorXd{{scale * scale, 0.0}}.asDiagonal())
            .build(context);
    const auto fine = quantize(context, mixture, {.support = 10});
    const auto mapped =
        push_forward(context, fine, mixture, affine(RowMajor{{1.0, 0.0}, {0.0, 1e6}}));
    EXPECT_NEAR(mapped.certificate.w2 / fine.certificate.w2, 1, 1e-6) << scale;
  }
}

/// Optimal grids: E‖A(X − c)‖² = Σ_k ‖A v_k‖² λ_k e(n_k) + Σ_dropped ‖A v_k‖² λ_k, exactly.
TEST(PushForwardOfAScheme, IsExactForAnOptimalGrid) {
  const Context context = Context::cpu();
  Random random(95);
  for (const std::int64_t d : {2, 4, 9}) {
    const MatrixXd v = random.rotation(d);
    const VectorXd variances = VectorXd::LinSpaced(d, 2, 0.1);
    const MatrixXd sigma = v * variances.asDiagonal() * v.transpose();
    const auto mixture =
        test::gaussian(random.normal_vector(d), (sigma + sigma.transpose()) / 2).build(context);
    const test::RowMajor a = test::RowMajor::NullaryExpr(d + 1, d, [&] { return random.normal(); });
    const Scheme scheme =
        make_scheme(context, mixture, {.support = 60, .family = SchemeFamily::grid});
    const Grid& grid = std::get<Grid>(scheme.layers()[0].pattern);
    double cost = (a * v * variances.cwiseSqrt().asDiagonal()).squaredNorm();
    for (std::int64_t k = 0; k < grid.axes().rank(); ++k) {
      VectorXd q(d);
      for (std::int64_t i = 0; i < d; ++i) q[i] = grid.axes().basis()(i, k);
      const double lambda = grid.axes().scales()[k] * grid.axes().scales()[k];
      cost -= (a * q).squaredNorm() * lambda *
              (1 - normal_distortion(static_cast<std::int64_t>(grid.points()[k].size())));
    }
    const AffineMap map{{a.data(), d + 1, d}};
    const auto tight = push_forward(context, scheme, mixture, map);
    EXPECT_NEAR(tight.certificate.w2, std::sqrt(cost), 1e-9 * std::sqrt(cost)) << d;
    EXPECT_GE(tight.certificate.w2, std::sqrt(cost) * (1 - 1e-14));
    EXPECT_LT(tight.certificate.w2,
              push_forward(context, apply(context, scheme, mixture), map).certificate.w2);
  }
}

TEST(PushForwardOfAScheme, CountsDirectionsThatTheGridDropped) {
  const Context context = Context::cpu();
  const auto mixture = test::centred_gaussian(VectorXd::Ones(2)).build(context);
  const double first[] = {1, 0};
  const Scheme scheme =
      Scheme::grid(Grid(Axes({first, 2, 1}, {1}, {0, 0}), {normal_quantizer(7)->points}), 1);
  const double matrix[] = {1, 0, 0, 10};
  const auto image = push_forward(context, scheme, mixture, {{matrix, 2, 2}});
  EXPECT_GE(image.certificate.w2, 10);
  EXPECT_NEAR(image.certificate.w2, std::sqrt(normal_distortion(7) + 100), 1e-11);
}

/// N(½, 1) on points −1 and 2, not the means of their cells, and a grid off to the side: the cross
/// terms count. Against the exact E‖A(X − c)‖².
TEST(PushForwardOfAScheme, IsAboveTheTruthForPoorGrids) {
  const Context context = Context::cpu();
  const auto mixture =
      test::gaussian(VectorXd{{0.5, 3.0}}, MatrixXd::Identity(2, 2)).build(context);
  const double first[] = {1, 0};
  const Scheme scheme = Scheme::grid(Grid(Axes({first, 2, 1}, {1}, {0, 0}), {{-1, 2}}), 1);
  const double matrix[] = {1, 2, 0, 1};
  // ε = X₁ − c has mean b and second moment s; R = X₂ has mean 3 and second moment 10.
  const double density = std::exp(-0.0) / std::sqrt(2 * M_PI);  // at the edge ½ = the mean
  const double b = 0.5 * (0.5 + 1) + 0.5 * (0.5 - 2);
  const double s = 1 + 0.25 - 2 * (-1 * (0.25 - density) + 2 * (0.25 + density)) + 0.5 * (1 + 4);
  const double truth = s + 4 * b * 3 + (4 + 1) * 10;
  const auto image = push_forward(context, scheme, mixture, {{matrix, 2, 2}});
  EXPECT_GE(image.certificate.w2 * image.certificate.w2, truth);
  EXPECT_LE(image.certificate.w2 * image.certificate.w2, truth * 1.2);
}

TEST(PushForwardOfAScheme, ServesAllPatternsAndScales) {
  const Context context = Context::cpu();
  Random random(96);
  const auto mixture = random.mixture(3, 2, 1).build(context);
  const double matrix[] = {1, 2, -1, 0.5};
  const double where[] = {0, 0, 1, 1};
  const Grid grid(Axes::standard({0, 0}), {{-1, 1}, {0, 1}});
  for (const Scheme& scheme :
       {Scheme::grid(grid, 3), Scheme::grid(grid.within({-3, -3}, {3, 3}), 3),
        Scheme::cross(Cross(Axes::standard({0, 0}), {1, 2}), 3),
        Scheme::free(FreePoints({where, 2, 2}, 500), 3)}) {
    const auto plain = apply(context, scheme, mixture);
    const double w2 = push_forward(context, scheme, mixture, {{matrix, 2, 2}}).certificate.w2;
    EXPECT_LE(w2, push_forward(context, plain, {{matrix, 2, 2}}).certificate.w2);
    for (const double scale : {1e-140, 1e140}) {
      double scaled[4];
      for (int i = 0; i < 4; ++i) scaled[i] = scale * matrix[i];
      EXPECT_NEAR(push_forward(context, scheme, mixture, {{scaled, 2, 2}}).certificate.w2 / scale,
                  w2, 1e-9 * w2);
    }
  }
}

}  // namespace
}  // namespace wquant
