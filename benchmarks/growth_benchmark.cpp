#include <benchmark/benchmark.h>

#include <cmath>
#include <functional>
#include <string>

#include "support/sampled_mixture.hpp"
#include "wquant/wquant.hpp"

// How seconds and certificates grow with K, d and N, one at a time, everything else at K = 100,
// d = 2, N = 1000. Run with --benchmark_out=FILE; plot_growth.py draws the file. Reductions and
// modes know no N: reductions go from K to K / 10 components.

namespace wquant {
namespace {

struct Size {
  std::int64_t k = 100, d = 2, n = 1000;
};

using test::Sampled;
/// Does it and returns the certificate, 0 if it has none.
using Work = std::function<double(const Context&, const GaussianMixture&, std::int64_t support)>;

struct Operation {
  std::string name;
  Work work;
  Size largest;  // along each line
  bool uses_support = true;
};

Work quantising(SchemeFamily family) {
  return [family](const Context& context, const GaussianMixture& mixture, std::int64_t support) {
    return quantize(context, mixture, {.support = support, .family = family}).certificate.w2;
  };
}

double modes_of(const Context& context, const GaussianMixture& mixture, std::int64_t) {
  benchmark::DoNotOptimize(find_modes(context, mixture).size());
  return 0;
}

double reduce_to_tenth(const Context& context, const GaussianMixture& mixture, std::int64_t) {
  return reduce(context, mixture, {.components = mixture.components() / 10}).bound;
}

const Operation kOperations[] = {
    {"per-component", quantising(SchemeFamily::per_component), {1'000'000, 128, 1'000'000}},
    {"tree", quantising(SchemeFamily::tree), {10'000, 128, 100'000}},
    {"lloyd", quantising(SchemeFamily::lloyd), {10'000, 128, 10'000}},
    {"per-mode", quantising(SchemeFamily::per_mode), {10'000, 32, 100'000}},
    {"modes", modes_of, {10'000, 32, 0}, false},
    {"reduce", reduce_to_tenth, {100'000, 128, 0}, false},
};

void add(const Operation& operation, const std::string& line, Size size) {
  const std::string name = operation.name + "/" + line + "/" + std::to_string(size.k) + "/" +
                           std::to_string(size.d) + "/" + std::to_string(size.n);
  benchmark::RegisterBenchmark(name.c_str(),
                               [&operation, size](benchmark::State& state) {
                                 const Context context = Context::cpu();
                                 const GaussianMixture mixture =
                                     Sampled(size.k, size.d, 1).build(context);
                                 double w2 = 0;
                                 for (auto _ : state) w2 = operation.work(context, mixture, size.n);
                                 state.counters["w2"] = w2;
                               })
      ->Iterations(1)
      ->Unit(benchmark::kSecond)
      ->UseRealTime();
}

}  // namespace
}  // namespace wquant

int main(int argc, char** argv) {
  using namespace wquant;
  for (const Operation& operation : kOperations) {
    for (std::int64_t k = 10; k <= operation.largest.k; k *= 10)
      add(operation, "K", {.k = k, .d = 2, .n = 1000});
    for (std::int64_t d = 1; d <= operation.largest.d; d *= 2)
      add(operation, "d", {.k = 100, .d = d, .n = 1000});
    for (std::int64_t n = 10; operation.uses_support && n <= operation.largest.n; n *= 10)
      add(operation, "N", {.k = 100, .d = 2, .n = n});
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
