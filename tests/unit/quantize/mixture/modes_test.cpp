#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "support/decompositions.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::RowMajor;
using test::VectorXd;

class ModesTest : public ::testing::Test {
 protected:
  Context context_ = Context::cpu();
};

/// ‖∇ log p‖ / Σ r_i (‖Σ_i⁻¹ (x − μ_i)‖ + 1e-9 ‖Σ_i⁻¹‖ (‖x‖ + ‖μ_i‖)): the second term, for modes
/// that are a mean to rounding, makes 1e-6 stand for 4 ε of it.
double relative_gradient(const PlainMixture& mixture, const VectorXd& x) {
  std::vector<double> l;
  std::vector<VectorXd> gradients;
  std::vector<double> lengths;
  for (std::size_t i = 0; i < mixture.weights.size(); ++i) {
    const MatrixXd precision =
        test::solve(mixture.covariances[i], MatrixXd::Identity(x.size(), x.size()));
    const VectorXd offset = x - mixture.means[i];
    gradients.push_back(-precision * offset);
    const double stiffness = precision.norm();
    lengths.push_back(gradients[i].norm() +
                      1e-9 * stiffness * (x.norm() + mixture.means[i].norm()));
    l.push_back(std::log(mixture.weights[i]) + offset.dot(gradients.back()) / 2 -
                test::log_determinant(mixture.covariances[i]) / 2);
  }
  const double largest = *std::max_element(l.begin(), l.end());
  VectorXd sum = VectorXd::Zero(x.size());
  double size = 0;
  for (std::size_t i = 0; i < l.size(); ++i) {
    sum += std::exp(l[i] - largest) * gradients[i];
    size += std::exp(l[i] - largest) * lengths[i];
  }
  return size > 0 ? sum.norm() / size : 0;
}

VectorXd location(const Modes& modes, std::int64_t m) {
  return Eigen::Map<const VectorXd>(modes.view().row(m), modes.dimension);
}

TEST_F(ModesTest, OfOneGaussianIsItsMean) {
  Random random(1);
  const PlainMixture plain = random.mixture(1, 4, 3);
  const Modes modes = find_modes(context_, plain.build(context_));
  ASSERT_EQ(modes.size(), 1);
  EXPECT_LT((location(modes, 0) - plain.means[0]).norm(), 1e-14);
  EXPECT_EQ(modes.labels, std::vector<std::int64_t>{0});
  EXPECT_TRUE(modes.converged);
  EXPECT_NEAR(modes.log_densities[0],
              -2 * std::log(2 * std::acos(-1.0)) - test::log_determinant(plain.covariances[0]) / 2,
              1e-12);
}

/// ½ N(−a, 1) + ½ N(a, 1): one mode for a ≤ 1, else two at ±x with x = a tanh(a x).
TEST_F(ModesTest, OfTwoGaussiansSolveTheirEquation) {
  for (const double a : {0.5, 0.9, 1.0, 1.3, 2.0, 6.0}) {
    const PlainMixture plain{{0.5, 0.5},
                             {VectorXd::Constant(1, -a), VectorXd::Constant(1, a)},
                             {MatrixXd::Ones(1, 1), MatrixXd::Ones(1, 1)}};
    const Modes modes = find_modes(context_, plain.build(context_));
    ASSERT_EQ(modes.size(), a > 1 ? 2 : 1) << a;
    const double x = std::fabs(modes.locations[0]);
    EXPECT_NEAR(x, a * std::tanh(a * x), a == 1 ? 1e-6 : 1e-9) << a;
    if (a > 1) {
      EXPECT_NEAR(modes.locations[0], -modes.locations[1], 1e-9);
    }
  }
}

/// The middle mean is a saddle of p by symmetry: an ascent from there would stay.
TEST_F(ModesTest, LeavesSaddlePoints) {
  PlainMixture plain{{0.499, 0.002, 0.499}, {}, {}};
  for (const double x : {-3.0, 0.0, 3.0}) {
    plain.means.push_back(VectorXd{{x, 0.0}});
    plain.covariances.push_back(2 * MatrixXd::Identity(2, 2));
  }
  const Modes modes = find_modes(context_, plain.build(context_));
  ASSERT_EQ(modes.size(), 2);
  EXPECT_NEAR(std::fabs(modes.locations[0]), 3, 0.1);
  EXPECT_NEAR(modes.locations[0], -modes.locations[2], 1e-7);
}

