#include "quantize/crosses/cross_cells.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "quantize/crosses/cross_shells.hpp"
#include "quantize/points/cross_radii.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

std::vector<double> ones(std::int64_t n) { return std::vector<double>(n, 1.0); }

TEST(CrossCells, OfTheStandardGaussianAreItsShells) {
  for (const std::int64_t n : {1, 2, 10, 64})
    for (const std::int64_t m : {1, 3, 20}) {
      const auto radii = optimal_cross_radii(n, m);
      const CrossShells shells = coordinate_shells(n, radii);
      const CrossCells cells = cross_cells({std::vector<double>(n), ones(n)}, ones(n), radii);
      const auto dimension = static_cast<double>(n);
      for (std::size_t c = 0; c < cells.mass.size(); ++c)
        EXPECT_NEAR(cells.mass[c] * 2 * dimension / shells.mass[c % m], 1, 2e-13) << n << ' ' << m;
      EXPECT_NEAR(cells.cost / (dimension * shells.factor), 1, 1e-12) << n << ' ' << m;
      EXPECT_LT(cells.centroid_gap, 1e-26 * dimension * dimension) << n << ' ' << m;
    }
}

ProductNormal random_product(test::Random& random, std::int64_t n) {
  ProductNormal normal;
  for (std::int64_t k = 0; k < n; ++k) {
    normal.mean.push_back(random.normal());
    normal.deviation.push_back(std::pow(10, random.uniform(-1, 0.3)));
  }
  return normal;
}

std::vector<double> random_scales(test::Random& random, std::int64_t n) {
  std::vector<double> scales;
  for (std::int64_t k = 0; k < n; ++k) scales.push_back(random.uniform(0.2, 2));
  return scales;
}

struct Nearest {
  std::size_t cell = 0;
  double cost = 0;
};

/// The assignment as it is worded, for one z.
Nearest nearest(const std::vector<double>& z, const std::vector<double>& scales,
                const std::vector<double>& radii) {
  std::size_t k = 0;
  for (std::size_t l = 1; l < z.size(); ++l)
    if (std::fabs(z[l]) > std::fabs(z[k])) k = l;
  std::size_t j = 0;
  for (std::size_t i = 1; i < radii.size(); ++i)
    if (std::fabs(std::fabs(z[k]) - radii[i]) < std::fabs(std::fabs(z[k]) - radii[j])) j = i;
  Nearest out;
  out.cell = (2 * k + (z[k] < 0 ? 1 : 0)) * radii.size() + j;
  for (std::size_t l = 0; l < z.size(); ++l) {
    const double point = l != k ? 0 : z[k] < 0 ? -radii[j] : radii[j];
    out.cost += std::pow(scales[l] * (z[l] - point), 2);
  }
  return out;
}

TEST(CrossCells, AgreeWithSamples) {
  test::Random random(81);
  constexpr int kSamples = 200'000;
  for (const std::int64_t n : {1, 2, 3, 7}) {
    ProductNormal normal = random_product(random, n);
    if (n == 7) normal.deviation[2] = normal.deviation[4] = 0;
    const auto scales = random_scales(random, n);
    const std::vector<double> radii = {0.7, 1.5, 2.2};
    const CrossCells cells = cross_cells(normal, scales, radii);
    std::vector<double> counts(cells.mass.size());
    double mean = 0;
    double mean_square = 0;
    for (int i = 0; i < kSamples; ++i) {
      std::vector<double> z;
      for (std::int64_t k = 0; k < n; ++k)
        z.push_back(normal.mean[k] + normal.deviation[k] * random.normal());
      const Nearest one = nearest(z, scales, radii);
      counts[one.cell] += 1;
      mean += one.cost / kSamples;
      mean_square += one.cost * one.cost / kSamples;
    }
    for (std::size_t c = 0; c < counts.size(); ++c)
      EXPECT_NEAR(counts[c] / kSamples, cells.mass[c],
                  5 * std::sqrt(cells.mass[c] / kSamples) + 1e-4)
          << n << ' ' << c;
    EXPECT_NEAR(mean, cells.cost, 5 * std::sqrt((mean_square - mean * mean) / kSamples)) << n;
  }
}

