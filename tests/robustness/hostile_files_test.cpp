// Files and file systems that mean no good: no crash, nothing half written, no memory that the file
// only claims to need.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "npy_bytes.hpp"
#include "refusal.hpp"
#include "support/data_files.hpp"
#include "tool_process.hpp"

namespace wquant::test {
namespace {

const std::string kMixture = data_file("plane.json");
const std::string kSamples = data_file("letter.npy");

#ifdef WQUANT_SANITIZED  // and so in need of terabytes of addresses
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

class HostileFiles : public testing::Test {
 protected:
  const TemporaryFolder folder_;

  void expect_nothing_written() const { EXPECT_EQ(folder_.names(), std::vector<std::string>{}); }
};

// ---- Output ----------------------------------------------------------------------------------

/// Runs a line of shell in which $1 is an empty file system of 64 KiB, mounted where only this line
/// sees it; what is left in it is printed behind a "left:".
ToolResult run_on_small_disk(const std::string& folder, const std::string& options,
                             const std::string& line) {
  const std::string mount = "mount -t tmpfs -o size=64k" + options + " tmpfs \"$1\" && { ";
  const std::string list = "; code=$?; echo left: $(ls -A \"$1\"); exit $code; }";
  return run_shell("exec unshare -rm sh -c '" + mount + line + list + "' \"$0\" \"$1\" \"$2\"",
                   {folder, kMixture});
}

bool can_mount(const std::string& folder) {
  return run_on_small_disk(folder, "", "true").code == 0;
}

TEST_F(HostileFiles, full_disk_is_reported_and_keeps_nothing) {
  if (!can_mount(folder_ / "")) GTEST_SKIP() << "this user may not mount a file system";
  const ToolResult result = run_on_small_disk(
      folder_ / "", "",
      "\"$0\" quantize \"$2\" --support 5000 --family grid --output \"$1/points.csv\" --plot "
      "\"$1/p.svg\"");
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "left:\n");
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_NE(result.err.find("points.csv: cannot write: No space left on device"), std::string::npos)
      << result.err;
}

TEST_F(HostileFiles, full_disk_leaves_the_old_file_whole) {
  if (!can_mount(folder_ / "")) GTEST_SKIP() << "this user may not mount a file system";
  const ToolResult result = run_on_small_disk(
      folder_ / "", "",
      "echo old > \"$1/points.csv\"; \"$0\" quantize \"$2\" --support 5000 --family grid --output "
      "\"$1/points.csv\"; cat \"$1/points.csv\"");
  EXPECT_EQ(result.out, "old\nleft: points.csv\n");
}

TEST_F(HostileFiles, read_only_folder_is_refused_before_the_work) {
  if (!can_mount(folder_ / "")) GTEST_SKIP() << "this user may not mount a file system";
  const ToolResult result = run_on_small_disk(
      folder_ / "", ",ro", "\"$0\" quantize /absent.json --support 5 --output \"$1/points.csv\"");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("points.csv: cannot write: Read-only file system"), std::string::npos)
      << result.err;
}

TEST_F(HostileFiles, link_to_nothing_is_replaced_by_the_file) {
  std::filesystem::create_symlink("absent.csv", folder_ / "link.csv");
  const ToolResult result =
      quantize({kMixture, "--support", "5", "--output", folder_ / "link.csv"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(
      std::filesystem::is_regular_file(std::filesystem::symlink_status(folder_ / "link.csv")));
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"link.csv"});
}

TEST_F(HostileFiles, links_in_a_circle_are_refused) {
  std::filesystem::create_symlink("b.csv", folder_ / "a.csv");
  std::filesystem::create_symlink("a.csv", folder_ / "b.csv");
  expect_refused(quantize({kMixture, "--support", "5", "--output", folder_ / "a.csv"}),
                 {"a.csv: cannot write: Too many levels of symbolic links"});
  expect_refused(learn({folder_ / "a.csv", "--box", "0", "1"}),
                 {"a.csv: cannot read: Too many levels of symbolic links"});
  EXPECT_EQ(folder_.names(), (std::vector<std::string>{"a.csv", "b.csv"}));
}

TEST_F(HostileFiles, link_to_an_input_is_not_written_over) {
  const std::string mixture = folder_.write("m.json", read_file(kMixture));
  std::filesystem::create_symlink("m.json", folder_ / "points.json");
  expect_refused(quantize({mixture, "--support", "5", "--output", folder_ / "points.json"}),
                 {"the mixture file itself"});
  EXPECT_EQ(read_file(mixture), read_file(kMixture));
}

// ---- Input -----------------------------------------------------------------------------------

TEST_F(HostileFiles, device_without_an_end_is_refused) {
  for (const char* name : {"s.csv", "s.npy", "s.json"}) {
    std::filesystem::create_symlink("/dev/zero", folder_ / name);
    const ToolResult result = std::string(name) == "s.json"
                                  ? quantize({folder_ / name, "--support", "5"})
                                  : learn({folder_ / name, "--box", "0", "1"});
    expect_refused(result, {name, "it is a device"});
  }
}

