#include "wquant/compress.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "accuracy/multiprecision.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::Random;
using test::Real;
using test::RowMajor;
using test::VectorXd;

/// Mixtures of one-dimensional Gaussians on a grid made by hand.
struct Line {
  std::vector<double> weights, means, variances, points;

  CertifiedDistribution quantise(const Context& context) const {
    const auto count = static_cast<std::int64_t>(weights.size());
    const double unit[] = {1};
    return apply(context, Scheme::grid(Grid(Axes({unit, 1, 1}, {1}, {0}), {points}), count),
                 GaussianMixture::diagonal(context, {weights.data(), count},
                                           {means.data(), count, 1}, {variances.data(), count, 1}));
  }

  /// E(X − sites[cell of X])², where the cells are those of the points.
  Real square(const std::vector<double>& sites) const {
    Real sum = 0;
    Real total = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      total += weights[i];
      const Real deviation = sqrt(Real(variances[i]));
      for (std::size_t j = 0; j < points.size(); ++j) {
        const Real lower =
            j == 0 ? Real(-200) : ((Real(points[j - 1]) + points[j]) / 2 - means[i]) / deviation;
        const Real upper = j + 1 == points.size()
                               ? Real(200)
                               : ((Real(points[j]) + points[j + 1]) / 2 - means[i]) / deviation;
        if (lower > 190 || upper < -190) continue;
        const auto cell =
            test::real_cell(lower < -200 ? Real(-200) : lower, upper > 200 ? Real(200) : upper);
        const Real offset = means[i] + deviation * cell.mean - sites[j];
        sum += weights[i] * cell.mass * (deviation * deviation * cell.variance + offset * offset);
      }
    }
    return sum / total;
  }
};

/// Where each of the ascending points went: on a line clusters are intervals, so cumulative
/// probabilities tell.
std::vector<double> sites(const DiscreteDistribution& before, const DiscreteDistribution& after) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(after.size()));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return after.locations()(a) < after.locations()(b);
  });
  std::vector<double> out;
  std::size_t at = 0;
  double filled = 0;
  for (std::int64_t a = 0; a < before.size(); ++a) {
    const double p = before.probabilities()(a);
    while (filled + p / 2 > after.probabilities()(order[at]) && at + 1 < order.size()) {
      filled -= after.probabilities()(order[at]);
      ++at;
    }
    filled += p;
    out.push_back(after.locations()(order[at]));
  }
  return out;
}

double ratio(const Real& a, const Real& b) { return static_cast<double>(a / b); }

/// What floating point hid of the bound; compression keeps the proportion.
double rounding_share(const CertifiedDistribution& d) {
  return d.certificate.rounding / d.certificate.w2;
}

double w2_of_parts(const Certificate& c) {
  return std::sqrt(c.cells + c.dropped) + c.reduction + c.basis + c.rounding;
}

/// X ↦ c(a) is monotone on a line, so E(X − c)² is W₂² between P and what it makes of P.
TEST(Compress, OfOptimalGridsCostsExactlyWhatSendingPointsOnCosts) {
  const Context context = Context::cpu();
  for (const std::int64_t n : {12, 40, 200}) {
    const Line line{{1}, {0}, {1}, normal_quantizer(n)->points};
    const auto fine = line.quantise(context);
    for (const std::int64_t support : {1, 3, 8}) {
      const auto coarse = compress(context, fine, {.support = support, .seed = 3});
      EXPECT_EQ(coarse.distribution.size(), support);
      const auto to = sites(fine.distribution, coarse.distribution);
      const Real truth = sqrt(line.square(to));
      EXPECT_GE(Real(coarse.certificate.w2), truth) << n << " " << support;
      EXPECT_LT(ratio(coarse.certificate.w2, truth) - 1, 2 * rounding_share(fine) + 1e-12)
          << n << " " << support;

      long double k_squared = 0;
      for (std::int64_t a = 0; a < n; ++a) {
        const long double moved =
            static_cast<long double>(fine.distribution.locations()(a)) - to[a];
        k_squared += fine.distribution.probabilities()(a) * moved * moved;
      }
      const long double cells = fine.certificate.cells + k_squared;
      EXPECT_GE(coarse.certificate.cells, cells);
      EXPECT_LT(static_cast<double>(coarse.certificate.cells / cells - 1), 1e-12);
      EXPECT_LT(coarse.certificate.centroid_gap,
                fine.certificate.centroid_gap + 2 * rounding_share(fine) + 1e-14);
    }
  }
}

