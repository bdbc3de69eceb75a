#include <gtest/gtest.h>

#include "accuracy/exact_program.hpp"

namespace wquant {
namespace {

using test::Draw;
using test::farthest;
using test::kShapes;
using test::Real;
using test::root;
using test::Shape;

constexpr Costs kCosts[] = {Costs::tight, Costs::paper};

MatrixView<const double> one(const std::vector<double>& point) {
  return {point.data(), 1, static_cast<std::int64_t>(point.size())};
}

std::vector<std::int64_t> labels_of(const Partition& partition, const std::vector<double>& points) {
  const std::int64_t d = partition.dimension();
  const MatrixView<const double> view(points.data(), static_cast<std::int64_t>(points.size()) / d,
                                      d);
  return regions_of(Context::cpu(), partition, view).label;
}

/// All bounds of the distribution that sits on one point, for N samples of it.
void expect_above_distance(const Partition& partition, const std::vector<double>& point,
                           std::int64_t samples, int order, double beta) {
  const Context context = Context::cpu();
  const std::int64_t d = partition.dimension();
  std::vector<double> points;
  for (std::int64_t i = 0; i < samples; ++i)
    points.insert(points.end(), point.begin(), point.end());
  const auto statistics = region_statistics(
      context, partition, MatrixView<const double>(points.data(), samples, d), order);
  const std::int64_t region = labels_of(partition, point).front();
  const Real exact = test::distance(point.data(), partition.locations().row(region), d);
  for (const Costs costs : kCosts) {
    const TransportOptions options{.beta = beta, .costs = costs};
    const DualBound dual = dual_bound(context, partition, statistics, options);
    EXPECT_GE(Real(dual.bound), exact) << name(costs);
    EXPECT_TRUE(verify(dual.certificate, statistics).valid);
    EXPECT_GE(Real(exact_bound(context, partition, statistics, options).bound), exact);
    EXPECT_GE(Real(vertex_bound(context, partition, statistics, options).bound), exact);
  }
  for (const Moment moment : {Moment::stratified, Moment::bernstein}) {
    SplitOptions options;
    options.beta = beta;
    options.moment = moment;
    const SplitRule rule(context, partition, statistics, samples, options);
    EXPECT_GE(Real(rule.bound(statistics).bound), exact) << name(moment);
  }
}

TEST(LearningRegionsAccuracy, DistributionsOnOnePointAreNoFartherThanTheirBounds) {
  Draw random(7401);
  for (const Shape shape : kShapes)
    for (int k = 0; k < 60; ++k) {
      const auto order = static_cast<int>(random.whole(1, 2));
      const Partition partition =
          random.partition(shape, random.whole(1, 4), random.whole(1, 8), order);
      SCOPED_TRACE(::testing::Message() << name(shape) << k);
      expect_above_distance(partition, random.point_of(partition.box()), random.whole(2, 20), order,
                            random.beta());
    }
}

TEST(LearningRegionsAccuracy, CornersOfBoxesWhoseCentreIsRounded) {
  Draw random(7402);
  for (int k = 0; k < 200; ++k) {
    const double low = 1e8 * random.uniform(1, 2);
    const double side = random.magnitude(-8, 0);
    const std::int64_t d = random.whole(1, 3);
    const Box box = Box::cube(d, low, std::max(low + side, std::nextafter(low, 1e9)));
    const std::vector<double> corner = random.chance(0.5) ? box.lower() : box.upper();
    // The ball holds its centre only, and a corner is in the outer region unless it is that.
    const Partition partition(box, random.point_of(box), {0});
    SCOPED_TRACE(::testing::Message() << low << ' ' << side << ' ' << d);
    expect_above_distance(partition, corner, 10, static_cast<int>(random.whole(1, 2)), 0.5);
  }
}

/// What no sum of squares in double holds: x = (1, …) beside terms that are lost one by one.
TEST(LearningRegionsAccuracy, BallsHoldPointsThatAreALittleTooFar) {
  constexpr std::int64_t kDimension = 4096;
  std::vector<double> point(kDimension, std::sqrt(0.49 * 0x1p-52));
  for (int lane = 0; lane < 8; ++lane) point[lane] = 1;
  const Box box = Box::cube(kDimension, -1, 1);
  const std::vector<double> origin(kDimension, 0.0);
  const double computed =
      regions_of(Context::cpu(), Partition(box, origin, {64}), one(point)).distance.front();
  const Real exact = test::distance(point.data(), origin.data(), kDimension);
  ASSERT_GT(exact, Real(computed) * (1 + Real(20 * 0x1p-52)));
  const Partition partition(box, origin, {computed});
  ASSERT_EQ(labels_of(partition, point).front(), 0);
  for (const int order : {1, 2}) expect_above_distance(partition, point, 10, order, 0.5);
}

TEST(LearningRegionsAccuracy, HowFarPointsOfABallCanBe) {
  Draw random(7403);
  int held = 0;
  for (int k = 0; k < 4000; ++k) {
    const std::int64_t d = random.chance(0.5) ? random.whole(1, 8) : random.whole(9, 64);
    const double scale = random.chance(0.2) ? random.magnitude(-170, -140) : 1;
    std::vector<double> point;
    std::vector<double> centre;
    for (std::int64_t i = 0; i < d; ++i) {
      point.push_back(scale * random.uniform(-1, 1) * random.magnitude(-8, 0));
      centre.push_back(scale * random.uniform(-1, 1) * random.magnitude(-8, 0));
    }
    const Box box = Box::cube(d, -2 * scale, 2 * scale);
    const auto far = regions_of(Context::cpu(), Partition(box, centre, {64 * scale}), one(point));
    double radius = far.distance.front();
    for (std::int64_t step = random.whole(0, 2); step > 0; --step)
      radius = std::nextafter(radius, 0.0);
    if (labels_of(Partition(box, centre, {radius}), point).front() != 0) continue;
    ++held;
    const Real reach =
        radius * (1 + Real(d + 4) * Real(0x1p-53)) + sqrt(Real(d + 1)) * Real(0x1p-537);
    EXPECT_LE(test::distance(point.data(), centre.data(), d), reach);
  }
  EXPECT_GT(held, 1000);
}

/// Theorem 3.1 on what it is about: wherever P has its mass, while P(R_k) is within the limits.
TEST(LearningRegionsAccuracy, NoDistributionWithinTheLimitsIsFartherThanTheBounds) {
  const Context context = Context::cpu();
  Draw random(7404);
  Real closest = 0;
  for (const Shape shape : kShapes)
    for (int k = 0; k < 150; ++k) {
      const auto order = static_cast<int>(random.whole(1, 2));
      const std::int64_t d = random.chance(0.7) ? random.whole(1, 2) : random.whole(1, 16);
      const Partition partition = random.partition(shape, random.whole(1, 4), d, order);
      const auto m = static_cast<std::size_t>(partition.regions());
      // Of each region the point found that is farthest from its location.
      std::vector<std::vector<double>> at(m);
      std::vector<Real> away(m, Real(-1));
      for (int draw = 0; draw < 40; ++draw) {
        const std::vector<double> x = random.point_of(partition.box());
        const auto region = static_cast<std::size_t>(labels_of(partition, x).front());
        const Real far = test::distance(
            x.data(), partition.locations().row(static_cast<std::int64_t>(region)), d);
        if (far > away[region]) {
          away[region] = far;
          at[region] = x;
        }
      }
      std::vector<std::int64_t> counts =
          random.counts(shape, partition.regions(), random.chance(0.2) ? 9 : 3);
      for (std::size_t r = 0; r < m; ++r)
        if (at[r].empty()) counts[r] = 0;
      std::size_t somewhere = 0;
      while (at[somewhere].empty()) ++somewhere;
      counts[somewhere] += 2;
      const RegionStatistics statistics = test::statistics_of(partition, counts, order);
      const TransportOptions options{.beta = random.beta(), .costs = kCosts[random.whole(0, 1)]};
      const ProbabilityBox limits = clopper_pearson_box(counts, options.beta);
      // A vertex of the limits: all at l, some raised to u until the mass is 1.
      std::vector<Real> p;
      Real left = 1;
      for (const double l : limits.lower) {
        p.emplace_back(l);
        left -= l;
      }
      const auto start =
          static_cast<std::size_t>(random.whole(0, static_cast<std::int64_t>(m) - 1));
      for (std::size_t step = 0; step < m; ++step) {
        const std::size_t r = (start + step) % m;
        if (at[r].empty()) continue;
        const Real rise = std::min(left, Real(Real(limits.upper[r]) - limits.lower[r]));
        p[r] += rise;
        left -= rise;
      }
      ASSERT_LT(abs(left), 1e-80);
      std::vector<Real> q;
      for (const std::int64_t count : counts) q.push_back(Real(count) / statistics.total());
      std::vector<std::vector<Real>> cost(m, std::vector<Real>(m));
      for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < m && !at[i].empty(); ++j)
          cost[i][j] = test::power(
              test::distance(at[i].data(), partition.locations().row(static_cast<std::int64_t>(j)),
                             d),
              order);
      const Real exact = root(test::transport_optimum(cost, p, q), order) * (1 - Real("1e-40"));
      SCOPED_TRACE(::testing::Message() << name(shape) << k);
      const double dual = dual_bound(context, partition, statistics, options).bound;
      const double program = exact_bound(context, partition, statistics, options).bound;
      const double vertex = vertex_bound(context, partition, statistics, options).bound;
      EXPECT_GE(Real(dual), exact);
      EXPECT_GE(Real(program), exact);
      EXPECT_GE(Real(vertex), exact);
      if (program > 0) closest = std::max(closest, Real(exact / program));
    }
  // The theorem is sharp where regions are what their boxes are.
  EXPECT_GT(closest, 0.99);
}

/// P(Bin(total, p) ≤ count)
Real lower_tail(int count, int total, const Real& p) {
  Real sum = 0;
  Real choose = 1;
  for (int k = 0; k <= count; ++k) {
    sum += choose * pow(p, k) * pow(1 - p, total - k);
    choose *= Real(total - k) / (k + 1);
  }
  return sum;
}

TEST(LearningRegionsAccuracy, VerificationLeavesRoomForTheErrorOfTails) {
  const Context context = Context::cpu();
  for (int count = 1; count < 17; ++count) {
    const Partition partition(Box::cube(1, 0, 1), {0.2}, {0.1});
    const RegionStatistics statistics = test::statistics_of(partition, {count, 20 - count}, 1);
    DualCertificate certificate = dual_bound(context, partition, statistics).certificate;
    for (double& y : certificate.y) y *= 2;
    certificate.bound = 10;
    const Real level = Real(certificate.beta) / 4;
    double& upper = certificate.limits.upper[0];
    double refused = upper * (1 - 1e-9);
    double accepted = upper;
    while (std::nextafter(refused, 1) < accepted) {
      upper = refused + (accepted - refused) / 2;
      (verify(certificate, statistics).valid ? accepted : refused) = upper;
    }
    EXPECT_LE(lower_tail(count, 20, accepted), level * (1 - Real(3e-13)));
    EXPECT_GE(lower_tail(count, 20, accepted), level * (1 - Real(1e-12)));
  }
}

}  // namespace
}  // namespace wquant
