#include <gtest/gtest.h>

#include <algorithm>

#include "accuracy/instances.hpp"

namespace wquant {
namespace {

using test::Excess;
using test::Kind;
using test::PlainMixture;
using test::Real;
using test::RealEigen;
using test::RealMatrix;
using test::RealVector;

/// V diag(λ) Vᵀ of the stored numbers.
RealMatrix stored_covariance(const GaussianMixture& mixture, std::int64_t i) {
  const std::int64_t d = mixture.dimension();
  const bool identity = mixture.basis() == GaussianMixture::Basis::identity;
  RealMatrix out(static_cast<std::size_t>(d));
  const auto v = [&](std::int64_t a, std::int64_t k) {
    return identity ? (a == k ? 1.0 : 0.0) : mixture.eigenvectors(i)(a, k);
  };
  for (std::int64_t a = 0; a < d; ++a)
    for (std::int64_t b = 0; b < d; ++b)
      for (std::int64_t k = 0; k < d; ++k)
        out(static_cast<std::size_t>(a), static_cast<std::size_t>(b)) +=
            Real(v(a, k)) * mixture.eigenvalues()(i, k) * v(b, k);
  return out;
}

/// Not what is measured: whether Σ = VΛVᵀ + E with ‖E‖_F as stated.
TEST(FactorErrors, AreAboveTheExactDistancesOfTheFactors) {
  test::Random random(71);
  const Context context = Context::cpu();
  double largest = 0;
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < 80; ++trial) {
      const PlainMixture plain = test::instance(random, kind, 1, 2 + trial % 4, false);
      const GaussianMixture mixture = plain.build(context);
      const RealMatrix given = test::real_covariance(plain.covariances[0]);
      const RealMatrix stored = stored_covariance(mixture, 0);
      Real square = 0;
      for (std::size_t e = 0; e < given.entries.size(); ++e)
        square += (given.entries[e] - stored.entries[e]) * (given.entries[e] - stored.entries[e]);
      ASSERT_GE(Real(mixture.factor_error(0)), sqrt(square)) << test::name(kind);
      const Real relative = mixture.factor_error(0) / given.trace();
      largest = std::max(largest, static_cast<double>(relative));
    }
  EXPECT_LT(largest, 1e-14);
  RecordProperty("largest", std::to_string(largest * 1e16) + "e-16 of the trace");
}

TEST(WeightErrors, AreAboveTheExactRelativeOnes) {
  test::Random random(72);
  const Context context = Context::cpu();
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < 100; ++trial) {
      PlainMixture plain = test::instance(random, kind, 1 + trial % 9, 1, true);
      for (double& w : plain.weights) w *= 1 + 1e-10 * random.uniform(-1, 1);
      const GaussianMixture mixture = plain.build(context);
      const Real total = test::total_weight(plain);
      for (std::size_t i = 0; i < plain.weights.size(); ++i) {
        const Real exact = plain.weights[i] / total;
        const Real off = abs(mixture.weights()[static_cast<std::int64_t>(i)] - exact);
        ASSERT_LE(off, exact * mixture.weight_error()) << test::name(kind);
      }
    }
}

/// tr A + tr B − 2 tr (A^{1/2} B A^{1/2})^{1/2}.
Real bures_squared(const RealMatrix& a, const RealMatrix& b) {
  const std::size_t n = a.n;
  const RealMatrix root = test::real_root(a);
  RealMatrix half(n), product(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k < n; ++k) half(i, j) += root(i, k) * b(k, j);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k < n; ++k) product(i, j) += half(i, k) * root(k, j);
  Real sum = a.trace() + b.trace();
  for (const Real& value : test::real_eigen(product).values)
    if (value > 0) sum -= 2 * sqrt(value);
  return sum > 0 ? sum : Real(0);
}

Real frobenius_squared(const RealMatrix& a, const RealMatrix& b) {
  const RealMatrix x = test::real_root(a);
  const RealMatrix y = test::real_root(b);
  Real sum = 0;
  for (std::size_t e = 0; e < x.entries.size(); ++e)
    sum += (x.entries[e] - y.entries[e]) * (x.entries[e] - y.entries[e]);
  return sum;
}

/// By the labels: what sending every component to its own of the reduced mixture costs. Alone it
/// stays what it is.
template <class Distance>
Real exact_cost(const PlainMixture& plain, const Reduction& reduced, const Distance& squared) {
  Real sum = 0;
  for (std::size_t i = 0; i < plain.weights.size(); ++i) {
    const std::int64_t j = reduced.labels[i];
    if (std::count(reduced.labels.begin(), reduced.labels.end(), j) == 1) continue;
    Real cost =
        squared(test::real_covariance(plain.covariances[i]), stored_covariance(reduced.mixture, j));
    for (std::int64_t k = 0; k < plain.dimension(); ++k) {
      const Real apart = Real(plain.means[i][k]) - reduced.mixture.means()(j, k);
      cost += apart * apart;
    }
    sum += plain.weights[i] * cost;
  }
  return sqrt(sum / test::total_weight(plain));
}

/// size: of the lengths.
double size_of(Kind kind) {
  return kind == Kind::tiny        ? 1e-149
         : kind == Kind::huge      ? 1e147
         : kind == Kind::far_apart ? 1e8
                                   : 1;
}

/// The bound is the sum itself.
TEST(Reductions, OfCommutingCovariances) {
  test::Random random(73);
  const Context context = Context::cpu();
  Excess excess("reduce_aligned");
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < 150; ++trial) {
      const PlainMixture plain =
          test::instance(random, kind, 3 + trial % 3, 1 + trial / 3 % 3, true);
      const Reduction reduced =
          reduce(context, plain.build(context), {.components = 1 + trial % 2});
      excess.add(kind, reduced.bound, exact_cost(plain, reduced, frobenius_squared),
                 kind == Kind::ordinary ? 0 : 1e-14 * size_of(kind));
    }
  excess.expect_small();
}

/// Above the Bures distances, the least that the clusters can cost, and no further above the
/// roots' distances than a root of a singular covariance is felt.
TEST(Reductions, OfCovariancesThatDoNotCommute) {
  test::Random random(74);
  const Context context = Context::cpu();
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < 50; ++trial) {
      const PlainMixture plain =
          test::instance(random, kind, 3 + trial % 3, 2 + trial / 3 % 2, false);
      const Reduction reduced =
          reduce(context, plain.build(context), {.components = 1 + trial % 2});
      const Real cancelled = size_of(kind) * Real(1e-45);
      EXPECT_GE(reduced.bound + cancelled, exact_cost(plain, reduced, bures_squared))
          << test::name(kind);
      const Real roots = exact_cost(plain, reduced, frobenius_squared);
      EXPECT_LE(Real(reduced.bound), roots * (1 + Real(1e-9)) + 1e-6 * size_of(kind))
          << test::name(kind);
    }
}

}  // namespace
}  // namespace wquant
