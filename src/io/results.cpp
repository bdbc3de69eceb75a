#include "io/results.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "io/text.hpp"
#include "wquant/error.hpp"

namespace wquant::io {
namespace {

static_assert(std::endian::native == std::endian::little, ".npy files are written as they lie");

constexpr std::int64_t kRowsPerReport = 4096;

void append_number(std::string& text, double value) {
  if (!std::isfinite(value)) throw Error("the result holds a number that is not finite");
  fmt::format_to(std::back_inserter(text), FMT_COMPILE("{}"), value);
}

void append_row(std::string& text, const double* values, std::int64_t count) {
  for (std::int64_t k = 0; k < count; ++k) {
    if (k > 0) text += ',';
    append_number(text, values[k]);
  }
}

std::string joined(const Members& members, std::string_view separator) {
  std::string text;
  for (const Member& member : members) {
    if (!text.empty()) text += separator;
    text += fmt::format("\"{}\": {}", member.name, member.value);
  }
  return text;
}

/// Writes the points one after the other: `format_row(text, a)` appends the bytes of point a.
template <class FormatRow>
void write_rows(AtomicFile& file, std::int64_t count, const ProgressCallback& progress,
                const FormatRow& format_row) {
  std::string text;
  for (std::int64_t a = 0; a < count; ++a) {
    text.clear();
    format_row(text, a);
    file.write(text);
    if (!progress || a % kRowsPerReport != 0) continue;
    const double fraction = static_cast<double>(a) / static_cast<double>(count);
    if (!progress({"writing", fraction})) throw Cancelled("writing was cancelled");
  }
}

void write_json(AtomicFile& file, const Members& members, const DiscreteDistribution& distribution,
                const ProgressCallback& progress) {
  const auto locations = distribution.locations().view();
  const double* probabilities = distribution.probabilities().data();
  file.write("{\n  " + joined(members, ",\n  ") + ",\n  \"locations\": [");
  write_rows(file, locations.rows, progress, [&](std::string& text, std::int64_t a) {
    text += a > 0 ? ",\n    [" : "\n    [";
    append_row(text, locations.row(a), locations.cols);
    text += ']';
  });
  file.write("\n  ],\n  \"probabilities\": [");
  write_rows(file, locations.rows, progress, [&](std::string& text, std::int64_t a) {
    text += a > 0 ? ",\n    " : "\n    ";
    append_number(text, probabilities[a]);
  });
  file.write("\n  ]\n}\n");
}

void write_csv(AtomicFile& file, const DiscreteDistribution& distribution,
               const ProgressCallback& progress) {
  const auto locations = distribution.locations().view();
  const double* probabilities = distribution.probabilities().data();
  std::string header = "probability";
  for (std::int64_t k = 1; k <= locations.cols; ++k) header += fmt::format(",x{}", k);
  file.write(header + "\n");
  write_rows(file, locations.rows, progress, [&](std::string& text, std::int64_t a) {
    append_number(text, probabilities[a]);
    text += ',';
    append_row(text, locations.row(a), locations.cols);
    text += '\n';
  });
}

/// The magic string, the version, the length of the rest (16 bits) and a Python dictionary, padded
/// with spaces to a multiple of 64 bytes.
std::string npy_header(std::int64_t rows, std::int64_t cols) {
  constexpr std::size_t kPreamble = 10;
  std::string dictionary =
      fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, {}), }}", rows, cols);
  while ((kPreamble + dictionary.size() + 1) % 64 != 0) dictionary += ' ';
  dictionary += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(dictionary.size() & 0xFF);
  header += static_cast<char>(dictionary.size() >> 8);
  return header + dictionary;
}

std::string_view bytes(const double* values, std::int64_t count) {
  return {reinterpret_cast<const char*>(values), static_cast<std::size_t>(count) * sizeof(double)};
}

void write_npy(AtomicFile& file, const DiscreteDistribution& distribution,
               const ProgressCallback& progress) {
  const auto locations = distribution.locations().view();
  const double* probabilities = distribution.probabilities().data();
  file.write(npy_header(locations.rows, 1 + locations.cols));
  write_rows(file, locations.rows, progress, [&](std::string& text, std::int64_t a) {
    text += bytes(probabilities + a, 1);
    text += bytes(locations.row(a), locations.cols);
  });
}

}  // namespace

std::string json_number(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

std::string json_string(std::string_view value) { return fmt::format("\"{}\"", value); }

std::string json_object(const Members& members) { return "{" + joined(members, ", ") + "}"; }

ResultFormat result_format(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".json") return ResultFormat::json;
  if (extension == ".csv") return ResultFormat::csv;
  if (extension == ".npy") return ResultFormat::npy;
  throw InvalidArgument(fmt::format("{}: the extension \"{}\" is none of .json, .csv and .npy",
                                    printable(path.string()), printable(extension)));
}

void write_result(AtomicFile& file, ResultFormat format, const Members& members,
                  const DiscreteDistribution& distribution, const ProgressCallback& progress) {
  switch (format) {
    case ResultFormat::json:
      return write_json(file, members, distribution, progress);
    case ResultFormat::csv:
      return write_csv(file, distribution, progress);
    case ResultFormat::npy:
      return write_npy(file, distribution, progress);
  }
}

}  // namespace wquant::io
