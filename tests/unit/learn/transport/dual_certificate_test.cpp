// Covers: dual_bound, restricted_program, verification. A certificate is accepted as it is made and
// refused however it is corrupted.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/transport_cases.hpp"
#include "wquant/transport_bounds.hpp"

namespace wquant {
namespace {

using test::RandomCases;
using test::TransportCase;

TEST(DualCertificate, SatisfiesEveryInequalityInLongDouble) {
  const Context context = Context::cpu();
  RandomCases random(1);
  for (int trial = 0; trial < 60; ++trial) {
    const int order = 1 + trial % 2;
    const TransportCase data = random.draw(1 + random.below(40), 1 + random.below(4), order);
    const DualBound bound =
        dual_bound(context, data.partition, data.statistics,
                   {.beta = 0.01, .costs = trial % 4 < 2 ? Costs::tight : Costs::paper});
    EXPECT_TRUE(bound.optimal);
    EXPECT_LE(test::worst_violation(bound.certificate, data.statistics), 1e-18L);
    const Verification check = verify(bound.certificate, data.statistics);
    EXPECT_TRUE(check.valid) << check.reason;
    EXPECT_LE(check.bound, bound.bound);
    EXPECT_NEAR(check.bound / bound.bound, 1, 1e-12);
    EXPECT_LE(bound.lower, bound.bound);
    EXPECT_GE(bound.lower, 0.9 * bound.bound);
  }
}

TEST(DualCertificate, SurvivesManyScales) {
  const Context context = Context::cpu();
  RandomCases random(2);
  for (const double scale : {1e-160, 1e-100, 1e-6, 1e6, 1e100, 1e140})
    for (const int order : {1, 2}) {
      const TransportCase unit = random.draw(12, 2, order);
      std::vector<double> centres(unit.partition.locations().data,
                                  unit.partition.locations().data + 24);
      std::vector<double> radii(unit.partition.radii().begin(), unit.partition.radii().end() - 1);
      for (double& x : centres) x *= scale;
      for (double& r : radii) r *= scale;
      const TransportCase data = test::transport_case(Box::cube(2, 0, scale), centres, radii,
                                                      unit.statistics.count, order);
      const DualBound bound = dual_bound(context, data.partition, data.statistics);
      const double reference = dual_bound(context, unit.partition, unit.statistics).bound;
      const Verification check = verify(bound.certificate, data.statistics);
      EXPECT_TRUE(check.valid) << scale << " " << order << check.reason;
      EXPECT_GE(bound.bound / scale, reference * (1 - 1e-9)) << scale;
      if (scale > 1e-150) {
        EXPECT_NEAR(bound.bound / scale / reference, 1, 1e-6) << scale;
      }
    }
}

TEST(DualCertificate, SurvivesSmallRadiiFarFromTheOrigin) {
  const Context context = Context::cpu();
  for (const double radius : {1e-9, 1e-6, 1e-3})
    for (const int order : {1, 2}) {
      const TransportCase data = test::transport_case(
          Box::cube(1, 1e6, 1e6 + 1), {1e6 + 0.25, 1e6 + 0.25 + radius, 1e6 + 0.75},
          {radius, radius, radius}, {300, 200, 500, 0}, order);
      const DualBound bound = dual_bound(context, data.partition, data.statistics);
      const Verification check = verify(bound.certificate, data.statistics);
      EXPECT_TRUE(check.valid) << check.reason;
    }
}

class CorruptedCertificate : public ::testing::Test {
 protected:
  TransportCase data_ = test::golden_case(test::learning_golden()[3]);
  DualCertificate good_ = dual_bound(Context::cpu(), data_.partition, data_.statistics).certificate;

