#include <gtest/gtest.h>

#include <cmath>

#include "coverage/statistics.hpp"
#include "support/decompositions.hpp"
#include "support/mixtures.hpp"

// sample() against the exact distribution, on 10⁶ samples of fixed seeds: means within five
// standard errors (6e-7 by chance), Kolmogorov–Smirnov and χ² tests at 1e-6.

namespace wquant {
namespace {

using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::RowMajor;
using test::VectorXd;

constexpr std::int64_t kSamples = 1'000'000;
constexpr double kByChance = 1e-6;

/// The distribution function of u · x.
class ProjectedCdf {
 public:
  ProjectedCdf(const PlainMixture& mixture, const VectorXd& u) : weights_(mixture.weights) {
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      means_.push_back(u.dot(mixture.means[i]));
      deviations_.push_back(std::sqrt(u.dot(mixture.covariances[i] * u)));
    }
  }

  double operator()(double t) const {
    double sum = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i)
      sum += weights_[i] * std::erfc((means_[i] - t) / (deviations_[i] * std::sqrt(2))) / 2;
    return sum;
  }

 private:
  std::vector<double> weights_, means_, deviations_;
};

struct Drawn {
  RowMajor points;
  std::vector<std::int64_t> labels;
};

Drawn draw(const PlainMixture& plain, std::uint64_t seed) {
  const Context context = Context::cpu();
  const auto [points, labels] = sample_with_labels(context, plain.build(context), kSamples, seed);
  return {Eigen::Map<const RowMajor>(points.data(), kSamples, plain.dimension()),
          {labels.data(), labels.data() + kSamples}};
}

void expect_mean(const std::vector<double>& values, double expected) {
  const test::MeanAndError measured = test::mean_and_error(values);
  EXPECT_NEAR(measured.mean, expected, 5 * measured.standard_error + 1e-14);
}

void check_moments(const PlainMixture& plain, const RowMajor& points) {
  const GaussianMixture mixture = plain.build(Context::cpu());
  const std::vector<double> mean = mixture.mean();
  const std::vector<double> covariance = mixture.total_covariance();
  const std::int64_t d = plain.dimension();
  std::vector<double> values(kSamples);
  for (std::int64_t a = 0; a < d; ++a) {
    for (std::int64_t s = 0; s < kSamples; ++s) values[s] = points(s, a);
    expect_mean(values, mean[a]);
    for (std::int64_t b = 0; b <= a; ++b) {
      for (std::int64_t s = 0; s < kSamples; ++s)
        values[s] = (points(s, a) - mean[a]) * (points(s, b) - mean[b]);
      expect_mean(values, covariance[a * d + b]);
    }
  }
}

void check_labels(const PlainMixture& plain, const std::vector<std::int64_t>& labels) {
  std::vector<double> counts(plain.weights.size());
  for (const std::int64_t label : labels) counts[label] += 1;
  std::vector<double> expected;
  for (const double w : plain.weights) expected.push_back(kSamples * w);
  EXPECT_GT(test::chi_squared_p_value(counts, expected), kByChance);
}

void check_projection(const PlainMixture& plain, const RowMajor& points, const VectorXd& u) {
  const VectorXd projected = points * u;
  EXPECT_LT(test::kolmogorov_distance({projected.begin(), projected.end()}, ProjectedCdf(plain, u)),
            test::kolmogorov_critical_value(kSamples, kByChance));
}

TEST(Drawing, HasTheDistributionOfTheMixture) {
  Random random(171);
  for (const std::int64_t d : {1, 2, 3, 5}) {
    const PlainMixture plain = random.mixture(2 * d + 1, d, 2);
    const Drawn drawn = draw(plain, 1000 + d);
    check_moments(plain, drawn.points);
    check_labels(plain, drawn.labels);
    for (int trial = 0; trial < 4; ++trial)
      check_projection(plain, drawn.points, random.normal_vector(d).normalized());
    for (std::int64_t k = 0; k < d; ++k)
      check_projection(plain, drawn.points, VectorXd::Unit(d, k));
  }
}

