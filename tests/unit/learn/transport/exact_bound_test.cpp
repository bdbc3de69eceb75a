// Covers also: integer_program, interruption.
#include <gtest/gtest.h>

#include <cmath>

#include "support/transport_cases.hpp"
#include "support/transport_flow.hpp"
#include "wquant/transport_bounds.hpp"

namespace wquant {
namespace {

using test::TransportCase;

/// Theorem 3.1's value by trying all roles (design/learning.md A4), and Proposition-like
/// relaxations of it: with `both`, every region may gain and lose.
class BruteForce {
 public:
  BruteForce(const TransportCase& data, const ProbabilityBox& limits, Costs costs) {
    const auto& counts = data.statistics.count;
    m_ = data.partition.regions();
    const auto total = static_cast<long double>(test::total(data.statistics));
    for (std::int64_t i = 0; i < m_; ++i) {
      const long double p = static_cast<long double>(counts[i]) / total;
      const long double own = test::exact_cost(data.partition, data.statistics.order, costs, i, i);
      base_ += p * own;
      source_.push_back(limits.upper[i] - p);
      sink_.push_back(p - limits.lower[i]);
      for (std::int64_t j = 0; j < m_; ++j)
        gains_.push_back(
            i == j ? -1
                   : test::exact_cost(data.partition, data.statistics.order, costs, i, j) -
                         test::exact_cost(data.partition, data.statistics.order, costs, j, j));
    }
  }

  long double value() const {
    long double best = 0;
    for (std::int64_t roles = 0; roles < std::int64_t{1} << m_; ++roles) {
      std::vector<long double> supply(m_);
      std::vector<long double> demand(m_);
      for (std::int64_t k = 0; k < m_; ++k) {
        const bool gains_mass = roles >> k & 1;
        supply[k] = gains_mass ? source_[k] : 0;
        demand[k] = gains_mass ? 0 : sink_[k];
      }
      best = std::max(best, test::TransportFlow(supply, demand, gains_).value());
    }
    return base_ + best;
  }

 private:
  std::int64_t m_ = 0;
  long double base_ = 0;
  std::vector<long double> source_, sink_, gains_;
};

TEST(ExactBound, IsTheBestOfAllRoles) {
  const Context context = Context::cpu();
  test::RandomCases random(11);
  for (int trial = 0; trial < 60; ++trial) {
    const int order = 1 + trial % 2;
    const Costs costs = trial % 4 < 2 ? Costs::tight : Costs::paper;
    const TransportCase data = random.draw(1 + random.below(6), 2, order, trial % 3 ? 1000 : 5);
    const TransportOptions options{.beta = 0.05, .costs = costs};
    const ExactBound exact = exact_bound(context, data.partition, data.statistics, options);
    const DualBound dual = dual_bound(context, data.partition, data.statistics, options);
    const long double power = BruteForce(data, dual.certificate.limits, costs).value();
    const auto value = static_cast<double>(order == 2 ? std::sqrt(power) : power);
    EXPECT_TRUE(exact.optimal);
    EXPECT_GE(exact.bound, value * (1 - 1e-15));
    EXPECT_LE(exact.bound, value * (1 + 1e-6)) << trial;
    EXPECT_LE(exact.lower, value * (1 + 1e-15));
    EXPECT_GE(exact.lower, value * (1 - 1e-6));
    EXPECT_GE(dual.bound, exact.bound);
    EXPECT_LE(dual.lower, value * (1 + 1e-15));
  }
}

TEST(ExactBound, OfOneRegionThatHoldsAllOrNothing) {
  const Context context = Context::cpu();
  for (const auto& counts : {std::vector<std::int64_t>{0, 7}, {7, 0}, {1, 0}, {0, 1}}) {
    const TransportCase data = test::transport_case(Box::cube(1, 0, 1), {0.25}, {0.1}, counts, 1);
    const TransportOptions options{.beta = 0.5};
    const ExactBound exact = exact_bound(context, data.partition, data.statistics, options);
    const auto limits = clopper_pearson_box(counts, 0.5);
    const auto value = static_cast<double>(BruteForce(data, limits, Costs::tight).value());
    EXPECT_NEAR(exact.bound, value, 1e-6);
    EXPECT_GE(exact.bound, value);
    EXPECT_GE(vertex_bound(context, data.partition, data.statistics, options).bound, value);
  }
}

TEST(ExactBound, TakesTheDualBoundWhereTimeRunsOut) {
  test::RandomCases random(12);
  const Context context = Context::cpu();
  const TransportCase data = random.draw(80, 2, 2);
  const TransportOptions options{.time_limit = 1};
  const ExactBound exact = exact_bound(context, data.partition, data.statistics, options);
  const DualBound dual = dual_bound(context, data.partition, data.statistics);
  EXPECT_LE(exact.bound, dual.bound * (1 + 1e-9));
  EXPECT_LE(exact.lower, exact.bound);
  EXPECT_GE(exact.lower, 0.9 * exact.bound);
}

}  // namespace
}  // namespace wquant
