#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "npy_bytes.hpp"
#include "refusal.hpp"
#include "tool_process.hpp"

namespace wquant::test {
namespace {

/// 40 × 2, inside [0, 1]².
std::vector<double> good_values() {
  std::vector<double> values;
  for (int i = 0; i < 40; ++i) {
    values.push_back((i * 37 % 101) / 101.0);
    values.push_back((i * 61 % 97) / 97.0);
  }
  return values;
}

class LearnBadInput : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  const std::string samples_ = folder_.write("s.npy", npy(40, 2, good_values()));

  static std::vector<std::string> joined(std::vector<std::string> first,
                                         const std::vector<std::string>& more) {
    first.insert(first.end(), more.begin(), more.end());
    return first;
  }

  ToolResult with(const std::vector<std::string>& more) const {
    return learn(joined({samples_, "--box", "0", "1"}, more));
  }

  /// Refused, and nothing is left in the folder but what was there.
  void expect_samples_refused(const std::string& name, const std::string& content,
                              const std::vector<std::string>& fragments) const {
    const std::string path = folder_.write(name, content);
    const auto before = folder_.names();
    const ToolResult result = learn({path, "--box", "0", "1", "--json", "--output",
                                     folder_ / "p.csv", "--plot", folder_ / "p.svg"});
    expect_refused(result, joined(fragments, {path}));
    EXPECT_EQ(folder_.names(), before);
  }
};

// ---- Samples ---------------------------------------------------------------------------------

TEST_F(LearnBadInput, samples_outside_the_box_are_named_by_their_row_in_the_file) {
  std::vector<double> values = good_values();
  values[2 * 23 + 1] = 1.5;
  values[2 * 31] = -0.25;
  expect_samples_refused("out.npy", npy(40, 2, values), {"[23][1]", "found 1.5", "2 of 40"});
  expect_samples_refused("out.csv", "x,y\n0,0\n0.5,0.5\n2,0\n1,1\n",
                         {"[2][0]", "found 2", "1 of 4"});
}

TEST_F(LearnBadInput, the_box_is_closed_and_exact) {
  std::vector<double> values = good_values();
  values[3] = 1;
  values[4] = 0;
  EXPECT_EQ(learn({folder_.write("edge.npy", npy(40, 2, values)), "--box", "0", "1"}).code, 0);
  values[3] = std::nextafter(1.0, 2.0);
  expect_samples_refused("beyond.npy", npy(40, 2, values), {"[1][1]", "1.0000000000000002"});
}

TEST_F(LearnBadInput, samples_that_are_not_finite_are_refused) {
  std::vector<double> values = good_values();
  values[7] = std::numeric_limits<double>::quiet_NaN();
  expect_samples_refused("nan.npy", npy(40, 2, values), {"[3][1]", "nan"});
  expect_samples_refused("inf.csv", "0,0\n0,inf\n1,1\n1,0\n", {"line 2, column 2", "'inf'"});
}

TEST_F(LearnBadInput, too_few_samples_are_refused) {
  expect_samples_refused("two.npy", npy(2, 1, {0, 1}), {"at least 3", "found 2"});
  EXPECT_EQ(learn({folder_.write("three.npy", npy(3, 1, {0, 0.5, 1})), "--box", "0", "1"}).code, 0);
}

TEST_F(LearnBadInput, at_least_two_samples_must_be_left_to_evaluate) {
  EXPECT_EQ(with({"--train", "38"}).code, 0);
  for (const char* train : {"39", "40", "41"}) {
    expect_refused(with({"--train", train}), {"--train", "at most 38", train});
  }
  for (const char* train : {"0", "-1", "half", "1.5", ""}) {
    expect_refused(with({std::string("--train=") + train}), {"--train"});
  }
}

TEST_F(LearnBadInput, files_that_hold_no_samples_are_refused) {
  expect_samples_refused("empty.npy", "", {"truncated"});
  expect_samples_refused("empty.csv", "", {"the end"});
  expect_samples_refused("none.npy", npy(0, 2, {}), {"shape"});
  expect_samples_refused("cut.npy", npy(40, 2, good_values()).substr(0, 400), {"truncated"});
  expect_samples_refused("lie.npy", npy(std::size_t{1} << 50, 2, {1, 2}), {"truncated"});
  expect_samples_refused("text.npy", "0,1\n0,1\n1,0\n", {"NUMPY"});
  expect_samples_refused("pickle.npy", npy_header("|O", "(1,)") + "\x80\x04.", {"pickled"});
  expect_samples_refused("ragged.csv", "0,1\n0\n", {"line 2"});
  expect_samples_refused("garbage.csv", "x\n\x01\x02\n", {"line 2, column 1", "\\x01"});
  expect_samples_refused("samples.txt", "0\n1\n", {".npy nor .csv"});
}

TEST_F(LearnBadInput, sample_files_that_cannot_be_read_are_named) {
  expect_refused(learn({folder_ / "absent.npy", "--box", "0", "1"}),
                 {"absent.npy", "No such file"});
  std::filesystem::create_directory(folder_ / "folder.npy");
  expect_refused(learn({folder_ / "folder.npy", "--box", "0", "1"}), {"directory"});
  expect_refused(learn({}), {"required"});
}

// ---- Box -------------------------------------------------------------------------------------

TEST_F(LearnBadInput, exactly_one_box_is_needed) {
  const std::string box = folder_.write("box.csv", "0,0\n1,1\n");
  expect_refused(learn({samples_}), {"--box", "--box-file", "exactly one"});
  expect_refused(with({"--box-file", box}), {"--box", "--box-file", "exactly one"});
  EXPECT_EQ(learn({samples_, "--box-file", box}).code, 0);
}

TEST_F(LearnBadInput, box_must_be_two_finite_numbers_in_order) {
  const auto boxed = [&](const std::string& low, const std::string& high) {
    return learn({samples_, "--box", low, high});
  };
  expect_refused(boxed("1", "0"), {"--box", "LO ≤ HI", "1 0"});
  expect_refused(boxed("0", "one"), {"--box", "'one'"});
  expect_refused(boxed("nan", "1"), {"--box", "'nan'"});
  expect_refused(boxed("0", "inf"), {"--box", "'inf'"});
  expect_refused(boxed("-inf", "1"), {"--box", "'-inf'"});
  expect_refused(learn({samples_, "--box", "1"}), {"--box"});
  expect_refused(learn({samples_, "--box", "0", "1e200"}), {"1e+200", "1e+150"});
}

TEST_F(LearnBadInput, box_may_be_negative) {
  for (const char* low : {"-0.5", "-.5", "-1e2"}) {
    EXPECT_EQ(learn({samples_, "--box", low, "1"}).code, 0) << low;
  }
}

TEST_F(LearnBadInput, box_file_is_checked) {
  const auto with_file = [&](const std::string& name, const std::string& content) {
    return learn({samples_, "--box-file", folder_.write(name, content)});
  };
  expect_refused(with_file("b.csv", "0,0,0\n1,1,1\n"),
                 {"b.csv", "expected 2 dimensions", "found 3"});
  expect_refused(with_file("b.csv", "0,2\n1,1\n"), {"b.csv", "lower[1]"});
  expect_refused(with_file("b.json", R"({"lower": [0, 0]})"), {"b.json", "missing key upper"});
  expect_refused(learn({samples_, "--box-file", folder_ / "absent.json"}),
                 {"absent.json", "No such file"});
}

// ---- Options ---------------------------------------------------------------------------------

TEST_F(LearnBadInput, clusters_must_be_a_positive_number_or_auto) {
  for (const char* clusters : {"0", "-3", "1.5", "many", "1000001", ""}) {
    expect_refused(with({std::string("--clusters=") + clusters}), {"--clusters"});
  }
  EXPECT_EQ(with({"--clusters", "auto"}).code, 0);
}

TEST_F(LearnBadInput, confidence_lies_strictly_between_0_and_1) {
  for (const char* confidence : {"0", "1", "-0.5", "1.5", "0.99999999999999999999"}) {
    expect_refused(with({"--confidence", confidence}),
                   {"--confidence", "between 0 and 1", confidence});
  }
  for (const char* confidence : {"nan", "sure", ""}) {
    expect_refused(with({std::string("--confidence=") + confidence}), {"--confidence"});
  }
}

TEST_F(LearnBadInput, other_values_are_checked) {
  for (const char* order : {"0", "3", "-1", "two", "1.5"}) {
    expect_refused(with({"--order", order}), {"--order", order});
  }
  for (const char* limit : {"-1", "0", "nan", "inf", "soon"}) {
    expect_refused(with({"--bound", "exact", "--time-limit", limit}), {"--time-limit", limit});
  }
  for (const char* seed : {"-1", "x", "9223372036854775808"}) {
    expect_refused(with({"--seed", seed}), {"--seed", seed});
  }
  for (const char* threads : {"-1", "4097", "1000000"})
    expect_refused(with({"--threads", threads}), {"--threads", threads});
  EXPECT_EQ(with({"--threads", "0"}).code, 0);
  expect_refused(with({"--bound", "best"}), {"--bound", "best"});
  expect_refused(with({"--moment", "none"}), {"--moment", "none"});
  expect_refused(with({"--costs", "none"}), {"--costs", "none"});
  expect_refused(with({"--select-on", "none"}), {"--select-on", "none"});
  expect_refused(with({"--device", "tpu"}), {"--device", "tpu"});
  expect_refused(with({"--frobnicate"}), {"--frobnicate"});
}

TEST_F(LearnBadInput, options_without_effect_are_refused) {
  expect_refused(with({"--bound", "dual", "--moment", "betting"}),
                 {"--moment: only with --bound split or all; --bound is dual"});
  expect_refused(
      with({"--costs", "paper"}),
      {"--costs, --time-limit: only with --bound dual, exact, vertex or all; --bound is"});
  expect_refused(with({"--bound", "fournier", "--time-limit", "3"}), {"--time-limit", "fournier"});
  expect_refused(with({"--select-on", "eval"}), {"--select-on", "--clusters auto", "100"});
}

TEST_F(LearnBadInput, outputs_must_not_be_inputs) {
  const std::string box = folder_.write("box.csv", "0,0\n1,1\n");
  expect_refused(with({"--output", samples_}), {samples_, "the sample file itself"});
  expect_refused(learn({samples_, "--box-file", box, "--output", box}), {"the box file itself"});
  EXPECT_EQ(read_file(samples_), npy(40, 2, good_values()));
}

TEST_F(LearnBadInput, outputs_are_checked_before_the_samples_are_read) {
  expect_refused(learn({folder_ / "absent.npy", "--box", "0", "1", "--output",
                        folder_ / "missing/points.json"}),
                 {"points.json: cannot write"});
  expect_refused(with({"--output", folder_ / "p.txt"}), {".json, .csv and .npy"});
  expect_refused(with({"--output", folder_ / "p.json", "--plot", folder_ / "p.png"}), {".svg"});
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"s.npy"});
}

TEST_F(LearnBadInput, cuda_without_a_gpu_ends_with_3_and_the_reason) {
  const ToolResult result = with({"--device", "cuda"});
  if (result.code == 0) GTEST_SKIP() << "there is a GPU";
  EXPECT_EQ(result.code, 3);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
}

TEST_F(LearnBadInput, help_names_every_option) {
  const ToolResult help = run_tool({"learn", "--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* option :
       {"--box", "--box-file", "--train", "--clusters", "--select-on", "--order", "--confidence",
        "--bound", "--moment", "--costs", "--time-limit", "--seed", "--device", "--threads",
        "--output", "--plot", "--json", "--quiet", "each of which holds alone"}) {
    EXPECT_NE(help.out.find(option), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace wquant::test
