// SIGINT and SIGTERM at random moments of every command, from before its first line to behind its
// last: what is there afterwards under a final name is whole.

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <ostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "support/data_files.hpp"
#include "tool_process.hpp"

namespace wquant::test {
namespace {

struct Command {
  const char* name;
  std::vector<std::string> arguments;
};

std::ostream& operator<<(std::ostream& out, const Command& command) { return out << command.name; }

class RandomSignals : public testing::TestWithParam<Command> {};

using Contents = std::map<std::string, std::string>;

Contents contents(const TemporaryFolder& folder) {
  Contents out;
  for (const std::string& name : folder.names()) out[name] = read_file(folder / name);
  return out;
}

std::vector<std::string> with_outputs(std::vector<std::string> arguments,
                                      const TemporaryFolder& folder) {
  const std::vector<std::string> more = {"--quiet", "--output", folder / "points.csv", "--plot",
                                         folder / "picture.svg"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST_P(RandomSignals, leave_whole_files_or_none) {
  constexpr int kSignals = 16;
  const TemporaryFolder whole;
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(run_tool(with_outputs(GetParam().arguments, whole)).code, 0);
  const auto length = std::chrono::steady_clock::now() - begin;
  const Contents expected = contents(whole);
  ASSERT_EQ(expected.size(), 2U);

  std::mt19937 random(20260101);
  std::uniform_real_distribution<double> moment(0, 1.1);
  int stopped = 0;
  for (int i = 0; i < kSignals; ++i) {
    const int number = i % 2 == 0 ? SIGINT : SIGTERM;
    const TemporaryFolder folder;
    ToolProcess tool(with_outputs(GetParam().arguments, folder));
    std::this_thread::sleep_for(length * moment(random));
    tool.signal(number);
    const ToolResult result = tool.wait();
    EXPECT_TRUE(result.code == 0 || result.code == 128 + number) << result.code << result.err;
    EXPECT_EQ(result.out, "");
    const Contents left = contents(folder);
    for (const auto& [name, content] : left) {
      ASSERT_TRUE(expected.contains(name)) << name << " is no final name";
      EXPECT_EQ(content, expected.at(name)) << name;
    }
    EXPECT_TRUE(result.code != 0 || left.size() == expected.size());
    stopped += result.code != 0;
  }
  EXPECT_GT(stopped, 0);
}

const std::string kMixture = data_file("letter_gmm_full.json");
const std::string kSamples = data_file("letter.npy");

INSTANTIATE_TEST_SUITE_P(
    Commands, RandomSignals,
    testing::Values(
        Command{"quantize_grid", {"quantize", kMixture, "--support", "20000", "--family", "grid"}},
        Command{"quantize_lloyd",
                {"quantize", data_file("letter_gmm_diag.json"), "--support", "100", "--family",
                 "lloyd"}},
        Command{"quantize_reduced",
                {"quantize", kMixture, "--support", "500", "--family", "tree",
                 "--reduced-components", "9"}},
        Command{"learn", {"learn", kSamples, "--box", "0", "15", "--clusters", "50"}},
        Command{"learn_all_bounds",
                {"learn", kSamples, "--box", "0", "15", "--clusters", "8", "--bound", "all"}}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace wquant::test
