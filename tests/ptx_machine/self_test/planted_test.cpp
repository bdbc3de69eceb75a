#include "self_test/device.hpp"

namespace ptx::test {
namespace {

/// Kernels with one defect each, which must be named in every order.
class PlantedDefects : public ::testing::TestWithParam<int> {
 protected:
  static Options options() {
    Options chosen = with_order(GetParam());
    chosen.max_warp_instructions = 1'000'000;
    return chosen;
  }
  template <class... Arguments>
  void expect(const char* kind, const char* kernel, Dim3 grid, Dim3 block, Arguments... arguments) {
    const Result result = device.launch(kernel, grid, block, arguments...);
    bool named = false;
    for (const Finding& finding : result.findings) named = named || finding.kind == kind;
    EXPECT_TRUE(named) << kernel << " has a " << kind << "; found " << clean(result).message();
  }

  Device device{"planted", options()};
  double* x = device.make(std::vector<double>(20, 1.0), "x");
  double* y = device.zeros<double>(256, "y");
  int* n = device.zeros<int>(4, "n");
};
INSTANTIATE_TEST_SUITE_P(Orders, PlantedDefects, ::testing::Values(0, 1, 2));

TEST_P(PlantedDefects, RacesBetweenBlocks) {
  expect("race between blocks", "block_race", {4}, {1}, y);
  expect("race between blocks", "block_race_read", {4}, {32}, y);
  expect("race between blocks", "unfenced", {4}, {32}, y, device.zeros<unsigned>(1, "flag"),
         device.zeros<double>(1, "sum"));
}

TEST_P(PlantedDefects, RacesWithinABlock) {
  expect("race in global memory", "thread_race", {1}, {64}, y);
  expect("race in global memory", "mixed_atomic", {1}, {64}, n);
  expect("race in shared memory", "missing_barrier", {1}, {64}, y);
  expect("race in shared memory", "missing_syncwarp", {1}, {32}, y);
}

TEST_P(PlantedDefects, BadAddresses) {
  expect("global memory out of bounds", "one_past", {1}, {32}, x, y, 20);
  expect("misaligned access", "misaligned", {1}, {1}, x, y);
}

TEST_P(PlantedDefects, UninitialisedValues) {
  expect("uninitialised value", "uninitialised_shared", {1}, {64}, y);
  Device unwaited("unwaited", options());
  const Result result =
      unwaited.launch("async_copy", {1}, {32}, unwaited.make(std::vector<double>(64, 1.0)),
                      unwaited.make<double>(32));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.findings[0].kind, "uninitialised value");
}

TEST_P(PlantedDefects, DivergentOrForgottenBarriers) {
  expect("lanes of one warp meet in different instructions", "divergent_shuffle", {1}, {32}, y);
  expect("divergent barrier", "barrier_missed", {1}, {64}, y);
  expect("lane not in its own mask", "not_in_mask", {1}, {32}, y);
}

TEST_P(PlantedDefects, EndlessLoopsAndStaleReadOnlyLoads) {
  expect("endless loop", "waits_forever", {1}, {32}, n + 1);
  expect("read-only load of written data", "stale_read_only", {1}, {32}, y, y);
}

TEST(Messages, NameTheThreadTheSourceLineAndTheAllocation) {
  Device device("planted");
  double* const x = device.make(std::vector<double>(20, 1.0), "x");
  const Result result = device.launch("one_past", {1}, {32}, x, device.zeros<double>(32), 20);
  ASSERT_EQ(result.findings.size(), 1u);
  const std::string& message = result.findings[0].message;
  EXPECT_NE(message.find("0 bytes past the end of x (160 bytes)"), std::string::npos) << message;
  EXPECT_NE(message.find("thread (19,0,0) of block (0,0,0)"), std::string::npos) << message;
  EXPECT_NE(message.find("planted.cu:"), std::string::npos) << message;
}

TEST(Messages, AFreedAllocationIsNamed) {
  Device device("planted");
  double* const y = device.zeros<double>(64, "scratch");
  device.engine.release_allocation(y);
  const Result result = device.launch("missing_syncwarp", {1}, {32}, y);
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.findings.back().message.find("scratch (512 bytes), which was freed"),
            std::string::npos)
      << result.findings.back().message;
}

}  // namespace
}  // namespace ptx::test