TEST_F(ModesTest, AreCriticalPoints) {
  Random random(2);
  for (const std::int64_t d : {1, 2, 3, 10}) {
    for (const double spread : {0.5, 1.0, 3.0}) {
      for (const bool commute : {false, true}) {
        const PlainMixture plain =
            commute ? random.homogeneous_mixture(80, d, spread) : random.mixture(80, d, spread);
        const Modes modes = find_modes(context_, plain.build(context_));
        EXPECT_TRUE(modes.converged);
        ASSERT_GE(modes.size(), 1);
        for (std::int64_t m = 0; m < modes.size(); ++m)
          EXPECT_LT(relative_gradient(plain, location(modes, m)), 1e-6) << d << ' ' << spread;
      }
    }
  }
}

TEST_F(ModesTest, PlantedOnesAreAllFound) {
  Random random(3);
  for (const std::int64_t d : {2, 5}) {
    PlainMixture plain;
    const std::int64_t heaps = 60;
    for (std::int64_t h = 0; h < heaps; ++h) {
      VectorXd centre = VectorXd::Zero(d);
      centre[0] = static_cast<double>(h % 8) * 12;
      centre[1] = static_cast<double>(h / 8) * 12;
      for (int i = 0; i < 5; ++i) {
        plain.weights.push_back(1.0 / (5.0 * heaps));
        plain.means.push_back(centre + 0.2 * random.normal_vector(d));
        plain.covariances.push_back(random.covariance(d));
      }
    }
    const Modes modes = find_modes(context_, plain.build(context_), {.prune = 1});
    EXPECT_EQ(modes.size(), heaps);
    std::vector<std::int64_t> counts(modes.size());
    for (std::size_t i = 0; i < plain.weights.size(); ++i) {
      EXPECT_EQ(modes.labels[i], modes.labels[i / 5 * 5]);
      ++counts[modes.labels[i]];
    }
    EXPECT_EQ(counts, std::vector<std::int64_t>(counts.size(), 5));
  }
}

TEST_F(ModesTest, DoNotDependOnTheOrderOfTheComponents) {
  Random random(4);
  const PlainMixture plain = random.mixture(300, 2, 4);
  std::vector<std::size_t> order(plain.weights.size());
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937_64(5));
  PlainMixture shuffled;
  for (const std::size_t i : order) {
    shuffled.weights.push_back(plain.weights[i]);
    shuffled.means.push_back(plain.means[i]);
    shuffled.covariances.push_back(plain.covariances[i]);
  }
  for (const std::int64_t starts : {10'000, 50}) {
    const Modes a = find_modes(context_, plain.build(context_), {.max_starts = starts});
    const Modes b = find_modes(context_, shuffled.build(context_), {.max_starts = starts});
    ASSERT_EQ(a.size(), b.size());
    EXPECT_GT(a.size(), 5);
    for (std::size_t e = 0; e < a.locations.size(); ++e)
      EXPECT_NEAR(a.locations[e], b.locations[e], 1e-10);
    for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(b.labels[i], a.labels[order[i]]);
  }
}

TEST_F(ModesTest, HaveTheSameBitsForAnyNumberOfThreads) {
  Random random(6);
  for (const bool commute : {false, true}) {
    const PlainMixture plain =
        commute ? random.homogeneous_mixture(500, 3, 3) : random.mixture(500, 3, 3);
    const auto mixture = plain.build(context_);
    const Modes one = find_modes(Context::cpu({.threads = 1}), mixture);
    const Modes four = find_modes(Context::cpu({.threads = 4}), mixture);
    EXPECT_EQ(one.locations, four.locations);
    EXPECT_EQ(one.log_densities, four.log_densities);
    EXPECT_EQ(one.labels, four.labels);
  }
}

