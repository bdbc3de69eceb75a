// Uncertainty through a neural network, layer by layer: what the output of a network is distributed
// like when its input is a Gaussian mixture, with a bound on how far from it the answer is.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <span>
#include <vector>
#include <wquant/wquant.hpp>

using namespace wquant;

struct Dense {
  std::int64_t inputs;
  std::vector<double> weights;  // one row per output
  std::vector<double> offset;

  AffineMap map() const { return {{weights, inputs}, offset}; }
};

const std::vector<Dense> network = {
    {3, {0.6, -0.4, 0.3, 0.2, 0.7, -0.5, -0.3, 0.4, 0.6}, {0.1, -0.2, 0.3}},
    {3, {0.5, 0.3, -0.6, -0.4, 0.8, 0.2, 0.5, 0.1, 0.6}, {0.2, 0, 0.1}},
    {3, {0.7, -0.5, 0.6}, {0.1}},
};

/// max(x, 0) in every coordinate: 1-Lipschitz, and computed without rounding.
void relu(MatrixView<const double> in, MatrixView<double> out) {
  for (std::int64_t i = 0; i < in.rows; ++i) {
    for (std::int64_t j = 0; j < in.cols; ++j) {
      out(i, j) = std::max(in(i, j), 0.0);
    }
  }
}

/// The network as whoever uses it evaluates it.
double evaluate(std::span<const double> input) {
  std::vector<double> x(input.begin(), input.end());
  for (const Dense& layer : network) {
    if (&layer != &network.front()) {
      relu({x, 3}, {x, 3});
    }
    std::vector<double> next = layer.offset;
    for (std::size_t j = 0; j < next.size(); ++j) {
      next[j] += std::inner_product(x.begin(), x.end(), &layer.weights[j * x.size()], 0.0);
    }
    x = next;
  }
  return x[0];
}

/// n outputs, sorted.
std::vector<double> outputs(const Context& context, const GaussianMixture& input, std::int64_t n,
                            std::uint64_t seed) {
  const auto inputs = sample(context, input, n, seed).to_host();
  std::vector<double> out;
  for (const auto x : inputs.view()) {
    out.push_back(evaluate(x));
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// On the line W₂² = ∫₀¹ (F⁻¹(t) − G⁻¹(t))² dt: here of n sorted numbers and of points on the line.
double w2_on_the_line(const std::vector<double>& sorted, const DiscreteDistribution& points) {
  std::vector<std::int64_t> order(points.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return points.locations()(a) < points.locations()(b);
  });
  const double n = static_cast<double>(sorted.size());
  double sum = 0;
  double done = 0;  // of the unit of probability
  std::size_t i = 0;
  for (const std::int64_t a : order) {
    const double end = a == order.back() ? 1 : std::min(1.0, done + points.probabilities()(a));
    while (done < end) {
      const double step = std::min(end, static_cast<double>(i + 1) / n);
      sum += (step - done) * std::pow(sorted[i] - points.locations()(a), 2);
      done = step;
      i += done >= static_cast<double>(i + 1) / n && i + 1 < sorted.size();
    }
  }
  return std::sqrt(sum);
}

DiscreteDistribution equally_likely(const std::vector<double>& points) {
  const std::vector<double> equal(points.size(), 1.0 / static_cast<double>(points.size()));
  return {Array<double>::from_host(points), Array<double>::from_host(equal)};
}

int main() {
  const Context context = Context::best();
  const double weights[] = {0.5, 0.3, 0.2};
  const double means[][3] = {{0, 0, 0}, {2, 1, -1}, {-1, 2, 1}};
  const double variances[][3] = {{0.3, 0.2, 0.1}, {0.1, 0.4, 0.2}, {0.2, 0.1, 0.3}};
  const auto input = GaussianMixture::diagonal(context, weights, means, variances);

  // The first layer is affine: its certificate comes from the cells of the quantisation itself.
  const auto quantization = quantize(context, input, {.support = 20000});
  std::printf("input:   %5ld points, W2 <= %.4f\n", quantization.distribution.size(),
              quantization.certificate.w2);
  auto state = push_forward(context, quantization.scheme, input, network[0].map());
  std::printf("layer 1: %5ld points, W2 <= %.4f\n", state.distribution.size(),
              state.certificate.w2);

  // From then on errors grow by at most the Lipschitz constants. ReLU sends many points to the same
  // place, or near it: fewer serve.
  for (std::size_t i = 1; i < network.size(); ++i) {
    state = push_forward(context, state, LipschitzMap{relu, 3, 1.0});
    state = compress(context, state, {.support = 5000, .iterations = 10});
    state = push_forward(context, state, network[i].map());
    std::printf("layer %zu: %5ld points, W2 <= %.4f\n", i + 1, state.distribution.size(),
                state.certificate.w2);
  }
  // On the line a hundred points are plenty.
  state = compress(context, state, {.support = 100});
  std::printf("output:  %5ld points, W2 <= %.4f\n", state.distribution.size(),
              state.certificate.w2);

  // P_n, the empirical distribution of n outputs, is W₂(P_n, P) from their true distribution P.
  // With another sample P'_n, E W₂²(P_n, P) ≤ E W₂²(P_n, P'_n), since W₂² is convex and E P'_n = P.
  const std::int64_t n = 1'000'000;
  const std::vector<double> seen = outputs(context, input, n, 1);
  const std::vector<double> again = outputs(context, input, n, 2);
  const double margin = 2 * w2_on_the_line(seen, equally_likely(again));
  const double measured = w2_on_the_line(seen, state.distribution.to_host());
  std::printf("measured with %ld samples: W2 = %.4f +- %.4f\n", n, measured, margin);
  const bool holds = measured <= state.certificate.w2 + margin;
  std::printf("the certificate %s\n", holds ? "holds" : "is violated");
  return holds ? 0 : 1;
}
