#include <cmath>
#include <vector>

#include "backend/backend.hpp"
#include "conformance/backends.hpp"
#include "conformance/host_views.hpp"
#include "support/long_density.hpp"

namespace wquant {
namespace {

class MixtureDensityKernel : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, MixtureDensityKernel, test::all_backends(), test::backend_name);

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kLogTwoPi = std::log(2 * std::acos(-1.0));

/// A mixture as flat arrays; no vectors: the unit basis.
struct Tables {
  std::int64_t d;
  std::vector<double> means, deviations, vectors, log_factors, tolerance, reach, slack;
  std::vector<std::int64_t> ranks;

  explicit Tables(std::int64_t dimension) : d(dimension) {}

  void add(double weight, const std::vector<double>& mean, const std::vector<double>& deviation) {
    means.insert(means.end(), mean.begin(), mean.end());
    deviations.insert(deviations.end(), deviation.begin(), deviation.end());
    std::int64_t rank = 0;
    double log_factor = std::log(weight);
    for (const double s : deviation) {
      if (s == 0) continue;
      ++rank;
      log_factor -= kLogTwoPi / 2 + std::log(s);
    }
    ranks.push_back(rank);
    log_factors.push_back(log_factor);
    tolerance.push_back(1e-14);
    reach.push_back(1);
    slack.push_back(0);
  }
  MixtureDensity view() const {
    const auto count = static_cast<std::int64_t>(ranks.size());
    const auto matrices = static_cast<std::int64_t>(vectors.size()) / (d * d);
    TensorView<const double> eigenvectors;
    if (matrices > 0) eigenvectors = {vectors.data(), matrices, d, d};
    return {{{means.data(), count, d}, {deviations.data(), count, d}, eigenvectors},
            {log_factors.data(), count},
            {ranks.data(), count},
            {tolerance.data(), count},
            {reach.data(), count},
            {slack.data(), count}};
  }
};

struct Results {
  std::int64_t n, d;
  std::vector<double> log_densities, scores, hessians;

