#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

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

std::vector<double> radii(const std::string& svg) {
  constexpr std::string_view kRadius = " r=\"";
  std::vector<double> result;
  for (std::size_t at = svg.find("<circle "); at != std::string::npos;
       at = svg.find("<circle ", at + 1)) {
    result.push_back(std::stod(svg.substr(svg.find(kRadius, at) + kRadius.size(), 20)));
  }
  return result;
}

class Plot : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  json object_;

  std::string draw(const std::string& mixture, const std::string& support,
                   std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {
        mixture, "--support", support, "--plot", folder_ / "p.svg", "--output", folder_ / "p.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ToolResult result = quantize(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    object_ = json::parse(read_file(folder_ / "p.json"));
    std::string svg = read_file(folder_ / "p.svg");
    EXPECT_EQ(xml_problem(svg), "");
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_EQ(svg.find("inf"), std::string::npos);
    return svg;
  }

  void expect_area_proportional_to_probability(const std::string& svg) const {
    std::vector<double> probabilities = object_.at("probabilities");
    std::sort(probabilities.rbegin(), probabilities.rend());
    const std::vector<double> r = radii(svg);
    ASSERT_EQ(r.size(), probabilities.size());
    for (std::size_t a = 0; a < r.size(); ++a) {
      EXPECT_NEAR(r[a], r[0] * std::sqrt(probabilities[a] / probabilities[0]), 0.002);
    }
  }
};

TEST_F(Plot, has_an_ellipse_pair_a_component_and_a_disc_a_point) {
  const std::string svg = draw(data_file("letter_gmm_full.json"), "100");
  EXPECT_EQ(count(svg, "<ellipse "), 2U * 26U);
  EXPECT_EQ(count(svg, "<circle "), object_.at("support").get<std::size_t>());
  expect_area_proportional_to_probability(svg);
}

TEST_F(Plot, title_holds_a_certificate_that_is_not_below_w2) {
  const std::string svg = draw(data_file("letter_gmm_diag.json"), "100");
  std::smatch match;
  ASSERT_TRUE(std::regex_search(
      svg, match, std::regex("W₂ ≤ ([0-9.]+) · ([0-9]+) points · scheme ([a-z-]+) · d = 16")));
  EXPECT_GE(std::stod(match[1]), object_.at("w2").get<double>());
  EXPECT_LE(std::stod(match[1]), object_.at("w2").get<double>() * 1.001);
  EXPECT_EQ(std::stoll(match[2]), object_.at("support").get<std::int64_t>());
  EXPECT_EQ(match[3], object_.at("family").get<std::string>());
}

TEST_F(Plot, of_one_dimension_is_a_density) {
  const auto path = folder_.write(
      "m.json", R"({"weights": [0.5, 0.5], "means": [[-2], [3]], "variances": [[1], [0]]})");
  const std::string svg = draw(path, "20");
  EXPECT_NE(svg.find(">density<"), std::string::npos);
  expect_area_proportional_to_probability(svg);
}

TEST_F(Plot, shows_the_plane_of_largest_variance) {
  const auto path = folder_.write("m.json", R"({"weights": [1], "means": [[5, 6, 7]],
      "variances": [[1, 16, 4]]})");
  const std::string svg = draw(path, "60");
  EXPECT_NE(svg.find("principal axis 1 (76.2 % of the variance)"), std::string::npos);
  EXPECT_NE(svg.find("principal axis 2 (19 % of the variance)"), std::string::npos);
  std::smatch first;
  ASSERT_TRUE(
      std::regex_search(svg, first, std::regex("<ellipse rx=\"([0-9.]+)\" ry=\"([0-9.]+)\"")));
  EXPECT_NEAR(std::stod(first[1]) / std::stod(first[2]), 2, 1e-3);
}

TEST_F(Plot, draws_degenerate_mixtures) {
  draw(folder_.write("point.json", R"({"weights": [1], "means": [[3, 4]], "variances": [[0, 0]]})"),
       "5");
  draw(folder_.write("line.json", R"({"weights": [1], "means": [[3, 4]],
      "covariances": [[[1, 1], [1, 1]]]})"),
       "50");
  draw(folder_.write("one.json", R"({"weights": [1], "means": [[3]], "variances": [[0]]})"), "5");
  draw(folder_.write("far.json", R"({"weights": [1], "means": [[1e9]], "variances": [[1e-6]]})"),
       "5");
  draw(folder_.write("tiny.json", R"({"weights": [1], "means": [[0, 0]],
      "variances": [[1e-200, 1e-220]]})"),
       "5");
}

TEST_F(Plot, of_a_large_support_shows_the_heaviest_points_and_says_so) {
  const auto path =
      folder_.write("m.json", R"({"weights": [1], "means": [[0, 0]], "variances": [[1, 1]]})");
  const std::string svg = draw(path, "25000");
  ASSERT_GT(object_.at("support"), 20000);
  EXPECT_EQ(count(svg, "<circle "), 20000U);
  EXPECT_NE(svg.find("the heaviest 20000 of"), std::string::npos);
}

TEST_F(Plot, thread_count_does_not_change_a_byte) {
  const std::string one = draw(data_file("letter_gmm_full.json"), "100", {"--threads", "1"});
  EXPECT_EQ(draw(data_file("letter_gmm_full.json"), "100", {"--threads", "2"}), one);
}

TEST(XmlCheck, can_fail) {
  EXPECT_EQ(xml_problem("<a><b x=\"1\"/>t &amp; u</a>"), "");
  EXPECT_NE(xml_problem("<a><b></a>"), "");
  EXPECT_NE(xml_problem("<a>&</a>"), "");
  EXPECT_NE(xml_problem("<a x=1/>"), "");
  EXPECT_NE(xml_problem("<a/><b/>"), "");
  EXPECT_NE(xml_problem("<a x=\"1/>"), "");
  EXPECT_NE(xml_problem(""), "");
}

}  // namespace
}  // namespace wquant::test
