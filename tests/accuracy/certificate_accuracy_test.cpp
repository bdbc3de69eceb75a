#include <gtest/gtest.h>

#include <cmath>

#include "accuracy/multiprecision.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::Real;
using test::VectorXd;

Real real(double x) { return Real(x); }

/// For 2 × 2 Σ the eigenvalues in closed form; the optimal grid's W₂² = λ₁ e(n₁) + λ₂ e(n₂).
TEST(Certificate, OfRotatedGaussiansInThePlaneIsAboveTheExactOne) {
  test::Random random(74);
  const Context context = Context::cpu();
  for (int trial = 0; trial < 200; ++trial) {
    const double a = std::pow(10, random.uniform(-2, 2));
    const double d = a * std::pow(10, random.uniform(-6, 0));
    const double b = std::sqrt(a * d) * random.uniform(-0.99, 0.99);
    const MatrixXd sigma{{a, b}, {b, d}};
    const VectorXd mean = random.normal_vector(2);
    const auto result =
        quantize(context, test::gaussian(mean, sigma).build(context), {.support = 64});
    const Grid& grid = std::get<Grid>(result.scheme.layers()[0].pattern);

    const Real half_trace = (real(a) + d) / 2;
    const Real root = sqrt((real(a) - d) * (real(a) - d) / 4 + real(b) * b);
    const Real lambda[2] = {half_trace + root, half_trace - root};
    Real square = 0;
    for (std::int64_t k = 0; k < 2; ++k) {
      const bool gridded = k < grid.axes().rank();
      square += lambda[k] * (gridded ? test::grid_error(grid.points()[k], 0, 1) : Real(1));
    }
    EXPECT_GE(real(result.certificate.w2), sqrt(square)) << sigma;
    EXPECT_LT(static_cast<double>(real(result.certificate.w2) / sqrt(square) - 1), 1e-9) << sigma;
  }
}

/// Axis-aligned mixtures on a shared grid: W₂² = Σ_i w_i Σ_k grid error, exactly.
TEST(Certificate, OfAxisAlignedMixturesIsAboveTheExactOne) {
  test::Random random(75);
  const Context context = Context::cpu();
  for (int trial = 0; trial < 40; ++trial) {
    const std::int64_t count = 1 + trial % 4;
    const std::int64_t d = 1 + trial % 3;
    const std::vector<double> weights = random.weights(count);
    std::vector<double> means;
    std::vector<double> variances;
    for (std::int64_t i = 0; i < count * d; ++i) {
      means.push_back(random.normal() * (trial % 5 == 0 ? 1e4 : 1));
      variances.push_back(std::pow(10, random.uniform(-4, 1)));
    }
    const auto mixture = GaussianMixture::diagonal(
        context, {weights.data(), count}, {means.data(), count, d}, {variances.data(), count, d});
    std::vector<std::vector<double>> points(static_cast<std::size_t>(d));
    for (auto& line : points) {
      for (int j = 0; j < 2 + trial % 4; ++j) line.push_back(random.uniform(-3, 3));
      std::sort(line.begin(), line.end());
    }
    const test::RowMajor unit = test::RowMajor::Identity(d, d);
    const Scheme scheme = Scheme::grid(
        Grid(Axes({unit.data(), d, d}, std::vector<double>(d, 1.0), std::vector<double>(d, 0.0)),
             points),
        count);
    Real square = 0;
    Real total_weight = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      total_weight += weights[i];
      for (std::int64_t k = 0; k < d; ++k)
        square += weights[i] *
                  test::grid_error(points[k], means[i * d + k], sqrt(real(variances[i * d + k])));
    }
    square /= total_weight;
    const double w2 = certify(context, scheme, mixture).w2;
    EXPECT_GE(real(w2), sqrt(square)) << trial;
    EXPECT_LT(static_cast<double>(real(w2) / sqrt(square) - 1), 1e-9) << trial;
  }
}

}  // namespace
}  // namespace wquant
