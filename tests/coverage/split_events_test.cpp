#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "coverage/statistics.hpp"
#include "learn/confidence/concentration.hpp"
#include "learn/split/moment_limits.hpp"
#include "support/exact_transport.hpp"
#include "support/routing.hpp"
#include "wquant/confidence.hpp"
#include "wquant/split_bound.hpp"

// Each event of the split bound alone, against samples of a known distribution. An event that is
// allowed probability `level` is counted over seeded trials; a correct library fails one such
// comparison with probability below 1e-6, and the seeds are fixed.

namespace wquant {
namespace {

using test::AtomProblem;
using test::multinomial;

constexpr double kFalseAlarm = 1e-6;

void expect_covered(int violations, int trials, double level) {
  EXPECT_GT(test::violation_p_value(violations, trials, level), kFalseAlarm)
      << violations << " of " << trials << " at level " << level;
}

TEST(ClopperPearson, LimitsHoldAndAreHardlyTooWide) {
  std::mt19937_64 engine(1);
  constexpr int kTrials = 4000;
  constexpr double kLevel = 0.1;
  for (const double p : {0.02, 0.3, 0.97}) {
    std::binomial_distribution<std::int64_t> draw(2000, p);
    int below = 0;
    int above = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      const std::int64_t count = draw(engine);
      below += p < clopper_pearson_lower(count, 2000, kLevel) ? 1 : 0;
      above += p > clopper_pearson_upper(count, 2000, kLevel) ? 1 : 0;
    }
    expect_covered(below, kTrials, kLevel);
    expect_covered(above, kTrials, kLevel);
    EXPECT_GT(below, kTrials * kLevel / 2);
    EXPECT_GT(above, kTrials * kLevel / 2);
  }
}

/// The events of the 2M limits: beta / (2M) each, for many regions nearly a union.
TEST(ClopperPearson, BoxHoldsJointly) {
  std::mt19937_64 engine(2);
  constexpr int kTrials = 500;
  constexpr double kBeta = 0.2;
  const std::vector<double> p(20, 0.05);
  int violations = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const ProbabilityBox box = clopper_pearson_box(multinomial(p, 100000, engine), kBeta);
    bool inside = true;
    for (std::size_t k = 0; k < p.size(); ++k)
      inside = inside && box.lower[k] <= p[k] && p[k] <= box.upper[k];
    violations += inside ? 0 : 1;
  }
  expect_covered(violations, kTrials, kBeta);
  EXPECT_GT(violations, kTrials * kBeta / 2);
}

/// One region inside with Z = 1 or 0, one outside with Z = the farthest corner: E Z is known.
struct MomentProblem {
  MomentProblem() : partition(Box::cube(1, -2, 2), {0}, {1}) {}

  Partition partition;
  MomentLimits limits{partition, 1};
};

struct MomentCase {
  double large;    // P(inside, Z = 1)
  double outside;  // P(outside), where Z = 2
  std::int64_t total;
};

int moment_violations(Moment moment, const MomentCase& c, int trials, double beta) {
  std::mt19937_64 engine(3);
  std::uniform_real_distribution<double> uniform(0, 1);
  const MomentProblem problem;
  const double exact = c.large + 2 * c.outside;
  int violations = 0;
  for (int trial = 0; trial < trials; ++trial) {
    RegionStatistics statistics = test::empty_statistics(problem.partition, 1);
    std::vector<double> inside;
    for (std::int64_t n = 0; n < c.total; ++n) {
      const double u = uniform(engine);
      const bool outer = u < c.outside;
      const double z = outer ? 2 : u < c.outside + c.large ? 1 : 0;
      const std::size_t region = outer ? 1 : 0;
      ++statistics.count[region];
      statistics.sum[region].high += z;
      statistics.square[region].high += z * z;
      inside.push_back(outer ? 0 : z);
    }
    const Upper limit = problem.limits.upper(moment, statistics, c.total, statistics.count[1], beta,
                                             {inside.data(), c.total});
    violations += exact > limit.value() ? 1 : 0;
  }
  return violations;
}

class MomentCoverage : public ::testing::TestWithParam<Moment> {};

/// Without samples of the rare large value the variance is 0: then the range term alone holds.
TEST_P(MomentCoverage, LimitHolds) {
  constexpr int kTrials = 1000;
  for (const double beta : {0.2, 0.8})
    for (const MomentCase& c : {MomentCase{0.3, 0.1, 400}, MomentCase{0.002, 0, 200},
                                MomentCase{0.0, 0.003, 200}, MomentCase{0.5, 0.4, 30}})
      expect_covered(moment_violations(GetParam(), c, kTrials, beta), kTrials, beta);
}

INSTANTIATE_TEST_SUITE_P(Moments, MomentCoverage,
                         ::testing::Values(Moment::stratified, Moment::bernstein, Moment::betting));

