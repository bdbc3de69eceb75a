#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "point_files.hpp"
#include "support/data_files.hpp"
#include "tool_process.hpp"

namespace wquant::test {
namespace {

using nlohmann::json;

const std::string kLetters = data_file("letter_gmm_diag.json");
const std::string kFullLetters = data_file("letter_gmm_full.json");

const std::set<std::string> kResultKeys = {"w2",         "support",   "family", "certificate",
                                           "components", "dimension", "device", "seconds"};

class Output : public testing::Test {
 protected:
  const TemporaryFolder folder_;

  /// Runs the tool on `mixture` and returns what it wrote to a file of this name.
  std::string written(const std::string& mixture, const std::string& name,
                      std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {mixture, "--support", "200", "--output", folder_ / name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ToolResult result = quantize(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    return read_file(folder_ / name);
  }
};

TEST_F(Output, json_on_standard_output_is_the_documented_object_and_nothing_else) {
  const ToolResult result = quantize({kLetters, "--support", "200", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(is_one_line(result.out));
  const json object = json::parse(result.out);
  EXPECT_EQ(keys(object), kResultKeys);
  EXPECT_EQ(keys(object.at("certificate")),
            (std::set<std::string>{"cells", "dropped", "reduction", "basis", "rounding"}));
  EXPECT_EQ(keys(object.at("seconds")), (std::set<std::string>{"scheme", "apply"}));
  EXPECT_EQ(object.at("components"), 64);
  EXPECT_EQ(object.at("dimension"), 16);
  EXPECT_LE(object.at("support"), 200);
  EXPECT_GE(object.at("support"), 1);
}

TEST_F(Output, w2_is_the_sum_of_its_parts) {
  const ToolResult result = quantize({kFullLetters, "--support", "300", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const json object = json::parse(result.out);
  const json& part = object.at("certificate");
  const double sum = std::sqrt(part.at("cells").get<double>() + part.at("dropped").get<double>()) +
                     part.at("reduction").get<double>() + part.at("basis").get<double>() +
                     part.at("rounding").get<double>();
  EXPECT_NEAR(object.at("w2").get<double>(), sum, 1e-12 * sum);
  EXPECT_GT(object.at("w2").get<double>(), 0);
}

TEST_F(Output, the_three_formats_hold_the_same_numbers) {
  for (const std::string& mixture : {kLetters, kFullLetters}) {
    const Rows rows = parse_json(written(mixture, "points.json"));
    std::string header;
    EXPECT_EQ(parse_csv(written(mixture, "points.csv"), header), rows);
    EXPECT_EQ(parse_npy(written(mixture, "points.npy")), rows);
    EXPECT_EQ(header, "probability,x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16");
  }
}

TEST_F(Output, json_file_is_the_printed_object_with_the_points) {
  json object = json::parse(written(kLetters, "points.json"));
  const ToolResult result = quantize({kLetters, "--support", "200", "--json"});
  json printed = json::parse(result.out);
  EXPECT_EQ(object.at("locations").size(), object.at("support"));
  EXPECT_EQ(object.at("probabilities").size(), object.at("support"));
  for (const json& location : object.at("locations")) EXPECT_EQ(location.size(), 16U);
  for (const char* key : {"locations", "probabilities", "seconds"}) object.erase(key);
  printed.erase("seconds");
  EXPECT_EQ(object, printed);
}

TEST_F(Output, probabilities_sum_to_one_and_points_have_the_mean_of_the_mixture) {
  const Rows rows = parse_npy(written(kLetters, "points.npy"));
  const json mixture = json::parse(read_file(kLetters));
  std::vector<double> sum(17, 0.0);
  for (const auto& row : rows) {
    EXPECT_GE(row[0], 0);
    sum[0] += row[0];
    for (std::size_t k = 1; k < row.size(); ++k) sum[k] += row[0] * row[k];
  }
  EXPECT_NEAR(sum[0], 1, 1e-12);
  for (std::size_t k = 0; k < 16; ++k) {
    double mean = 0;
    for (std::size_t i = 0; i < 64; ++i) {
      mean += mixture["weights"][i].get<double>() * mixture["means"][i][k].get<double>();
    }
    EXPECT_NEAR(sum[k + 1], mean, 1e-9);
  }
}

TEST_F(Output, all_ways_to_write_a_covariance_mean_the_same) {
  const std::string start = R"({"weights": [0.25, 0.75], "means": [[0, 1], [2, 3]], )";
  const std::string ends[] = {
      R"("variances": [[4, 1], [0.25, 2]]})",
      R"("covariances": [[[4, 0], [0, 1]], [[0.25, 0], [0, 2]]]})",
      R"("eigenvalues": [[4, 1], [0.25, 2]], "eigenvectors": [[1, 0], [0, 1]]})",
      R"("eigenvalues": [[4, 1], [2, 0.25]],
         "eigenvectors": [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]})"};
  std::vector<double> certificates;
  for (const std::string& end : ends) {
    const auto path = folder_.write("m.json", start + end);
    const ToolResult result = quantize({path, "--support", "40", "--json"});
    ASSERT_EQ(result.code, 0) << result.err;
    certificates.push_back(json::parse(result.out).at("w2").get<double>());
  }
  for (const double w2 : certificates) EXPECT_NEAR(w2, certificates[0], 1e-9);
}

TEST_F(Output, thread_count_does_not_change_a_byte) {
  for (const std::string name : {"points.csv", "points.npy"}) {
    const std::string one = written(kFullLetters, name, {"--threads", "1"});
    EXPECT_EQ(written(kFullLetters, name, {"--threads", "2"}), one);
    EXPECT_EQ(written(kFullLetters, name, {"--threads", "8"}), one);
  }
  const auto without_times = [](const std::string& text) {
    return std::regex_replace(text, std::regex("\"seconds\": \\{[^}]*\\}"), "");
  };
  const std::string one = without_times(written(kFullLetters, "points.json", {"--threads", "1"}));
  EXPECT_EQ(without_times(written(kFullLetters, "points.json", {"--threads", "2"})), one);
}

TEST_F(Output, auto_is_no_worse_than_any_family) {
  const auto w2 = [&](const std::string& scheme) {
    const ToolResult result =
        quantize({kLetters, "--support", "200", "--json", "--family", scheme});
    EXPECT_EQ(result.code, 0) << result.err;
    const json object = json::parse(result.out);
    EXPECT_TRUE(scheme == "auto" || object.at("family") == scheme);
    return object.at("w2").get<double>();
  };
  const double best = w2("auto");
  EXPECT_LE(best, w2("grid"));
  EXPECT_LE(best, w2("per-component"));
}

TEST_F(Output, tolerance_gives_the_smallest_support_that_meets_it) {
  const auto run = [&](const std::string& option, const std::string& value) {
    return json::parse(
        quantize({kLetters, option, value, "--family", "per-component", "--json"}).out);
  };
  const json found = run("--tolerance", "0.45");
  EXPECT_LE(found.at("w2").get<double>(), 0.45);
  const auto support = found.at("support").get<std::int64_t>();
  ASSERT_GT(support, 1);
  EXPECT_GT(run("--support", std::to_string(support - 1)).at("w2").get<double>(), 0.45);
}

TEST_F(Output, crosses_of_all_kinds_are_written) {
  for (const char* radii : {"optimal", "paper", "unscented"}) {
    const std::string path = folder_ / "cross.csv";
    const ToolResult result =
        quantize({data_file("plane.json"), "--support", "24", "--family", "cross", "--radii", radii,
                  "--active-dimensions", "2", "--output", path, "--json"});
    EXPECT_EQ(result.code, 0) << result.err;
    const json object = json::parse(result.out);
    EXPECT_EQ(object.at("family"), "cross");
    std::string header;
    EXPECT_EQ(parse_csv(read_file(path), header).size(), object.at("support").get<std::size_t>());
  }
}

TEST_F(Output, device_auto_and_cpu_work) {
  for (const char* device : {"auto", "cpu"}) {
    const ToolResult result = quantize({kLetters, "--support", "50", "--device", device, "--json"});
    ASSERT_EQ(result.code, 0) << result.err;
    const std::string used = json::parse(result.out).at("device");
    EXPECT_TRUE(used == "cpu" || (used == "cuda" && std::string(device) == "auto")) << used;
  }
}

TEST_F(Output, quiet_prints_nothing_but_what_json_asks_for) {
  const ToolResult quiet = quantize({kLetters, "--support", "50", "--quiet"});
  EXPECT_EQ(quiet.code, 0);
  EXPECT_EQ(quiet.out + quiet.err, "");
  const ToolResult both = quantize({kLetters, "--support", "50", "--quiet", "--json"});
  EXPECT_EQ(both.code, 0);
  EXPECT_EQ(keys(json::parse(both.out)), kResultKeys);
}

TEST_F(Output, human_report_states_a_bound_that_is_not_below_the_certificate) {
  const ToolResult human = quantize({kLetters, "--support", "50", "--output", folder_ / "p.csv"});
  const ToolResult exact = quantize({kLetters, "--support", "50", "--json"});
  EXPECT_EQ(human.err, "");
  std::smatch match;
  ASSERT_TRUE(std::regex_search(human.out, match, std::regex("^W₂ ≤ ([0-9.]+) with"))) << human.out;
  const double w2 = json::parse(exact.out).at("w2").get<double>();
  EXPECT_GE(std::stod(match[1]), w2);
  EXPECT_LE(std::stod(match[1]), w2 * (1 + 1e-5));
  for (const std::string& word :
       {std::string("cells"), std::string("dropped"), std::string("reduction"),
        std::string("basis"), std::string("rounding"), std::string("tried"), folder_ / "p.csv"}) {
    EXPECT_NE(human.out.find(word), std::string::npos) << word;
  }
}

TEST_F(Output, slightly_indefinite_covariance_is_used_and_noted) {
  const auto path = folder_.write(
      "m.json", R"({"weights": [1], "means": [[0, 0]], "covariances": [[[1, 0], [0, -1e-9]]]})");
  const ToolResult result = quantize({path, "--support", "4"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("negative eigenvalues, at most 1e-09"), std::string::npos)
      << result.out;
}

TEST_F(Output, existing_file_is_replaced_and_keeps_its_permissions) {
  const std::string path = folder_.write("points.csv", "old");
  std::filesystem::permissions(path, std::filesystem::perms{0640});
  EXPECT_NE(written(kLetters, "points.csv"), "old");
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms{0640});
}

TEST_F(Output, symbolic_link_is_followed) {
  folder_.write("target.csv", "old");
  std::filesystem::create_symlink("target.csv", folder_ / "link.csv");
  const std::string content = written(kLetters, "link.csv");
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link.csv"));
  EXPECT_EQ(read_file(folder_ / "target.csv"), content);
  EXPECT_EQ(folder_.names(), (std::vector<std::string>{"link.csv", "target.csv"}));
}

TEST_F(Output, mixture_can_come_through_a_pipe) {
  const ToolResult piped = run_shell(
      "cat \"$1\" | \"$0\" quantize /dev/stdin --support 50 --family grid --json", {kLetters});
  ASSERT_EQ(piped.code, 0) << piped.err;
  const ToolResult direct = quantize({kLetters, "--support", "50", "--family", "grid", "--json"});
  EXPECT_EQ(json::parse(piped.out).at("w2"), json::parse(direct.out).at("w2"));
}

TEST_F(Output, full_disk_is_reported_and_leaves_nothing) {
  const ToolResult result =
      run_shell("ulimit -f 8; \"$0\" quantize \"$1\" --support 1000 --output \"$2\" --plot \"$3\"",
                {kLetters, folder_ / "points.csv", folder_ / "p.svg"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_NE(result.err.find("points.csv: cannot write: File too large"), std::string::npos)
      << result.err;
  EXPECT_EQ(folder_.names(), std::vector<std::string>{});
}

TEST_F(Output, full_standard_output_is_reported) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP();
  const ToolResult result =
      run_shell("\"$0\" quantize \"$1\" --support 10 --json > /dev/full", {kLetters});
  EXPECT_EQ(result.code, 1);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
}

}  // namespace
}  // namespace wquant::test
