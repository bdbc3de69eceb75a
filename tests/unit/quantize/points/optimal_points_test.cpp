#include "quantize/points/optimal_points.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "numerics/midpoints.hpp"

namespace wquant {
namespace {

using Points = std::vector<double>;

/// Terms of a distribution on (begin, ∞) from its distribution function, ∫_begin^x t dF and
/// density.
template <class Mass, class Moment, class Density>
CentroidTerms terms_of(const Points& points, double end, const Mass& mass, const Moment& moment,
                       const Density& density) {
  CentroidTerms terms;
  Points edges = midpoints(points);
  for (const double edge : edges) terms.edge_density.push_back(density(edge));
  edges.insert(edges.begin(), 0);
  edges.push_back(end);
  for (std::size_t j = 0; j < points.size(); ++j) {
    terms.mass.push_back(mass(edges[j + 1]) - mass(edges[j]));
    terms.first_moment.push_back(moment(edges[j + 1]) - moment(edges[j]));
  }
  return terms;
}

CentroidTerms uniform_terms(const Points& points) {
  const auto inside = [](double x) { return std::clamp(x, 0.0, 1.0); };
  return terms_of(
      points, 1, inside, [&](double x) { return inside(x) * inside(x) / 2; },
      [](double x) { return x > 0 && x < 1 ? 1.0 : 0.0; });
}

CentroidTerms exponential_terms(const Points& points) {
  return terms_of(
      points, 700, [](double x) { return 1 - std::exp(-x); },
      [](double x) { return 1 - (1 + x) * std::exp(-x); }, [](double x) { return std::exp(-x); });
}

TEST(StationaryPoints, OfTheUniformDistributionAreTheMiddlesOfEqualParts) {
  for (const Points& start : {Points{0.1, 0.2, 0.9}, {0.01, 0.02, 0.03}, {0.3, 0.5, 0.7}}) {
    const Points points = stationary_points(start, uniform_terms, 1e-10, 100);
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_NEAR(points[j], (2 * static_cast<double>(j) + 1) / 6, 1e-12);
  }
}

/// One point is the mean; of two at v ∓ 1 the lower is that of (0, v): v − 1 = 1 − v / (e^v − 1).
TEST(StationaryPoints, OfTheExponentialDistribution) {
  EXPECT_NEAR(stationary_points({3}, exponential_terms, 1e-12, 100)[0], 1, 1e-14);
  const Points points = stationary_points({0.5, 1}, exponential_terms, 1e-12, 100);
  const double v = (points[0] + points[1]) / 2;
  EXPECT_NEAR(points[1] - points[0], 2, 1e-12);
  EXPECT_NEAR(v - 1, 1 - v / std::expm1(v), 1e-12);
}

TEST(StationaryPoints, TakeNewtonsStepsNearTheEnd) {
  int evaluations = 0;
  const auto counted = [&](const Points& points) {
    ++evaluations;
    return exponential_terms(points);
  };
  const Points start = {0.2, 0.7, 1.3, 2.2, 4};
  const Points points = stationary_points(start, counted, 1e-12, 100);
  EXPECT_LT(evaluations, 20);  // Lloyd's steps alone need hundreds
  const CentroidTerms terms = exponential_terms(points);
  for (std::size_t j = 0; j < points.size(); ++j)
    EXPECT_NEAR(points[j] * terms.mass[j], terms.first_moment[j], 1e-15);
  EXPECT_EQ(stationary_points(start, counted, 1e-12, 0), start);
}

/// A point that nothing is nearest to stays where it is.
TEST(StationaryPoints, ACellWithoutMassKeepsItsPoint) {
  const Points points = stationary_points({0.5, 3}, uniform_terms, 1e-12, 100);
  EXPECT_NEAR(points[0], 0.5, 1e-14);
  EXPECT_EQ(points[1], 3);
}

}  // namespace
}  // namespace wquant