/// Ville's inequality is nearly an equation here: the limit would not survive a larger level.
TEST(MomentCoverage, BettingIsNotMuchWiderThanItMustBe) {
  const int violations = moment_violations(Moment::betting, {0.3, 0, 2000}, 1000, 0.8);
  EXPECT_GT(violations, 20);
}

/// Atoms of a square, p known, the masses as training samples would give them.
struct RoutingProblem {
  explicit RoutingProblem(std::uint64_t seed, std::size_t m = 25, double twin = -1)
      : engine(seed), atoms(make(m, twin)) {}

  AtomProblem make(std::size_t m, double twin) {
    std::uniform_real_distribution<double> uniform(-0.5, 0.5);
    std::vector<double> points;
    for (std::size_t k = 0; k < 2 * m; ++k) points.push_back(uniform(engine));
    if (twin >= 0)
      for (std::size_t i = 0; i < 2; ++i) {
        points[2 + i] = points[i] + twin;
        points[6 + i] = points[4 + i] + twin;
      }
    std::vector<double> weight;
    double sum = 0;
    for (std::size_t k = 0; k < m; ++k) {
      weight.push_back(0.2 + std::uniform_real_distribution<double>(0, 1)(engine));
      sum += weight.back();
    }
    // Multiples of 1e-6, for the network simplex.
    std::int64_t left = 1000000;
    for (std::size_t k = 0; k < m; ++k) {
      exact.push_back(k + 1 == m ? left : static_cast<std::int64_t>(1e6 * weight[k] / sum));
      left -= exact.back();
      p.push_back(static_cast<double>(exact.back()) / 1e6);
    }
    return {points, 2, test::training_masses(multinomial(p, 5000, engine))};
  }

  /// W_ρ(p, counts / total).
  double distance(const std::vector<std::int64_t>& counts, std::int64_t total, int order) const {
    std::vector<double> cost = atoms.distances;
    for (double& c : cost) c = std::pow(c, order);
    std::vector<std::int64_t> seen = counts;
    for (std::int64_t& n : seen) n *= 1000000 / total;
    const double value =
        test::transport_cost({cost.data(), atoms.size(), atoms.size()}, exact, seen);
    return order == 1 ? value : std::sqrt(value);
  }

  std::mt19937_64 engine;
  std::vector<std::int64_t> exact;  // 10⁶ p
  std::vector<double> p;
  AtomProblem atoms;
};

/// |f_e| of f = R (p − p̂).
std::vector<double> flow_of(const NeighbourRouting& routing, const std::vector<double>& p,
                            const std::vector<double>& seen) {
  std::vector<double> out;
  std::vector<double> row(p.size());
  for (std::int64_t e = 0; e < routing.flow().edges(); ++e) {
    routing.flow().through(e, 0, routing.flow().nodes(), row.data());
    double f = 0;
    for (std::size_t y = 0; y < p.size(); ++y) f += row[y] * (p[y] - seen[y]);
    out.push_back(std::fabs(f));
  }
  return out;
}

TEST(RoutingCoverage, ExpectedCostCostAndLoads) {
  constexpr int kTrials = 1000;
  constexpr double kBeta = 0.8;
  constexpr double kLevel = 0.1;
  for (const int order : {1, 2}) {
    RoutingProblem problem(4);
    const std::size_t m = problem.p.size();
    const NeighbourRouting routing = problem.atoms.routing(4, order);
    const RoutingGraph graph = problem.atoms.graph(4).graph;
    std::vector<double> costs, expected;
    int cost_violations = 0;
    std::vector<int> load_violations(m, 0);
    for (int trial = 0; trial < kTrials; ++trial) {
      const Frequencies seen(multinomial(problem.p, 2000, problem.engine));
      const std::vector<double> f = flow_of(routing, problem.p, seen.p);
      double cost = 0;
      std::vector<double> load(m, 0.0);
      for (std::size_t e = 0; e < f.size(); ++e) {
        cost += routing.cost()[e] * f[e];
        load[graph.edges[e].from] += f[e];
        load[graph.edges[e].to] += f[e];
      }
      costs.push_back(cost);
      expected.push_back(routing.expected_upper(seen, kLevel).value());
      cost_violations += cost > routing.transport_upper(seen, kBeta).value() ? 1 : 0;
      for (std::size_t i = 0; i < m; ++i)
        load_violations[i] +=
            load[i] > routing.load_upper(static_cast<std::int64_t>(i), seen, kLevel).value() ? 1
                                                                                             : 0;
    }
    const auto [mean, error] = test::mean_and_error(costs);
    int expected_violations = 0;
    for (const double x : expected) expected_violations += mean - 5 * error > x ? 1 : 0;
    expect_covered(expected_violations, kTrials, kLevel);
    expect_covered(cost_violations, kTrials, kBeta / 2);
    for (const int violations : load_violations) expect_covered(violations, kTrials, 3 * kLevel);
    // E T by the variances of the edges is nearly E T: half of it would not do.
    EXPECT_LT(std::accumulate(expected.begin(), expected.end(), 0.0) / kTrials, 2 * mean);
  }
}

