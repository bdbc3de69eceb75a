#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "npy_bytes.hpp"
#include "point_files.hpp"
#include "support/data_files.hpp"
#include "tool_process.hpp"

namespace wquant::test {
namespace {

using nlohmann::json;

const std::string kLetters = data_file("letter.npy");

const std::set<std::string> kKeys = {"bound",     "method", "order",  "confidence", "support",
                                     "clusters",  "train",  "eval",   "outside",    "bounds",
                                     "dimension", "device", "seconds"};

class LearnOutput : public testing::Test {
 protected:
  const TemporaryFolder folder_;

  /// n × d numbers in [0, 1], two clouds.
  static std::vector<double> clouds(std::size_t n, std::size_t d) {
    std::mt19937 random(5);
    std::vector<double> values;
    for (std::size_t i = 0; i < n * d; ++i) {
      const double uniform = static_cast<double>(random()) / 0x1p32;
      values.push_back(i / d % 3 == 0 ? 0.2 + 0.2 * uniform : 0.5 + 0.4 * uniform);
    }
    return values;
  }

  std::string cloud_file(std::size_t n, std::size_t d) const {
    return folder_.write("clouds.npy", npy(n, d, clouds(n, d)));
  }

  static json result_of(const std::string& samples, std::vector<std::string> more) {
    more.insert(more.begin(), {samples, "--json"});
    const ToolResult result = learn(more);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    EXPECT_TRUE(is_one_line(result.out));
    return json::parse(result.out);
  }

  std::string written(const std::string& samples, const std::string& name,
                      std::vector<std::string> more) const {
    more.insert(more.begin(), {samples, "--output", folder_ / name, "--quiet"});
    const ToolResult result = learn(more);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.out + result.err, "");
    return read_file(folder_ / name);
  }
};

double number(const json& bound) { return bound.is_object() ? bound.at("bound") : bound; }

TEST_F(LearnOutput, json_is_the_documented_object_and_nothing_else) {
  const json object = result_of(kLetters, {"--box", "0", "15"});
  EXPECT_EQ(keys(object), kKeys);
  EXPECT_EQ(keys(object.at("seconds")),
            (std::set<std::string>{"read", "partition", "statistics", "bound"}));
  EXPECT_EQ(object.at("method"), "split");
  EXPECT_EQ(object.at("order"), 2);
  EXPECT_EQ(object.at("confidence"), 0.999999);
  EXPECT_EQ(object.at("train"), 5000);
  EXPECT_EQ(object.at("eval"), 15000);
  EXPECT_EQ(object.at("clusters"), 100);
  EXPECT_EQ(object.at("dimension"), 16);
  EXPECT_LE(object.at("support"), 101);
  EXPECT_EQ(object.at("bound"), number(object.at("bounds").at("split")));
}

TEST_F(LearnOutput, the_split_bound_is_the_sum_of_its_parts) {
  const json object = result_of(kLetters, {"--box", "0", "15", "--order", "1"});
  const json& split = object.at("bounds").at("split");
  EXPECT_EQ(keys(split),
            (std::set<std::string>{"bound", "moment", "discrete", "routed", "capacity"}));
  const double sum = split.at("moment").get<double>() + split.at("discrete").get<double>();
  EXPECT_NEAR(object.at("bound").get<double>(), sum, 1e-9 * sum);
}

TEST_F(LearnOutput, every_bound_is_found_alone_and_in_all_of_them) {
  const std::string path = cloud_file(400, 2);
  const std::vector<std::string> options = {"--box", "0", "1", "--clusters", "6", "--order", "1"};
  const auto with = [&](const std::string& bound) {
    std::vector<std::string> more = options;
    more.insert(more.end(), {"--bound", bound});
    return result_of(path, more);
  };
  const json all = with("all");
  EXPECT_EQ(keys(all.at("bounds")),
            (std::set<std::string>{"split", "dual", "exact", "vertex", "fournier"}));
  EXPECT_EQ(all.at("method"), "split");
  for (const auto& [name, bound] : all.at("bounds").items()) {
    const json alone = with(name);
    EXPECT_EQ(alone.at("method"), name);
    EXPECT_EQ(keys(alone.at("bounds")), std::set<std::string>{name});
    EXPECT_NEAR(alone.at("bound").get<double>(), number(bound), 1e-6 * number(bound)) << name;
  }
  EXPECT_LE(number(all.at("bounds").at("exact")), number(all.at("bounds").at("dual")) + 1e-12);
}

TEST_F(LearnOutput, auto_lists_what_it_tried_and_takes_the_best) {
  const std::string path = cloud_file(800, 2);
  for (const char* samples : {"train", "eval"}) {
    const json object =
        result_of(path, {"--box", "0", "1", "--clusters", "auto", "--select-on", samples});
    std::set<std::string> expected = kKeys;
    expected.insert("tried");
    EXPECT_EQ(keys(object), expected);
    double best = std::numeric_limits<double>::infinity();
    std::int64_t clusters = 0;
    for (const json& trial : object.at("tried")) {
      if (trial.at("bound") < best) clusters = trial.at("clusters");
      best = std::min(best, trial.at("bound").get<double>());
    }
    EXPECT_EQ(object.at("clusters"), clusters);
  }
}

TEST_F(LearnOutput, the_three_formats_hold_the_same_numbers) {
  const std::vector<std::string> options = {"--box", "0", "15", "--clusters", "20"};
  const Rows rows = parse_json(written(kLetters, "p.json", options));
  std::string header;
  EXPECT_EQ(parse_csv(written(kLetters, "p.csv", options), header), rows);
  EXPECT_EQ(parse_npy(written(kLetters, "p.npy", options)), rows);
  EXPECT_EQ(header, "probability,x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16");
  double sum = 0;
  for (const auto& row : rows) {
    sum += row[0];
    for (std::size_t k = 1; k < row.size(); ++k) EXPECT_TRUE(row[k] >= 0 && row[k] <= 15);
  }
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST_F(LearnOutput, json_file_is_the_printed_object_with_the_points) {
  const std::vector<std::string> options = {"--box", "0", "15", "--clusters", "20"};
  json object = json::parse(written(kLetters, "p.json", options));
  json printed = result_of(kLetters, options);
  EXPECT_EQ(object.at("locations").size(), object.at("support"));
  for (const char* key : {"locations", "probabilities", "seconds"}) object.erase(key);
  printed.erase("seconds");
  EXPECT_EQ(object, printed);
}

TEST_F(LearnOutput, type_and_order_of_the_file_do_not_matter) {
  std::vector<double> rows;
  std::vector<double> columns;
  for (int i = 0; i < 60; ++i) rows.insert(rows.end(), {double(i * 7 % 13), double(i * 5 % 11)});
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t i = 0; i < 60; ++i) columns.push_back(rows[2 * i + k]);
  }
  std::string csv = "a;b\r\n";
  for (std::size_t i = 0; i < 120; i += 2) {
    csv += std::to_string(rows[i]) + ";" + std::to_string(rows[i + 1]) + "\r\n";
  }
  const std::vector<float> singles(rows.begin(), rows.end());
  const std::vector<std::int16_t> shorts(columns.begin(), columns.end());
  const auto learned = [&](const std::string& name, const std::string& content) {
    return written(folder_.write(name, content), "p.csv", {"--box", "0", "12", "--clusters", "4"});
  };
  const std::string f8 = learned("f8.npy", npy(60, 2, rows));
  EXPECT_EQ(learned("f8c.npy", npy_header(">f8", "(60, 2)", true) + number_bytes(columns, true)),
            f8);
  EXPECT_EQ(learned("s.csv", csv), f8);
  const std::string f4 = learned("f4.npy", npy_header("<f4", "(60, 2)") + number_bytes(singles));
  EXPECT_EQ(learned("i2.npy", npy_header(">i2", "(60, 2)", true, 2) + number_bytes(shorts, true)),
            f4);
  std::string header;
  const Rows single = parse_csv(f4, header);
  const Rows expected = parse_csv(f8, header);
  ASSERT_EQ(single.size(), expected.size());
  for (std::size_t a = 0; a < single.size(); ++a) {
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(single[a][k], expected[a][k], 1e-5);
  }
}