TEST_F(HostileFiles, truncated_anywhere_are_refused_in_one_line) {
  const std::string json = read_file(kMixture);
  const std::string samples = npy(4, 2, {1, 2, 3, 4, 5, 6, 7, 8});
  for (const double part : {0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99}) {
    const auto of = [part](const std::string& whole) {
      return whole.substr(0, static_cast<std::size_t>(part * static_cast<double>(whole.size())));
    };
    expect_refused(quantize({folder_.write("m.json", of(json)), "--support", "5"}), {"m.json"});
    expect_refused(learn({folder_.write("s.npy", of(samples)), "--box", "0", "9"}), {"s.npy"});
  }
}

/// Runs the tool with that much memory, in KiB.
ToolResult run_within(std::int64_t kibibytes, const std::vector<std::string>& arguments) {
  std::vector<std::string> all = arguments;
  all.insert(all.begin(), std::to_string(kibibytes));
  return run_shell("ulimit -v $1; shift; exec \"$0\" \"$@\"", all);
}

TEST_F(HostileFiles, what_claims_a_billion_numbers_takes_no_memory_for_them) {
  if (kSanitized) GTEST_SKIP() << "sanitizers need more memory";
  constexpr std::int64_t kLimit = 300'000;
  const std::string shapes[] = {"(1000000000, 1)", "(1000000000,)", "(1000000000, 1000000000)",
                                "(1, 1000000000)", "(4611686018427387904, 2)"};
  for (const std::string& shape : shapes) {
    const auto path = folder_.write("s.npy", npy_header("<f8", shape) + std::string(64, '\0'));
    expect_refused(run_within(kLimit, {"learn", path, "--box", "0", "1"}), {"s.npy: truncated"});
  }
  std::string long_header = "\x93NUMPY\x02";
  long_header += std::string("\0\xFF\xFF\xFF\xFF{", 6);
  expect_refused(
      run_within(kLimit, {"learn", folder_.write("s.npy", long_header), "--box", "0", "1"}),
      {"s.npy: truncated"});
  expect_refused(run_within(kLimit, {"quantize",
                                     folder_.write("m.json", "{\"weights\": [1" +
                                                                 std::string(100'000, '0') + "]}"),
                                     "--support", "5"}),
                 {"m.json: weights[0]"});
  expect_refused(
      run_within(kLimit, {"learn", kSamples, "--box-file",
                          folder_.write("b.json", std::string(1'000'000, '[')), "--clusters", "5"}),
      {"b.json"});
}

// ---- Memory ----------------------------------------------------------------------------------

/// Under every limit the tool works, or says in one line that memory is short; it leaves no file.
void expect_to_fit_or_refuse(const TemporaryFolder& folder, std::vector<std::string> arguments) {
  const std::string output = folder / "points.csv";
  arguments.insert(arguments.end(), {"--threads", "1", "--quiet", "--output", output});
  int refused = 0;
  int done = 0;
  for (std::int64_t limit = 40'000; limit < 1'500'000; limit += limit / 2) {
    if (run_within(limit, {"--version"}).code != 0) continue;  // too little to start with
    const ToolResult result = run_within(limit, arguments);
    ASSERT_TRUE(result.code == 0 || result.code == 2) << limit << " " << result.code << result.err;
    EXPECT_EQ(std::filesystem::exists(output), result.code == 0);
    EXPECT_TRUE(result.code == 0 || is_one_line(result.err)) << result.err;
    (result.code == 0 ? done : refused) += 1;
    std::filesystem::remove(output);
    EXPECT_EQ(folder.names(), std::vector<std::string>{});
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(done, 0);
}

TEST_F(HostileFiles, quantizing_fits_the_memory_or_is_refused) {
  if (kSanitized) GTEST_SKIP() << "sanitizers need more memory";
  expect_to_fit_or_refuse(folder_, {"quantize", data_file("letter_gmm_diag.json"), "--support",
                                    "200000", "--family", "grid"});
}

TEST_F(HostileFiles, learning_fits_the_memory_or_is_refused) {
  if (kSanitized) GTEST_SKIP() << "sanitizers need more memory";
  expect_to_fit_or_refuse(
      folder_, {"learn", kSamples, "--box", "0", "15", "--clusters", "1500", "--train", "1500"});
}

TEST_F(HostileFiles, threads_that_the_system_refuses_leave_nothing) {
  if (kSanitized) GTEST_SKIP() << "sanitizers need more memory";
  const ToolResult result =
      run_within(400'000, {"quantize", data_file("letter_gmm_diag.json"), "--support", "200000",
                           "--family", "grid", "--threads", "4096", "--output", folder_ / "p.csv"});
  EXPECT_NE(result.code, 0);
  EXPECT_LT(result.code, 128) << result.err;
  EXPECT_EQ(result.out, "");
  expect_nothing_written();
}

}  // namespace
}  // namespace wquant::test