TEST(Drawing, OfOneStandardNormalIsNormalAlsoInProducts) {
  const PlainMixture plain = test::centred_gaussian(VectorXd::Ones(2));
  const Drawn drawn = draw(plain, 5);
  check_moments(plain, drawn.points);
  for (const double turn : {0.0, 0.5, 1.0, 2.0})
    check_projection(plain, drawn.points, VectorXd{{std::cos(turn), std::sin(turn)}});
  // Rayleigh: neighbours in the stream are independent.
  const VectorXd radius = drawn.points.rowwise().norm();
  EXPECT_LT(test::kolmogorov_distance({radius.begin(), radius.end()},
                                      [](double r) { return -std::expm1(-r * r / 2); }),
            test::kolmogorov_critical_value(kSamples, kByChance));
  // Across rows: the product of neighbouring rows has mean 0.
  std::vector<double> products;
  for (std::int64_t s = 0; s + 1 < kSamples; s += 2)
    products.push_back(drawn.points(s, 0) * drawn.points(s + 1, 0));
  expect_mean(products, 0);
}

TEST(Drawing, OfSingularCovariancesHasTheirMomentsAndStaysOnTheirSupports) {
  Random random(172);
  PlainMixture plain = random.mixture(4, 3, 2);
  const VectorXd u = random.normal_vector(3);
  const VectorXd v = random.normal_vector(3);
  plain.covariances[0] = u * u.transpose();
  plain.covariances[1] = u * u.transpose() + v * v.transpose();
  plain.covariances[2].setZero();
  const Drawn drawn = draw(plain, 6);
  check_moments(plain, drawn.points);
  check_labels(plain, drawn.labels);
  const Context context = Context::cpu();
  const GaussianMixture mixture = plain.build(context);
  for (std::int64_t i = 0; i < 3; ++i) {
    std::vector<Eigen::Index> rows;
    for (std::int64_t s = 0; s < kSamples; ++s)
      if (drawn.labels[s] == i) rows.push_back(s);
    const RowMajor own = drawn.points(rows, Eigen::all);
    const Array<double> log_p = log_density(context, mixture.select(std::vector<std::int64_t>{i}),
                                            {own.data(), own.rows(), own.cols()});
    std::int64_t off = 0;
    for (std::int64_t s = 0; s < own.rows(); ++s) off += !std::isfinite(log_p(s));
    EXPECT_EQ(off, 0) << i;
  }
}

TEST(Drawing, OfADiscreteDistributionHasItsProbabilities) {
  Random random(173);
  for (const std::int64_t n : {2, 100, 20'000}) {
    std::vector<double> locations(n);
    for (std::int64_t a = 0; a < n; ++a) locations[a] = static_cast<double>(a);
    std::vector<double> probabilities = random.weights(n);
    const DiscreteDistribution distribution(Array<double>::from_host(locations),
                                            Array<double>::from_host(probabilities));
    const Array<double> points = sample(Context::cpu(), distribution, kSamples, 7);
    std::vector<double> counts(n);
    for (std::int64_t s = 0; s < kSamples; ++s) counts[static_cast<std::int64_t>(points(s))] += 1;
    for (double& p : probabilities) p *= kSamples;
    EXPECT_GT(test::chi_squared_p_value(counts, probabilities), kByChance);
  }
}

/// The mean log-density of samples against minus the entropy of one Gaussian.
TEST(Drawing, MeanLogDensityIsMinusTheEntropy) {
  Random random(174);
  const PlainMixture plain = test::gaussian(random.normal_vector(3), random.covariance(3));
  const Drawn drawn = draw(plain, 8);
  const Context context = Context::cpu();
  const Array<double> log_p =
      log_density(context, plain.build(context), {drawn.points.data(), kSamples, 3});
  const double entropy = 1.5 * std::log(2 * std::acos(-1.0) * std::exp(1.0)) +
                         test::log_determinant(plain.covariances[0]) / 2;
  expect_mean({log_p.data(), log_p.data() + kSamples}, -entropy);
}

}  // namespace
}  // namespace wquant