/// In d dimensions, k² computed here: w2'² = w2² + k², but for the rounding part of both.
TEST(Compress, OfAnOptimalGridInThePlaneObeysPythagoras) {
  const Context context = Context::cpu();
  const auto mixture = test::centred_gaussian(VectorXd{{4.0, 1.0}}).build(context);
  const auto fine = quantize(context, mixture, {.support = 60, .family = SchemeFamily::grid});
  const auto coarse = compress(context, fine, {.support = 9});
  const Certificate& before = fine.certificate;
  const Certificate& after = coarse.certificate;
  // The points go to the nearest returned location once Lloyd's iteration has settled.
  long double k_squared = 0;
  for (std::int64_t a = 0; a < fine.distribution.size(); ++a) {
    long double least = INFINITY;
    for (std::int64_t b = 0; b < 9; ++b) {
      long double square = 0;
      for (std::int64_t k = 0; k < 2; ++k) {
        const long double offset = static_cast<long double>(fine.distribution.locations()(a, k)) -
                                   coarse.distribution.locations()(b, k);
        square += offset * offset;
      }
      least = std::min(least, square);
    }
    k_squared += fine.distribution.probabilities()(a) * least;
  }
  const long double squared = static_cast<long double>(before.w2) * before.w2 + k_squared;
  EXPECT_NEAR(static_cast<double>(after.w2 * after.w2 / squared), 1,
              2 * rounding_share(fine) + 1e-12);
  EXPECT_NEAR(static_cast<double>((after.cells + after.dropped) /
                                  (before.cells + before.dropped + k_squared)),
              1, 1e-12);
  EXPECT_LT(after.w2, quantize(context, mixture, {.support = 9}).certificate.w2 * 1.2);
}

TEST(Compress, OfAnyGridOnALineIsAboveTheTruthAtFiftyDigits) {
  const Context context = Context::cpu();
  Random random(211);
  for (int trial = 0; trial < 60; ++trial) {
    const std::int64_t count = 1 + trial % 3;
    Line line{random.weights(count), {}, {}, {}};
    for (std::int64_t i = 0; i < count; ++i) {
      line.means.push_back(random.normal() * 2);
      line.variances.push_back(std::pow(10, random.uniform(-3, 1)));
    }
    for (int j = 0; j < 6 + trial % 20; ++j) line.points.push_back(random.uniform(-4, 4));
    std::sort(line.points.begin(), line.points.end());
    const auto fine = line.quantise(context);
    const std::int64_t support = 1 + trial % 5;
    const auto coarse =
        compress(context, fine, {.support = support, .seed = static_cast<std::uint64_t>(trial)});
    const Real truth = sqrt(line.square(sites(fine.distribution, coarse.distribution)));
    EXPECT_GE(Real(coarse.certificate.w2), truth) << trial;
    EXPECT_LE(coarse.certificate.w2, fine.certificate.w2 + 10);
    EXPECT_NEAR(coarse.certificate.w2, w2_of_parts(coarse.certificate),
                1e-14 * coarse.certificate.w2);

    const auto once_more = compress(context, coarse, {.support = 1});
    const double mean[] = {once_more.distribution.locations()(0)};
    const Real all = sqrt(line.square(std::vector<double>(line.points.size(), mean[0])));
    EXPECT_GE(Real(once_more.certificate.w2), all) << trial;
  }
}

TEST(Compress, KeepsTheMeanAndLosesSpread) {
  const Context context = Context::cpu();
  Random random(212);
  const auto mixture = random.mixture(5, 3, 2).build(context);
  const auto fine = quantize(context, mixture, {.support = 500});
  const auto coarse = compress(context, fine, {.support = 50});
  EXPECT_EQ(coarse.distribution.size(), 50);
  for (std::int64_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(coarse.distribution.mean()[k], fine.distribution.mean()[k], 1e-13);
    EXPECT_LT(coarse.distribution.covariance()[k * 4], fine.distribution.covariance()[k * 4]);
  }
  EXPECT_GT(coarse.certificate.w2, fine.certificate.w2);
}

TEST(Compress, ReturnsSmallEnoughDistributionsAsTheyAre) {
  const Context context = Context::cpu();
  const auto fine = Line{{1}, {0}, {1}, {-1, 0, 1}}.quantise(context);
  const auto same = compress(context, fine, {.support = 3});
  EXPECT_EQ(std::memcmp(&same.certificate, &fine.certificate, sizeof(Certificate)), 0);
  for (std::int64_t a = 0; a < 3; ++a) {
    EXPECT_EQ(same.distribution.locations()(a), fine.distribution.locations()(a));
    EXPECT_EQ(same.distribution.probabilities()(a), fine.distribution.probabilities()(a));
  }
}

