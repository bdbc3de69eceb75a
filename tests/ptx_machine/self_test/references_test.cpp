#include "self_test/references.hpp"

#include <algorithm>
#include <cmath>

namespace ptx::test {
namespace {

/// Correct kernels in several orders of lanes, warps and blocks: right results, nothing reported.
class References : public ::testing::TestWithParam<int> {
 protected:
  Device device(const std::string& module) const { return Device(module, with_order(GetParam())); }
  static void expect(const Outcome& outcome) {
    EXPECT_TRUE(clean(outcome.result));
    EXPECT_TRUE(outcome.right);
  }
};
INSTANTIATE_TEST_SUITE_P(Orders, References, ::testing::Values(0, 1, 2, 3));

TEST_P(References, WarpBarriers) {
  Device d = device("good");
  expect(run_jacobi(d));
}

TEST_P(References, BlockBarriersAndExactCounts) {
  Device d = device("good");
  const Outcome outcome = run_gemm(d);
  expect(outcome);
  EXPECT_EQ(outcome.result.by_class[0], 16u * 256 * 64);  // blocks × threads × fused steps
}

TEST_P(References, MatchAndAtomics) {
  Device d = device("good");
  expect(run_segmented_sum(d));
}

TEST_P(References, TheLastBlockSeesWhatTheOthersWrote) {
  Device d = device("good");
  expect(run_last_block_sum(d));
}

TEST_P(References, EveryLaneHasItsTurnWithALock) {
  Device d = device("good");
  expect(run_spin_lock(d));
}

TEST_P(References, AsynchronousCopies) {
  Device d = device("good");
  expect(run_async_copy(d));
}

TEST_P(References, RecursionStructArgumentsLocalArraysAndPrinting) {
  Device d = device("good");
  const struct {
    double values[6];
    int n;
  } argument = {{1, 2, 3, 4, 5, 6}, 6};
  double* const y = d.make<double>(64);
  ::testing::internal::CaptureStdout();
  EXPECT_TRUE(clean(d.launch("calls", {1}, {64}, argument, y)));
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "lane 3 says 3.375 and hello\n");
  double wanted = 0;
  for (int t = 0; t < 32; ++t) wanted += argument.values[t % 6] + std::ldexp(t, -(t % 5)) + t % 5;
  EXPECT_NEAR(y[0], wanted, 1e-12);
}

TEST_P(References, CubBlockAndWarpReductions) {
  Device d = device("cub");
  std::vector<double> x(128);
  for (int i = 0; i < 128; ++i) x[i] = (i * 37) % 101;
  double sum = 0;
  for (const double value : x) sum += value;
  double* const y = d.make<double>(5);
  EXPECT_TRUE(clean(d.launch("cub_reduce", {1}, {128}, d.make(x), y)));
  EXPECT_EQ(y[0], sum);
  EXPECT_EQ(y[1], *std::max_element(x.begin(), x.begin() + 32));
}

TEST_P(References, CubScan) {
  Device d = device("cub");
  std::vector<int> counts(128);
  for (int i = 0; i < 128; ++i) counts[i] = (i * 29) % 97;
  int* const y = d.make<int>(129);
  EXPECT_TRUE(clean(d.launch("cub_scan", {1}, {128}, d.make(counts), y)));
  int sum = 0;
  for (int i = 0; i < 128; ++i) {
    EXPECT_EQ(y[i], sum);
    sum += counts[i];
  }
  EXPECT_EQ(y[128], sum);
}

TEST_P(References, CubRadixSort) {
  Device d = device("cub");
  Random random;
  std::vector<unsigned> keys(512);
  for (unsigned& key : keys) key = static_cast<unsigned>(random() * 4e9);
  unsigned* const sorted = d.make(keys);
  int* const from = d.make<int>(512);
  EXPECT_TRUE(clean(d.launch("cub_sort", {1}, {128}, sorted, from)));
  EXPECT_TRUE(std::is_sorted(sorted, sorted + 512));
  for (int i = 0; i < 512; ++i) EXPECT_EQ(sorted[i], keys[from[i]]);
}

TEST_P(References, ReleaseAndAcquireBetweenBlocks) {
  Options options = with_order(GetParam());
  options.resident_blocks = 4;
  Device d("order", options);
  double* const data = d.make<double>(128, "data");
  double* const sum = d.make<double>(1, "sum");
  EXPECT_TRUE(clean(d.launch("release_acquire", {8}, {32}, data, d.zeros<unsigned>(1), sum)));
  EXPECT_EQ(*sum, 28);
  EXPECT_TRUE(clean(d.launch("wait_for_later", {4}, {64}, d.zeros<unsigned>(1), data)));
  EXPECT_EQ(data[64 + 63], 126);
}

TEST_P(References, ABlockThatWaitsForALaterOneIsNotAlone) {
  Device d = device("order");
  double* const data = d.make<double>(128, "data");
  EXPECT_TRUE(clean(d.launch("wait_for_later", {4}, {64}, d.zeros<unsigned>(1), data)));
  EXPECT_EQ(data[64 + 63], 126);
}

TEST_P(References, CooperativeGroups) {
  Device d = device("order");
  double* const x = d.make<double>(64, "x");
  EXPECT_TRUE(clean(d.launch("groups", {1}, {64}, x)));
  EXPECT_EQ(x[1], 28);
  EXPECT_GE(x[9], 92 + 1000);
}

TEST_P(References, SectorsAndBankConflictsAreCounted) {
  Device d = device("order");
  const Result result = d.launch("patterns", {1}, {32}, d.zeros<float>(300), d.make<float>(32));
  EXPECT_TRUE(clean(result));
  EXPECT_EQ(result.sectors, 4u + 8 + 32 + 4);
  EXPECT_EQ(result.passes, 32u + 1 + 2 + 1 + 2 + 16);
}

}  // namespace
}  // namespace ptx::test
