#include <algorithm>
#include <cmath>
#include <cstdio>
#include <variant>
#include <vector>
#include <wquant/wquant.hpp>

using namespace wquant;

int main() {
  const Context context = Context::cpu();

  const double weights[] = {0.5, 0.3, 0.2};
  const double means[][2] = {{0, 0}, {3, 1}, {-1, 4}};
  const double covariances[][2][2] = {{{1, 0.5}, {0.5, 2}},
                                      {{1, 1}, {1, 1}},  // this component lies on a line
                                      {{0.3, 0}, {0, 0.3}}};
  const GaussianMixture mixture = GaussianMixture::full(context, weights, means, covariances);

  const Quantization result = quantize(context, mixture, {.support = 100});
  const DiscreteDistribution points = result.distribution.to_host();
  std::printf("%ld points, W2 <= %.4f\n", points.size(), result.certificate.w2);
  const auto [x, p] = points[0];
  std::printf("the first is (%.3f, %.3f), its probability %.5f\n", x[0], x[1], p);

  const Certificate& bound = result.certificate;
  std::printf("sqrt(%.4f + %.4f) + %.4f + %.4f + rounding below 1e-6: %s\n", bound.cells,
              bound.dropped, bound.reduction, bound.basis, bound.rounding < 1e-6 ? "yes" : "no");

  const Quantization tight = quantize(context, mixture, {.tolerance = 0.2});
  std::printf("W2 <= 0.2 takes %ld points\n", tight.distribution.size());

  for (const SchemeFamily family :
       {SchemeFamily::grid, SchemeFamily::per_component, SchemeFamily::cross,
        SchemeFamily::per_mode, SchemeFamily::tree, SchemeFamily::lloyd}) {
    const Quantization one = quantize(context, mixture, {.support = 100, .family = family});
    std::printf("%-14s W2 <= %.4f\n", name(family).data(), one.certificate.w2);
  }

  const Quantization best = quantize(context, mixture, {.support = 100, .seconds = 600});
  std::printf("the best of all: %s\n", name(best.statistics.family).data());

  const Scheme scheme = make_scheme(context, mixture, {.support = 100}).scheme;
  const std::vector<double> wider = {1.2, 0.5, 0.5, 2.2, 1.1, 1.1, 1.1, 1.1, 0.4, 0, 0, 0.4};
  const GaussianMixture later = GaussianMixture::full(context, weights, means, {wider, 3, 2, 2});
  std::printf("the scheme made before: W2 <= %.4f\n", certify(context, scheme, later).w2);

  const std::vector<GaussianMixture> mixtures(1000, mixture);
  const QuantizeOptions options{.support = 16, .family = SchemeFamily::per_component};
  const QuantizationBatch batch = quantize(context, mixtures, options);
  std::printf("%ld distributions of %ld points, each W2 <= %.4f\n", batch.distributions.count(),
              batch.distributions.size(0), batch.certificates[0].w2);

  const Reduction reduction = reduce(context, mixture, {.components = 2});
  std::printf("two components: W2 <= %.4f\n", reduction.bound);

  const CertifiedDistribution fewer = compress(context, best, {.support = 20});
  std::printf("20 of the points: W2 <= %.4f\n", fewer.certificate.w2);

  const double matrix[2][2] = {{1, 0.1}, {0, 1}};
  const double offset[] = {0.5, 0};
  const CertifiedDistribution moved = push_forward(context, best, mixture, {matrix, offset});
  std::printf("Ax + b: W2 <= %.4f\n", moved.certificate.w2);

  const RowFunction tanh_of_rows = [](MatrixView<const double> in, MatrixView<double> out) {
    for (std::int64_t i = 0; i < in.rows; ++i)
      for (std::int64_t k = 0; k < in.cols; ++k) out(i, k) = std::tanh(in(i, k));
  };
  const LipschitzMap saturation{tanh_of_rows, /*output_dimension=*/2, /*lipschitz=*/1,
                                /*evaluation_error=*/1e-15};
  const CertifiedDistribution bent = push_forward(context, moved, saturation);
  std::printf("tanh of it: W2 <= %.4f\n", bent.certificate.w2);

  const CertifiedDistribution pairs = product(context, fewer, fewer);
  std::printf("%ld independent pairs: W2 <= %.4f\n", pairs.distribution.size(),
              pairs.certificate.w2);

  Array<double> samples = sample(context, mixture, 60'000, /*seed=*/1);
  for (double& value : samples) value = std::clamp(value, -8.0, 8.0);
  const MatrixView<const double> train(samples.data(), 10'000, 2);
  const MatrixView<const double> evaluation(samples.view().row(10'000), 50'000, 2);
  const Box box = Box::cube(2, -8, 8);
  const LearnedDistribution learned =
      learn(context, train, evaluation, box, {.order = 2, .beta = 1e-6, .clusters = {50}});
  const SplitBound& parts = std::get<SplitBound>(learned.parts);
  std::printf("%ld points, W2 <= %.3f = %.3f + %.3f but for a chance of %g\n",
              learned.distribution.size(), learned.bound, parts.moment, parts.discrete,
              learned.beta);

  const DualBound dual = dual_bound(context, learned.partition, learned.evaluation);
  const Verification verification = verify(dual.certificate, learned.evaluation);
  std::printf("Theorem 3.1: W2 <= %.3f, %s\n", dual.bound,
              verification.valid ? "verified" : verification.reason.c_str());

  try {
    quantize(context, mixture, {.support = 0});
  } catch (const InvalidArgument& error) {
    std::printf("%s\n", error.what());
  }
}
