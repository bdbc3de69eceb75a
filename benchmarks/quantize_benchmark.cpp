#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/parallel.hpp"
#include "numerics/normal_cell.hpp"
#include "quantize/certificate/grid_layers.hpp"
#include "support/mixtures.hpp"
#include "wquant/wquant.hpp"

// Run: build/release/benchmarks/quantize_benchmark. Targets, on two cores: OneGaussian/256 under
// 60 ms with its eigendecomposition, ShapeSearch/1000000 under 50 ms, PerComponent/1000 under 10
// ms.

namespace wquant {
namespace {

using test::MatrixXd;
using test::VectorXd;

VectorXd inverse_squares(std::int64_t d) {
  return VectorXd::LinSpaced(d, 1, static_cast<double>(d)).cwiseAbs2().cwiseInverse();
}

void OneGaussian(benchmark::State& state) {
  const std::int64_t d = state.range(0);
  const Context context = Context::cpu();
  test::Random random(1);
  const MatrixXd v = random.rotation(d);
  const MatrixXd sigma = v * inverse_squares(d).asDiagonal() * v.transpose();
  const auto plain = test::gaussian(VectorXd::Zero(d), (sigma + sigma.transpose()) / 2);
  double w2 = 0;
  for (auto _ : state)
    w2 = quantize(context, plain.build(context), {.support = 1000}).certificate.w2;
  state.counters["w2"] = w2;
}
BENCHMARK(OneGaussian)
    ->Arg(2)
    ->Arg(16)
    ->Arg(64)
    ->Arg(256)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// Of it, the eigendecomposition with its proven residual.
void Eigendecomposition(benchmark::State& state) {
  const std::int64_t d = state.range(0);
  const Context context = Context::cpu();
  test::Random random(2);
  const auto plain = test::gaussian(VectorXd::Zero(d), random.covariance(d));
  for (auto _ : state) benchmark::DoNotOptimize(plain.build(context).factor_error(0));
}
BENCHMARK(Eigendecomposition)->Arg(16)->Arg(256)->Unit(benchmark::kMillisecond)->UseRealTime();

void ShapeSearch(benchmark::State& state) {
  const VectorXd variances = inverse_squares(256);
  for (auto _ : state)
    benchmark::DoNotOptimize(optimal_grid_shape({variances.data(), 256}, state.range(0)));
}
BENCHMARK(ShapeSearch)
    ->Arg(1'000)
    ->Arg(1'000'000)
    ->Arg(1'000'000'000)
    ->Unit(benchmark::kMillisecond);

void PerComponent(benchmark::State& state) {
  const Context context = Context::cpu();
  test::Random random(3);
  const auto mixture = random.mixture(state.range(0), 2, 5).build(context);
  const std::int64_t support = 10 * state.range(0);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        quantize(context, mixture, {.support = support, .family = SchemeFamily::per_component}));
}
BENCHMARK(PerComponent)
    ->Arg(26)
    ->Arg(1000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// One shared grid of N = 10⁶ points in the plane, K components. What it cannot do without: the
/// moments of its 2 K √N cells (2 · 10⁶ for K = 1000, 50–400 ns each by NormalCell below, which is
/// what an erfc or ten exponentials take), and the memory traffic of N (d + 1) doubles written.
/// `bound_ms` is the time of just these, measured in the same run, `over_bound` the ratio to it.
/// On top come 2 K N operations for the masses, in registers: `mass_flop/s` over the whole time.
void SharedGrid(benchmark::State& state) {
  const std::int64_t count = state.range(0);
  const Context context = Context::cpu();
  test::Random random(4);
  const auto mixture = random.homogeneous_mixture(count, 2, 3).build(context);
  const Scheme scheme =
      make_scheme(context, mixture, {.support = 1'000'000, .family = SchemeFamily::grid});
  const auto seconds = [](auto start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const MeasuredMixture measured{mixture, {}, 1};
  const Layer& layer = scheme.layers().front();
  LayersOf<Grid> grids;
  grids.add({std::get<Grid>(layer.pattern), layer.components, measured, 0});
  grids.prepare(context);
  Array<double> mass(context, grids.cell_count());
  Array<double> mean(context, grids.cell_count());
  Array<double> variance(context, grids.cell_count());
  double bound = INFINITY;
  double least = INFINITY;
  for (auto _ : state) {
    auto start = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(apply(context, scheme, mixture));
    least = std::min(least, seconds(start));
    state.PauseTiming();
    start = std::chrono::steady_clock::now();
    context.backend().cell_moments(grids.cell_rows().view(), {{mass.data(), mass.size()},
                                                              {mean.data(), mean.size()},
                                                              {variance.data(), variance.size()}});
    Array<double> written(context, scheme.support(), 3);
    parallel_chunks(context.backend().host_threads(), written.size(), 1 << 16,
                    [&](std::int64_t begin, std::int64_t end) {
                      std::fill(written.data() + begin, written.data() + end, 1.0);
                    });
    benchmark::DoNotOptimize(written.data());
    bound = std::min(bound, seconds(start));
    state.ResumeTiming();
  }
  state.counters["bound_ms"] = 1e3 * bound;
  state.counters["over_bound"] = least / bound;
  state.counters["mass_flop/s"] = benchmark::Counter(2e6 * static_cast<double>(count),
                                                     benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(SharedGrid)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

/// B Gaussians in the plane, N = 16 each, in one call. Target: under 100 ms for 10 000.
void BatchOfGaussians(benchmark::State& state) {
  const Context context = Context::cpu();
  test::Random random(5);
  std::vector<GaussianMixture> mixtures;
  for (std::int64_t b = 0; b < state.range(0); ++b)
    mixtures.push_back(random.mixture(1, 2, 3).build(context));
  const QuantizeOptions options{.support = 16};
  for (auto _ : state) benchmark::DoNotOptimize(quantize(context, mixtures, {&options, 1}));
}
BENCHMARK(BatchOfGaussians)->Arg(10'000)->Unit(benchmark::kMillisecond)->UseRealTime();

/// Before it, if covariances are what is given: their eigendecompositions in one call.
void BatchOfCovariances(benchmark::State& state) {
  const Context context = Context::cpu();
  test::Random random(5);
  const std::int64_t count = state.range(0);
  const std::vector<std::int64_t> sizes(static_cast<std::size_t>(count), 1);
  const std::vector<double> weights(sizes.size(), 1.0);
  const std::vector<double> means(2 * sizes.size());
  std::vector<double> covariances;
  for (std::int64_t b = 0; b < count; ++b) {
    const test::RowMajor sigma = random.covariance(2);
    covariances.insert(covariances.end(), sigma.data(), sigma.data() + 4);
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(GaussianMixture::full_batch(context, sizes, {weights.data(), count},
                                                         {means.data(), count, 2},
                                                         {covariances.data(), count, 2, 2}));
}
BENCHMARK(BatchOfCovariances)->Arg(10'000)->Unit(benchmark::kMillisecond)->UseRealTime();

/// B mixtures of two Gaussians in the plane, N = 20 each, in one call. Target: under 1 ms for 64.
void BatchOfPairs(benchmark::State& state, SchemeFamily family) {
  const Context context = Context::cpu();
  test::Random random(6);
  std::vector<GaussianMixture> mixtures;
  for (std::int64_t b = 0; b < state.range(0); ++b)
    mixtures.push_back(random.mixture(2, 2, 3).build(context));
  const QuantizeOptions options{.support = 20, .family = family};
  for (auto _ : state) benchmark::DoNotOptimize(quantize(context, mixtures, {&options, 1}));
}
BENCHMARK_CAPTURE(BatchOfPairs, grid, SchemeFamily::grid)
    ->Arg(64)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(BatchOfPairs, per_component, SchemeFamily::per_component)
    ->Arg(64)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(BatchOfPairs, automatic, SchemeFamily::automatic)
    ->Arg(64)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// One cell by each of the formulas of normal_cell: width and lower end.
void NormalCell(benchmark::State& state, double lower, double width) {
  double sum = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(lower);
    sum += normal_cell(lower, lower + width, width).variance;
  }
  benchmark::DoNotOptimize(sum);
}
BENCHMARK_CAPTURE(NormalCell, six_nodes, 0.3, 0.01);
BENCHMARK_CAPTURE(NormalCell, ten_nodes, 0.3, 1.0);
BENCHMARK_CAPTURE(NormalCell, sixteen_nodes, 0.3, 2.5);
BENCHMARK_CAPTURE(NormalCell, erfc, 0.3, 6.0);
BENCHMARK_CAPTURE(NormalCell, tail, 6.0, 8.0);

}  // namespace
}  // namespace wquant
