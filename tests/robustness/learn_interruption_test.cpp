#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "npy_bytes.hpp"
#include "tool_process.hpp"

namespace wquant::test {
namespace {

using std::chrono::steady_clock;

/// Work of many seconds: thousands of clusters in 64 dimensions.
class LearnInterruption : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  const std::vector<std::string> arguments_ = {
      "learn",
      folder_.write("s.npy", npy(40'000, 64, uniform(40'000 * 64))),
      "--box",
      "0",
      "1",
      "--train",
      "30000",
      "--clusters",
      "3000",
      "--output",
      folder_ / "p.csv",
      "--plot",
      folder_ / "p.svg"};

  static std::vector<double> uniform(std::size_t count) {
    std::mt19937 random(3);
    std::vector<double> values(count);
    for (double& value : values) value = static_cast<double>(random()) / 0x1p32;
    return values;
  }

  /// Waits for the outputs' temporary files, and a little more.
  void wait_for_work(ToolProcess& tool, std::chrono::milliseconds more) const {
    while (folder_.names().size() < 3) {
      ASSERT_TRUE(tool.running()) << "the work ended too early: make it larger";
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(more);
    ASSERT_TRUE(tool.running()) << "the work ended too early: make it larger";
  }

  void expect_no_output() const { EXPECT_EQ(folder_.names(), std::vector<std::string>{"s.npy"}); }
};

TEST_F(LearnInterruption, sigint_ends_with_130_within_two_seconds_and_leaves_nothing) {
  for (const int milliseconds : {0, 20, 100, 500}) {
    ToolProcess tool(arguments_);
    wait_for_work(tool, std::chrono::milliseconds(milliseconds));
    const auto start = steady_clock::now();
    tool.signal(SIGINT);
    const ToolResult result = tool.wait();
    EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(2));
    EXPECT_EQ(result.code, 130);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "wquant: interrupted\n");
    expect_no_output();
  }
}

TEST_F(LearnInterruption, sigterm_leaves_nothing) {
  ToolProcess tool(arguments_);
  wait_for_work(tool, std::chrono::milliseconds(50));
  tool.signal(SIGTERM);
  EXPECT_EQ(tool.wait().code, 128 + SIGTERM);
  expect_no_output();
}

TEST_F(LearnInterruption, killed_leaves_the_old_file_whole) {
  folder_.write("p.csv", "old");
  ToolProcess tool(arguments_);
  wait_for_work(tool, std::chrono::milliseconds(50));
  tool.signal(SIGKILL);
  tool.wait();
  EXPECT_EQ(read_file(folder_ / "p.csv"), "old");
}

}  // namespace
}  // namespace wquant::test
