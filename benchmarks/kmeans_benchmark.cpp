#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "backend/backend.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "base/simd.hpp"
#include "cpu/centre_scan.hpp"
#include "wquant/wquant.hpp"

// Run: build/release/benchmarks/kmeans_benchmark. Target: region statistics reach ≥ 0.5 of the
// bound. benchmarks/compare_kmeans.py sets k-means beside other libraries.
//
// The bound. Whoever looks at n points in R^d and K centres reads the points once, n d numbers from
// memory, and takes at least one fused operation per point, centre and dimension, n K d in all.
// Both rates are measured here on the same threads: reading a large array, and the scan of one
// block with all it needs in the first cache. bound = n d size / bytes per second + n K d /
// operations per second; `reached` = bound / time, 1 is the bound. k-means assigns once more than
// it iterates, and spared searches may bring it above 1.

namespace wquant {
namespace {

double seconds(const auto& call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<float> random_values(std::int64_t count, std::uint64_t seed) {
  std::vector<float> out(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    float sum = -6;
    for (std::uint64_t k = 0; k < 12; ++k)
      sum += static_cast<float>(uniform(seed, 12 * static_cast<std::uint64_t>(i) + k));
    out[i] = sum;
  }
  return out;
}

const Context& context() {
  static const Context cpu = Context::cpu();
  return cpu;
}

int threads() { return context().backend().host_threads(); }

/// Fused operations a second of all threads, in T.
template <class T>
double operation_rate() {
  constexpr std::int64_t kDimension = 96, kQuads = 4, kTimes = 2000, kTasks = 64;
  struct alignas(64) Block {
    T points[kDimension * kBlock<T>] = {}, quads[kQuads * kQuad * kDimension] = {};
    T half[kQuads * kQuad] = {}, least[kBlock<T>], second[kBlock<T>];
    ScanIndex<T> labels[kBlock<T>];
  };
  double least = INFINITY;
  for (int trial = 0; trial < 5; ++trial)
    least = std::min(least, seconds([] {
                       parallel_chunks(threads(), kTasks, 1, [](std::int64_t, std::int64_t) {
                         static thread_local Block block;
                         for (std::int64_t t = 0; t < kTimes; ++t)
                           expanded_scan(block.points, block.quads, block.half, kQuads, kDimension,
                                         block.least, block.second, block.labels, vector_bytes());
                         benchmark::DoNotOptimize(block.labels);
                       });
                     }));
  return kTasks * kTimes * kQuads * kQuad * kDimension * kBlock<T> / least;
}

/// Bytes a second that all threads read.
double read_rate() {
  const std::vector<std::uint64_t> values(1 << 26, 1);
  double least = INFINITY;
  for (int trial = 0; trial < 3; ++trial)
    least = std::min(least, seconds([&] {
                       parallel_chunks(threads(), static_cast<std::int64_t>(values.size()), 1 << 18,
                                       [&](std::int64_t begin, std::int64_t end) {
                                         std::uint64_t sum = 0;
                                         for (std::int64_t i = begin; i < end; ++i)
                                           sum += values[i];
                                         benchmark::DoNotOptimize(sum);
                                       });
                     }));
  return static_cast<double>(values.size()) * 8 / least;
}

/// The least time that `passes` looks at n points can take.
template <class T>
double bound(double n, double k, double d, double passes) {
  static const double operations = operation_rate<T>();
  static const double bytes = read_rate();
  return passes * (n * d * sizeof(T) / bytes + n * k * d / operations);
}

template <class T>
void measure(benchmark::State& state, double n, double k, double d, double passes,
             const auto& call) {
  double least = INFINITY;
  for (auto _ : state) {
    const double time = seconds(call);
    least = std::min(least, time);
    state.SetIterationTime(time);
  }
  const double limit = bound<T>(n, k, d, passes);
  state.counters["bound_s"] = limit;
  state.counters["reached"] = limit / least;
}

template <class T>
void nearest(benchmark::State& state) {
  const std::int64_t d = state.range(0), k = 1024, n = (1 << 24) / (d + 8);
  const std::vector<float> raw = random_values(n * d, 1), raw_centres = random_values(k * d, 2);
  const std::vector<T> points(raw.begin(), raw.end()),
      centres(raw_centres.begin(), raw_centres.end());
  std::vector<std::int64_t> labels(static_cast<std::size_t>(n));
  std::vector<double> squares(static_cast<std::size_t>(n));
  measure<T>(state, static_cast<double>(n), static_cast<double>(k), static_cast<double>(d), 1, [&] {
    context().backend().nearest(MatrixView<const T>(points.data(), n, d),
                                MatrixView<const T>(centres.data(), k, d), {labels.data(), n},
                                {squares.data(), n});
  });
}
BENCHMARK(nearest<float>)
    ->Arg(2)
    ->Arg(16)
    ->Arg(128)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(nearest<double>)
    ->Arg(2)
    ->Arg(16)
    ->Arg(128)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

constexpr std::int64_t kPoints = 1'000'000, kDimension = 16, kClusters = 256;

/// 20 steps; given: from given centres, else from k-means++, whose own bound is one more pass with
/// 1 + candidates centres a cluster.
void kmeans_run(benchmark::State& state, bool given) {
  const std::vector<float> points = random_values(kPoints * kDimension, 3);
  KmeansOptions<float> options{.clusters = kClusters, .iterations = 20, .tolerance = 0};
  if (given) options.start = {points.data(), kClusters, kDimension};
  const double candidates = 3 + std::floor(std::log(kClusters));
  const double limit = given ? 0 : bound<float>(kPoints, candidates, kDimension, kClusters);
  measure<float>(state, kPoints, kClusters, kDimension, 21, [&] {
    const auto result =
        kmeans(context(), MatrixView<const float>(points.data(), kPoints, kDimension), options);
    state.counters["objective"] = result.objective;
  });
  state.counters["seeding_bound_s"] = limit;
}
BENCHMARK_CAPTURE(kmeans_run, given_centres, true)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(kmeans_run, greedy_seeding, false)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

void regions(benchmark::State& state) {
  constexpr std::int64_t kSamples = 10'000'000;
  static const std::vector<float> points = random_values(kSamples * kDimension, 4);
  const std::int64_t k = state.range(0);
  const Box box = Box::cube(kDimension, -6, 6);
  const auto found = kmeans(context(), MatrixView<const float>(points.data(), 20 * k, kDimension),
                            {.clusters = k});
  const std::vector<double> centres(found.centres.data(),
                                    found.centres.data() + found.centres.size());
  const Partition partition(box, centres, std::vector<double>(static_cast<std::size_t>(k), 7));
  measure<float>(state, kSamples, static_cast<double>(k), kDimension, 1, [&] {
    const RegionStatistics statistics = region_statistics(
        context(), partition, MatrixView<const float>(points.data(), kSamples, kDimension), 1);
    state.counters["outer"] = static_cast<double>(statistics.count.back());
  });
}
BENCHMARK(regions)->Arg(100)->Arg(1000)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wquant
