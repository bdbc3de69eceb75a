#include "io/csv_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "io/text.hpp"
#include "wquant/error.hpp"

namespace wquant::test {
namespace {

io::Samples read(const std::string& text) {
  std::istringstream input(text);
  return io::read_csv(input);
}

void expect_read(const std::string& text, std::int64_t dimension,
                 const std::vector<double>& expected) {
  const io::Samples samples = read(text);
  EXPECT_EQ(samples.dimension, dimension) << text;
  EXPECT_EQ(samples.count * dimension, static_cast<std::int64_t>(expected.size())) << text;
  EXPECT_EQ(std::get<std::vector<double>>(samples.values), expected) << text;
}

void expect_refusal(const std::string& text, const std::vector<std::string>& fragments) {
  try {
    read(text);
    FAIL() << "was read: " << text;
  } catch (const InvalidArgument& error) {
    const std::string message = error.what();
    EXPECT_EQ(message, io::printable(message));
    for (const std::string& fragment : fragments) {
      EXPECT_NE(message.find(fragment), std::string::npos)
          << "expected '" << fragment << "' in: " << message;
    }
  }
}

TEST(CsvFile, plain_tables_are_read_with_any_separator_and_line_end) {
  const std::vector<double> numbers = {1, -2.5, 3e-3, 4};
  for (const std::string text :
       {"1,-2.5\n3e-3,4\n", "1;-2.5\n3e-3;4\n", "1\t-2.5\n3e-3\t4", "1,-2.5\r\n3e-3,4\r\n",
        "\xEF\xBB\xBF"
        "1,-2.5\n3e-3,4\n",
        " 1 , -2.5 \n +3E-3,4.0\n", "\"1\",\"-2.5\"\n3e-3,\" 4 \"\n", "1,-2.5\n3e-3,4\n\n\r\n  \n",
        "x,y\n1,-2.5\n3e-3,4\n", "\"a,b\",\"c\"\r\n1,-2.5\n3e-3,4\n",
        "\xEF\xBB\xBFx;y\n1;-2.5\n3e-3;4\n"}) {
    expect_read(text, 2, numbers);
  }
}

TEST(CsvFile, one_column_needs_no_separator) {
  expect_read("1\n2\n3", 1, {1, 2, 3});
  expect_read("height\n1\n2\n3\n", 1, {1, 2, 3});
  expect_read("7", 1, {7});
}

TEST(CsvFile, numbers_are_read_to_the_last_bit) {
  for (const std::string text :
       {"0.1", "-0.30000000000000004", "5e-324", "1e-400", "123456789012345678", "1e22",
        "9007199254740993", "2.2250738585072011e-308", "1.7976931348623157e308", ".5", "5."}) {
    expect_read(text, 1, {std::strtod(text.c_str(), nullptr)});
  }
}

TEST(CsvFile, what_is_no_number_is_named_by_line_and_column) {
  expect_refusal("1,2\n3,x\n", {"line 2, column 2: ", "expected a number", "'x'"});
  expect_refusal("1,2\n3,nan\n", {"line 2, column 2: ", "finite", "'nan'"});
  expect_refusal("1,2\n-Infinity,4\n", {"line 2, column 1: ", "finite", "'-Infinity'"});
  expect_refusal("1,2\n3,1e999\n", {"line 2, column 2: ", "finite", "1e999"});
  expect_refusal("a,b\n1,2\n3,\n", {"line 3, column 2: ", "an empty field"});
  expect_refusal("1,,2\n", {"line 1, column 2: ", "an empty field"});
  expect_refusal("1,2 3\n", {"line 1, column 2: ", "'2 3'"});
  expect_refusal("1,0x10\n", {"line 1, column 2: ", "'0x10'"});
  expect_refusal("1;2,5\n", {"line 1, column 2: ", "'2,5'"});
  expect_refusal("1,+-2\n", {"line 1, column 2: ", "'+-2'"});
  expect_refusal("1,\"2\n", {"line 1, column 2: ", "closing quote"});
  expect_refusal("1,\x01\xff\n", {"line 1, column 2: ", "\\x01\\xFF"});
}

TEST(CsvFile, first_line_is_a_header_only_if_it_holds_no_number) {
  expect_refusal("x,1\n1,2\n", {"line 1, column 1: ", "'x'"});
  expect_refusal("nan,nan\n1,2\n", {"line 1, column 1: ", "finite"});
  expect_refusal(",a\n1,2\n", {"line 1, column 1: ", "empty"});
  expect_refusal("a,b\nc,d\n1,2\n", {"line 2, column 1: ", "'c'"});
}

TEST(CsvFile, ragged_lines_are_named) {
  expect_refusal("1,2\n3\n", {"line 2: ", "expected 2 fields", "found 1"});
  expect_refusal("1,2\n3,4,5\n", {"line 2: ", "expected 2 fields", "found 3"});
  expect_refusal("a,b\n1\n", {"line 2: ", "expected 2 fields"});
}

TEST(CsvFile, blank_lines_are_accepted_at_the_end_only) {
  expect_refusal("1,2\n\n3,4\n", {"line 2: ", "blank"});
  expect_refusal("\n1,2\n", {"line 1: ", "blank"});
}

TEST(CsvFile, files_without_numbers_are_refused) {
  expect_refusal("", {"line 1: ", "the end"});
  expect_refusal("x,y\n", {"line 2: ", "the end"});
  expect_refusal("\n\n", {"the end"});
  expect_refusal(std::string("\x93NUMPY\x01\x00v\x00{", 11), {"line 2: "});
}

TEST(CsvFile, a_wide_line_before_many_blank_ones_takes_no_memory_for_them) {
  std::string text = "0";
  for (int k = 1; k < 100'000; ++k) text += ",0";
  text += std::string(1'000'000, '\n');  // 10¹¹ numbers, if every line held as many
  EXPECT_EQ(read(text).dimension, 100'000);
}

TEST(CsvFile, damaged_files_are_read_or_refused_in_one_line) {
  const std::string kAlphabet = ",;\t\"\r\n 0123456789.-+eEnaif\x01\xff";
  std::mt19937 random(20250102);
  int refused = 0;
  constexpr int kFiles = 20'000;
  for (int i = 0; i < kFiles; ++i) {
    std::string text = i % 2 == 0 ? "x,y\r\n1,-2.5\r\n3e-3,4\r\n" : "1;2;3\n4;5;6\n\n";
    for (std::size_t edits = 1 + random() % 3; edits > 0 && !text.empty(); --edits) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text.erase(at, 1 + random() % 4);
      } else {
        text.insert(at, 1, kAlphabet[random() % kAlphabet.size()]);
      }
    }
    try {
      const io::Samples samples = read(text);
      for (const double x : std::get<std::vector<double>>(samples.values)) {
        ASSERT_TRUE(std::isfinite(x));
      }
    } catch (const InvalidArgument& error) {
      ++refused;
      ASSERT_EQ(std::string(error.what()), io::printable(error.what()));
    }
  }
  EXPECT_GT(refused, kFiles / 4);
  EXPECT_LT(refused, kFiles);
}

TEST(CsvFile, reading_can_be_cancelled) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "1,2\n";
  std::istringstream input(text);
  EXPECT_THROW(io::read_csv(input, [](const Progress&) { return false; }), Cancelled);
}

}  // namespace
}  // namespace wquant::test
