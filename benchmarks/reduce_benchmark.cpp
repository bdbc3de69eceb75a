#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "support/mixtures.hpp"
#include "wquant/wquant.hpp"

// Run: build/release/benchmarks/reduce_benchmark. Targets, on two cores: K = 10⁶ components in
// dimension 8 become 1000 in under a minute, whatever their bases, and are quantised with N = 1000
// points through that in under a minute too, with less than 4 GiB.

namespace wquant {
namespace {

constexpr std::int64_t kClumps = 50;

/// Means in clumps, components narrower than these.
struct Clumped {
  std::int64_t count, d;
  std::vector<double> weights, means;

  Clumped(std::int64_t components, std::int64_t dimension, test::Random& random)
      : count(components), d(dimension), weights(static_cast<std::size_t>(components)) {
    std::vector<test::VectorXd> centres;
    for (std::int64_t c = 0; c < kClumps; ++c) centres.push_back(5 * random.normal_vector(d));
    for (std::int64_t i = 0; i < count; ++i) {
      weights[i] = 1.0 / static_cast<double>(count);
      const test::VectorXd mean = centres[i % kClumps] + random.normal_vector(d);
      means.insert(means.end(), mean.begin(), mean.end());
    }
  }
};

GaussianMixture with_diagonals(const Context& context, std::int64_t count, std::int64_t d) {
  test::Random random(1);
  const Clumped c(count, d, random);
  std::vector<double> variances(c.means.size());
  for (double& v : variances) v = random.uniform(0.005, 0.2);
  return GaussianMixture::diagonal(context, {c.weights.data(), count}, {c.means.data(), count, d},
                                   {variances.data(), count, d});
}

GaussianMixture with_own_bases(const Context& context, std::int64_t count, std::int64_t d) {
  test::Random random(2);
  const Clumped c(count, d, random);
  std::vector<double> covariances(static_cast<std::size_t>(count * d * d));
  for (std::int64_t i = 0; i < count; ++i) {
    const test::MatrixXd a = test::MatrixXd::NullaryExpr(d, d, [&] { return random.normal(); });
    Eigen::Map<test::RowMajor>(covariances.data() + i * d * d, d, d) =
        0.1 / static_cast<double>(d) * (a * a.transpose()) + 0.01 * test::MatrixXd::Identity(d, d);
  }
  return GaussianMixture::full(context, {c.weights.data(), count}, {c.means.data(), count, d},
                               {covariances.data(), count, d, d});
}

using Make = GaussianMixture (*)(const Context&, std::int64_t, std::int64_t);

void Reduce(benchmark::State& state, Make make) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = make(context, state.range(0), state.range(1));
  double bound = 0;
  for (auto _ : state) bound = reduce(context, mixture, {.components = state.range(2)}).bound;
  state.counters["bound"] = bound;
}
BENCHMARK_CAPTURE(Reduce, diagonals, with_diagonals)
    ->Args({10'000, 8, 100})
    ->Args({1'000'000, 2, 1000})
    ->Args({1'000'000, 8, 1000})
    ->Args({1'000'000, 8, 10'000})
    ->Iterations(1)
    ->Unit(benchmark::kSecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(Reduce, own_bases, with_own_bases)
    ->Args({10'000, 8, 100})
    ->Args({1'000'000, 2, 1000})
    ->Args({1'000'000, 8, 1000})
    ->Args({1'000'000, 8, 10'000})
    ->Iterations(1)
    ->Unit(benchmark::kSecond)
    ->UseRealTime();

void ReduceThenTree(benchmark::State& state, Make make) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = make(context, state.range(0), state.range(1));
  Certificate certificate;
  for (auto _ : state)
    certificate =
        quantize(
            context, mixture,
            {.support = 1000, .family = SchemeFamily::tree, .reduced_components = state.range(2)})
            .certificate;
  state.counters["w2"] = certificate.w2;
  state.counters["reduction"] = certificate.reduction;
}
BENCHMARK_CAPTURE(ReduceThenTree, diagonals, with_diagonals)
    ->Args({1'000'000, 8, 1000})
    ->Iterations(1)
    ->Unit(benchmark::kSecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(ReduceThenTree, own_bases, with_own_bases)
    ->Args({1'000'000, 8, 1000})
    ->Iterations(1)
    ->Unit(benchmark::kSecond)
    ->UseRealTime();

void MergeDuplicates(benchmark::State& state) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = with_diagonals(context, state.range(0), 8);
  for (auto _ : state) benchmark::DoNotOptimize(mixture.merge_duplicates());
}
BENCHMARK(MergeDuplicates)->Arg(1'000'000)->Unit(benchmark::kSecond)->UseRealTime();

}  // namespace
}  // namespace wquant
