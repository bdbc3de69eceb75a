#include <cmath>
#include <vector>

#include "backend/backend.hpp"
#include "conformance/backends.hpp"
#include "conformance/host_views.hpp"
#include "support/decompositions.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::VectorXd;

class AscentStepKernel : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, AscentStepKernel, test::all_backends(), test::backend_name);

const double kLogTwoPi = std::log(2 * std::acos(-1.0));

/// A mixture as flat arrays; no vectors: the unit basis.
struct Tables {
  std::int64_t d;
  std::vector<double> means, deviations, vectors, log_factors;
  std::vector<double> lower, upper, block_log_factors, block_deviations;

  explicit Tables(std::int64_t dimension) : d(dimension) {}

  void add(double weight, const std::vector<double>& mean, const std::vector<double>& deviation) {
    if (log_factors.size() % kAscentBlock == 0) {
      lower.resize(lower.size() + d, INFINITY);
      upper.resize(upper.size() + d, -INFINITY);
      block_log_factors.push_back(-INFINITY);
      block_deviations.push_back(0);
    }
    double log_factor = std::log(weight);
    for (std::int64_t k = 0; k < d; ++k) {
      log_factor -= kLogTwoPi / 2 + std::log(deviation[k]);
      double& low = lower[lower.size() - d + k];
      double& high = upper[upper.size() - d + k];
      low = std::min(low, mean[k]);
      high = std::max(high, mean[k]);
      block_deviations.back() = std::max(block_deviations.back(), deviation[k]);
    }
    means.insert(means.end(), mean.begin(), mean.end());
    deviations.insert(deviations.end(), deviation.begin(), deviation.end());
    log_factors.push_back(log_factor);
    block_log_factors.back() = std::max(block_log_factors.back(), log_factor);
  }
  std::int64_t count() const { return static_cast<std::int64_t>(log_factors.size()); }
  AscentMixture view() const {
    const auto matrices = static_cast<std::int64_t>(vectors.size()) / (d * d);
    const auto blocks = static_cast<std::int64_t>(block_deviations.size());
    TensorView<const double> eigenvectors;
    if (matrices > 0) eigenvectors = {vectors.data(), matrices, d, d};
    return {{{means.data(), count(), d}, {deviations.data(), count(), d}, eigenvectors},
            {log_factors.data(), count()},
            {lower.data(), blocks, d},
            {upper.data(), blocks, d},
            {block_log_factors.data(), blocks},
            {block_deviations.data(), blocks}};
  }
  MatrixXd basis(std::int64_t i) const {
    if (vectors.empty()) return MatrixXd::Identity(d, d);
    const bool shared = static_cast<std::int64_t>(vectors.size()) == d * d;
    return Eigen::Map<const test::RowMajor>(&vectors[shared ? 0 : i * d * d], d, d);
  }
};

struct Results {
  std::int64_t n, d;
  std::vector<double> log_densities, shifts, newtons;
  std::vector<std::int64_t> concave;

  Results(std::int64_t points, std::int64_t dimension)
      : n(points), d(dimension), log_densities(n), shifts(n * d), newtons(n * d), concave(n, -1) {
    for (auto* column : {&log_densities, &shifts, &newtons}) test::poison(*column);
  }
  void fill(Backend& backend, const std::vector<double>& points, const Tables& tables,
            double cutoff = 50) {
    backend.ascent_step({points.data(), n, d}, tables.view(), cutoff,
                        {{log_densities.data(), n},
                         {shifts.data(), n, d},
                         {newtons.data(), n, d},
                         {concave.data(), n}});
  }
};

/// The definitions, over all components.
struct Expected {
  double log_density;
  VectorXd shift, newton;
  double least_curvature;  // of A − Σ r (g_i − g)(g_i − g)ᵀ, relative to A

  Expected(const Tables& tables, const double* point) {
    const std::int64_t d = tables.d;
    const Eigen::Map<const VectorXd> x(point, d);
    std::vector<double> l;
    std::vector<VectorXd> gradients;
    std::vector<MatrixXd> precisions;
    for (std::int64_t i = 0; i < tables.count(); ++i) {
      const Eigen::Map<const VectorXd> s(&tables.deviations[i * d], d);
      const MatrixXd v = tables.basis(i);
      precisions.push_back(v * s.cwiseAbs2().cwiseInverse().asDiagonal() * v.transpose());
      const VectorXd offset = x - Eigen::Map<const VectorXd>(&tables.means[i * d], d);
      gradients.push_back(-precisions.back() * offset);
      l.push_back(tables.log_factors[i] + offset.dot(gradients.back()) / 2);
    }
    const double largest = *std::max_element(l.begin(), l.end());
    double sum = 0;
    for (const double term : l) sum += std::exp(term - largest);
    log_density = largest + std::log(sum);
    MatrixXd a = MatrixXd::Zero(d, d);
    VectorXd g = VectorXd::Zero(d);
    for (std::int64_t i = 0; i < tables.count(); ++i) {
      a += std::exp(l[i] - log_density) * precisions[i];
      g += std::exp(l[i] - log_density) * gradients[i];
    }
    MatrixXd b = a;
    for (std::int64_t i = 0; i < tables.count(); ++i)
      b -= std::exp(l[i] - log_density) * (gradients[i] - g) * (gradients[i] - g).transpose();
    shift = test::solve(a, g);
    const test::Eigh of_b = test::eigh(b);
    newton = of_b.vectors * (of_b.vectors.transpose() * g).cwiseQuotient(of_b.values);
    const MatrixXd whitening = test::solve(test::root_of(a), MatrixXd::Identity(d, d));
    least_curvature = test::eigh(whitening * b * whitening).values[0];
  }
};