/// Segments in the plane, no two parallel: mutually singular, each with a mode of its own.
TEST_F(ModesTest, OfSingularCovariancesAreThoseWithALittleAdded) {
  PlainMixture plain;
  for (int i = 0; i < 4; ++i) {
    const VectorXd along{{std::cos(i), std::sin(i)}};
    plain.weights.push_back(0.25);
    plain.means.push_back(VectorXd{{10.0 * i, 0.0}});
    plain.covariances.push_back(along * along.transpose());
  }
  const Modes modes = find_modes(context_, plain.build(context_));
  EXPECT_NEAR(modes.added_variance, 0.5e-6, 1e-15);
  ASSERT_EQ(modes.size(), 4);
  PlainMixture raised = plain;
  for (MatrixXd& covariance : raised.covariances)
    covariance += modes.added_variance * MatrixXd::Identity(2, 2);
  for (std::int64_t m = 0; m < 4; ++m)
    EXPECT_LT(relative_gradient(raised, location(modes, m)), 1e-6);
  std::vector<std::int64_t> sorted = modes.labels;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, (std::vector<std::int64_t>{0, 1, 2, 3}));
}

TEST_F(ModesTest, OfPointMassesAreTheirMeans) {
  const std::vector<double> weights{0.25, 0.5, 0.25}, means{0, 0, 1, 1, 0, 0}, variances(6, 0.0);
  const auto mixture = GaussianMixture::diagonal(context_, {weights.data(), 3},
                                                 {means.data(), 3, 2}, {variances.data(), 3, 2});
  const Modes modes = find_modes(context_, mixture);
  ASSERT_EQ(modes.size(), 2);
  EXPECT_EQ(modes.labels[0], modes.labels[2]);
  EXPECT_NE(modes.labels[0], modes.labels[1]);
}

TEST_F(ModesTest, WeightlessComponentsHaveLabelsOnly) {
  Random random(7);
  PlainMixture plain = random.mixture(3, 2, 0);
  plain.means[2] = VectorXd{{100.0, 0.0}};
  plain.weights = {0.5, 0.5, 0};
  const Modes modes = find_modes(context_, plain.build(context_));
  EXPECT_EQ(modes.size(), 1);
  EXPECT_EQ(modes.labels, (std::vector<std::int64_t>{0, 0, 0}));
}

TEST_F(ModesTest, FollowTheUnitOfLength) {
  Random random(8);
  const PlainMixture plain = random.mixture(40, 3, 2);
  const Modes modes = find_modes(context_, plain.build(context_));
  for (const double scale : {1e-100, 1e100}) {
    const PlainMixture moved = plain.moved(MatrixXd::Identity(3, 3), scale, VectorXd::Zero(3));
    const Modes other = find_modes(context_, moved.build(context_));
    ASSERT_EQ(other.size(), modes.size());
    for (std::size_t e = 0; e < modes.locations.size(); ++e)
      EXPECT_NEAR(other.locations[e] / scale, modes.locations[e], 1e-7);
    EXPECT_NEAR(other.log_densities[0] + 3 * std::log(scale), modes.log_densities[0], 1e-9);
  }
}

TEST_F(ModesTest, PruneLeavesOutWhatIsNear) {
  const PlainMixture plain{{0.6, 0.4},
                           {VectorXd::Constant(1, -2), VectorXd::Constant(1, 2)},
                           {MatrixXd::Ones(1, 1), MatrixXd::Ones(1, 1)}};
  const auto mixture = plain.build(context_);
  EXPECT_EQ(find_modes(context_, mixture, {.prune = 3.5}).size(), 2);
  const Modes one = find_modes(context_, mixture, {.prune = 4.5});
  ASSERT_EQ(one.size(), 1);
  EXPECT_LT(one.locations[0], 0);  // the higher one stays
}

TEST_F(ModesTest, RefuseBadOptionsAndCanBeCancelled) {
  Random random(9);
  const auto mixture = random.mixture(3, 2, 1).build(context_);
  EXPECT_THROW(find_modes(context_, mixture, {.max_starts = 0}), InvalidArgument);
  EXPECT_THROW(find_modes(context_, mixture, {.prune = -1}), InvalidArgument);
  EXPECT_THROW(find_modes(context_, mixture, {.iterations = 0}), InvalidArgument);
  EXPECT_THROW(find_modes(context_, mixture, {.progress = [](const Progress&) { return false; }}),
               Cancelled);
  EXPECT_FALSE(find_modes(context_, mixture, {.iterations = 1}).converged);
}

}  // namespace
}  // namespace wquant
