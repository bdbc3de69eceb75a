#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "conformance/backends.hpp"
#include "numerics/normal_pair.hpp"
#include "quantize/mixture/cumulative.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

class SampleMixture : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, SampleMixture, test::all_backends(), test::backend_name);
class SampleDiscrete : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, SampleDiscrete, test::all_backends(), test::backend_name);

double normal_number(std::uint64_t stream, std::int64_t n) {
  const NormalPair pair = normal_pair(stream, static_cast<std::uint64_t>(n / 2));
  return n % 2 == 0 ? pair.first : pair.second;
}

/// The first index whose cumulative probability is above u.
std::int64_t inverted(const CumulativeTable& choice, double u) {
  std::int64_t i = 0;
  while (u >= choice.cumulative[i]) ++i;
  return i;
}

struct Source {
  std::int64_t count, d, matrices;
  std::vector<double> weights, means, deviations, vectors;

  Source(std::int64_t components, std::int64_t dimension, std::int64_t bases, test::Random& random)
      : count(components),
        d(dimension),
        matrices(bases),
        weights(random.weights(components)),
        means(components * dimension),
        deviations(components * dimension),
        vectors(bases * dimension * dimension) {
    for (double& x : means) x = random.normal();
    for (double& x : deviations) x = std::max(0.0, random.uniform(-0.5, 2));
    for (double& x : vectors) x = random.uniform(-1, 1);
  }
  GaussianComponents view() const {
    TensorView<const double> eigenvectors;
    if (matrices > 0) eigenvectors = {vectors.data(), matrices, d, d};
    return {{means.data(), count, d}, {deviations.data(), count, d}, eigenvectors};
  }
  /// Coordinate a of μ_i + V_i (s_i ∘ z).
  double coordinate(std::int64_t i, std::int64_t a, const std::vector<double>& z) const {
    double sum = 0;
    for (std::int64_t k = 0; k < d; ++k) {
      const double v = matrices == 0 ? a == k : vectors[((i % matrices) * d + a) * d + k];
      sum += v * (deviations[i * d + k] * z[k]);
    }
    return means[i * d + a] + sum;
  }
};

TEST_P(SampleMixture, IsTheFormulaAtEveryCounter) {
  test::Random random(161);
  for (const std::int64_t d : {1, 2, 3, 4, 7, 33, 300}) {
    for (const std::int64_t matrices : {0, 1, 9}) {
      const Source source(9, d, matrices, random);
      const Cumulative choice({source.weights.data(), source.count});
      const std::int64_t n = d > 100 ? 20 : 2500;
      const std::int64_t first = 1001;  // odd, so that odd d begin within a pair
      std::vector<double> points(n * d);
      std::vector<std::int64_t> labels(n, -1);
      test::poison(points);
      backend().sample_mixture(source.view(), choice.view(), 77, first, {points.data(), n, d},
                               {labels.data(), n});
      std::vector<double> z(d);
      for (std::int64_t s = 0; s < n; ++s) {
        const std::int64_t i = inverted(
            choice.view(), uniform(stream_seed(77, 0), static_cast<std::uint64_t>(first + s)));
        ASSERT_EQ(labels[s], i);
        for (std::int64_t k = 0; k < d; ++k)
          z[k] = normal_number(stream_seed(77, 1), (first + s) * d + k);
        for (std::int64_t a = 0; a < d; ++a)
          ASSERT_EQ(points[s * d + a], source.coordinate(i, a, z));
      }
    }
  }
}

TEST_P(SampleMixture, DoesNotDependOnWhereTheCallBegins) {
  test::Random random(162);
  const Source source(5, 3, 5, random);
  const Cumulative choice({source.weights.data(), 5});
  std::vector<double> whole(3 * 3000);
  std::vector<double> parts(3 * 3000);
  test::poison(whole);
  test::poison(parts);
  backend().sample_mixture(source.view(), choice.view(), 3, 0, {whole.data(), 3000, 3}, {});
  for (const auto& [begin, end] :
       {std::pair{0, 0}, std::pair{0, 1}, std::pair{1, 1234}, std::pair{1234, 3000}})
    backend().sample_mixture(source.view(), choice.view(), 3, begin,
                             {parts.data() + 3 * begin, end - begin, 3}, {});
  EXPECT_EQ(parts, whole);
}

TEST_P(SampleMixture, WritesStridedRowsAndNothingElse) {
  test::Random random(163);
  const Source source(5, 2, 1, random);
  const Cumulative choice({source.weights.data(), 5});
  std::vector<double> packed(2 * 100);
  std::vector<double> strided(5 * 100, 42);
  backend().sample_mixture(source.view(), choice.view(), 3, 0, {packed.data(), 100, 2}, {});
  backend().sample_mixture(source.view(), choice.view(), 3, 0, {strided.data(), 100, 2, 5}, {});
  for (int s = 0; s < 100; ++s) {
    EXPECT_EQ(strided[5 * s], packed[2 * s]);
    EXPECT_EQ(strided[5 * s + 1], packed[2 * s + 1]);
    EXPECT_EQ(strided[5 * s + 2], 42);
  }
}

TEST_P(SampleDiscrete, CopiesTheLocationsThatTheUniformNumbersDraw) {
  test::Random random(164);
  for (const std::int64_t count : {1, 3, 5000}) {
    std::vector<double> probabilities = random.weights(count);
    if (count > 1) probabilities[1] = 0;
    std::vector<double> locations(3 * count);
    for (double& x : locations) x = random.normal();
    const Cumulative choice({probabilities.data(), count});
    const std::int64_t n = 4000;
    std::vector<double> points(3 * n);
    std::vector<std::int64_t> labels(n, -1);
    test::poison(points);
    backend().sample_discrete({locations.data(), count, 3}, choice.view(), 5, 10,
                              {points.data(), n, 3}, {labels.data(), n});
    for (std::int64_t s = 0; s < n; ++s) {
      const std::int64_t i =
          inverted(choice.view(), uniform(stream_seed(5, 0), static_cast<std::uint64_t>(10 + s)));
      ASSERT_EQ(labels[s], i);
      for (int k = 0; k < 3; ++k) ASSERT_EQ(points[3 * s + k], locations[3 * i + k]);
    }
    backend().sample_discrete({locations.data(), count, 3}, choice.view(), 5, 10,
                              {points.data(), n, 3}, {});
  }
}

}  // namespace
}  // namespace wquant