TEST_P(AscentStepKernel, GoesToTheMeanOfOneGaussianAtOnce) {
  Tables tables(2);
  tables.add(1, {2, 1}, {2, 0.5});
  Results out(2, 2);
  out.fill(backend(), {2, 1, 4, 0}, tables);
  EXPECT_NEAR(out.log_densities[0], -kLogTwoPi, 1e-15);
  EXPECT_NEAR(out.log_densities[1], -kLogTwoPi - 0.5 - 2, 1e-15);
  const std::vector<double> moves{0, 0, -2, 1};
  for (int e = 0; e < 4; ++e) {
    EXPECT_NEAR(out.shifts[e], moves[e], 1e-15);
    EXPECT_NEAR(out.newtons[e], moves[e], 1e-15);
  }
}

TEST_P(AscentStepKernel, ShiftsWhereTheDensityIsNotConcave) {
  Tables tables(1);
  tables.add(0.5, {-2}, {1});
  tables.add(0.5, {2}, {1});
  Results out(2, 1);
  // log p ∝ −x²/2 + log cosh 2x: score 2 tanh 2x − x, Hessian 4 / cosh² 2x − 1.
  out.fill(backend(), {0.1, 1.5}, tables);
  EXPECT_NEAR(out.shifts[0], 2 * std::tanh(0.2) - 0.1, 1e-14);
  EXPECT_EQ(out.newtons[0], out.shifts[0]);
  EXPECT_EQ(out.concave, (std::vector<std::int64_t>{0, 1}));
  const double score = 2 * std::tanh(3.0) - 1.5;
  EXPECT_NEAR(out.shifts[1], score, 1e-14);
  EXPECT_NEAR(out.newtons[1], score / (1 - 4 / std::pow(std::cosh(3.0), 2)), 1e-14);
}

TEST_P(AscentStepKernel, EqualsTheDefinitionsInEveryBasis) {
  test::Random random(161);
  for (const std::int64_t d : {1, 2, 5, 11}) {
    const std::int64_t count = 150;  // blocks of 64, 64 and 22
    for (const std::int64_t matrices : {std::int64_t{0}, std::int64_t{1}, count}) {
      Tables tables(d);
      for (std::int64_t i = 0; i < matrices; ++i) {
        const test::RowMajor v = random.rotation(d);
        tables.vectors.insert(tables.vectors.end(), v.data(), v.data() + v.size());
      }
      for (std::int64_t i = 0; i < count; ++i) {
        const VectorXd mean = 2 * random.normal_vector(d);
        std::vector<double> deviation;
        for (std::int64_t k = 0; k < d; ++k) deviation.push_back(random.uniform(0.5, 1.5));
        tables.add(random.uniform(0.1, 1), {mean.begin(), mean.end()}, deviation);
      }
      const std::int64_t n = 12;
      std::vector<double> points(n * d);
      for (double& x : points) x = 2 * random.normal();
      Results out(n, d);
      out.fill(backend(), points, tables);
      for (std::int64_t s = 0; s < n; ++s) {
        const Expected expected(tables, &points[s * d]);
        EXPECT_NEAR(out.log_densities[s], expected.log_density, 1e-11);
        const Eigen::Map<const VectorXd> shift(&out.shifts[s * d], d);
        const Eigen::Map<const VectorXd> newton(&out.newtons[s * d], d);
        EXPECT_LT((shift - expected.shift).norm(), 1e-11);
        if (expected.least_curvature > 1e-3) {
          EXPECT_LT((newton - expected.newton).norm(), 1e-8 * (1 + newton.norm()));
        } else if (expected.least_curvature < -1e-3) {
          EXPECT_EQ(newton, shift);
        }
      }
    }
  }
}

/// Two heaps of components: what lies beyond the cutoff changes nothing, and is not even looked at.
TEST_P(AscentStepKernel, PassesOverFarBlocks) {
  test::Random random(162);
  Tables near(2);
  Tables both(2);
  for (int i = 0; i < 128; ++i) {
    const double centre = i < 64 ? 0 : 40;
    const std::vector<double> mean{centre + random.normal(), random.normal()};
    if (i < 64) near.add(1, mean, {1, 1});
    both.add(1, mean, {1, 1});
  }
  const std::vector<double> points{0, 0.5, 1, -1};
  Results alone(2, 2), together(2, 2), unseen(2, 2);
  alone.fill(backend(), points, near);
  together.fill(backend(), points, both);
  EXPECT_EQ(together.log_densities, alone.log_densities);
  EXPECT_EQ(together.newtons, alone.newtons);
  for (std::size_t i = 128; i < 256; ++i) both.means[i] = NAN;
  unseen.fill(backend(), points, both);
  EXPECT_EQ(unseen.newtons, alone.newtons);
}

TEST_P(AscentStepKernel, TakesManyPointsInLittleWorkspace) {
  if (GetParam() != "cuda") return;
  Tables tables(2);
  tables.add(0.5, {0, 0}, {1, 0.5});
  tables.add(0.5, {1, 0}, {2, 1});
  test::Random random(163);
  const std::int64_t n = 300;
  std::vector<double> points(n * 2);
  for (double& x : points) x = random.normal();
  Results out(n, 2);
  Results tight(n, 2);
  out.fill(backend(), points, tables);
  tight.fill(*test::on_host_views(make_cuda_backend({.workspace_limit = 20'000})), points, tables);
  EXPECT_EQ(tight.log_densities, out.log_densities);
  EXPECT_EQ(tight.shifts, out.shifts);
  EXPECT_EQ(tight.newtons, out.newtons);
}

}  // namespace
}  // namespace wquant
