#include <benchmark/benchmark.h>

#include "support/mixtures.hpp"
#include "wquant/wquant.hpp"

// Run: build/release/benchmarks/modes_benchmark. Targets, on two cores: Modes/10000/2 and
// SpreadModes/10000/2 under 2 s. PerMode at the supports of the Python package of arXiv 2511.15854
// on mixtures of this kind: K = 100, d = 2, 958 points: 0.448 in 0.47 s; K = 1000, d = 10, 800
// points: 6.71 in 20 s.

namespace wquant {
namespace {

/// Means spread · N(0, I), variances U(0.05, 1) sorted, weights ∝ U(0.5, 1.5), one random basis.
GaussianMixture mixture(const Context& context, std::int64_t count, std::int64_t d, double spread) {
  test::Random random(1);
  std::vector<double> weights, means, variances;
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    sum += weights.emplace_back(random.uniform(0.5, 1.5));
    const test::VectorXd mean = spread * random.normal_vector(d);
    means.insert(means.end(), mean.begin(), mean.end());
    for (std::int64_t k = 0; k < d; ++k) variances.push_back(random.uniform(0.05, 1));
    std::sort(variances.end() - d, variances.end(), std::greater<>());
  }
  for (double& w : weights) w /= sum;
  const test::RowMajor basis = random.rotation(d);
  return GaussianMixture::eigen(context, {weights.data(), count}, {means.data(), count, d},
                                {variances.data(), count, d}, {basis.data(), 1, d, d});
}

void find(benchmark::State& state, double spread) {
  const Context context = Context::cpu();
  const auto of = mixture(context, state.range(0), state.range(1), spread);
  Modes modes;
  for (auto _ : state) modes = find_modes(context, of);
  state.counters["modes"] = static_cast<double>(modes.size());
  state.counters["steps"] = static_cast<double>(modes.iterations);
}

void ModesOfOneHeap(benchmark::State& state) { find(state, 3); }
/// As many components in every place, however many there are.
void ModesSpread(benchmark::State& state) {
  find(state, std::sqrt(static_cast<double>(state.range(0))));
}
void sizes(benchmark::internal::Benchmark* of) {
  for (const std::int64_t count : {100, 1000, 10'000}) of->Args({count, 2});
  of->Args({1000, 10})->Unit(benchmark::kMillisecond)->UseRealTime();
}
BENCHMARK(ModesOfOneHeap)->Apply(sizes);
BENCHMARK(ModesSpread)->Apply(sizes);

/// K, d, support, spread.
void PerMode(benchmark::State& state) {
  const Context context = Context::cpu();
  const auto of =
      mixture(context, state.range(0), state.range(1), static_cast<double>(state.range(3)));
  double w2 = 0;
  double layers = 0;
  for (auto _ : state) {
    const auto result =
        quantize(context, of, {.support = state.range(2), .family = SchemeFamily::per_mode});
    w2 = result.certificate.w2;
    layers = static_cast<double>(result.scheme.layers().size());
  }
  state.counters["w2"] = w2;
  state.counters["layers"] = layers;
}
BENCHMARK(PerMode)
    ->Args({100, 2, 958, 3})
    ->Args({1000, 10, 800, 3})
    ->Args({1000, 2, 1000, 3})
    ->Args({10'000, 2, 1000, 3})
    ->Args({1000, 2, 4000, 30})
    ->Args({10'000, 2, 40'000, 100})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace wquant