CertifiedDistribution certified(const std::vector<double>& locations, std::int64_t d,
                                const std::vector<double>& probabilities, Certificate c = {}) {
  return {{Array<double>::from_host(locations, d), Array<double>::from_host(probabilities)}, c};
}

TEST(Compress, MergesCoincidentPointsAndDropsMasslessOnesForFree) {
  const Context context = Context::cpu();
  const Certificate one{.w2 = 1, .cells = 1, .centroid_gap = 0.5};
  const auto input =
      certified({3, 1, 5, 1, 3, 2, 3, 1}, 2, {0.25, 0.125, 0, 0.625}, one);  // (3,1) (5,1) (3,2) …
  const auto merged = compress(context, input, {.support = 3});
  ASSERT_EQ(merged.distribution.size(), 2);
  EXPECT_EQ(merged.certificate.cells, 1);
  EXPECT_EQ(merged.certificate.centroid_gap, 0.5);
  EXPECT_LT(merged.certificate.w2, 1 + 1e-13);
  EXPECT_EQ(merged.distribution.probabilities()(0), 0.875);
  EXPECT_EQ(merged.distribution.locations()(1, 0), 5);
}

/// Points that are P itself: W₂ = k.
TEST(Compress, OfAnExactDistributionCostsK) {
  const Context context = Context::cpu();
  const auto input = certified({0, 1, 10, 11}, 1, {0.25, 0.25, 0.25, 0.25});
  const auto coarse = compress(context, input, {.support = 2});
  EXPECT_GE(coarse.certificate.w2, 0.5);
  EXPECT_LT(coarse.certificate.w2, 0.5 + 1e-11);
}

TEST(Compress, WorksFromTinyToHugeCoordinates) {
  const Context context = Context::cpu();
  Random random(213);
  const RowMajor x = RowMajor::NullaryExpr(40, 2, [&] { return random.normal(); });
  const std::vector<double> p = random.weights(40);
  double reference = 0;
  for (const double scale : {1.0, 1e-150, 1e-100, 1e100, 1e149}) {
    const RowMajor scaled = scale * x;
    const double w = 0.1 * scale;
    const auto input = certified({scaled.data(), scaled.data() + scaled.size()}, 2, p,
                                 {.w2 = w, .cells = w * w, .centroid_gap = w});
    const auto coarse = compress(context, input, {.support = 5});
    if (reference == 0) reference = coarse.certificate.w2;
    EXPECT_NEAR(coarse.certificate.w2 / scale / reference, 1, 1e-9) << scale;
  }
  const auto beyond = certified({0, 1e151}, 1, {0.5, 0.5});
  EXPECT_THROW(compress(context, beyond, {.support = 1}), InvalidArgument);
}

TEST(Compress, GivesTheSameBitsForAnyNumberOfThreads) {
  Random random(214);
  const auto plain = random.mixture(3, 3, 2);
  std::vector<CertifiedDistribution> results;
  for (const int threads : {1, 2, 7}) {
    const Context context = Context::cpu({.threads = threads});
    const auto fine = quantize(context, plain.build(context), {.support = 2000});
    results.push_back(compress(context, fine, {.support = 60, .seed = 9, .iterations = 20}));
  }
  for (const auto& other : results) {
    EXPECT_EQ(std::memcmp(&other.certificate, &results[0].certificate, sizeof(Certificate)), 0);
    ASSERT_EQ(other.distribution.size(), results[0].distribution.size());
    EXPECT_EQ(std::memcmp(other.distribution.locations().data(),
                          results[0].distribution.locations().data(),
                          sizeof(double) * other.distribution.locations().size()),
              0);
  }
}

TEST(Compress, RefusesBadOptionsAndCanBeCancelled) {
  const Context context = Context::cpu();
  const auto input = certified({0, 1, 2}, 1, {0.25, 0.25, 0.5});
  EXPECT_THROW(compress(context, input, {.support = 0}), InvalidArgument);
  EXPECT_THROW(compress(context, input, {.support = 2, .iterations = -1}), InvalidArgument);
  const auto unexplained = certified({0, 1, 2}, 1, {0.25, 0.25, 0.5}, {.w2 = 1});
  EXPECT_THROW(compress(context, unexplained, {.support = 2}), InvalidArgument);
  EXPECT_THROW(
      compress(context, input, {.support = 2, .progress = [](const Progress&) { return false; }}),
      Cancelled);
}

}  // namespace
}  // namespace wquant
