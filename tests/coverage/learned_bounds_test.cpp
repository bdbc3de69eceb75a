// The bounds as wholes: they may fail in a fraction β = 0.2 of all trials at most. Each test fails
// by chance with probability ≤ 1e-6. The events that the bounds are made of are tested alone in
// the other files: as wholes they are conservative, and hardly ever fail at all.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "support/exact_transport.hpp"
#include "support/samples.hpp"
#include "wquant/wquant.hpp"

namespace wquant {
namespace {

constexpr int kTrials = 300;
constexpr double kBeta = 0.2;

/// The least v with P(Bin(kTrials, β) ≥ v) ≤ 1e-6.
int too_many() {
  const boost::math::binomial violations(kTrials, kBeta);
  int v = 0;
  while (v == 0 || cdf(complement(violations, v - 1)) > 1e-6) ++v;
  return v;
}

/// An unknown distribution that we know.
struct Truth {
  Box box;
  std::function<std::vector<double>(std::int64_t n, std::uint64_t seed)> draw;
  std::function<double(const DiscreteDistribution&, int order)> distance;
};

struct Bound {
  BoundMethod method;
  int order;
  Moment moment = Moment::stratified;
  DiscreteTerm discrete = DiscreteTerm::automatic;
};

/// Violations, and how many times the true distance the bounds are on average.
std::pair<int, double> trials(const Truth& truth, const Bound& bound, std::int64_t total) {
  const Context context = Context::cpu({.threads = 1});
  LearnOptions options;
  options.beta = kBeta;
  options.order = bound.order;
  options.method = bound.method;
  options.moment = bound.moment;
  options.discrete = bound.discrete;
  options.clusters = {6};
  int violations = 0;
  double excess = 0;
  const std::int64_t d = truth.box.dimension();
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto seed = static_cast<std::uint64_t>(trial);
    const std::vector<double> train = truth.draw(200, 2 * seed);
    const std::vector<double> evaluation = truth.draw(total, 2 * seed + 1);
    const LearnedDistribution learned =
        learn(context, test::rows(train, d), test::rows(evaluation, d), truth.box, options);
    const double distance = truth.distance(learned.distribution, bound.order);
    if (distance > learned.bound) ++violations;
    excess += learned.bound / distance / kTrials;
  }
  return {violations, excess};
}

// ---- X = U², whose quantile function is u² ------------------------------------------------------

double square_distance(const DiscreteDistribution& points, int order) {
  std::vector<std::pair<double, double>> atoms;
  for (std::int64_t a = 0; a < points.size(); ++a)
    atoms.emplace_back(points.locations()(a), points.probabilities()(a));
  std::sort(atoms.begin(), atoms.end());
  double sum = 0;
  double low = 0;
  for (const auto& [x, p] : atoms) {
    const double high = std::min(1.0, low + p);
    const auto cubes = [&](double a, double b) { return (b * b * b - a * a * a) / 3; };
    if (order == 2) {
      const auto fifths = [](double u) { return u * u * u * u * u / 5; };
      sum += fifths(high) - fifths(low) - 2 * x * cubes(low, high) + x * x * (high - low);
    } else {
      const double cut = std::clamp(std::sqrt(x), low, high);
      sum += x * (cut - low) - cubes(low, cut) + cubes(cut, high) - x * (high - cut);
    }
    low = high;
  }
  return order == 1 ? sum : std::sqrt(sum);
}

Truth square_of_uniform() {
  return {Box::cube(1, 0, 1),
          [](std::int64_t n, std::uint64_t seed) {
            std::vector<double> out = test::uniform_samples<double>(n, 1, 0, 1, seed);
            for (double& u : out) u *= u;
            return out;
          },
          square_distance};
}

// ---- 200 atoms in the plane, so that W is a finite transport problem without sampling error
// ------

class Atoms {
 public:
  Atoms() : locations_(test::truncated_gaussian<double>(kAtoms, 2, 0.04, 99)) {
    std::mt19937_64 engine(7);
    for (int a = 0; a < kAtoms; ++a) weights_.push_back(1 + static_cast<double>(engine() % 100));
  }

  std::vector<double> draw(std::int64_t n, std::uint64_t seed) const {
    std::mt19937_64 engine(seed);
    std::discrete_distribution<int> atom(weights_.begin(), weights_.end());
    std::vector<double> out;
    for (std::int64_t i = 0; i < n; ++i) {
      const int a = atom(engine);
      out.insert(out.end(), {locations_[2 * a], locations_[2 * a + 1]});
    }
    return out;
  }

  double distance(const DiscreteDistribution& points, int order) const {
    std::vector<double> probabilities = weights_;
    const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    for (double& p : probabilities) p /= sum;
    const std::vector<double> other(points.probabilities().data(),
                                    points.probabilities().data() + points.size());
    return test::transport_distance(test::rows(locations_, 2), probabilities,
                                    points.locations().view(), other, order);
  }

 private:
  static constexpr int kAtoms = 200;
  std::vector<double> locations_, weights_;
};

Truth atoms_in_the_plane() {
  const auto atoms = std::make_shared<Atoms>();
  return {Box::cube(2, -0.5, 0.5),
          [atoms](std::int64_t n, std::uint64_t seed) { return atoms->draw(n, seed); },
          [atoms](const DiscreteDistribution& points, int order) {
            return atoms->distance(points, order);
          }};
}

class LearnedBoundCoverage : public testing::TestWithParam<Bound> {};

TEST_P(LearnedBoundCoverage, OnALineWithExactDistances) {
  const auto [violations, excess] = trials(square_of_uniform(), GetParam(), 400);
  RecordProperty("violations", violations);
  EXPECT_LT(violations, too_many());
  EXPECT_LT(excess, 60);  // of any use
}

TEST_P(LearnedBoundCoverage, InThePlaneWithExactDistances) {
  const auto [violations, excess] = trials(atoms_in_the_plane(), GetParam(), 400);
  RecordProperty("violations", violations);
  EXPECT_LT(violations, too_many());
  EXPECT_LT(excess, 60);
}

INSTANTIATE_TEST_SUITE_P(
    Bounds, LearnedBoundCoverage,
    testing::Values(Bound{BoundMethod::split, 1}, Bound{BoundMethod::split, 2},
                    Bound{BoundMethod::split, 1, Moment::bernstein, DiscreteTerm::tree},
                    Bound{BoundMethod::split, 2, Moment::betting, DiscreteTerm::tree},
                    Bound{BoundMethod::split, 2, Moment::stratified, DiscreteTerm::routed},
                    Bound{BoundMethod::dual, 1}, Bound{BoundMethod::dual, 2},
                    Bound{BoundMethod::exact, 1}, Bound{BoundMethod::exact, 2},
                    Bound{BoundMethod::vertex, 1}, Bound{BoundMethod::vertex, 2},
                    Bound{BoundMethod::fournier, 1}, Bound{BoundMethod::fournier, 2}));

}  // namespace
}  // namespace wquant
