#include <gtest/gtest.h>

#include <cmath>

#include "accuracy/multiprecision.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::PlainMixture;
using test::Real;
using test::VectorXd;

/// Symmetric 2 × 2 matrices.
struct Real2 {
  Real a, b, c;  // (a b; b c)

  Real trace() const { return a + c; }
  Real determinant() const {
    const Real det = a * c - b * b;
    return det > 0 ? det : Real(0);
  }
  Real2 root() const {  // (A + √det A · I) / √(tr A + 2√det A)
    const Real s = sqrt(determinant());
    const Real t = sqrt(trace() + 2 * s);
    if (t == 0) return {0, 0, 0};
    return {(a + s) / t, b / t, (c + s) / t};
  }
};

Real2 exact(const MatrixXd& m) { return {m(0, 0), (Real(m(0, 1)) + Real(m(1, 0))) / 2, m(1, 1)}; }

/// V diag(λ) Vᵀ of the stored numbers.
Real2 stored(const GaussianMixture& mixture, std::int64_t i) {
  const MatrixView<const double> v = mixture.eigenvectors(i);
  Real2 sum{0, 0, 0};
  for (std::int64_t k = 0; k < 2; ++k) {
    const Real lambda = mixture.eigenvalues()(i, k);
    sum.a += lambda * v(0, k) * v(0, k);
    sum.b += lambda * v(0, k) * v(1, k);
    sum.c += lambda * v(1, k) * v(1, k);
  }
  return sum;
}

/// tr A + tr B − 2 tr (A^{1/2} B A^{1/2})^{1/2}; that of a 2 × 2 M is √(tr M + 2√det M).
Real bures_squared(const Real2& x, const Real2& y) {
  const Real trace = x.a * y.a + 2 * x.b * y.b + x.c * y.c;
  return x.trace() + y.trace() - 2 * sqrt(trace + 2 * sqrt(x.determinant() * y.determinant()));
}

Real frobenius_squared(const Real2& x, const Real2& y) {
  const Real a = x.a - y.a;
  const Real b = x.b - y.b;
  const Real c = x.c - y.c;
  return a * a + 2 * b * b + c * c;
}

/// Σ w (‖μ_i − μ'‖² + distance²(Σ_i, Σ')), divided by Σ w.
template <class Distance>
Real cost(const PlainMixture& plain, const GaussianMixture& one, const Distance& distance) {
  Real sum = 0;
  Real total = 0;
  for (std::size_t i = 0; i < plain.weights.size(); ++i) {
    Real square = distance(exact(plain.covariances[i]), stored(one, 0));
    for (std::int64_t k = 0; k < 2; ++k) {
      const Real offset = Real(plain.means[i][k]) - one.means()(0, k);
      square += offset * offset;
    }
    sum += plain.weights[i] * square;
    total += plain.weights[i];
  }
  return sum / total;
}

PlainMixture random_mixture(test::Random& random, double condition, double spread) {
  PlainMixture out{random.weights(3), {}, {}};
  for (int i = 0; i < 3; ++i) {
    const MatrixXd v = random.rotation(2);
    const MatrixXd sigma =
        v * VectorXd{{random.uniform(0.5, 2), random.uniform(0.5, 2) * condition}}.asDiagonal() *
        v.transpose();
    out.means.push_back(spread * random.normal_vector(2));
    out.covariances.push_back((sigma + sigma.transpose()) / 2);
  }
  return out;
}

TEST(ReduceAccuracy, BoundIsAboveTheExactDistancesForAnyCondition) {
  const Context context = Context::cpu();
  test::Random random(321);
  double tightest = INFINITY;
  for (int trial = 0; trial < 4000; ++trial) {
    // Semi-definite beyond doubt: P is the mixture of the given covariances.
    const double condition = std::pow(10, random.uniform(-14, 0));
    const double spread = trial % 3 == 0 ? 0 : std::pow(10, random.uniform(-12, 1));
    const PlainMixture plain = random_mixture(random, condition, spread);
    const GaussianMixture given = plain.build(context);
    if (given.clipped_variance() > 0) continue;
    const Reduction reduced = reduce(context, given, {.components = 1});
    const Real bound = reduced.bound;
    const Real bures = cost(plain, reduced.mixture, bures_squared);
    const Real roots = cost(plain, reduced.mixture, [](const Real2& a, const Real2& b) {
      return frobenius_squared(a.root(), b.root());
    });
    ASSERT_GE(bound * bound, bures) << condition << ' ' << spread;
    ASSERT_LE(bound, sqrt(roots) * (1 + 1e-12) + 1e-6) << condition << ' ' << spread;
    tightest = std::min(tightest, static_cast<double>(bound / sqrt(bures)));
  }
  EXPECT_LT(tightest, 1.001);
}

/// Where covariances commute the bound is the exact sum, above it and no more than rounding.
TEST(ReduceAccuracy, CommutingCovariancesAreExact) {
  const Context context = Context::cpu();
  test::Random random(322);
  for (int trial = 0; trial < 4000; ++trial) {
    const std::vector<double> weights = random.weights(3);
    std::vector<double> means, variances;
    for (int i = 0; i < 6; ++i) {
      means.push_back(trial % 3 == 0 ? 1 : random.normal());
      variances.push_back(trial % 5 == 0 && i % 2 ? 0 : std::pow(10, random.uniform(-12, 2)));
    }
    const GaussianMixture given = GaussianMixture::diagonal(
        context, {weights.data(), 3}, {means.data(), 3, 2}, {variances.data(), 3, 2});
    const Reduction reduced = reduce(context, given, {.components = 1});
    Real sum = 0;
    Real total = 0;
    for (int i = 0; i < 3; ++i) {
      total += weights[i];
      for (int k = 0; k < 2; ++k) {
        const Real mean = Real(means[2 * i + k]) - reduced.mixture.means()(0, k);
        const Real root =
            sqrt(Real(variances[2 * i + k])) - sqrt(Real(reduced.mixture.eigenvalues()(0, k)));
        sum += weights[i] * (mean * mean + root * root);
      }
    }
    const Real wanted = sqrt(sum / total);
    ASSERT_GE(Real(reduced.bound), wanted);
    ASSERT_LE(Real(reduced.bound), wanted * (1 + 1e-13) + 1e-14);
  }
}

/// Nearly equal components: what is left is rounding, of roots alone where the means are equal, and
/// the bound is still above the truth.
TEST(ReduceAccuracy, NearlyEqualComponents) {
  const Context context = Context::cpu();
  test::Random random(323);
  for (int trial = 0; trial < 4000; ++trial) {
    const double condition = trial % 4 < 2 ? 0.5 : std::pow(10, random.uniform(-12, 0));
    PlainMixture plain = random_mixture(random, condition, 1);
    const double apart = std::pow(10, random.uniform(-16, -8));
    for (int i = 1; i < 3; ++i) {
      plain.means[i] = plain.means[0];
      if (trial % 2) plain.means[i] += apart * random.normal_vector(2);
      plain.covariances[i] = plain.covariances[0];
      plain.covariances[i](0, 0) *= 1 + apart * random.uniform(0, 1);
    }
    const Reduction reduced = reduce(context, plain.build(context), {.components = 1});
    if (reduced.bound == 0) continue;  // alike as stored: the component is the given one still
    const Real bures = cost(plain, reduced.mixture, bures_squared);
    ASSERT_GE(Real(reduced.bound) * Real(reduced.bound), bures) << apart << ' ' << condition;
    if (condition == 0.5) {
      ASSERT_LT(reduced.bound, 4 * apart + 1e-13);
    }
  }
}

}  // namespace
}  // namespace wquant
