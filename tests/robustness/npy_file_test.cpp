#include "io/npy_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <ostream>
#include <random>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "io/text.hpp"
#include "npy_bytes.hpp"
#include "wquant/error.hpp"

namespace wquant::test {
namespace {

io::Samples read(const std::string& bytes) {
  std::istringstream input(bytes);
  return io::read_npy(input);
}

std::vector<double> doubles(const io::Samples& samples) {
  return io::with_rows(samples, 0, samples.count, [](const auto& rows) {
    return std::vector<double>(rows.data, rows.data + rows.rows * rows.cols);
  });
}

std::string refusal(const std::string& bytes) {
  try {
    read(bytes);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

void expect_refusal(const std::string& bytes, const std::vector<std::string>& fragments) {
  const std::string message = refusal(bytes);
  EXPECT_EQ(message, io::printable(message));
  for (const std::string& fragment : fragments) {
    EXPECT_NE(message.find(fragment), std::string::npos)
        << "expected '" << fragment << "' in: " << message;
  }
}

/// 3 × 2, exact in every type.
const std::vector<double> kRows = {1, 2, 3, 4, 120, 6};
const std::vector<double> kColumns = {1, 3, 120, 2, 4, 6};

template <class T>
void expect_all_layouts(const std::string& type, bool is_float) {
  const std::vector<T> rows(kRows.begin(), kRows.end());
  const std::vector<T> columns(kColumns.begin(), kColumns.end());
  for (const char order : {'<', '>', '|', '='}) {
    for (const int version : {1, 2, 3}) {
      for (const bool fortran : {false, true}) {
        const auto samples = read(npy_header(order + type, "(3, 2)", fortran, version) +
                                  number_bytes(fortran ? columns : rows, order == '>'));
        EXPECT_EQ(samples.count, 3);
        EXPECT_EQ(samples.dimension, 2);
        EXPECT_EQ(doubles(samples), kRows) << type << order << version << fortran;
        EXPECT_EQ(std::holds_alternative<std::vector<float>>(samples.values), is_float) << type;
      }
    }
  }
}

TEST(NpyFile, every_type_and_layout_gives_the_same_numbers) {
  expect_all_layouts<std::uint8_t>("u1", true);
  expect_all_layouts<std::int8_t>("i1", true);
  expect_all_layouts<std::uint16_t>("u2", true);
  expect_all_layouts<std::int16_t>("i2", true);
  expect_all_layouts<std::uint32_t>("u4", false);
  expect_all_layouts<std::int32_t>("i4", false);
  expect_all_layouts<std::uint64_t>("u8", false);
  expect_all_layouts<std::int64_t>("i8", false);
  expect_all_layouts<float>("f4", true);
  expect_all_layouts<double>("f8", false);
}

TEST(NpyFile, half_precision_is_exact) {
  const std::vector<std::uint16_t> halves = {0x3C00, 0xC000, 0x0001, 0x03FF, 0x0400,
                                             0x7BFF, 0x8000, 0x3555, 0xFBFF};
  const std::vector<double> numbers = {1,
                                       -2,
                                       std::ldexp(1, -24),
                                       std::ldexp(1023, -24),
                                       std::ldexp(1, -14),
                                       65504,
                                       -0.0,
                                       0.333251953125,
                                       -65504};
  EXPECT_EQ(doubles(read(npy_header("<f2", "(9,)") + number_bytes(halves))), numbers);
  EXPECT_EQ(doubles(read(npy_header(">f2", "(9,)") + number_bytes(halves, true))), numbers);
}

TEST(NpyFile, extremes_of_integers_are_exact) {
  const auto i8 = [](std::vector<std::int64_t> values) {
    return npy_header("<i8", "(" + std::to_string(values.size()) + ",)") + number_bytes(values);
  };
  constexpr std::int64_t kTwo53 = std::int64_t{1} << 53;
  const std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(doubles(read(i8({lowest, kTwo53, 2 * kTwo53 + 4}))),
            (std::vector<double>{-std::ldexp(1, 63), 0x1p53, 0x1p54 + 4}));
  expect_refusal(i8({0, kTwo53 + 1}), {"[1][0]: ", "9007199254740993", "exact in double"});
  expect_refusal(i8({-kTwo53 - 1}), {"[0][0]: ", "-9007199254740993"});
  expect_refusal(npy_header("<u8", "(1, 2)") +
                     number_bytes<std::uint64_t>({0, std::numeric_limits<std::uint64_t>::max()}),
                 {"[0][1]: ", "18446744073709551615"});
}

TEST(NpyFile, one_dimension_is_a_column) {
  const auto samples = read(npy_header("<f8", "(3,)") + number_bytes<double>({1, 2, 3}));
  EXPECT_EQ(samples.count, 3);
  EXPECT_EQ(samples.dimension, 1);
}

TEST(NpyFile, header_may_be_written_in_other_ways) {
  const std::string data = number_bytes<double>({1, 2});
  for (const std::string dictionary :
       {"{'shape': (2L, 1L), 'fortran_order': False, 'descr': '<f8'}",
        "{\"descr\":\"<f8\",\"fortran_order\":False,\"shape\":(2,1)}\n",
        " { 'descr' : '<f8' , 'fortran_order' : True , 'shape' : ( 2 , 1 , ) , } "}) {
    EXPECT_EQ(doubles(read(npy_with_dictionary(dictionary) + data)), (std::vector<double>{1, 2}));
  }
}

TEST(NpyFile, values_that_are_not_finite_are_named_by_row_and_column) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  expect_refusal(npy(2, 2, {1, 2, 3, nan}), {"[1][1]: ", "finite", "nan"});
  expect_refusal(npy(2, 2, {1, -inf, 3, 4}), {"[0][1]: ", "-inf"});
  expect_refusal(npy_header("<f8", "(3, 2)", true) + number_bytes<double>({1, 2, 3, 4, inf, 6}),
                 {"[1][1]: ", "inf"});
  expect_refusal(npy_header("<f2", "(1,)") + number_bytes<std::uint16_t>({0x7C00}), {"[0][0]: "});
  expect_refusal(npy_header(">f4", "(1,)") + number_bytes<float>({NAN}, true), {"[0][0]: "});
}

TEST(NpyFile, types_that_are_no_real_numbers_are_refused_by_name) {
  const auto of_type = [](const std::string& type) {
    return npy_header(type, "(1,)") + std::string(32, '\0');
  };
  expect_refusal(of_type("|O"), {"pickled", "'|O'"});
  expect_refusal(of_type("<c16"), {"complex"});
  expect_refusal(of_type("|b1"), {"truth values"});
  expect_refusal(of_type("<U8"), {"strings"});
  expect_refusal(of_type("|S8"), {"strings"});
  expect_refusal(of_type("<M8[ns]"), {"dates"});
  expect_refusal(of_type("|V16"), {"structures"});
  expect_refusal(of_type("<f16"), {"another size", "64 bits"});
  expect_refusal(of_type("|f1"), {"another size"});
  for (const std::string type : {"", "<", "f", "<f3", "<x8", "<f88", "q"}) {
    expect_refusal(of_type(type), {"type '"});
  }
  expect_refusal(npy_with_dictionary("{'descr': [('a', '<f8'), ('b', '<f8')], 'fortran_order': "
                                     "False, 'shape': (1,), }"),
                 {"structures"});
}

TEST(NpyFile, shapes_that_are_no_samples_are_refused) {
  const std::string data = number_bytes<double>({1, 2, 3, 4, 5, 6, 7, 8});
  for (const std::string shape : {"()", "(2, 2, 2)", "(0,)", "(0, 4)", "(8, 0)"}) {
    expect_refusal(npy_header("<f8", shape) + data, {"shape"});
  }
}

TEST(NpyFile, shape_that_lies_about_the_size_is_refused_before_memory_is_taken) {
  const std::string data = number_bytes<double>({1, 2, 3, 4});
  for (const std::string shape :
       {"(5,)", "(3, 2)", "(9223372036854775807,)", "(4611686018427387904, 4)",
        "(9223372036854775807, 9223372036854775807)", "(1000000000000, 16)"}) {
    expect_refusal(npy_header("<f8", shape) + data, {"truncated", "32 bytes"});
  }
  expect_refusal(npy_header("<f8", "(9223372036854775808,)") + data, {"length below 2⁶³"});
  expect_refusal(npy_header("<f8", "(-4,)") + data, {"'-4"});
  expect_refusal(npy_header("<f8", "(3,)") + data, {"too long"});
  expect_refusal(npy_header("<f8", "(4,)") + data.substr(1), {"truncated"});
}

TEST(NpyFile, truncated_headers_are_refused) {
  const std::string whole = npy(2, 2, {1, 2, 3, 4});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(refusal(whole.substr(0, length)), "") << length;
  }
  expect_refusal("", {"truncated"});
  expect_refusal(whole.substr(0, 9), {"truncated", "length of its header"});
  expect_refusal("PK\x03\x04 an .npz archive", {"NUMPY"});
}

TEST(NpyFile, header_longer_than_the_file_is_refused) {
  expect_refusal(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12), {"truncated", "its header"});
}

TEST(NpyFile, other_versions_are_refused) {
  std::string bytes = npy(1, 1, {1});
  bytes[6] = 4;
  expect_refusal(bytes, {"4.0", "3.0"});
  bytes[6] = 1;
  bytes[7] = 1;
  expect_refusal(bytes, {"1.1"});
}

TEST(NpyFile, malformed_dictionaries_are_refused) {
  for (const std::string dictionary :
       {"", "{", "{}", "[]", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': False}",
        "{'fortran_order': False, 'shape': (1,)}", "{'descr': '<f8', 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8, 'fortran_order': False, 'shape': (1,)}",
        "{'descr': <f8, 'fortran_order': False, 'shape': (1,)}"}) {
    EXPECT_NE(refusal(npy_with_dictionary(dictionary) + std::string(8, '\0')), "") << dictionary;
  }
}

TEST(NpyFile, damaged_files_are_read_or_refused_in_one_line) {
  std::mt19937 random(20250101);
  const std::string seeds[] = {npy(3, 2, {1, 2, 3, 4, 5, 6}),
                               npy_header(">i2", "(6,)", true) + std::string(12, '\1'),
                               npy_header("<f2", "(2, 3)", true, 3) + std::string(12, '\2')};
  int refused = 0;
  constexpr int kFiles = 20'000;
  for (int i = 0; i < kFiles; ++i) {
    std::string bytes = seeds[random() % 3];
    for (std::size_t edits = 1 + random() % 3; edits > 0 && !bytes.empty(); --edits) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, 1 + random() % 4);
          break;
        default:
          bytes.insert(at, 1, static_cast<char>(random()));
      }
    }
    try {
      for (const double value : doubles(read(bytes))) ASSERT_TRUE(std::isfinite(value));
    } catch (const InvalidArgument& error) {
      ++refused;
      ASSERT_EQ(std::string(error.what()), io::printable(error.what()));
    }
  }
  EXPECT_GT(refused, kFiles / 4);
  EXPECT_LT(refused, kFiles);
}

TEST(NpyFile, reading_can_be_cancelled) {
  std::istringstream input(npy(1, 2, {1, 2}));
  EXPECT_THROW(io::read_npy(input, [](const Progress&) { return false; }), Cancelled);
}

}  // namespace
}  // namespace wquant::test
