// Learning a distribution from samples that come in chunks, and checking what was learned.
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>
#include <wquant/wquant.hpp>

using namespace wquant;

/// n points of a distribution that we pretend not to know: a ring in [−1, 1]², as pairs of floats.
std::vector<float> measure(std::int64_t n, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> angle(0, 6.283185307179586);
  std::uniform_real_distribution<double> radius(0.6, 0.9);
  std::vector<float> out;
  for (std::int64_t i = 0; i < n; ++i) {
    const double a = angle(engine);
    const double r = radius(engine);
    out.push_back(static_cast<float>(r * std::cos(a)));
    out.push_back(static_cast<float>(r * std::sin(a)));
  }
  return out;
}

int main() {
  const Context context = Context::best();
  const Box box = Box::cube(2, -1, 1);  // known for certain to hold the support
  const std::vector<float> samples = measure(100000, 1);

  // In one call: some samples, drawn at random, make regions; the others give probabilities and
  // confidence.
  const LearnedDistribution learned =
      learn(context, {samples, 2}, box, {.order = 2, .beta = 1e-6, .clusters = {30, 60, 120}});
  std::printf("W2 <= %.4f with %ld points and confidence 1 - %g\n", learned.bound,
              learned.distribution.size(), learned.beta);

  // In parts: what is decided before the evaluation samples are seen, then chunks of those, which
  // may come from several machines; their statistics are all that the bound needs.
  const std::vector<float> train = measure(5000, 2);
  const Partition partition = make_partition(context, {train, 2}, box, {.clusters = 60});
  const auto known = region_statistics(context, partition, {train, 2}, /*order=*/2);
  const SplitRule rule(context, partition, known, 100000);
  RegionStatistics seen = no_statistics(partition, 2);
  for (std::uint64_t chunk = 0; chunk < 10; ++chunk) {
    const std::vector<float> more = measure(10000, 3 + chunk);
    seen.merge(region_statistics(context, partition, {more, 2}, /*order=*/2));
  }
  const SplitBound split = rule.bound(seen);
  std::printf("from ten chunks: W2 <= %.4f, of which %.4f within the regions\n", split.bound,
              split.moment);

  // Theorem 3.1's bound comes with numbers that prove it; anyone can check them.
  DualBound dual = dual_bound(context, partition, seen);
  std::printf("dual: W2 <= %.4f, certificate %s", dual.bound,
              verify(dual.certificate, seen).valid ? "valid" : "refused");
  dual.certificate.bound *= 0.99;
  std::printf("; claiming less: %s\n", verify(dual.certificate, seen).valid ? "valid" : "refused");

  // k-means on its own.
  const KmeansResult<float> clusters = kmeans(context, {train, 2}, {.clusters = 8});
  std::printf("k-means: objective %.3f after %ld steps\n", clusters.objective, clusters.iterations);
  return 0;
}
