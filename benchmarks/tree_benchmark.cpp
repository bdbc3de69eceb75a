#include <benchmark/benchmark.h>

#include <cmath>

#include "support/mixtures.hpp"
#include "support/sampled_mixture.hpp"
#include "wquant/wquant.hpp"

// Run: build/release/benchmarks/tree_benchmark. Targets, on two cores: Mixture/10000/2/1000 under
// 1 s, Mixture/1000/16/10000 under 5 s; w2 of OneGaussian 0.0670, 0.2486, 0.7677, 1.9141, of Decay
// 0.5934 and 0.5067; ratios 0.52 and 0.40.

namespace wquant {
namespace {

using test::Sampled;
using test::VectorXd;

double tree_w2(const Context& context, const GaussianMixture& mixture, std::int64_t support) {
  return quantize(context, mixture, {.support = support, .family = SchemeFamily::tree})
      .certificate.w2;
}

void Mixture(benchmark::State& state) {
  const Context context = Context::cpu();
  const auto mixture = Sampled(state.range(0), state.range(1), 1).build(context);
  double w2 = 0;
  for (auto _ : state) w2 = tree_w2(context, mixture, state.range(2));
  state.counters["w2"] = w2;
}
BENCHMARK(Mixture)
    ->Args({10000, 2, 1000})
    ->Args({1000, 16, 10000})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void OneGaussian(benchmark::State& state) {
  const Context context = Context::cpu();
  const auto mixture = test::centred_gaussian(VectorXd::Ones(state.range(0))).build(context);
  double w2 = 0;
  for (auto _ : state) w2 = tree_w2(context, mixture, 1000);
  state.counters["w2"] = w2;
}
BENCHMARK(OneGaussian)->Arg(2)->Arg(3)->Arg(4)->Arg(5)->Arg(10)->Unit(benchmark::kMillisecond);

/// Eigenvalues 1/k².
void Decay(benchmark::State& state) {
  const Context context = Context::cpu();
  const VectorXd variances = VectorXd::LinSpaced(256, 1, 256).cwiseAbs2().cwiseInverse();
  const auto mixture = test::centred_gaussian(variances).build(context);
  double w2 = 0;
  for (auto _ : state) w2 = tree_w2(context, mixture, state.range(0));
  state.counters["w2"] = w2;
}
BENCHMARK(Decay)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

/// W₂ over that of one point per component (100 points) or of a 3 × 3 grid per component (1000),
/// the mean over ten mixtures of 100 components in the plane.
void Ratio(benchmark::State& state) {
  const Context context = Context::cpu();
  const double shrink = state.range(0) == 100 ? 1 : std::sqrt(normal_distortion(3));
  double ratio = 0;
  for (auto _ : state) {
    ratio = 0;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const Sampled sampled(100, 2, seed);
      ratio += tree_w2(context, sampled.build(context), state.range(0)) /
               (sampled.one_point_each() * shrink) / 10;
    }
  }
  state.counters["ratio"] = ratio;
}
BENCHMARK(Ratio)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wquant
