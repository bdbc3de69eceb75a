#include "wquant/split_bound.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <tuple>

#include "learn/split/moment_limits.hpp"
#include "support/golden.hpp"
#include "support/routing.hpp"
#include "support/split.hpp"
#include "wquant/wquant.hpp"

namespace wquant {
namespace {

using test::empty_statistics;
using test::learning_golden;
using test::set_moments;

Partition golden_partition(const nlohmann::json& json) {
  std::vector<double> centres = test::flatten(json["locations"]);
  std::vector<double> radii = json["radii"];
  centres.resize(centres.size() - json["lo"].size());
  radii.pop_back();
  const std::vector<double> lo = json["lo"];
  const std::vector<double> hi = json["hi"];
  // The Python means of a constant coordinate leave the box by a rounding.
  for (std::size_t i = 0; i < centres.size(); ++i)
    centres[i] = std::clamp(centres[i], lo[i % lo.size()], hi[i % lo.size()]);
  return {Box(lo, hi), centres, radii};
}

/// The golden case's summary numbers: all that lies inside in region 0.
RegionStatistics golden_statistics(const nlohmann::json& json, const Partition& partition) {
  RegionStatistics out = empty_statistics(partition, json["rho"]);
  out.count = json["counts"].get<std::vector<std::int64_t>>();
  double total = 0;
  for (const std::int64_t count : out.count) total += static_cast<double>(count);
  set_moments(out, 0, json["z_inside_mean"], json["z_inside_variance"], total);
  RegionStatistics all = out;
  set_moments(all, 0, json["z_mean"], json["z_variance"], total);
  out.sum.back().high = all.sum[0].high - out.sum[0].high;
  out.square.back().high = std::max(0.0, all.square[0].high - out.square[0].high);
  return out;
}

void expect_close(double value, double expected) { EXPECT_NEAR(value, expected, 1e-6 * expected); }

TEST(SplitBound, ReproducesGoldenCases) {
  const Context context = Context::cpu();
  for (const auto& json : learning_golden()) {
    SCOPED_TRACE(json["name"].get<std::string>());
    const Partition partition = golden_partition(json);
    const RegionStatistics statistics = golden_statistics(json, partition);
    SplitOptions options{.beta = json["beta"], .discrete = DiscreteTerm::tree};
    const SplitBound bound =
        SplitRule(context, partition, statistics, 10000, options).bound(statistics);
    const auto& split = json["expected"]["split"];
    expect_close(bound.moment, split["moment"]);
    expect_close(bound.discrete, split["discrete"]);
    expect_close(bound.bound, split["bound"]);
    options.moment = Moment::bernstein;
    expect_close(SplitRule(context, partition, statistics, 10000, options).bound(statistics).moment,
                 json["expected"]["moment_bernstein"]);
  }
}

/// K centres of a cube with training counts in proportion to their place in the list.
struct Setting {
  Setting(std::int64_t clusters, std::int64_t d, int order, std::int64_t scale, double radius = 0.2)
      : partition(Box::cube(d, -0.5, 0.5), centres(clusters, d),
                  std::vector<double>(static_cast<std::size_t>(clusters), radius)),
        statistics(empty_statistics(partition, order)) {
    double total = 0;
    for (std::int64_t k = 0; k < clusters; ++k) {
      statistics.count[k] = scale * (k % 3 + 1);
      total += static_cast<double>(statistics.count[k]);
    }
    if (radius > 0) set_moments(statistics, 0, 0.5 * std::pow(radius, order), 1e-4, total);
  }

  static std::vector<double> centres(std::int64_t clusters, std::int64_t d) {
    std::mt19937_64 engine(21);
    std::uniform_real_distribution<double> uniform(-0.4, 0.4);
    std::vector<double> out;
    for (std::int64_t k = 0; k < clusters * d; ++k) out.push_back(uniform(engine));
    return out;
  }

  std::int64_t total() const {
    std::int64_t sum = 0;
    for (const std::int64_t count : statistics.count) sum += count;
    return sum;
  }

