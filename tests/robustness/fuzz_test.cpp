// Mixture files with random damage: read, or refused in one line; never anything else.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "io/mixture_json.hpp"
#include "io/text.hpp"
#include "tool_process.hpp"
#include "wquant/error.hpp"

namespace wquant::test {
namespace {

const std::vector<std::string> kSeeds = {
    R"({"weights": [0.5, 0.5], "means": [[0, 0], [3, 1]], "variances": [[1, 2], [0.5, 1]]})",
    R"({"weights": [0.25, 0.75], "means": [[-1e2], [3]], "covariances": [[[1]], [[0.5]]]})",
    R"({"weights": [1], "means": [[1, 2]], "eigenvalues": [[4, 1]],
        "eigenvectors": [[0.6, -0.8], [0.8, 0.6]]})"};

std::string damaged(std::string text, std::mt19937& random) {
  static const std::string kAlphabet = "[]{},:\"0123456789.-+eE naNIf\n\\\x01\xff";
  const auto below = [&](std::size_t n) { return random() % n; };
  for (std::size_t edits = 1 + below(3); edits > 0 && !text.empty(); --edits) {
    const std::size_t at = below(text.size());
    switch (below(4)) {
      case 0:
        text.erase(at, 1 + below(8));
        break;
      case 1:
        text[at] = kAlphabet[below(kAlphabet.size())];
        break;
      case 2:
        text.insert(at, 1, kAlphabet[below(kAlphabet.size())]);
        break;
      default:
        text.insert(at, text.substr(below(text.size()), below(12)));
    }
  }
  return text;
}

TEST(Fuzz, damaged_files_are_read_or_refused_in_one_line) {
  const TemporaryFolder folder;
  const Context context = Context::cpu({.threads = 1});
  std::mt19937 random(20240607);
  int refused = 0;
  constexpr int kFiles = 3000;
  for (int i = 0; i < kFiles; ++i) {
    const std::string content = damaged(kSeeds[random() % kSeeds.size()], random);
    const std::string path = folder.write("m.json", content);
    try {
      const GaussianMixture mixture = io::read_mixture(context, path);
      for (const double mean : mixture.mean()) ASSERT_TRUE(std::isfinite(mean)) << content;
    } catch (const InvalidArgument& error) {
      ++refused;
      const std::string message = error.what();
      ASSERT_TRUE(message.starts_with(path + ": ")) << message;
      ASSERT_EQ(message, io::printable(message)) << content;
    }
    std::filesystem::remove(path);
  }
  EXPECT_GT(refused, kFiles / 2);
  EXPECT_LT(refused, kFiles);
}

TEST(MixtureFile, numbers_are_read_to_the_last_bit) {
  const std::vector<std::string> texts = {"0.1",    "-0.30000000000000004",   "5e-324",
                                          "1e-310", "123456789012345678",     "9007199254740993",
                                          "1e22",   "2.2250738585072011e-308"};
  std::string means;
  for (const std::string& text : texts) means += (means.empty() ? "" : ",") + text;
  std::string ones = "1";
  for (std::size_t i = 1; i < texts.size(); ++i) ones += ",1";
  const TemporaryFolder folder;
  const auto path = folder.write("m.json", R"({"weights": [1], "variances": [[)" + ones +
                                               R"(]], "means": [[)" + means + "]]}");
  const auto mixture = io::read_mixture(Context::cpu({.threads = 1}), path);
  for (std::size_t k = 0; k < texts.size(); ++k) {
    EXPECT_EQ(mixture.means()(0, static_cast<std::int64_t>(k)),
              std::strtod(texts[k].c_str(), nullptr));
  }
}

TEST(MixtureFile, reading_can_be_cancelled) {
  std::string row = "[0";
  for (int k = 1; k < 1000; ++k) row += ",0";
  row += "]";
  std::string rows = row;
  for (int i = 1; i < 100; ++i) rows += "," + row;
  const TemporaryFolder folder;
  const auto path = folder.write("m.json", R"({"means": [)" + rows + "]}");
  EXPECT_THROW(
      io::read_mixture(Context::cpu({.threads = 1}), path, [](const Progress&) { return false; }),
      Cancelled);
}

TEST(Text, rounded_up_is_never_below_and_less_than_a_digit_above) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> exponent(-20, 20);
  for (int i = 0; i < 10000; ++i) {
    const double value = std::pow(10.0, exponent(random));
    const double shown = std::stod(io::rounded_up(value, 4));
    EXPECT_GE(shown, value);
    EXPECT_LE(shown, value * 1.0011);
  }
  EXPECT_EQ(io::rounded_up(0, 4), "0");
  EXPECT_EQ(io::rounded_up(0.25, 4), "0.25");
  EXPECT_EQ(io::rounded_up(0.25001, 4), "0.2501");
  EXPECT_EQ(io::rounded_up(0.99999, 4), "1");
  EXPECT_EQ(io::rounded_up(12345.1, 4), "12346");
}

TEST(Text, printable_keeps_utf8_and_escapes_the_rest) {
  EXPECT_EQ(io::printable("W₂ ≤ 1"), "W₂ ≤ 1");
  EXPECT_EQ(io::printable("a\nb\x1b[2J\x7f"), "a\\x0Ab\\x1B[2J\\x7F");
  EXPECT_EQ(io::printable("\xff\xe2\x82"), "\\xFF\\xE2\\x82");
}

}  // namespace
}  // namespace wquant::test
