#include <gtest/gtest.h>

#include "accuracy/exact_program.hpp"

namespace wquant {
namespace {

using test::Draw;
using test::ExactProgram;
using test::kShapes;
using test::LearningExcess;
using test::Real;
using test::root;
using test::Shape;

constexpr double kSure = 1 - 1e-13;  // below rounding, above all else

struct Instance {
  Partition partition;
  RegionStatistics statistics;
  TransportOptions options;
};

Instance draw(Draw& random, Shape shape, std::int64_t most_clusters, std::int64_t most_dimensions) {
  const auto order = static_cast<int>(random.whole(1, 2));
  const std::int64_t d = random.chance(0.5) ? random.whole(1, 3) : random.whole(1, most_dimensions);
  Partition partition = random.partition(shape, random.whole(1, most_clusters), d, order);
  RegionStatistics statistics = test::statistics_of(
      partition, random.counts(shape, partition.regions(), random.chance(0.2) ? 9 : 4), order);
  return {std::move(partition),
          std::move(statistics),
          {.beta = random.beta(), .costs = random.chance(0.5) ? Costs::tight : Costs::paper}};
}

TEST(LearningProgramsAccuracy, DualBoundsAreProvenByTheirCertificatesAndNearTheOptimum) {
  const Context context = Context::cpu();
  Draw random(7001);
  LearningExcess sum("dual bound, against its own y");
  LearningExcess optimum("dual bound, against the relaxed optimum");
  LearningExcess checked("Verification::bound");
  for (const Shape shape : kShapes)
    for (int k = 0; k < 300; ++k) {
      const auto [partition, statistics, options] = draw(random, shape, 5, 64);
      const DualBound dual = dual_bound(context, partition, statistics, options);
      const ExactProgram exact(partition, statistics, dual.certificate.limits, options.costs);
      EXPECT_TRUE(exact.proves(dual.certificate.y)) << name(shape) << k;
      const Real relaxed = exact.relaxed();
      Real proven = exact.base;
      for (const double y : dual.certificate.y) proven += y;
      EXPECT_GE(proven, relaxed * (1 - Real("1e-60")));  // weak duality
      const int order = statistics.order;
      sum.add(shape, dual.bound, root(proven, order), Real(1e-140));
      optimum.add(shape, dual.bound, root(relaxed, order), Real(1e-140));
      const Verification verification = verify(dual.certificate, statistics);
      EXPECT_TRUE(verification.valid) << verification.reason;
      checked.add(shape, verification.bound, root(proven, order), Real(1e-140));
    }
  sum.expect_small();
  optimum.expect_small();
  checked.expect_small();
}

TEST(LearningProgramsAccuracy, ExactBoundsAreAboveEnumerationAndLowerValuesBelowIt) {
  const Context context = Context::cpu();
  Draw random(7002);
  LearningExcess upper("exact bound, against enumeration");
  for (const Shape shape : kShapes)
    for (int k = 0; k < 60; ++k) {
      const auto [partition, statistics, options] = draw(random, shape, 4, 8);
      const ProbabilityBox limits = clopper_pearson_box(statistics.count, options.beta);
      const ExactProgram exact(partition, statistics, limits, options.costs);
      const Real value = root(exact.integer(), statistics.order);
      const ExactBound bound = exact_bound(context, partition, statistics, options);
      const DualBound dual = dual_bound(context, partition, statistics, options);
      upper.add(shape, bound.bound, value, Real(1e-140));
      EXPECT_LE(bound.bound, dual.bound);
      const Real above = value + Real(1e-150);  // balls reach 2⁻⁵³⁷ further than their radii
      EXPECT_LE(Real(bound.lower) * Real(kSure), above);
      EXPECT_LE(Real(dual.lower) * Real(kSure), above);
    }
  upper.expect_small(1e-6, 1e-6);  // what CBC's tolerances are charged with
}

/// w* of design/learning.md A5, its order of the regions as rounded.
struct Vertex {
  std::vector<Real> mass;
  std::vector<int> side;  // −1 at l, 1 at u, 0 in between
  Vertex(const RegionStatistics& statistics, const ProbabilityBox& limits) {
    const auto total = static_cast<double>(statistics.total());
    const std::size_t m = statistics.count.size();
    std::vector<std::size_t> order(m);
    for (std::size_t k = 0; k < m; ++k) order[k] = k;
    const auto room = [&](std::size_t k) {
      return static_cast<double>(statistics.count[k]) / total - limits.lower[k];
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return room(a) > room(b); });
    Real left = 1;
    for (const double l : limits.lower) {
      mass.emplace_back(l);
      left -= l;
    }
    side.assign(m, -1);
    for (const std::size_t k : order) {
      const Real rise = Real(limits.upper[k]) - limits.lower[k];
      side[k] = left > rise ? 1 : 0;
      mass[k] += std::min(left, rise);
      left -= std::min(left, rise);
      if (side[k] == 0) break;
    }
  }
};

TEST(LearningProgramsAccuracy, VertexBoundsAreAboveBothOfTheirPrograms) {
  const Context context = Context::cpu();
  Draw random(7003);
  LearningExcess moment("vertex bound, moment");
  LearningExcess first("vertex bound, order 1");
  LearningExcess second("vertex bound, order 2");
  for (const Shape shape : kShapes)
    for (int k = 0; k < 100; ++k) {
      const auto [partition, statistics, options] = draw(random, shape, 4, 16);
      const ProbabilityBox limits = clopper_pearson_box(statistics.count, options.beta);
      const ExactProgram exact(partition, statistics, limits, options.costs);
      const Vertex vertex(statistics, limits);
      Real base = 0;
      for (std::size_t i = 0; i < exact.m; ++i) base += vertex.mass[i] * exact.cost[i][i];
      Real worst = 0;
      for (const int rises : {-1, 1}) {
        std::vector<Real> a(exact.m);
        std::vector<Real> b(exact.m);
        for (std::size_t i = 0; i < exact.m; ++i) {
          const int side = vertex.side[i] == 0 ? rises : vertex.side[i];
          if (side < 0) a[i] = Real(limits.upper[i]) - vertex.mass[i];
          if (side > 0) b[i] = vertex.mass[i] - limits.lower[i];
        }
        // The role that the exact relaxation leaves open is settled: no region has both.
        worst = std::max(worst, test::best_plan(exact.gain, a, b));
      }
      const int order = statistics.order;
      std::vector<std::vector<Real>> between(exact.m, std::vector<Real>(exact.m));
      for (std::size_t i = 0; i < exact.m; ++i)
        for (std::size_t j = 0; j < exact.m; ++j)
          between[i][j] =
              test::power(test::distance(partition.locations().row(static_cast<std::int64_t>(i)),
                                         partition.locations().row(static_cast<std::int64_t>(j)),
                                         partition.dimension()),
                          order);
      const Real carried = root(test::transport_optimum(between, vertex.mass, exact.p), order);
      const Real spread = root(base + worst, order);
      const VertexBound bound = vertex_bound(context, partition, statistics, options);
      moment.add(shape, bound.moment, spread, Real(1e-140));
      EXPECT_GE(Real(bound.discrete) * (1 + Real("1e-60")), carried) << name(shape);
      (order == 1 ? first : second).add(shape, bound.bound, spread + carried, Real(1e-140));
    }
  moment.expect_small();
  first.expect_small();
  second.expect_small(1e-6, 1e-6);  // its mass is known to 1e-15, of which W₂ feels the root
}

}  // namespace
}  // namespace wquant