  void expect_refused(const DualCertificate& certificate, const std::string& reason) const {
    const Verification check = verify(certificate, data_.statistics);
    EXPECT_FALSE(check.valid);
    EXPECT_NE(check.reason.find(reason), std::string::npos) << check.reason;
  }
};

TEST_F(CorruptedCertificate, TheGoodOneIsAccepted) {
  EXPECT_TRUE(verify(good_, data_.statistics).valid);
}

TEST_F(CorruptedCertificate, AnyShrunkCoordinateIsFound) {
  for (std::size_t k = 0; k < good_.y.size(); ++k) {
    if (good_.y[k] == 0) continue;
    DualCertificate bad = good_;
    bad.y[k] *= 1 - 1e-9;
    expect_refused(bad, "inequality");
  }
}

TEST_F(CorruptedCertificate, NoNumbersAreFound) {
  for (const double value : {-1e-300, std::nan(""), HUGE_VAL}) {
    DualCertificate bad = good_;
    bad.y[2] = value;
    expect_refused(bad, "y[2]");
  }
}

TEST_F(CorruptedCertificate, NarrowLimitsAreFound) {
  for (std::size_t k = 0; k < good_.y.size(); ++k) {
    DualCertificate bad = good_;
    const double p = static_cast<double>(data_.statistics.count[k]) /
                     static_cast<double>(test::total(data_.statistics));
    bad.limits.upper[k] += 1e-6 * (p - bad.limits.upper[k]);
    expect_refused(bad, "limits upper");
    if (good_.limits.lower[k] == 0) continue;
    bad = good_;
    bad.limits.lower[k] += 1e-6 * (p - bad.limits.lower[k]);
    expect_refused(bad, "limits lower");
  }
}

TEST_F(CorruptedCertificate, LimitsThatAreNoneAreFound) {
  for (const double value : {-0.1, 1.1, std::nan("")}) {
    DualCertificate bad = good_;
    bad.limits.lower[1] = value;
    expect_refused(bad, "limits lower[1]");
    bad = good_;
    bad.limits.upper[1] = value == -0.1 ? 0 : value;
    expect_refused(bad, "limits upper[1]");
  }
}

TEST_F(CorruptedCertificate, WiderLimitsAndLargerBoundsAreFine) {
  DualCertificate wide = good_;
  wide.bound *= 1.1;
  EXPECT_TRUE(verify(wide, data_.statistics).valid);
  wide.beta *= 2;
  EXPECT_TRUE(verify(wide, data_.statistics).valid);
}

TEST_F(CorruptedCertificate, ASmallerBetaIsFound) {
  DualCertificate bad = good_;
  bad.beta *= 1 - 1e-6;
  expect_refused(bad, "limits");
  bad.beta = std::nan("");
  expect_refused(bad, "beta");
}

TEST_F(CorruptedCertificate, ASmallerBoundIsFound) {
  DualCertificate bad = good_;
  bad.bound *= 1 - 1e-12;
  expect_refused(bad, "bound");
  bad.bound = std::nan("");
  expect_refused(bad, "bound");
}

TEST_F(CorruptedCertificate, AnotherPartitionOrOrderIsFound) {
  DualCertificate bad = good_;
  std::vector<double> radii(bad.partition.radii().begin(), bad.partition.radii().end() - 1);
  std::vector<double> centres(
      bad.partition.locations().data,
      bad.partition.locations().data + bad.partition.clusters() * bad.partition.dimension());
  radii[0] /= 2;
  bad.partition = Partition(bad.partition.box(), centres, radii);
  expect_refused(bad, "partition");
  bad = good_;
  bad.order = 3 - bad.order;
  expect_refused(bad, "order");
  bad = good_;
  bad.y.pop_back();
  expect_refused(bad, "y");
}

TEST_F(CorruptedCertificate, OtherCountsAreFound) {
  RegionStatistics other = data_.statistics;
  std::swap(other.count[0], other.count[1]);
  EXPECT_FALSE(verify(good_, other).valid);
  other = data_.statistics;
  other.count.pop_back();
  EXPECT_FALSE(verify(good_, other).valid);
}

}  // namespace
}  // namespace wquant