TEST_F(LearnOutput, thread_count_does_not_change_a_byte) {
  const auto with = [&](const std::string& name, const std::string& threads) {
    return std::regex_replace(
        written(kLetters, name, {"--box", "0", "15", "--order", "1", "--threads", threads}),
        std::regex("\"seconds\": \\{[^}]*\\}"), "");
  };
  for (const std::string name : {"p.npy", "p.json"}) {
    const std::string one = with(name, "1");
    EXPECT_EQ(with(name, "2"), one);
    EXPECT_EQ(with(name, "8"), one);
  }
}

TEST_F(LearnOutput, seed_changes_the_split_of_the_samples) {
  const auto with = [&](const std::string& seed) {
    return written(kLetters, "p.csv", {"--box", "0", "15", "--clusters", "20", "--seed", seed});
  };
  EXPECT_EQ(with("3"), with("3"));
  EXPECT_NE(with("3"), with("4"));
}

// ---- Hard samples ----------------------------------------------------------------------------

void expect_finite_bounds(const json& object, double diameter) {
  for (const auto& [name, bound] : object.at("bounds").items()) {
    EXPECT_TRUE(std::isfinite(number(bound))) << name;
    EXPECT_GE(number(bound), 0) << name;
    if (name == "fournier") continue;  // its constants may give more
    EXPECT_LE(number(bound), 4 * diameter) << name;
  }
}

TEST_F(LearnOutput, constant_samples_are_one_point) {
  for (const char* order : {"1", "2"}) {
    const json object =
        result_of(folder_.write("c.npy", npy(200, 3, std::vector<double>(600, 0.25))),
                  {"--box", "0", "1", "--bound", "all", "--order", order, "--clusters", "5"});
    EXPECT_EQ(object.at("support"), 1);
    expect_finite_bounds(object, std::sqrt(3));
    EXPECT_GT(object.at("bound"), 0);  // elsewhere may be samples that have not been seen
  }
}

