#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <ostream>
#include <regex>
#include <string>
#include <vector>

#include "refusal.hpp"
#include "tool_process.hpp"

namespace wquant::test {
namespace {

constexpr const char* kGoodMixture =
    R"({"weights": [0.5, 0.5], "means": [[0, 0], [3, 1]], "variances": [[1, 2], [0.5, 1]]})";

// ---- The mixture file ------------------------------------------------------------------------

struct BadMixture {
  const char* name;
  std::string content;
  std::vector<std::string> fragments;
};

std::ostream& operator<<(std::ostream& out, const BadMixture& bad) { return out << bad.name; }

class BadMixtureTest : public testing::TestWithParam<BadMixture> {};

TEST_P(BadMixtureTest, is_refused_in_one_line_and_nothing_is_written) {
  const TemporaryFolder folder;
  const std::string path = folder.write("bad.json", GetParam().content);
  const ToolResult result = quantize({path, "--support", "10", "--json", "--output",
                                      folder / "points.csv", "--plot", folder / "picture.svg"});
  expect_refused(result, GetParam().fragments);
  EXPECT_TRUE(result.err.starts_with("wquant: " + path + ": ")) << result.err;
  EXPECT_EQ(folder.names(), std::vector<std::string>{"bad.json"});
}

std::string with_weights(const std::string& weights) {
  return R"({"weights": )" + weights +
         R"(, "means": [[0, 0], [1, 1]], "variances": [[1, 1], [1, 1]]})";
}

std::string with_means(const std::string& means) {
  return R"({"weights": [0.5, 0.5], "means": )" + means + R"(, "variances": [[1, 1], [1, 1]]})";
}

std::string with_shapes(const std::string& shapes) {
  return R"({"weights": [0.5, 0.5], "means": [[0, 0], [1, 1]], )" + shapes + "}";
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, BadMixtureTest,
    testing::Values(
        BadMixture{"empty_file", "", {"not valid JSON", "line 1, column 1"}},
        BadMixture{"truncated", R"({"weights": [0.5,)", {"not valid JSON", "line 1", "weights[1]"}},
        BadMixture{"trailing_text", std::string(kGoodMixture) + " x", {"not valid JSON"}},
        BadMixture{"missing_comma", with_weights("[0.5 0.5]"), {"not valid JSON", "weights[1]"}},
        BadMixture{"on_line_three", "{\n\n\"weights\" 1", {"not valid JSON", "line 3"}},
        BadMixture{"broken_utf8", "{\"\xff\xfe\n", {"not valid JSON", "\\xFF"}},
        BadMixture{"an_array", "[1]", {"expected an object", "found an array"}},
        BadMixture{"a_number", "1.5", {"expected an object", "found a number"}},
        BadMixture{"null", "null", {"expected an object", "found null"}}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Keys, BadMixtureTest,
    testing::Values(
        BadMixture{"no_keys", "{}", {"missing key weights"}},
        BadMixture{"no_means", R"({"weights": [1], "variances": [[1]]})", {"missing key means"}},
        BadMixture{"no_covariances",
                   R"({"weights": [1], "means": [[1]]})",
                   {"missing key", "covariances, variances, eigenvalues"}},
        BadMixture{"no_eigenvectors",
                   with_shapes(R"("eigenvalues": [[1, 1], [1, 1]])"),
                   {"missing key eigenvectors"}},
        BadMixture{"no_eigenvalues",
                   with_shapes(R"("eigenvectors": [[1, 0], [0, 1]])"),
                   {"missing key eigenvalues"}},
        BadMixture{
            "unknown_key", R"({"weights": [1], "centres": [[1]]})", {"unknown key \"centres\""}},
        BadMixture{"unknown_key_of_two_lines", R"({"a\nb": 1})", {"unknown key \"a\\x0Ab\""}},
        BadMixture{"key_twice", R"({"weights": [1], "weights": [1]})", {"weights", "twice"}},
        BadMixture{"two_kinds_of_covariance",
                   with_shapes(R"("variances": [[1, 1], [1, 1]], "covariances": [[[1]]])"),
                   {"covariances and variances exclude each other"}},
        BadMixture{
            "variances_and_eigenvectors",
            with_shapes(R"("variances": [[1, 1], [1, 1]], "eigenvectors": [[1, 0], [0, 1]])"),
            {"variances and eigenvectors exclude each other"}}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Shapes, BadMixtureTest,
    testing::Values(
        BadMixture{"no_components",
                   R"({"weights": [], "means": [], "variances": []})",
                   {"weights: ", "empty", "K numbers"}},
        BadMixture{"no_dimensions",
                   R"({"weights": [1], "means": [[]], "variances": [[]]})",
                   {"means[0]: ", "empty", "K × d"}},
        BadMixture{
            "ragged_means", with_means("[[0, 0], [1]]"), {"means[1]: ", "expected 2", "found 1"}},
        BadMixture{"ragged_covariances",
                   with_shapes(R"("covariances": [[[1, 0], [0, 1]], [[1, 0], [0, 1, 2]]])"),
                   {"covariances[1][1]: ", "expected 2", "covariances[0][0]", "found 3"}},
        BadMixture{"too_few_means", with_means("[[0, 0]]"), {"means: ", "expected 2", "found 1"}},
        BadMixture{"flat_means", with_means("[0, 1]"), {"means[0]: ", "an array", "the number 0"}},
        BadMixture{"deep_weights", with_weights("[[0.5], [0.5]]"), {"weights[0]: ", "an array"}},
        BadMixture{"weights_are_a_number", with_weights("0.5"), {"weights: ", "the number 0.5"}},
        BadMixture{"weights_are_an_object", with_weights("{}"), {"weights: ", "an object"}},
        BadMixture{"narrow_variances",
                   with_shapes(R"("variances": [[1], [1]])"),
                   {"variances[0]: ", "expected 2", "dimension", "found 1"}},
        BadMixture{
            "covariances_not_square",
            with_shapes(R"("covariances": [[[1, 0, 0], [0, 1, 0]], [[1, 0, 0], [0, 1, 0]]])"),
            {"covariances[0][0]: ", "expected 2", "found 3"}},
        BadMixture{"eigenvectors_of_one_component",
                   with_shapes(R"("eigenvalues": [[1, 1], [1, 1]],
                                  "eigenvectors": [[[1, 0], [0, 1]]])"),
                   {"eigenvectors: ", "expected 2", "found 1"}},
        BadMixture{"eigenvectors_of_two_depths",
                   with_shapes(R"("eigenvalues": [[1, 1], [1, 1]],
                                  "eigenvectors": [[1, 0], [[0, 1]]])"),
                   {"eigenvectors[1][0]: ", "a number", "an array"}}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Values, BadMixtureTest,
    testing::Values(
        BadMixture{"string", with_weights(R"([0.5, "half"])"), {"weights[1]: ", "\"half\""}},
        BadMixture{"null_value", with_means("[[0, 0], [1, null]]"), {"means[1][1]: ", "null"}},
        BadMixture{"boolean", with_means("[[0, true], [1, 1]]"), {"means[0][1]: ", "true"}},
        BadMixture{"nan", with_means("[[0, 0], [NaN, 1]]"), {"means[1][0]: ", "finite", "NaN"}},
        BadMixture{"infinity",
                   with_means("[[0, Infinity], [1, 1]]"),
                   {"means[0][1]: ", "finite", "found Infinity"}},
        BadMixture{"minus_infinity",
                   with_means("[[-Infinity, 0], [1, 1]]"),
                   {"means[0][0]: ", "finite", "found -Infinity"}},
        BadMixture{"overflow",
                   with_shapes(R"("covariances": [[[1, 0], [0, 1]], [[1, 0], [0, 1e999]]])"),
                   {"covariances[1][1][1]: ", "finite", "1e999"}},
        BadMixture{"negative_weight", with_weights("[1.5, -0.5]"), {"weights[1]: ", "-0.5"}},
        BadMixture{"weights_sum_above_one",
                   with_weights("[0.5, 0.50000001]"),
                   {"weights: ", "1.00000001", "1e-09"}},
        BadMixture{"weights_sum_below_one", with_weights("[0.5, 0.25]"), {"weights: ", "0.75"}},
        BadMixture{"negative_variance",
                   with_shapes(R"("variances": [[1, 1], [1, -2]])"),
                   {"variances[1][1]: ", "-2"}},
        BadMixture{
            "negative_eigenvalue",
            with_shapes(R"("eigenvalues": [[1, -3], [1, 1]], "eigenvectors": [[1, 0], [0, 1]])"),
            {"eigenvalues[0]", "-3"}},
        BadMixture{
            "eigenvectors_not_orthonormal",
            with_shapes(R"("eigenvalues": [[1, 1], [1, 1]], "eigenvectors": [[1, 1], [0, 1]])"),
            {"eigenvectors", "orthonormal"}},
        BadMixture{"asymmetric_covariance",
                   with_shapes(R"("covariances": [[[1, 0], [0, 1]], [[1, 0.5], [0.25, 1]]])"),
                   {"covariances[1]", "0.25", "0.5"}},
        BadMixture{"indefinite_covariance",
                   with_shapes(R"("covariances": [[[1, 0], [0, 1]], [[1, 2], [2, 1]]])"),
                   {"covariances[1]: ", "eigenvalue", "-1"}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(MixturePath, that_does_not_exist_is_named) {
  const TemporaryFolder folder;
  const std::string path = folder / "missing.json";
  expect_refused(quantize({path, "--support", "10"}), {path, "No such file"});
}

TEST(MixturePath, that_is_a_folder_is_refused) {
  expect_refused(quantize({"/tmp", "--support", "10"}), {"/tmp: ", "directory"});
}

TEST(MixturePath, with_a_line_break_still_gives_one_line) {
  expect_refused(quantize({"a\nb.json", "--support", "10"}), {"a\\x0Ab.json", "No such file"});
}

TEST(MixturePath, that_cannot_be_read_to_its_end_is_refused) {
  expect_refused(quantize({"/proc/self/mem", "--support", "10"}),
                 {"/proc/self/mem", "cannot read"});
}

TEST(Weights, within_the_tolerance_are_normalised) {
  const TemporaryFolder folder;
  const auto path = folder.write("m.json", with_weights("[0.5, 0.5000000001]"));
  EXPECT_EQ(quantize({path, "--support", "10"}).code, 0);
}

// ---- The command line ------------------------------------------------------------------------

class CommandLine : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  const std::string mixture_ = folder_.write("m.json", kGoodMixture);

  void expect_nothing_written() const {
    EXPECT_EQ(folder_.names(), std::vector<std::string>{"m.json"});
  }
};

TEST_F(CommandLine, support_must_be_a_whole_number_up_to_a_billion) {
  for (const char* support : {"0", "-5", "1.5", "1e3", "ten", "", " 5", "5 ", "0x10", "1000000001",
                              "99999999999999999999"}) {
    const ToolResult result = quantize({mixture_, "--support=" + std::string(support)});
    expect_refused(result, {"--support"});
  }
}

TEST_F(CommandLine, refused_support_names_value_and_range) {
  expect_refused(quantize({mixture_, "--support", "-5"}), {"--support", "1", "1000000000", "'-5'"});
}

TEST_F(CommandLine, threads_must_be_a_whole_number_up_to_4096) {
  for (const char* threads : {"-1", "4097", "1000000", "99999999999999999999", "two", "1.5"}) {
    expect_refused(quantize({mixture_, "--support", "5", "--threads", threads}),
                   {"--threads", "4096", threads});
  }
}

TEST_F(CommandLine, no_threads_are_all_threads_and_many_are_as_good) {
  for (const char* threads : {"0", "1", "4096"}) {
    const ToolResult result = quantize({mixture_, "--support", "5", "--threads", threads});
    EXPECT_EQ(result.code, 0) << threads << result.err;
  }
}

TEST_F(CommandLine, usage_errors_take_one_line) {
  expect_refused(run_tool({}), {"subcommand"});
  expect_refused(run_tool({"frobnicate"}), {});
  expect_refused(run_tool({"quantize"}), {"required"});
  expect_refused(quantize({mixture_}), {"--support", "--tolerance", "exactly one"});
  expect_refused(quantize({mixture_, "--support", "5", "--tolerance", "1"}),
                 {"--support", "--tolerance", "exactly one"});
  expect_refused(quantize({mixture_, "--support"}), {"--support"});
  expect_refused(quantize({mixture_, "--support", "5", "--frobnicate"}), {"--frobnicate"});
  expect_refused(quantize({mixture_, "--support", "5", "--support", "6"}), {"--support"});
  expect_refused(quantize({mixture_, "--support", "5", "--family", "best"}), {"--family", "best"});
  expect_refused(quantize({mixture_, "--support", "5", "--device", "tpu"}), {"--device", "tpu"});
}

TEST_F(CommandLine, tolerance_must_be_a_positive_finite_number) {
  for (const char* tolerance : {"0", "-1", "nan", "inf", "1e999", "tight", "0.1x", ""}) {
    expect_refused(quantize({mixture_, std::string("--tolerance=") + tolerance}), {"--tolerance"});
  }
}

TEST_F(CommandLine, options_of_crosses_are_checked) {
  const std::vector<std::string> cross = {mixture_, "--support", "8", "--family", "cross"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), cross.begin(), cross.end());
    return quantize(more);
  };
  expect_refused(with({"--radii", "wide"}), {"--radii", "wide"});
  expect_refused(with({"--active-dimensions", "0"}), {"--active-dimensions", "'0'"});
  expect_refused(with({"--active-dimensions", "99"}), {"active_dimensions", "99"});
  for (const char* option : {"--radii=paper", "--active-dimensions=1"})
    expect_refused(quantize({mixture_, "--support", "8", "--family", "grid", option}),
                   {"only with --family cross or auto", "--family is grid"});
}

TEST_F(CommandLine, options_of_families_are_refused_elsewhere) {
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all{mixture_, "--support", "8"};
    all.insert(all.end(), more.begin(), more.end());
    return quantize(all);
  };
  expect_refused(with({"--family", "grid", "--local", "hessian"}),
                 {"--local: only with --family per-mode or auto; --family is grid"});
  expect_refused(with({"--local", "best-of-all"}), {"--local", "best-of-all"});
  expect_refused(with({"--family", "tree", "--seconds", "3"}),
                 {"--seconds: only with --family auto; --family is tree"});
  for (const char* seconds : {"0", "-1", "nan", "soon"})
    expect_refused(with({"--seconds", seconds}), {"--seconds", seconds});
  for (const char* reduce : {"0", "-1", "1.5", "many"})
    expect_refused(with({"--reduced-components", reduce}), {"--reduced-components", reduce});
}

TEST_F(CommandLine, every_scheme_runs) {
  for (const char* scheme :
       {"auto", "grid", "per-component", "cross", "per-mode", "tree", "lloyd"}) {
    const ToolResult result = quantize({mixture_, "--support", "8", "--family", scheme});
    EXPECT_EQ(result.code, 0) << scheme << result.err;
  }
  EXPECT_EQ(quantize({mixture_, "--support", "8", "--reduced-components", "1"}).code, 0);
}

TEST_F(CommandLine, help_and_version_succeed) {
  const ToolResult help = run_tool({"quantize", "--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* option : {"--support", "--tolerance", "--family", "--radii",
                             "--active-dimensions", "--local", "--reduced-components", "--seconds",
                             "--device", "--threads", "--output", "--plot", "--json", "--quiet"}) {
    EXPECT_NE(help.out.find(option), std::string::npos) << option;
  }
  const ToolResult version = run_tool({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_TRUE(std::regex_match(version.out, std::regex("wquant [0-9]+\\.[0-9]+\\.[0-9]+\n")));
}

TEST_F(CommandLine, unwritable_outputs_are_refused) {
  std::filesystem::create_directory(folder_ / "folder.json");
  std::filesystem::create_symlink("/dev/null", folder_ / "device.json");
  const struct {
    std::string path;
    std::string reason;
  } cases[] = {
      {folder_ / "missing/points.json", "No such file or directory"},
      {folder_ / "m.json/points.json", "Not a directory"},
      {folder_ / "folder.json", "directory"},
      {folder_ / "device.json", "not a regular file"},
      {mixture_, "the mixture file itself"},
      {folder_ / "points.txt", ".json, .csv and .npy"},
      {folder_ / "points", ".json, .csv and .npy"},
      {"", "--output"},
  };
  for (const auto& [path, reason] : cases) {
    expect_refused(quantize({mixture_, "--support", "5", "--output=" + path}), {path, reason});
  }
  EXPECT_EQ(folder_.names(), (std::vector<std::string>{"device.json", "folder.json", "m.json"}));
  EXPECT_EQ(read_file(mixture_), kGoodMixture);
}

TEST_F(CommandLine, unwritable_plot_is_refused_and_the_output_does_not_appear) {
  for (const std::string& plot : {folder_ / "missing/p.svg", folder_ / "p.png"}) {
    expect_refused(
        quantize({mixture_, "--support", "5", "--output", folder_ / "points.json", "--plot", plot}),
        {plot});
    expect_nothing_written();
  }
}

TEST_F(CommandLine, read_only_file_is_not_replaced) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everything";
  const std::string output = folder_.write("points.csv", "old");
  std::filesystem::permissions(output, std::filesystem::perms::owner_read);
  expect_refused(quantize({mixture_, "--support", "5", "--output", output}), {output});
  EXPECT_EQ(read_file(output), "old");
}

TEST_F(CommandLine, outputs_are_checked_before_the_mixture_is_read) {
  expect_refused(quantize({folder_ / "absent.json", "--support", "5", "--output",
                           folder_ / "missing/points.json"}),
                 {"points.json: cannot write"});
}

TEST_F(CommandLine, points_beyond_the_workspace_limit_are_refused_with_the_memory_they_need) {
  constexpr int kDimension = 4096;  // 10⁹ points take 32 TB
  std::string row(2 * kDimension - 1, '1');
  for (std::size_t i = 1; i < row.size(); i += 2) row[i] = ',';
  const auto path = folder_.write("wide.json", R"({"weights": [1], "means": [[)" + row +
                                                   R"(]], "variances": [[)" + row + "]]}");
  const ToolResult result = quantize({path, "--support", "1000000000", "--quiet"});
  expect_refused(result, {});
  EXPECT_TRUE(std::regex_search(result.err, std::regex("[0-9.]+ [TG]iB.*limit"))) << result.err;
}

TEST_F(CommandLine, cuda_without_a_gpu_ends_with_3_and_the_reason) {
  const ToolResult result =
      quantize({mixture_, "--support", "5", "--device", "cuda", "--output", folder_ / "p.csv"});
  if (result.code == 0) GTEST_SKIP() << "there is a GPU";
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_TRUE(std::regex_search(result.err, std::regex("^wquant: .*CUDA"))) << result.err;
  expect_nothing_written();
}

}  // namespace
}  // namespace wquant::test