  Results(std::int64_t points, std::int64_t dimension)
      : n(points), d(dimension), log_densities(n), scores(n * d), hessians(n * d * d) {
    for (auto* column : {&log_densities, &scores, &hessians}) test::poison(*column);
  }
  void fill(Backend& backend, const std::vector<double>& points, const Tables& tables) {
    backend.mixture_density({points.data(), n, d}, tables.view(), {log_densities.data(), n},
                            {scores.data(), n, d}, {hessians.data(), n, d * d});
  }
};

/// To 1e-12 of the largest.
void expect_close(const std::vector<double>& values, const std::vector<double>& expected) {
  double largest = 0;
  for (const double x : expected) largest = std::max(largest, std::fabs(x));
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_NEAR(values[i], expected[i], 1e-12 * largest);
}

TEST_P(MixtureDensityKernel, OfOneStandardNormalIsByHand) {
  Tables tables(1);
  tables.add(1, {2}, {1});
  Results out(3, 1);
  out.fill(backend(), {2, 3, -1}, tables);
  const std::vector<double> offsets{0, 1, -3};
  for (int s = 0; s < 3; ++s) {
    EXPECT_NEAR(out.log_densities[s], -kLogTwoPi / 2 - offsets[s] * offsets[s] / 2, 1e-15);
    EXPECT_EQ(out.scores[s], -offsets[s]);
    EXPECT_EQ(out.hessians[s], -1);
  }
}

TEST_P(MixtureDensityKernel, CountsTheLeastRankOnly) {
  Tables tables(2);
  tables.add(0.5, {0, 0}, {1, 1});
  tables.add(0.25, {0, 0}, {2, 0});
  tables.add(0.25, {0, 0}, {0, 0});
  Results out(4, 2);
  out.fill(backend(), {0, 0, 2, 0, 1, 1, 0, 1e-14}, tables);
  EXPECT_NEAR(out.log_densities[0], std::log(0.25), 1e-15);
  EXPECT_NEAR(out.log_densities[1], std::log(0.25) - kLogTwoPi / 2 - std::log(2.0) - 0.5, 1e-15);
  EXPECT_NEAR(out.log_densities[2], std::log(0.5) - kLogTwoPi - 1, 1e-15);
  EXPECT_NEAR(out.log_densities[3], std::log(0.25), 1e-15);  // within the tolerance
  EXPECT_EQ((std::vector<double>{out.scores.begin(), out.scores.begin() + 6}),
            (std::vector<double>{0, 0, -0.5, 0, -1, -1}));
  EXPECT_EQ((std::vector<double>{out.hessians.begin(), out.hessians.begin() + 12}),
            (std::vector<double>{0, 0, 0, 0, -0.25, 0, 0, 0, -1, 0, 0, -1}));
}

TEST_P(MixtureDensityKernel, IsMinusInfinityAndFlatOffAllSupports) {
  Tables tables(2);
  tables.add(1, {0, 0}, {1, 0});
  Results out(3, 2);
  out.fill(backend(), {0, 1, 1e200, 0, 1e308, 1e308}, tables);
  for (const double p : out.log_densities) EXPECT_EQ(p, -kInfinity);
  for (const double x : out.scores) EXPECT_EQ(x, 0);
  for (const double x : out.hessians) EXPECT_EQ(x, 0);
}

TEST_P(MixtureDensityKernel, EqualsCholeskyInEveryBasis) {
  test::Random random(151);
  for (const std::int64_t d : {1, 2, 5, 17}) {
    for (const std::int64_t matrices : {std::int64_t{0}, std::int64_t{1}, 2 * d}) {
      Tables tables(d);
      test::PlainMixture plain{random.weights(2 * d), {}, {}};
      std::vector<test::MatrixXd> bases;
      for (std::int64_t i = 0; i < matrices; ++i) {
        const test::RowMajor v = bases.emplace_back(random.rotation(d));
        tables.vectors.insert(tables.vectors.end(), v.data(), v.data() + v.size());
      }
      for (std::int64_t i = 0; i < 2 * d; ++i) {
        const test::VectorXd s =
            test::VectorXd::NullaryExpr(d, [&] { return random.uniform(0.2, 1.5); });
        plain.means.push_back(2 * random.normal_vector(d));
        tables.add(plain.weights[i], {plain.means[i].begin(), plain.means[i].end()},
                   {s.begin(), s.end()});
        const test::MatrixXd v = matrices == 0 ? test::MatrixXd(test::MatrixXd::Identity(d, d))
                                               : bases[matrices == 1 ? 0 : i];
        plain.covariances.push_back(v * s.cwiseAbs2().asDiagonal() * v.transpose());
      }
      const test::LongDensity reference(plain);
      const std::int64_t n = 70;
      std::vector<double> points(n * d);
      for (double& x : points) x = 2 * random.normal();
      Results out(n, d);
      out.fill(backend(), points, tables);
      Results same(n, d);
      same.fill(*make_cpu_backend({}), points, tables);
      expect_close(out.scores, same.scores);
      expect_close(out.hessians, same.hessians);
      for (std::int64_t s = 0; s < n; ++s) {
        const test::LongVector x =
            Eigen::Map<const test::VectorXd>(&points[s * d], d).cast<long double>();
        const auto expected = static_cast<double>(reference(x));
        EXPECT_NEAR(out.log_densities[s], expected, 1e-12 * std::max(1.0, std::fabs(expected)));
        if (s > 3 || d > 5) continue;
        const test::VectorXd slope = test::gradient(reference, x, 1e-4L).cast<double>();
        const test::MatrixXd bend = test::hessian_matrix(reference, x, 3e-4L).cast<double>();
        for (std::int64_t a = 0; a < d; ++a) {
          EXPECT_NEAR(out.scores[s * d + a], slope[a], 1e-9 * (1 + slope.norm()));
          for (std::int64_t b = 0; b < d; ++b)
            EXPECT_NEAR(out.hessians[(s * d + a) * d + b], bend(a, b), 1e-7 * (1 + bend.norm()));
        }
      }
    }
  }
}

TEST_P(MixtureDensityKernel, LeavesOutWhatIsNotWanted) {
  Tables tables(2);
  tables.add(1, {0, 0}, {1, 1});
  const std::vector<double> points{1, 2, 3, 4};
  Results out(2, 2);
  Results part(2, 2);
  out.fill(backend(), points, tables);
  backend().mixture_density({points.data(), 2, 2}, tables.view(), {part.log_densities.data(), 2},
                            {}, {});
  EXPECT_EQ(part.log_densities, out.log_densities);
  backend().mixture_density({points.data(), 2, 2}, tables.view(), {part.log_densities.data(), 2},
                            {part.scores.data(), 2, 2}, {});
  EXPECT_EQ(part.scores, out.scores);
}

TEST_P(MixtureDensityKernel, TakesManyPointsInLittleWorkspace) {
  if (GetParam() != "cuda") return;
  Tables tables(2);
  tables.add(0.5, {0, 0}, {1, 0.5});
  tables.add(0.5, {1, 0}, {2, 1});
  test::Random random(152);
  const std::int64_t n = 300;
  std::vector<double> points(n * 2);
  for (double& x : points) x = random.normal();
  Results out(n, 2);
  Results tight(n, 2);
  out.fill(backend(), points, tables);
  const std::size_t bytes = out.hessians.size() * sizeof(double);
  tight.fill(*test::on_host_views(make_cuda_backend({.workspace_limit = bytes})), points, tables);
  EXPECT_EQ(tight.log_densities, out.log_densities);
  EXPECT_EQ(tight.scores, out.scores);
  EXPECT_EQ(tight.hessians, out.hessians);
}

}  // namespace
}  // namespace wquant
