#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "support/data_files.hpp"
#include "tool_process.hpp"

namespace wquant::test {
namespace {

using std::chrono::steady_clock;

/// Work of several seconds: writing some 600 MB of numbers.
class Interruption : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  const std::string output_ = folder_ / "points.csv";
  const std::vector<std::string> arguments_ = {
      "quantize", folder_.write("wide.json", wide_mixture(128)), "--support", "250000", "--output",
      output_};

  static std::string wide_mixture(int dimension) {
    std::string means = "0";
    std::string variances = "1";
    for (int k = 1; k < dimension; ++k) {
      means += ",0.12345678901234567";
      variances += ",1";
    }
    return R"({"weights": [1], "means": [[)" + means + R"(]], "variances": [[)" + variances + "]]}";
  }

  /// Size of the largest file that is neither the mixture nor the output; -1 if there is none.
  std::intmax_t unfinished_bytes() const {
    std::intmax_t size = -1;
    for (const std::string& name : folder_.names()) {
      if (name == "wide.json" || name == "points.csv") continue;
      std::error_code error;
      const auto bytes = std::filesystem::file_size(folder_ / name, error);
      if (!error) size = std::max(size, static_cast<std::intmax_t>(bytes));
    }
    return size;
  }

  void wait_for_bytes(ToolProcess& tool, std::intmax_t bytes) const {
    while (unfinished_bytes() < bytes) {
      ASSERT_TRUE(tool.running()) << "the work ended too early: make it larger";
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  void expect_no_output() const {
    EXPECT_EQ(folder_.names(), std::vector<std::string>{"wide.json"});
  }
};

constexpr std::intmax_t kWriting = 1 << 20;

TEST_F(Interruption, killed_while_writing_leaves_nothing_under_the_final_name) {
  ToolProcess tool(arguments_);
  wait_for_bytes(tool, kWriting);
  tool.signal(SIGKILL);
  EXPECT_EQ(tool.wait().code, 128 + SIGKILL);
  EXPECT_FALSE(std::filesystem::exists(output_));
}

TEST_F(Interruption, killed_while_writing_leaves_the_old_file_whole) {
  folder_.write("points.csv", "old");
  ToolProcess tool(arguments_);
  wait_for_bytes(tool, kWriting);
  tool.signal(SIGKILL);
  tool.wait();
  EXPECT_EQ(std::filesystem::file_size(output_), 3U);
}

TEST_F(Interruption, sigint_while_writing_ends_with_130_and_leaves_nothing) {
  ToolProcess tool(arguments_);
  wait_for_bytes(tool, kWriting);
  tool.signal(SIGINT);
  const ToolResult result = tool.wait();
  EXPECT_EQ(result.code, 130);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "wquant: interrupted\n");
  expect_no_output();
}

TEST_F(Interruption, sigint_while_computing_ends_with_130_within_two_seconds) {
  ToolProcess tool(arguments_);
  wait_for_bytes(tool, 0);
  const auto start = steady_clock::now();
  tool.signal(SIGINT);
  const ToolResult result = tool.wait();
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_EQ(result.code, 130);
  EXPECT_EQ(result.err, "wquant: interrupted\n");
  expect_no_output();
}

TEST_F(Interruption, second_sigint_ends_at_once) {
  ToolProcess tool(arguments_);
  wait_for_bytes(tool, 0);
  tool.signal(SIGINT);
  tool.signal(SIGINT);
  EXPECT_EQ(tool.wait().code, 130);
  expect_no_output();
}

TEST_F(Interruption, sigterm_leaves_nothing) {
  ToolProcess tool(arguments_);
  wait_for_bytes(tool, kWriting);
  tool.signal(SIGTERM);
  EXPECT_EQ(tool.wait().code, 128 + SIGTERM);
  expect_no_output();
}

/// A pseudo-terminal: what the tool prints to it, read until `enough` says so or the tool ends. Its
/// descriptor is negative where /dev/pts is not mounted.
class Terminal {
 public:
  Terminal() : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    grantpt(master_);
    unlockpt(master_);
    slave_ = open(ptsname(master_), O_RDWR | O_NOCTTY);
  }
  ~Terminal() {
    close(master_);
    close(slave_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  int descriptor() const { return slave_; }

  std::string read_until(ToolProcess& tool, const std::function<bool(const std::string&)>& enough) {
    std::string text;
    while (!enough(text) && (tool.running() || has_input(0))) {
      if (!has_input(10)) continue;
      char buffer[4096];
      const ssize_t count = read(master_, buffer, sizeof buffer);
      if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  bool has_input(int milliseconds) const {
    pollfd state{master_, POLLIN, 0};
    return poll(&state, 1, milliseconds) > 0;
  }

  int master_;
  int slave_ = -1;
};

TEST_F(Interruption, progress_bar_appears_on_a_terminal_after_a_second) {
  Terminal terminal;
  if (terminal.descriptor() < 0) GTEST_SKIP() << "this machine has no pseudo-terminals";
  const auto start = steady_clock::now();
  ToolProcess tool(arguments_, terminal.descriptor());
  const std::string text = terminal.read_until(
      tool, [](const std::string& seen) { return seen.find(" % ") != std::string::npos; });
  EXPECT_GE(steady_clock::now() - start, std::chrono::seconds(1));
  EXPECT_NE(text.find(" % "), std::string::npos) << text;
  EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  tool.signal(SIGINT);
  EXPECT_EQ(tool.wait().code, 130);
}

TEST_F(Interruption, short_work_shows_no_progress_bar) {
  Terminal terminal;
  if (terminal.descriptor() < 0) GTEST_SKIP() << "this machine has no pseudo-terminals";
  ToolProcess tool(
      {"quantize", data_file("letter_gmm_diag.json"), "--support", "20", "--family", "grid"},
      terminal.descriptor());
  EXPECT_EQ(terminal.read_until(tool, [](const std::string&) { return false; }), "");
  EXPECT_EQ(tool.wait().code, 0);
}

}  // namespace
}  // namespace wquant::test