  Partition partition;
  RegionStatistics statistics;
};

TEST(SplitBound, HalfOfBetaGoesToEachTerm) {
  const Setting s(30, 2, 2, 100000);
  const Context context = Context::cpu();
  const auto with = [&](double beta, DiscreteTerm term) {
    const SplitOptions options{.beta = beta, .discrete = term, .neighbours = 4};
    return SplitRule(context, s.partition, s.statistics, s.total(), options).bound(s.statistics);
  };
  const SplitBound tree = with(1e-3, DiscreteTerm::tree);
  const SplitBound routed = with(1e-3, DiscreteTerm::routed);
  const MomentLimits moments(s.partition, 2);
  EXPECT_NEAR(tree.moment * tree.moment,
              moments.upper(Moment::stratified, s.statistics, s.total(), 0, 5e-4).value(), 1e-14);
  const auto view = s.partition.locations();
  const test::AtomProblem atoms({view.data, view.data + view.rows * view.cols}, 2,
                                test::training_masses(s.statistics.count));
  EXPECT_NEAR(tree.discrete, atoms.tree(2).limit(s.statistics.count, 5e-4).distance.value(), 1e-14);
  const RoutingLimit limit = atoms.routing(4, 2).limit(s.statistics.count, 5e-4);
  EXPECT_TRUE(routed.routed);
  EXPECT_NEAR(routed.discrete, limit.distance.value(), 1e-14);
  EXPECT_NEAR(routed.capacity, limit.capacity.value(), 1e-12);
  EXPECT_GE(tree.bound, tree.moment + tree.discrete);
}

TEST(SplitBound, RoutingBeyondItsCapacityFallsBackToTheTree) {
  const Setting s(30, 2, 2, 10);
  const Context context = Context::cpu();
  const SplitBound bound =
      SplitRule(context, s.partition, s.statistics, s.total(), {.discrete = DiscreteTerm::routed})
          .bound(s.statistics);
  EXPECT_FALSE(bound.routed);
  EXPECT_GT(bound.capacity, 1);
  const SplitOptions tree{.beta = 1e-6 / 8, .discrete = DiscreteTerm::tree};
  EXPECT_NEAR(
      bound.discrete,
      SplitRule(context, s.partition, s.statistics, s.total(), tree).bound(s.statistics).discrete,
      1e-14);
}

TEST(SplitBound, AutomaticTakesWhatTrainingSamplesPredict) {
  const Context context = Context::cpu();
  const Setting many(30, 2, 2, 100000);
  const SplitRule rule(context, many.partition, many.statistics, many.total());
  EXPECT_TRUE(rule.predicted().routed);
  EXPECT_LE(rule.predicted().capacity, 0.8);
  const auto of = [&](const Setting& s, DiscreteTerm term) {
    return SplitRule(context, s.partition, s.statistics, s.total(), {.discrete = term})
        .bound(s.statistics)
        .discrete;
  };
  EXPECT_EQ(rule.bound(many.statistics).discrete, of(many, DiscreteTerm::routed));
  EXPECT_LT(of(many, DiscreteTerm::routed), of(many, DiscreteTerm::tree) / 2);
  const Setting few(30, 2, 2, 10);
  EXPECT_EQ(of(few, DiscreteTerm::automatic), of(few, DiscreteTerm::tree));
}

TEST(SplitBound, PredictionIsTheBoundOfAsManyTrainingSamples) {
  const Context context = Context::cpu();
  for (const Moment moment : {Moment::stratified, Moment::bernstein}) {
    const Setting s(12, 3, 1, 1000);
    const SplitRule rule(context, s.partition, s.statistics, s.total(), {.moment = moment});
    const SplitBound bound = rule.bound(s.statistics);
    EXPECT_EQ(rule.predicted().bound, bound.bound);
    const SplitRule more(context, s.partition, s.statistics, 100 * s.total(), {.moment = moment});
    EXPECT_LT(more.predicted().bound, bound.bound);
    EXPECT_EQ(more.bound(s.statistics).moment, bound.moment);
  }
}

TEST(SplitBound, BitsDoNotDependOnThreads) {
  const Setting s(400, 2, 2, 20000);
  std::vector<SplitBound> bounds;
  for (const int threads : {1, 2, 5})
    bounds.push_back(
        SplitRule(Context::cpu({.threads = threads}), s.partition, s.statistics, s.total())
            .bound(s.statistics));
  for (const SplitBound& bound : bounds) {
    EXPECT_EQ(bound.bound, bounds[0].bound);
    EXPECT_EQ(bound.capacity, bounds[0].capacity);
  }
}

TEST(SplitBound, BettingIsTighterThanBernsteinOnItsOwnSamples) {
  Setting s(5, 2, 2, 1000);
  std::mt19937_64 engine(4);
  std::uniform_real_distribution<double> uniform(0, 0.02);
  std::vector<double> inside;
  double sum = 0;
  double squares = 0;
  for (std::int64_t i = 0; i < s.total(); ++i) {
    inside.push_back(uniform(engine));
    sum += inside.back();
    squares += inside.back() * inside.back();
  }
  s.statistics.sum[0].high = sum;
  s.statistics.square[0].high = squares;
  const Context context = Context::cpu();
  const SplitRule stratified(context, s.partition, s.statistics, s.total());
  const SplitRule betting(context, s.partition, s.statistics, s.total(),
                          {.moment = Moment::betting});
  const VectorView<const double> view{inside.data(), s.total()};
  EXPECT_LT(betting.bound(s.statistics, view).moment, stratified.bound(s.statistics).moment);
  EXPECT_GT(betting.bound(s.statistics, view).moment, 0.1);
  EXPECT_THROW(betting.bound(s.statistics), InvalidArgument);
  inside[0] += 0.01;
  EXPECT_THROW(betting.bound(s.statistics, view), InvalidArgument);
  inside[0] = 1;
  EXPECT_THROW(betting.bound(s.statistics, view), InvalidArgument);
}

class DegenerateCase : public ::testing::TestWithParam<std::tuple<int, Moment, DiscreteTerm>> {
 protected:
  SplitBound bound_of(const Partition& partition, RegionStatistics statistics) const {
    const auto [order, moment, term] = GetParam();
    std::int64_t total = 0;
    for (const std::int64_t count : statistics.count) total += count;
    const std::vector<double> zeros(static_cast<std::size_t>(total), 0.0);
    const SplitRule rule(Context::cpu(), partition, statistics, total,
                         {.moment = moment, .discrete = term});
    const SplitBound out = rule.bound(statistics, {zeros.data(), total});
    for (const double x : {out.bound, out.moment, out.discrete, rule.predicted().bound}) {
      EXPECT_TRUE(std::isfinite(x));
      EXPECT_GE(x, 0);
    }
    EXPECT_FALSE(std::isnan(out.capacity));
    return out;
  }
};

TEST_P(DegenerateCase, IsFiniteAndRight) {
  const int order = std::get<0>(GetParam());
  for (const std::int64_t d : {1, 2, 1000})
    for (const std::int64_t clusters : {1, 2, 20}) {
      for (const double radius : {0.0, 0.2}) {
        Setting s(clusters, d, order, 1, radius);
        s.statistics.sum.assign(s.statistics.sum.size(), {});
        s.statistics.square.assign(s.statistics.square.size(), {});
        if (clusters == 1) s.statistics.count[0] = 2;
        bound_of(s.partition, s.statistics);
        s.statistics.count.assign(s.statistics.count.size(), 0);
        s.statistics.count.back() = 1000;  // all outside
        const double half = s.partition.box().diameter() / 2;
        set_moments(s.statistics, s.statistics.sum.size() - 1, std::pow(half, order), 0, 1000);
        const SplitBound outside = bound_of(s.partition, s.statistics);
        EXPECT_GE(outside.moment, 0.98 * half);
        s.statistics.count.back() = 0;
        s.statistics.sum.back() = s.statistics.square.back() = {};
        s.statistics.count[0] = 20000;
        bound_of(s.partition, s.statistics);
      }
    }
}

TEST_P(DegenerateCase, IdenticalAtomsAndABoxOfOnePoint) {
  const int order = std::get<0>(GetParam());
  for (const double radius : {0.0, 0.1}) {
    const Partition same(Box::cube(3, -0.5, 0.5), std::vector<double>(12, 0.0),
                         std::vector<double>(4, radius));
    RegionStatistics statistics = empty_statistics(same, order);
    statistics.count = {10, 0, 5, 1, 0};
    EXPECT_LT(bound_of(same, statistics).discrete, 1e-150);
  }
  const Partition point(Box::cube(2, 0.5, 0.5), {0.5, 0.5}, {0});
  RegionStatistics statistics = empty_statistics(point, order);
  statistics.count = {2, 0};
  EXPECT_LT(bound_of(point, statistics).bound, 1e-150);
}

TEST_P(DegenerateCase, HugeAndTinyBoxesScale) {
  const int order = std::get<0>(GetParam());
  const std::vector<double> unit{-0.3, 0.1, 0.2, 0.4, 0.35, -0.2};
  std::vector<double> relative;
  for (const double scale : {1.0, 0x1p-300, 0x1p+300}) {
    std::vector<double> centres = unit;
    for (double& x : centres) x *= scale;
    const Partition partition(Box::cube(2, -scale / 2, scale / 2), centres,
                              std::vector<double>(3, scale / 8));
    RegionStatistics statistics = empty_statistics(partition, order);
    statistics.count = {300000, 500000, 200000, 0};
    relative.push_back(bound_of(partition, statistics).bound / scale);
    EXPECT_NEAR(relative.back(), relative[0], 1e-12 * relative[0]);
  }
}

INSTANTIATE_TEST_SUITE_P(
    SplitBound, DegenerateCase,
    ::testing::Combine(::testing::Values(1, 2),
                       ::testing::Values(Moment::stratified, Moment::bernstein, Moment::betting),
                       ::testing::Values(DiscreteTerm::automatic, DiscreteTerm::tree,
                                         DiscreteTerm::routed)));

TEST(SplitBound, RefusesWhatIsNotItsOwn) {
  const Context context = Context::cpu();
  const Setting s(4, 2, 2, 10);
  const auto rule = [&](const RegionStatistics& train, std::int64_t total,
                        const SplitOptions& options = {}) {
    return SplitRule(context, s.partition, train, total, options);
  };
  EXPECT_THROW(rule(s.statistics, 1), InvalidArgument);
  for (const double beta : {0.0, 1.0, -0.1, std::nan("")})
    EXPECT_THROW(rule(s.statistics, 10, {.beta = beta}), InvalidArgument);
  EXPECT_THROW(rule(s.statistics, 10, {.neighbours = -1}), InvalidArgument);
  EXPECT_THROW(rule(empty_statistics(s.partition, 2), 10), InvalidArgument);
  const Setting other(4, 2, 2, 10, 0.3);
  EXPECT_THROW(rule(other.statistics, 10), InvalidArgument);
  RegionStatistics third = s.statistics;
  third.order = 3;
  EXPECT_THROW(rule(third, 10), InvalidArgument);
  const SplitRule good = rule(s.statistics, 10);
  EXPECT_THROW(good.bound(other.statistics), InvalidArgument);
  RegionStatistics bad = s.statistics;
  bad.order = 1;
  EXPECT_THROW(good.bound(bad), InvalidArgument);
  bad = s.statistics;
  bad.sum[2].high = std::nan("");
  EXPECT_THROW(good.bound(bad), InvalidArgument);
  bad = s.statistics;
  bad.farthest[1] = 0.21;
  EXPECT_THROW(good.bound(bad), InvalidArgument);
  bad = s.statistics;
  bad.count.pop_back();
  EXPECT_THROW(good.bound(bad), InvalidArgument);
  bad = s.statistics;
  bad.count = {1, 0, 0, 0, 0};
  EXPECT_THROW(good.bound(bad), InvalidArgument);
  EXPECT_THROW(SplitRule(Context::cpu({.workspace_limit = 100}), s.partition, s.statistics, 10),
               OutOfMemory);
  const SplitOptions cancelled{.progress = [](const Progress&) { return false; }};
  EXPECT_THROW(rule(s.statistics, 10, cancelled), Cancelled);
}

}  // namespace
}  // namespace wquant
