// Where a linear system x⁺ = A x + w may be after some steps of random disturbance w: certified
// bounds on the probability that it is unsafe and on the mean of a Lipschitz function.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>
#include <wquant/wquant.hpp>

using namespace wquant;

/// Unsafe is a position of more than `wall`; the state is position and velocity.
constexpr double wall = 1.5;
double distance_to_unsafe(double position) { return std::max(wall - position, 0.0); }

/// A bound on P(X ∈ unsafe) for every X within w2 of D. With δ the distance to unsafe, r > 0 and
/// any coupling of X and Y ~ D,
///
///     1[X ∈ unsafe] ≤ (‖X − Y‖/r)² + (1 − (δ(Y)/r)²)⁺,
///
/// since X ∈ unsafe makes ‖X − Y‖ ≥ δ(Y). In the mean, P(X ∈ unsafe) ≤ (w2/r)² + E(1 − (δ(Y)/r)²)⁺;
/// Markov's inequality gives no less: (w2/r)² + P(δ(Y) < r). The best r is the δ of a point, as the
/// right-hand side is linear in 1/r² between them.
double unsafe_bound(const DiscreteDistribution& d, double w2) {
  double best = 1;
  for (const WeightedPoint& point : d) {
    const double r = distance_to_unsafe(point.location[0]);
    if (r == 0) {
      continue;
    }
    double bound = std::pow(w2 / r, 2);
    for (const auto& [x, p] : d) {
      if (bound >= best) {
        break;
      }
      const double near = distance_to_unsafe(x[0]) / r;
      bound += p * std::max(1 - near * near, 0.0);
    }
    best = std::min(best, bound);
  }
  return best;
}

double mean_norm(const DiscreteDistribution& d) {
  double sum = 0;
  for (const auto& [x, p] : d) {
    sum += p * std::hypot(x[0], x[1]);
  }
  return sum;
}

int main() {
  const Context context = Context::best();
  // x⁺ = A x + w = [A I] (x, w), with A a damped spring.
  const double step[2][4] = {{0.9, 0.3, 1, 0}, {-0.3, 0.7, 0, 1}};
  const double start_mean[] = {1, 0};
  const double start_covariance[2][2] = {{0.04, 0}, {0, 0.04}};
  const auto start = GaussianMixture::gaussian(context, start_mean, start_covariance);
  // Calm most of the time, gusts now and then.
  const double weights[] = {0.9, 0.1};
  const double means[][2] = {{0, 0}, {0.2, 0.5}};
  const double variances[][2] = {{0.01, 0.01}, {0.02, 0.1}};
  const auto disturbance = GaussianMixture::diagonal(context, weights, means, variances);

  // The simulation that the bounds are compared with.
  const std::int64_t n = 500'000;
  auto simulated = sample(context, start, n, 1).to_host();
  // n samples of probability p or less have a frequency above p + √(2 p τ) + τ/3, τ = ln(10⁶)/n,
  // with probability 1e-6 at most (Bernstein). So many norms, of standard deviation below 1, have a
  // mean within 5/√n.
  const double tau = std::log(1e6) / static_cast<double>(n);
  const double of_mean = 5 / std::sqrt(static_cast<double>(n));

  CertifiedDistribution state = quantize(context, start, {.support = 1000});
  const CertifiedDistribution w = quantize(context, disturbance, {.support = 200});
  bool hold = true;
  for (std::uint64_t t = 1; t <= 4; ++t) {
    // The disturbance is independent of the state. Fewer points before the next step.
    state = push_forward(context, product(context, state, w), AffineMap{step});
    state = compress(context, state, {.support = 1000, .iterations = 10});
    const DiscreteDistribution points = state.distribution.to_host();
    const double w2 = state.certificate.w2;

    const auto gusts = sample(context, disturbance, n, 1 + t).to_host();
    double unsafe = 0;
    double norm = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const double x[] = {simulated(i, 0), simulated(i, 1), gusts(i, 0), gusts(i, 1)};
      for (int j = 0; j < 2; ++j) {
        simulated(i, j) = 0;
        for (int k = 0; k < 4; ++k) {
          simulated(i, j) += step[j][k] * x[k];
        }
      }
      unsafe += distance_to_unsafe(simulated(i, 0)) == 0 ? 1.0 / n : 0;
      norm += std::hypot(simulated(i, 0), simulated(i, 1)) / n;
    }
    const double bound = unsafe_bound(points, w2);
    std::printf("step %lu: W2 <= %.3f, P(unsafe) <= %.4f, simulated %.4f", t, w2, bound, unsafe);
    std::printf("; mean norm %.3f +- %.3f, simulated %.3f\n", mean_norm(points), w2, norm);
    hold = hold && unsafe <= bound + std::sqrt(2 * bound * tau) + tau / 3 &&
           std::abs(norm - mean_norm(points)) <= w2 + of_mean;
  }
  std::printf("the bounds %s\n", hold ? "hold" : "are violated");
  return hold ? 0 : 1;
}
