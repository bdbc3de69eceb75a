// Covers also: make_partition.
#include "wquant/partition.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/samples.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

using test::rows;

double distance(const double* a, const double* b, std::int64_t d) {
  double sum = 0;
  for (std::int64_t k = 0; k < d; ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(sum);
}

/// A1, steps 2 and 3, from the centres.
std::vector<double> radii_of(const Partition& partition, const std::vector<double>& train) {
  const std::int64_t d = partition.dimension();
  const std::int64_t clusters = partition.clusters();
  const auto centres = partition.locations();
  std::vector<double> radii(static_cast<std::size_t>(clusters));
  for (std::size_t i = 0; i < train.size(); i += static_cast<std::size_t>(d)) {
    std::int64_t nearest = 0;
    for (std::int64_t k = 1; k < clusters; ++k)
      if (distance(&train[i], centres.row(k), d) < distance(&train[i], centres.row(nearest), d))
        nearest = k;
    radii[nearest] = std::max(radii[nearest], distance(&train[i], centres.row(nearest), d));
  }
  const auto m = std::max<std::int64_t>(clusters / 20, std::min<std::int64_t>(5, clusters));
  for (std::int64_t k = 0; k < clusters; ++k) {
    std::vector<double> others;
    for (std::int64_t j = 0; j < clusters; ++j)
      others.push_back(distance(centres.row(k), centres.row(j), d));
    std::sort(others.begin(), others.end());
    radii[k] =
        std::max(std::min(1.5 * radii[k], partition.box().diameter() / 2), 0.75 * others[m - 1]);
  }
  return radii;
}

TEST(Partition, RadiiFollowTheSamplesAndTheNeighbours) {
  const Context context = Context::cpu();
  const std::vector<double> train = test::uniform_samples<double>(700, 3, 0, 1, 1);
  for (const std::int64_t clusters : {1, 4, 17, 140}) {
    PartitionOptions options;
    options.clusters = clusters;
    const Partition partition =
        make_partition(context, rows(train, 3), Box::cube(3, 0, 1), options);
    ASSERT_EQ(partition.clusters(), clusters);
    const std::vector<double> expected = radii_of(partition, train);
    for (std::int64_t k = 0; k < clusters; ++k)
      EXPECT_NEAR(partition.radii()[k], expected[k], 1e-13);
    EXPECT_NEAR(partition.radii()[clusters], std::sqrt(3) / 2, 1e-14);
    for (std::int64_t i = 0; i < 3; ++i) EXPECT_EQ(partition.locations()(clusters, i), 0.5);
  }
}

TEST(Partition, FewSamplesAreTheCentres) {
  const Context context = Context::cpu();
  const std::vector<float> train = {0.25F, 0.5F, 0.75F, 0.5F};
  PartitionOptions options;
  options.clusters = 3;
  const Partition partition = make_partition(context, rows(train, 2), Box::cube(2, 0, 1), options);
  ASSERT_EQ(partition.clusters(), 2);
  EXPECT_EQ(partition.locations()(0, 0), 0.25);
  EXPECT_EQ(partition.locations()(1, 0), 0.75);
  EXPECT_EQ(partition.radii()[0], 0.375);  // 1.5 / 2 of the distance to the other
}

TEST(Partition, IsTheSameForAnyNumberOfThreads) {
  const std::vector<float> train = test::uniform_samples<float>(3000, 5, 0, 1, 2);
  PartitionOptions options;
  options.clusters = 40;
  std::vector<std::uint64_t> fingerprints;
  for (const int threads : {1, 2, 8}) {
    const Context context = Context::cpu({.threads = threads});
    fingerprints.push_back(
        make_partition(context, rows(train, 5), Box::cube(5, 0, 1), options).fingerprint());
  }
  EXPECT_EQ(fingerprints[0], fingerprints[1]);
  EXPECT_EQ(fingerprints[0], fingerprints[2]);
  options.seed = 1;
  EXPECT_NE(
      make_partition(Context::cpu(), rows(train, 5), Box::cube(5, 0, 1), options).fingerprint(),
      fingerprints[0]);
}

TEST(Partition, OfConstantDataHasRadiusZero) {
  const std::vector<double> train(60, 0.5);
  PartitionOptions options;
  options.clusters = 7;
  const Partition partition =
      make_partition(Context::cpu(), rows(train, 3), Box::cube(3, 0, 1), options);
  ASSERT_EQ(partition.clusters(), 1);
  EXPECT_EQ(partition.radii()[0], 0);
}

TEST(Partition, RefusesCentresOutsideTheBoxAndBadOptions) {
  const Box box = Box::cube(2, 0, 1);
  EXPECT_THROW(Partition(box, {0.5, 1.5}, {1}), InvalidArgument);
  EXPECT_THROW(Partition(box, {0.5, NAN}, {1}), InvalidArgument);
  EXPECT_THROW(Partition(box, {0.5, 0.5}, {-1}), InvalidArgument);
  EXPECT_THROW(Partition(box, {0.5, 0.5}, {INFINITY}), InvalidArgument);
  EXPECT_THROW(Partition(box, {0.5}, {1}), InvalidArgument);
  EXPECT_THROW(Partition(box, {}, {}), InvalidArgument);

  const Context context = Context::cpu();
  const std::vector<double> train = {0.5, 0.5, 0.25, 1.25, 0.5, 0.5, 2, 0.5};
  try {
    make_partition(context, rows(train, 2), box);
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "train: 2 of 4 samples lie outside the box; the first is train[1][1]: 1.25, "
                 "expected a number from 0 to 1");
  }
  const std::vector<double> good = {0.5, 0.5};
  PartitionOptions options;
  options.clusters = 0;
  EXPECT_THROW(make_partition(context, rows(good, 2), box, options), InvalidArgument);
  options = {};
  options.radius_factor = NAN;
  EXPECT_THROW(make_partition(context, rows(good, 2), box, options), InvalidArgument);
  options = {};
  options.neighbour_fraction = 2;
  EXPECT_THROW(make_partition(context, rows(good, 2), box, options), InvalidArgument);
  options = {};
  options.iterations = -1;
  EXPECT_THROW(make_partition(context, rows(good, 2), box, options), InvalidArgument);
  EXPECT_THROW(make_partition(context, rows(good, 1), box), InvalidArgument);
}

}  // namespace
}  // namespace wquant
