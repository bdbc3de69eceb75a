#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>

#include "backend/backend.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cpu/random_fill.hpp"
#include "quantize/mixture/component_tables.hpp"
#include "quantize/mixture/cumulative.hpp"
#include "support/mixtures.hpp"

// Run: build/release/benchmarks/sampling_benchmark. Target: ratios ≤ 2 in two dimensions, up
// to some thousand components.
//
// The bound. A sample of d coordinates from K components cannot be had for less than its d normal
// numbers and the uniform one that draws the component: per pair of normals 6 multiplications of
// splitmix64, and about 70 operations of the series, one division and one square root, all in
// vectors. On top come, per sample, a table look-up of 2 loads with no step most of the time,
// d² + d multiplications and additions, d² + 2d loads from cache, and 8 d bytes to memory, which
// the bare numbers write too: for 10⁷ × 2 doubles 160 MB. A ratio of 1 is the bound.

namespace wquant {
namespace {

constexpr std::int64_t kCount = 10'000'000;

/// The numbers that `count` samples take, on the same threads, into memory of their own.
void numbers_alone(int threads, std::int64_t count, std::int64_t d, double* normals) {
  constexpr std::int64_t kChunk = 2048;
  parallel_chunks(threads, count, kChunk, [&](std::int64_t begin, std::int64_t end) {
    double uniforms[kChunk];
    fill_uniforms(stream_seed(1, 0), static_cast<std::uint64_t>(begin), end - begin, uniforms);
    benchmark::DoNotOptimize(uniforms);
    fill_normals(stream_seed(1, 1), static_cast<std::uint64_t>(begin * d / 2),
                 (end - begin) * d / 2, normals + begin * d);
  });
}

double seconds(const std::function<void()>& call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The time of `sampling`, and the ratio of its least time to that of `numbers`, both in turns:
/// what else the machine does only ever adds.
void measure(benchmark::State& state, const std::function<void()>& sampling,
             const std::function<void()>& numbers) {
  double least_sampling = INFINITY;
  double least_numbers = INFINITY;
  for (auto _ : state) {
    const double one = seconds(sampling);
    least_numbers = std::min(least_numbers, seconds(numbers));
    least_sampling = std::min(least_sampling, one);
    state.SetIterationTime(one);
  }
  state.counters["least_ms"] = 1e3 * least_sampling;
  state.counters["numbers_ms"] = 1e3 * least_numbers;
  state.counters["ratio"] = least_sampling / least_numbers;
}

GaussianMixture random_mixture(const Context& context, const benchmark::State& state) {
  test::Random random(1);
  return random.mixture(state.range(1), state.range(0), 3).build(context);
}

/// The public call; memory is fresh on both sides.
void SampleOverNumbers(benchmark::State& state) {
  const std::int64_t d = state.range(0);
  const auto threads = static_cast<int>(state.range(2));
  const std::int64_t count = 2 * kCount / d;
  const Context context = Context::cpu({.threads = threads});
  const GaussianMixture mixture = random_mixture(context, state);
  measure(
      state, [&] { benchmark::DoNotOptimize(sample(context, mixture, count, 1).data()); },
      [&] {
        Array<double> normals(context, count, d);
        numbers_alone(threads, count, d, normals.data());
        benchmark::DoNotOptimize(normals.data());
      });
}
BENCHMARK(SampleOverNumbers)
    ->ArgNames({"d", "K", "threads"})
    ->ArgsProduct({{2}, {1, 10, 100, 10'000}, {1, 2}})
    ->Args({4, 10, 1})
    ->Args({10, 10, 1})
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime()
    ->Iterations(10);

/// The kernel alone; memory is reused on both sides, so nothing hides behind page faults.
void KernelOverNumbers(benchmark::State& state) {
  const std::int64_t d = state.range(0);
  const auto threads = static_cast<int>(state.range(2));
  const std::int64_t count = 2 * kCount / d;
  const Context context = Context::cpu({.threads = threads});
  const GaussianMixture mixture = random_mixture(context, state);
  const ComponentTables components(mixture, 0);
  const Cumulative choice(mixture.weights());
  Array<double> out(context, count, d);
  const MatrixView<double> points = out.view();
  measure(
      state,
      [&] { context.backend().sample_mixture(components.view(), choice.view(), 1, 0, points, {}); },
      [&] { numbers_alone(threads, count, d, points.data); });
}
BENCHMARK(KernelOverNumbers)
    ->ArgNames({"d", "K", "threads"})
    ->ArgsProduct({{2}, {10, 100}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime()
    ->Iterations(10);

/// Locations of a discrete distribution of N points in the plane: a random read of 3 lines each.
void SampleDiscrete(benchmark::State& state) {
  const std::int64_t points = state.range(0);
  const Context context = Context::cpu();
  test::Random random(2);
  std::vector<double> locations(2 * points);
  for (double& x : locations) x = random.uniform(0, 1);
  const DiscreteDistribution distribution(Array<double>::from_host(locations, 2),
                                          Array<double>::from_host(random.weights(points)));
  for (auto _ : state) benchmark::DoNotOptimize(sample(context, distribution, kCount, 1).data());
}
BENCHMARK(SampleDiscrete)
    ->Arg(100)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace wquant