TEST(CrossCells, MassesSumToOneWithinTheirErrors) {
  test::Random random(82);
  for (const std::int64_t n : {1, 2, 5, 64})
    for (const double power : {0.0, -2.0, -12.0}) {
      ProductNormal normal = random_product(random, n);
      for (double& deviation : normal.deviation)
        deviation *= std::pow(10, power * random.uniform(0, 1));
      if (n > 2) normal.deviation[1] = 0;
      const CrossCells cells =
          cross_cells(normal, random_scales(random, n), optimal_cross_radii(n, 3));
      EXPECT_LT(sum(cells.mass_error), 1e-13) << n << ' ' << power;
      EXPECT_NEAR(sum(cells.mass), 1, sum(cells.mass_error)) << n << ' ' << power;
      EXPECT_LE(cells.centroid_gap, cells.cost) << n << ' ' << power;
    }
}

TEST(CrossCells, PointMassesGoWhereTheyLie) {
  const std::vector<double> radii = {1, 2};
  const CrossCells cells = cross_cells({{0.5, -1.75, 1.75}, {0, 0, 0}}, {1, 2, 3}, radii);
  for (std::size_t c = 0; c < cells.mass.size(); ++c)
    EXPECT_EQ(cells.mass[c], c == (2 * 1 + 1) * 2 + 1 ? 1 : 0) << c;
  const double exact = 0.25 + 4 * 0.0625 + 9 * 1.75 * 1.75;
  EXPECT_GE(cells.cost, exact);
  EXPECT_NEAR(cells.cost, exact, 1e-12);
  EXPECT_NEAR(cells.centroid_gap, exact, 1e-12);
  EXPECT_EQ(cross_cells({{0}, {0}}, {1}, radii).mass, (std::vector<double>{1, 0, 0, 0}));
}

/// A point mass is the limit of narrow Gaussians.
TEST(CrossCells, DeviationsMayVanish) {
  const std::vector<double> radii = {0.5, 1, 3};
  const auto with = [&](double deviation) {
    return cross_cells({{1.2, -0.3, 0.1}, {deviation, 0.8, deviation}}, {1, 2, 0.5}, radii);
  };
  const CrossCells limit = with(0);
  for (const double deviation : {1e-6, 1e-9, 1e-12, 1e-15, 1e-17, 1e-25, 1e-120}) {
    const CrossCells near = with(deviation);
    for (std::size_t c = 0; c < limit.mass.size(); ++c)
      EXPECT_NEAR(near.mass[c], limit.mass[c], deviation + 1e-13) << deviation << ' ' << c;
    EXPECT_NEAR(near.cost, limit.cost, 10 * deviation + 1e-12) << deviation;
    EXPECT_GE(near.centroid_gap, limit.centroid_gap * (1 - 1e-9) - 10 * deviation) << deviation;
    EXPECT_LE(near.centroid_gap, near.cost) << deviation;
  }
}

/// Two coordinates that tie, closer to ±1.2 than doubles can tell: which of them wins is open, and
/// the bounds stay bounds.
TEST(CrossCells, BoundsHoldWhereNarrowCoordinatesTie) {
  const double first_wins = 0.04 + 4 * 1.44;
  const double second_wins = 4 * 0.04 + 1.44;
  for (const double deviation : {1e-12, 1e-15, 1e-16, 1e-17, 1e-25, 1e-120}) {
    const CrossCells cells = cross_cells({{1.2, -1.2}, {deviation, deviation}}, {1, 2}, {0.5, 1});
    EXPECT_TRUE(std::isfinite(cells.cost)) << deviation;
    EXPECT_GE(cells.cost, (first_wins + second_wins) / 2 - 10 * deviation) << deviation;
    EXPECT_NEAR(sum(cells.mass), 1, sum(cells.mass_error)) << deviation;
    EXPECT_NEAR(cells.mass[1], 0.5, cells.mass_error[1] + 1e-13) << deviation;
    EXPECT_NEAR(cells.mass[7], 0.5, cells.mass_error[7] + 1e-13) << deviation;
  }
}

}  // namespace
}  // namespace wquant
