#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <vector>

#include "support/split.hpp"
#include "wquant/context.hpp"
#include "wquant/split_bound.hpp"

// Run: build/release/benchmarks/split_benchmark. Targets, on 2 cores: M = 1001 routed 3 s, M = 5001
// with the tree 2 s, the rule and one bound together.
//
// The bound. Tree: M² (3 d / 2 + 1) operations and M² square roots for the distances, one pass over
// 8 M² bytes for each of about 3 M rows that the chains read, 8 M² bytes written. Routed, for each
// neighbour count tried (2 to 4 of them): M² comparisons of the graph, 4 M nnz(L) operations of the
// solves with nnz(L) from 30 M in the plane to M² / 2 in many dimensions, and about 25 E M for
// centring, deviations, residual, φ, ψ and the loads, E from 3 M to 9 M.

namespace wquant {
namespace {

constexpr std::int64_t kTrain = 100'000;
constexpr std::int64_t kTotal = 10'000'000;

struct Problem {
  Partition partition;
  RegionStatistics train, evaluation;
};

/// Centres drawn as the data are, masses by the density at them, moments of a plausible size.
Problem problem(std::int64_t regions, std::int64_t dimension, bool gaussian, int order) {
  std::mt19937_64 engine(7);
  const double deviation = 0.1;
  std::vector<double> centres;
  std::vector<double> mass;
  std::normal_distribution<double> normal(0, deviation);
  std::uniform_real_distribution<double> uniform(-0.3, 0.3);
  for (std::int64_t k = 0; k + 1 < regions; ++k) {
    for (std::int64_t i = 0; i < dimension; ++i)
      centres.push_back(gaussian ? std::min(0.5, std::max(-0.5, normal(engine))) : uniform(engine));
    mass.push_back(0.5 + uniform(engine));
  }
  mass.push_back(1e-6);
  double sum = 0;
  for (const double m : mass) sum += m;
  for (double& m : mass) m /= sum;
  const Partition partition(Box::cube(dimension, -0.5, 0.5), centres,
                            std::vector<double>(mass.size() - 1, 0.1));
  Problem out{partition, test::empty_statistics(partition, order),
              test::empty_statistics(partition, order)};
  out.train.count = test::multinomial(mass, kTrain, engine);
  out.evaluation.count = test::multinomial(mass, kTotal, engine);
  test::set_moments(out.train, 0, 1e-3, 1e-6, static_cast<double>(kTrain));
  test::set_moments(out.evaluation, 0, 1e-3, 1e-6, static_cast<double>(kTotal));
  return out;
}

void rule_and_bound(benchmark::State& state, std::int64_t regions, std::int64_t dimension,
                    bool gaussian, const SplitOptions& options) {
  const Context context = Context::cpu();
  const Problem p = problem(regions, dimension, gaussian, 2);
  SplitBound bound;
  for (auto _ : state)
    bound = SplitRule(context, p.partition, p.train, kTotal, options).bound(p.evaluation);
  state.counters["discrete"] = bound.discrete;
  state.counters["routed"] = bound.routed ? 1 : 0;
  state.counters["capacity"] = bound.capacity;
}

BENCHMARK_CAPTURE(rule_and_bound, routed_1001_plane_gaussian, 1001, 2, true,
                  {.discrete = DiscreteTerm::routed})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(rule_and_bound, routed_1001_plane_uniform, 1001, 2, false,
                  {.discrete = DiscreteTerm::routed})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(rule_and_bound, routed_1001_space_gaussian, 1001, 10, true,
                  {.discrete = DiscreteTerm::routed})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(rule_and_bound, automatic_1001_space_gaussian, 1001, 10, true, {})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(rule_and_bound, tree_5001_plane_gaussian, 5001, 2, true,
                  {.discrete = DiscreteTerm::tree})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(rule_and_bound, tree_5001_space_gaussian, 5001, 16, true,
                  {.discrete = DiscreteTerm::tree})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(rule_and_bound, automatic_5001_plane_gaussian, 5001, 2, true, {})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(rule_and_bound, automatic_5001_space_gaussian, 5001, 10, true, {})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace wquant
