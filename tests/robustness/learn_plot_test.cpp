#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include "npy_bytes.hpp"
#include "support/data_files.hpp"
#include "tool_process.hpp"
#include "xml_problem.hpp"

namespace wquant::test {
namespace {

using nlohmann::json;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

class LearnPlot : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  json object_;

  std::string draw(const std::string& samples, std::vector<std::string> more) {
    more.insert(more.begin(),
                {samples, "--plot", folder_ / "p.svg", "--output", folder_ / "p.json", "--quiet"});
    const ToolResult result = learn(more);
    EXPECT_EQ(result.code, 0) << result.err;
    object_ = json::parse(read_file(folder_ / "p.json"));
    std::string svg = read_file(folder_ / "p.svg");
    EXPECT_EQ(xml_problem(svg), "");
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_EQ(svg.find("inf"), std::string::npos);
    return svg;
  }

  std::string uniform(std::size_t n, std::size_t d, double scale = 1) const {
    std::mt19937 random(9);
    std::vector<double> values;
    for (std::size_t i = 0; i < n * d; ++i) {
      values.push_back(scale * static_cast<double>(random()) / 0x1p32);
    }
    return folder_.write("u.npy", npy(n, d, values));
  }
};

TEST_F(LearnPlot, shows_points_balls_samples_and_the_bound) {
  const std::string svg = draw(uniform(400, 3), {"--box", "0", "1", "--clusters", "7"});
  EXPECT_EQ(count(svg, "<circle "), object_.at("support").get<std::size_t>());
  EXPECT_EQ(count(svg, "<ellipse "), 7U);
  EXPECT_EQ(count(svg, "h0"), 300U);
  std::smatch match;
  ASSERT_TRUE(std::regex_search(
      svg, match,
      std::regex("W₂ ≤ ([0-9.]+) with confidence 0.999999 · ([0-9]+) points? · d = 3")));
  EXPECT_GE(std::stod(match[1]), object_.at("bound").get<double>());
  EXPECT_LE(std::stod(match[1]), object_.at("bound").get<double>() * 1.001);
  EXPECT_NE(svg.find(">principal axis 2 ("), std::string::npos);
}

TEST_F(LearnPlot, many_samples_are_thinned_and_the_caption_says_so) {
  const std::string svg = draw(data_file("letter.npy"), {"--box", "0", "15", "--clusters", "20"});
  EXPECT_EQ(count(svg, "h0"), 4000U);
  EXPECT_NE(svg.find("4000 of 15000 samples"), std::string::npos);
}

TEST_F(LearnPlot, of_one_dimension_is_a_histogram_with_intervals) {
  const std::string svg = draw(uniform(400, 1), {"--box", "0", "1", "--clusters", "7"});
  EXPECT_NE(svg.find(">density<"), std::string::npos);
  EXPECT_NE(svg.find("7 intervals"), std::string::npos);
  EXPECT_EQ(count(svg, "<circle "), object_.at("support").get<std::size_t>());
}

TEST_F(LearnPlot, draws_degenerate_samples) {
  const std::string constant = folder_.write("c.npy", npy(20, 2, std::vector<double>(40, 0.5)));
  draw(constant, {"--box", "0", "1"});
  draw(folder_.write("c1.npy", npy(20, 1, std::vector<double>(20, 0.5))), {"--box", "0", "1"});
  draw(folder_.write("few.csv", "0\n1\n1\n"), {"--box", "0", "1"});
  draw(uniform(60, 2, 1e-200), {"--box", "0", "1"});
  draw(uniform(60, 2, 1e100), {"--box", "0", "1e100", "--order", "1"});
  draw(uniform(60, 300), {"--box", "0", "1", "--clusters", "3"});
}

TEST_F(LearnPlot, of_fournier_has_no_balls) {
  const std::string svg = draw(uniform(60, 2), {"--box", "0", "1", "--bound", "fournier"});
  EXPECT_EQ(count(svg, "<ellipse "), 0U);
}

TEST_F(LearnPlot, thread_count_does_not_change_a_byte) {
  const std::string path = uniform(400, 3);
  const std::string one = draw(path, {"--box", "0", "1", "--threads", "1"});
  EXPECT_EQ(draw(path, {"--box", "0", "1", "--threads", "2"}), one);
}

}  // namespace
}  // namespace wquant::test