/// The supremum of averages alone, with E T and E ψ² known: T = |average| of ±1, ψ = 1.
TEST(SupremumCoverage, BousquetHoldsForASign) {
  std::mt19937_64 engine(5);
  constexpr int kTrials = 4000;
  for (const double level : {0.05, 0.3}) {
    for (const double rare : {0.5, 0.01}) {
      constexpr std::int64_t kTotal = 400;
      std::binomial_distribution<std::int64_t> draw(kTotal, rare);
      std::vector<double> values;
      for (int trial = 0; trial < kTrials; ++trial)
        values.push_back(std::fabs(static_cast<double>(draw(engine)) / kTotal - rare));
      const auto [mean, error] = test::mean_and_error(values);
      const double limit = supremum_upper({.expected = Upper(mean + 5 * error),
                                           .second_moment = Upper(rare * (1 - rare)),
                                           .largest = Upper(std::max(rare, 1 - rare))},
                                          kTotal, level)
                               .value();
      int violations = 0;
      for (const double value : values) violations += value > limit ? 1 : 0;
      expect_covered(violations, kTrials, level);
    }
  }
}

/// The cost through the tree of the very sample, against the exact distance.
TEST(TreeCoverage, CostThroughTheTreeIsNoLessThanTheDistance) {
  for (const double twin : {-1.0, 0.0, 1e-12, 1e-6, 1e-3})
    for (const int order : {1, 2}) {
      RoutingProblem problem(6, 20, twin);
      const TreeRouting routing = problem.atoms.tree(order);
      for (int trial = 0; trial < 30; ++trial) {
        const std::vector<std::int64_t> counts = multinomial(problem.p, 100, problem.engine);
        std::vector<double> difference(routing.tree().height.size(), 0.0);
        for (std::size_t k = 0; k < counts.size(); ++k)
          difference[k] = static_cast<double>(counts[k]) / 100 - problem.p[k];
        double cost = 0;
        for (std::size_t node = 0; node + 1 < difference.size(); ++node) {
          cost += routing.cost()[node] * std::fabs(difference[node]);
          difference[routing.tree().parent[node]] += difference[node];
        }
        const double through = routing.diameter() * (order == 1 ? cost : std::sqrt(cost));
        EXPECT_GE(through, problem.distance(counts, 100, order) * (1 - 1e-9));
      }
    }
}

/// On a line W₁ is the area between the distribution functions, and two atoms are a tree without
/// loss: T = W₁ there.
TEST(TreeCoverage, TwoAtomsLoseNothing) {
  const AtomProblem atoms({0, 2}, 1, {0.5, 0.5});
  const TreeRouting routing = atoms.tree(1);
  for (const double difference : {0.1, 0.4}) {
    double cost = 0;
    for (const double c : routing.cost()) cost += c * difference;
    EXPECT_NEAR(routing.diameter() * cost, 2 * difference, 1e-12);
  }
}

class DiscreteCoverage : public ::testing::TestWithParam<std::tuple<DiscreteTerm, int>> {};

TEST_P(DiscreteCoverage, DistanceIsWithinItsLimit) {
  const auto [term, order] = GetParam();
  constexpr int kTrials = 300;
  constexpr double kBeta = 0.2;
  const Context context = Context::cpu({.threads = 1});
  for (const double twin : {-1.0, 0.0, 1e-12, 1e-9, 1e-6, 1e-5, 1e-3}) {
    RoutingProblem problem(7, 15, twin);
    const std::vector<double>& atoms = problem.atoms.atoms;
    const Partition partition(Box::cube(2, -0.6, 0.6), {atoms.begin(), atoms.end()},
                              std::vector<double>(15, 0.1));
    RegionStatistics train = test::empty_statistics(partition, order);
    train.count = multinomial(problem.p, 5000, problem.engine);
    train.count.push_back(0);
    const SplitRule rule(context, partition, train, 50000, {.beta = kBeta, .discrete = term});
    int violations = 0;
    double ratio = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      const std::vector<std::int64_t> counts = multinomial(problem.p, 50000, problem.engine);
      RegionStatistics evaluation = test::empty_statistics(partition, order);
      evaluation.count = counts;
      evaluation.count.push_back(0);
      const double exact = problem.distance(counts, 50000, order);
      const double limit = rule.bound(evaluation).discrete;
      violations += exact > limit ? 1 : 0;
      ratio += limit / exact / (kTrials);
    }
    expect_covered(violations, kTrials, kBeta / 2);
    if (term == DiscreteTerm::routed && order == 2) {
      EXPECT_LT(ratio, 5);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Terms, DiscreteCoverage,
                         ::testing::Combine(::testing::Values(DiscreteTerm::tree,
                                                              DiscreteTerm::routed),
                                            ::testing::Values(1, 2)));

}  // namespace
}  // namespace wquant
