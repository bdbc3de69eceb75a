#include <gtest/gtest.h>

#include <cmath>

#include "backend/backend.hpp"
#include "coverage/statistics.hpp"
#include "quantize/mixture/component_order.hpp"
#include "quantize/points/component_grids.hpp"
#include "support/mixtures.hpp"

// Statistical tests on 10⁶ seeded samples, as in sampling_test.cpp: a correct library fails one
// comparison of a mean with probability below 6e-7 (five standard errors) and one χ² test with
// 1e-6.

namespace wquant {
namespace {

using test::centred_gaussian;
using test::chi_squared_p_value;
using test::mean_and_error;
using test::PlainMixture;
using test::Random;
using test::RowMajor;
using test::VectorXd;

constexpr std::int64_t kSamples = 1'000'000;

/// Mean squared distance of samples to the nearest point is at most w2², five standard errors off.
void expect_bound(const Context& context, const CertifiedDistribution& result,
                  const Array<double>& samples, const std::string& what) {
  std::vector<std::int64_t> labels(static_cast<std::size_t>(samples.rows()));
  std::vector<double> squares(labels.size());
  context.backend().nearest(samples.view(), result.distribution.locations().view(),
                            {labels.data(), samples.rows()}, {squares.data(), samples.rows()});
  const auto measured = mean_and_error(squares);
  const double w2 = result.certificate.w2;
  EXPECT_LE(measured.mean, w2 * w2 + 5 * measured.standard_error) << what;
}

/// The cell of z: axis and sign of the largest coordinate, and the radius nearest to it, or to ‖z‖.
std::int64_t cell_of(const Cross& cross, const double* z) {
  const std::int64_t n = cross.axes().rank();
  const auto m = static_cast<std::int64_t>(cross.radii().size());
  std::int64_t k = 0;
  double square = 0;
  for (std::int64_t l = 0; l < n; ++l) {
    if (std::fabs(z[l]) > std::fabs(z[k])) k = l;
    square += z[l] * z[l];
  }
  const double size = cross.shells() == Cross::Shells::norm ? std::sqrt(square) : std::fabs(z[k]);
  std::int64_t j = 0;
  while (j + 1 < m && size > (cross.radii()[j] + cross.radii()[j + 1]) / 2) ++j;
  return (2 * k + (z[k] < 0)) * m + j;
}

/// Costs and counts of the cells of a cross of all coordinates, under N(mean, diag(deviation²)).
void check_cross(const Context& context, const Cross& cross, const VectorXd& mean,
                 const VectorXd& deviation, std::uint64_t seed) {
  const std::int64_t n = cross.axes().rank();
  const auto mixture = test::gaussian(mean, deviation.cwiseAbs2().asDiagonal()).build(context);
  const auto result = apply(context, Scheme::cross(cross, 1), mixture);
  const Array<double> samples = sample(context, mixture, kSamples, seed);
  std::vector<double> counts(static_cast<std::size_t>(cross.size()));
  std::vector<double> squares;
  std::vector<double> z(static_cast<std::size_t>(n));
  for (std::int64_t s = 0; s < kSamples; ++s) {
    for (std::int64_t k = 0; k < n; ++k) z[k] = samples(s, k) / cross.axes().scales()[k];
    const std::int64_t a = cell_of(cross, z.data());
    counts[a] += 1;
    double square = 0;
    for (std::int64_t k = 0; k < n; ++k) {
      const double difference = samples(s, k) - result.distribution.locations()(a, k);
      square += difference * difference;
    }
    squares.push_back(square);
  }
  const auto measured = mean_and_error(squares);
  EXPECT_NEAR(measured.mean, result.certificate.cells, 5 * measured.standard_error) << n;
  EXPECT_LT(result.certificate.basis + result.certificate.rounding, 1e-9) << n;
  std::vector<double> expected;
  for (std::int64_t a = 0; a < cross.size(); ++a)
    expected.push_back(kSamples * result.distribution.probabilities()(a));
  EXPECT_GT(chi_squared_p_value(counts, expected), 1e-6) << n;
  expect_bound(context, result, samples, "nearest of all");
}

Axes scaled_axes(const VectorXd& scales) {
  const std::int64_t n = scales.size();
  const RowMajor unit = RowMajor::Identity(n, n);
  return Axes({unit.data(), n, n}, {scales.begin(), scales.end()}, std::vector<double>(n, 0.0));
}

class CrossBySamples : public ::testing::TestWithParam<std::int64_t> {};
INSTANTIATE_TEST_SUITE_P(Axes, CrossBySamples, ::testing::Values(1, 2, 3, 10, 64));

TEST_P(CrossBySamples, OptimalAndPaperRadii) {
  const Context context = Context::cpu();
  const std::int64_t n = GetParam();
  const VectorXd scales = VectorXd::LinSpaced(n, 2, 0.5);
  for (const CrossRadii radii : {CrossRadii::optimal, CrossRadii::paper}) {
    const Scheme scheme = make_scheme(context, centred_gaussian(scales.cwiseAbs2()).build(context),
                                      {.support = 2 * n * 3,
                                       .family = SchemeFamily::cross,
                                       .radii = radii,
                                       .active_dimensions = n})
                              .scheme;
    const Cross& made = std::get<Cross>(scheme.layers()[0].pattern);
    const Cross cross(scaled_axes(scales), made.radii(), made.shells());
    check_cross(context, cross, VectorXd::Zero(n), scales, 700 + n);
  }
}

/// Weights and cost follow the Gaussian that the cross is laid over, not the one it was made for.
TEST_P(CrossBySamples, ReusedOnAnotherGaussian) {
  const Context context = Context::cpu();
  const std::int64_t n = GetParam();
  const VectorXd deviation = VectorXd::LinSpaced(n, 0.6, 1.7);
  VectorXd mean = VectorXd::Zero(n);
  mean[0] = 0.4;
  check_cross(context, Cross(scaled_axes(VectorXd::Ones(n)), {0.8, 1.9}), mean, deviation, 800 + n);
}

TEST(EverySchemeBySamples, IsABound) {
  const Context context = Context::cpu();
  Random random(901);
  for (const std::int64_t d : {2, 3}) {
    const PlainMixture plain = random.mixture(4, d, 1.5);
    const auto mixture = plain.build(context);
    const Array<double> samples = sample(context, mixture, kSamples, 902);
    for (const auto family :
         {SchemeFamily::grid, SchemeFamily::per_component, SchemeFamily::cross,
          SchemeFamily::per_mode, SchemeFamily::tree, SchemeFamily::lloyd, SchemeFamily::automatic})
      expect_bound(context, quantize(context, mixture, {.support = 50, .family = family}), samples,
                   std::string(name(family)));
    expect_bound(context, quantize(context, mixture, {.support = 50, .reduced_components = 2}),
                 samples, "reduced");
    const RowMajor where = RowMajor::NullaryExpr(30, d, [&] { return 2 * random.normal(); });
    const FreePoints points({where.data(), 30, d});
    expect_bound(context, apply(context, Scheme::free(points, 4), mixture), samples, "free");
    const Grid grid(Axes::standard(std::vector<double>(d, 0.0)),
                    std::vector<std::vector<double>>(d, {-1, 0.5, 2}));
    const Grid bounded = grid.within(std::vector<double>(d, -2), std::vector<double>(d, 3));
    expect_bound(context, apply(context, Scheme::grid(bounded, 4), mixture), samples, "bounded");
    const Cross cross(Axes::standard(std::vector<double>(d, 0.0)), {1, 2.5});
    expect_bound(context, apply(context, Scheme::cross(cross, 4), mixture), samples,
                 "shared cross");
    const auto fine = quantize(context, mixture, {.support = 2000});
    expect_bound(context, compress(context, fine, {.support = 40}), samples, "compressed");
  }
}

/// The cell of a free point is made of fine cells: a sample goes where the fine point nearest to it
/// among those of its component goes, which is what its probability counts and its certificate
/// costs.
TEST(FreePointsBySamples, HaveTheProbabilitiesAndTheCostOfTheirFineCells) {
  const Context context = Context::cpu();
  Random random(907);
  const PlainMixture plain = random.mixture(3, 2, 1.5);
  const auto given = plain.build(context);
  const auto result =
      quantize(context, given, {.support = 25, .family = SchemeFamily::lloyd, .fine_support = 600});
  const auto mixture = given.select(canonical_order(given, {0, 1, 2}));
  const Scheme fine = fine_scheme(context, mixture, 600);
  const auto [samples, drawn] = sample_with_labels(context, mixture, kSamples, 908);
  const MatrixView<const double> points = result.distribution.locations().view();
  const auto fine_points = apply(context, fine, mixture).distribution;
  std::vector<double> counts(static_cast<std::size_t>(points.rows));
  std::vector<double> squares;
  std::int64_t first = 0;
  for (const Layer& layer : fine.layers()) {
    const std::int64_t n = size(layer.pattern);
    const MatrixView<const double> cells{fine_points.locations().view().row(first), n, 2};
    first += n;
    std::vector<double> own;
    for (std::int64_t s = 0; s < kSamples; ++s)
      if (drawn(s) == layer.components.front())
        own.insert(own.end(), &samples(s, 0), &samples(s, 0) + 2);
    const auto rows = static_cast<std::int64_t>(own.size()) / 2;
    const auto nearest = [&](MatrixView<const double> from, MatrixView<const double> to) {
      std::vector<std::int64_t> labels(static_cast<std::size_t>(from.rows));
      std::vector<double> unused(labels.size());
      context.backend().nearest(from, to, {labels.data(), from.rows}, {unused.data(), from.rows});
      return labels;
    };
    const auto cell_of_sample = nearest({own.data(), rows, 2}, cells);
    const auto point_of_cell = nearest(cells, points);
    for (std::int64_t s = 0; s < rows; ++s) {
      const std::int64_t a = point_of_cell[cell_of_sample[s]];
      counts[a] += 1;
      squares.push_back(std::pow(own[2 * s] - points(a, 0), 2) +
                        std::pow(own[2 * s + 1] - points(a, 1), 2));
    }
  }
  const auto measured = mean_and_error(squares);
  EXPECT_NEAR(measured.mean, result.certificate.cells + result.certificate.dropped,
              5 * measured.standard_error);
  std::vector<double> expected;
  for (std::int64_t a = 0; a < points.rows; ++a)
    expected.push_back(kSamples * result.distribution.probabilities()(a));
  EXPECT_GT(chi_squared_p_value(counts, expected), 1e-6);
}

/// Samples fall into the leaves as the probabilities say, and cost what the certificate says.
TEST(TreeBySamples, CountsAndCostsOfTheLeaves) {
  const Context context = Context::cpu();
  Random random(907);
  const auto mixture = random.homogeneous_mixture(6, 3, 1.5).build(context);
  const Scheme scheme =
      make_scheme(context, mixture, {.support = 40, .family = SchemeFamily::tree}).scheme;
  const auto result = apply(context, scheme, mixture);
  const Tree& tree = std::get<Tree>(scheme.layers()[0].pattern);
  const Array<double> samples = sample(context, mixture, kSamples, 908);
  std::vector<double> counts(static_cast<std::size_t>(tree.size()));
  std::vector<double> squares;
  for (std::int64_t s = 0; s < kSamples; ++s) {
    const std::int64_t a = tree.find({samples(s, 0), samples(s, 1), samples(s, 2)});
    counts[a] += 1;
    double square = 0;
    for (std::int64_t k = 0; k < 3; ++k) {
      const double difference = samples(s, k) - result.distribution.locations()(a, k);
      square += difference * difference;
    }
    squares.push_back(square);
  }
  const auto measured = mean_and_error(squares);
  EXPECT_NEAR(measured.mean, result.certificate.w2 * result.certificate.w2,
              5 * measured.standard_error);
  std::vector<double> expected;
  for (std::int64_t a = 0; a < tree.size(); ++a)
    expected.push_back(kSamples * result.distribution.probabilities()(a));
  EXPECT_GT(chi_squared_p_value(counts, expected), 1e-6);
}

/// Shared by several components the probabilities of a cross are those of the mixture.
TEST(SharedCross, HasTheProbabilitiesOfTheMixture) {
  const Context context = Context::cpu();
  Random random(903);
  PlainMixture plain{{0.3, 0.7}, {VectorXd{{0.5, -0.2}}, VectorXd{{-0.3, 0.4}}}, {}};
  plain.covariances = {VectorXd{{1.0, 0.3}}.asDiagonal(), VectorXd{{0.2, 2.0}}.asDiagonal()};
  const auto mixture = plain.build(context);
  const Cross cross(Axes::standard({0, 0}), {0.7, 2});
  const auto result = apply(context, Scheme::cross(cross, 2), mixture);
  const Array<double> samples = sample(context, mixture, kSamples, 904);
  std::vector<double> counts(8);
  for (std::int64_t s = 0; s < kSamples; ++s) counts[cell_of(cross, &samples(s, 0))] += 1;
  std::vector<double> expected;
  for (std::int64_t a = 0; a < 8; ++a)
    expected.push_back(kSamples * result.distribution.probabilities()(a));
  EXPECT_GT(chi_squared_p_value(counts, expected), 1e-6);
}

TEST(PushForwardBySamples, IsABound) {
  const Context context = Context::cpu();
  Random random(905);
  const auto mixture = random.mixture(3, 2, 1).build(context);
  const auto result = quantize(context, mixture, {.support = 40});
  const double matrix[] = {1, 2, -0.5, 1, 0, 3};
  const double offset[] = {1, -1, 0};
  const AffineMap map{{matrix, 3, 2}, {offset, 3}};
  const auto image = push_forward(context, result, map);
  const Array<double> samples = sample(context, mixture, kSamples, 906);
  Array<double> mapped(context, kSamples, 3);
  for (std::int64_t s = 0; s < kSamples; ++s)
    for (std::int64_t i = 0; i < 3; ++i)
      mapped(s, i) = matrix[2 * i] * samples(s, 0) + matrix[2 * i + 1] * samples(s, 1) + offset[i];
  expect_bound(context, image, mapped, "affine image");
  for (const SchemeFamily family : {SchemeFamily::per_component, SchemeFamily::grid}) {
    const Scheme scheme = make_scheme(context, mixture, {.support = 40, .family = family}).scheme;
    const auto tight = push_forward(context, scheme, mixture, map);
    expect_bound(context, tight, mapped, "affine image from the cells");
  }
}

}  // namespace
}  // namespace wquant