TEST_F(LearnOutput, box_without_extent_gives_no_distance) {
  const std::string samples = folder_.write("c.csv", "1,2\n1,2\n1,2\n1,2\n1,2\n");
  const std::string box = folder_.write("b.csv", "1,2\n1,2\n");
  const json object =
      result_of(samples, {"--box-file", box, "--bound", "all", "--time-limit", "1"});
  EXPECT_EQ(object.at("support"), 1);
  for (const auto& [name, bound] : object.at("bounds").items()) {
    EXPECT_NEAR(number(bound), 0, 1e-12) << name;
  }
}

TEST_F(LearnOutput, duplicated_points_and_more_clusters_than_points_are_accepted) {
  std::vector<double> values;
  for (int i = 0; i < 300; ++i) values.insert(values.end(), {i % 3 * 0.5, i % 2 * 1.0});
  const std::string path = folder_.write("d.npy", npy(300, 2, values));
  for (const char* clusters : {"1", "6", "50", "1000"}) {
    const json object = result_of(
        path, {"--box", "0", "1", "--clusters", clusters, "--bound", "all", "--time-limit", "1"});
    EXPECT_GE(object.at("support"), 1);
    expect_finite_bounds(object, std::sqrt(2));
  }
}

TEST_F(LearnOutput, more_clusters_than_training_samples_are_the_samples) {
  const std::string path = cloud_file(100, 2);
  const json object = result_of(path, {"--box", "0", "1", "--train", "10", "--clusters", "50"});
  EXPECT_EQ(object.at("train"), 10);
  EXPECT_EQ(object.at("eval"), 90);
  EXPECT_LE(object.at("clusters"), 10);
}

TEST_F(LearnOutput, one_dimension_and_a_thousand_are_learned) {
  for (const std::size_t d : {std::size_t{1}, std::size_t{1000}}) {
    const json object = result_of(cloud_file(200, d), {"--box", "0", "1", "--clusters", "5",
                                                       "--bound", "all", "--time-limit", "1"});
    EXPECT_EQ(object.at("dimension"), d);
    expect_finite_bounds(object, std::sqrt(static_cast<double>(d)));
  }
}

TEST_F(LearnOutput, one_dimension_may_be_a_flat_array) {
  const std::vector<double> values = clouds(100, 1);
  const std::string flat =
      folder_.write("flat.npy", npy_header("<f8", "(100,)") + number_bytes(values));
  const std::vector<std::string> options = {"--box", "0", "1", "--clusters", "5"};
  EXPECT_EQ(written(flat, "a.csv", options), written(cloud_file(100, 1), "b.csv", options));
}

// ---- For people ------------------------------------------------------------------------------

TEST_F(LearnOutput, report_states_bounds_that_are_not_below_the_exact_ones) {
  const std::string path = cloud_file(400, 2);
  const std::vector<std::string> options = {path, "--box",   "0", "1",       "--clusters",
                                            "6",  "--order", "1", "--bound", "all"};
  const ToolResult human = learn(options);
  ASSERT_EQ(human.code, 0) << human.err;
  EXPECT_EQ(human.err, "");
  const json object = result_of(path, {options.begin() + 1, options.end()});
  std::smatch match;
  ASSERT_TRUE(std::regex_search(human.out, match, std::regex("^W₁ ≤ ([0-9.]+) with"))) << human.out;
  EXPECT_GE(std::stod(match[1]), object.at("bound").get<double>());
  EXPECT_LE(std::stod(match[1]), object.at("bound").get<double>() * (1 + 1e-5));
  for (const char* name : {"split", "dual", "exact", "vertex", "fournier"}) {
    ASSERT_TRUE(std::regex_search(human.out, match,
                                  std::regex(std::string("\n  ") + name + " +([0-9.]+) ")))
        << human.out;
    EXPECT_GE(std::stod(match[1]), number(object.at("bounds").at(name)));
  }
  EXPECT_NE(human.out.find("each alone with probability 0.999999"), std::string::npos);
}

TEST_F(LearnOutput, quiet_prints_nothing_but_what_json_asks_for) {
  const ToolResult quiet = learn({kLetters, "--box", "0", "15", "--clusters", "5", "--quiet"});
  EXPECT_EQ(quiet.code, 0);
  EXPECT_EQ(quiet.out + quiet.err, "");
}

TEST_F(LearnOutput, full_disk_is_reported_and_leaves_nothing) {
  const ToolResult result = run_shell(
      "ulimit -f 8; \"$0\" learn \"$1\" --box 0 15 --clusters 50 --output \"$2\" --plot \"$3\"",
      {kLetters, folder_ / "points.csv", folder_ / "p.svg"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("points.csv: cannot write: File too large"), std::string::npos)
      << result.err;
  EXPECT_EQ(folder_.names(), std::vector<std::string>{});
}

}  // namespace
}  // namespace wquant::test
