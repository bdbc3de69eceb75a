#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::PlainMixture;
using test::Random;

/// min_a ‖x − x_a‖², by trying every point. Its integral against P, for d ≤ 2, must be the square
/// of the certificate; it is piecewise smooth, so it is taken between the midpoints where the
/// nearest point changes.
double nearest_square(const DiscreteDistribution& distribution, double x, double y) {
  double least = INFINITY;
  for (std::int64_t a = 0; a < distribution.size(); ++a) {
    double square = 0;
    const double at[2] = {x, y};
    for (std::int64_t k = 0; k < distribution.dimension(); ++k) {
      const double difference = at[k] - distribution.locations()(a, k);
      square += difference * difference;
    }
    least = std::min(least, square);
  }
  return least;
}

double density(double x, double mean, double variance) {
  return std::exp(-(x - mean) * (x - mean) / (2 * variance)) /
         std::sqrt(2 * std::acos(-1.0) * variance);
}

/// Breakpoints of a line: midpoints of the distinct coordinates, and the ends of the mass.
std::vector<double> breakpoints(const DiscreteDistribution& distribution, std::int64_t k) {
  std::vector<double> coordinates;
  for (std::int64_t a = 0; a < distribution.size(); ++a)
    coordinates.push_back(distribution.locations()(a, k));
  std::sort(coordinates.begin(), coordinates.end());
  coordinates.erase(std::unique(coordinates.begin(), coordinates.end(),
                                [](double a, double b) { return b - a < 1e-9; }),
                    coordinates.end());
  std::vector<double> out{-14};
  for (std::size_t j = 0; j + 1 < coordinates.size(); ++j)
    out.push_back((coordinates[j] + coordinates[j + 1]) / 2);
  out.push_back(14);
  return out;
}

template <class Function>
double integrate(const Function& f, const std::vector<double>& breaks) {
  using Quadrature = boost::math::quadrature::gauss_kronrod<double, 31>;
  double sum = 0;
  for (std::size_t j = 0; j + 1 < breaks.size(); ++j)
    sum += Quadrature::integrate(f, breaks[j], breaks[j + 1], 3, 1e-11);
  return sum;
}

TEST(Quadrature, EqualsTheCertificateInOneDimension) {
  const Context context = Context::cpu();
  Random random(91);
  for (int trial = 0; trial < 8; ++trial) {
    const PlainMixture plain = random.homogeneous_mixture(1 + trial % 3, 1, 1.5);
    const auto result = quantize(context, plain.build(context),
                                 {.support = 2 + 3 * trial, .family = SchemeFamily::grid});
    const auto integrand = [&](double x) {
      double p = 0;
      for (std::size_t i = 0; i < plain.weights.size(); ++i)
        p += plain.weights[i] * density(x, plain.means[i][0], plain.covariances[i](0, 0));
      return p * nearest_square(result.distribution, x, 0);
    };
    const double square = integrate(integrand, breakpoints(result.distribution, 0));
    EXPECT_NEAR(result.certificate.w2, std::sqrt(square), 1e-9 * result.certificate.w2);
  }
}

TEST(Quadrature, EqualsTheCertificateInThePlane) {
  const Context context = Context::cpu();
  Random random(92);
  for (int trial = 0; trial < 3; ++trial) {
    PlainMixture plain = random.homogeneous_mixture(1 + trial, 2, 1);
    for (auto& sigma : plain.covariances)  // axis-aligned, so that cells are boxes of the plane
      sigma = test::MatrixXd(test::VectorXd(sigma.diagonal()).asDiagonal());
    const auto result = quantize(context, plain.build(context),
                                 {.support = 6 + 4 * trial, .family = SchemeFamily::grid});
    const auto breaks_x = breakpoints(result.distribution, 0);
    const auto breaks_y = breakpoints(result.distribution, 1);
    double square = 0;
    for (std::size_t i = 0; i < plain.weights.size(); ++i)
      square +=
          plain.weights[i] *
          integrate(
              [&](double x) {
                return density(x, plain.means[i][0], plain.covariances[i](0, 0)) *
                       integrate(
                           [&](double y) {
                             return density(y, plain.means[i][1], plain.covariances[i](1, 1)) *
                                    nearest_square(result.distribution, x, y);
                           },
                           breaks_y);
              },
              breaks_x);
    EXPECT_NEAR(result.certificate.w2, std::sqrt(square), 1e-8 * result.certificate.w2);
  }
}

}  // namespace
}  // namespace wquant
