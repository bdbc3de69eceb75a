#include "io/csv_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

#include "io/ask.hpp"
#include "io/input_file.hpp"
#include "io/text.hpp"
#include "wquant/error.hpp"

namespace wquant::io {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::int64_t kLinesPerReport = 1 << 14;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool is_quoted(std::string_view field) {
  return field.size() >= 2 && field.front() == '"' && field.back() == '"';
}

enum class Found { number, not_finite, something_else };

/// The number that the whole of `text` is.
Found parse(std::string_view text, double& value) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::invalid_argument || rest != end) return Found::something_else;
  if (error == std::errc::result_out_of_range)
    value = std::strtod(std::string(text).c_str(), nullptr);
  return std::isfinite(value) ? Found::number : Found::not_finite;
}

/// The separator that stands in a line outside quotes; a comma if none does.
char separator_of(std::string_view line) {
  for (const char candidate : {'\t', ';', ','}) {
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      if (c == candidate && !quoted) return candidate;
    }
  }
  return ',';
}

class CsvReader {
 public:
  CsvReader(std::istream& input, const ProgressCallback& progress)
      : input_(input), progress_(progress), size_(remaining_bytes(input)) {}

  Samples read() {
    while (next_line()) {
      if (!trimmed(line_).empty()) {
        take_line();
      } else if (blank_ == 0) {
        blank_ = number_;
      }
      if (number_ % kLinesPerReport == 0) report_progress();
    }
    if (input_.bad()) throw InvalidArgument("cannot read to its end");
    if (values_.empty()) {
      throw InvalidArgument(
          fmt::format("line {}: expected a line of numbers, found the end", number_ + 1));
    }
    const auto count = static_cast<std::int64_t>(values_.size()) / fields_;
    return {count, fields_, std::move(values_)};
  }

 private:
  bool next_line() {
    if (!std::getline(input_, line_)) return false;
    ++number_;
    read_ += static_cast<std::int64_t>(line_.size()) + 1;
    if (number_ == 1 && line_.starts_with(kByteOrderMark)) line_.erase(0, kByteOrderMark.size());
    if (line_.ends_with('\r')) line_.pop_back();
    return true;
  }

  void take_line() {
    if (blank_ != 0) {
      throw InvalidArgument(fmt::format("line {}: expected {}, found a blank line", blank_,
                                        fields_ == 0 ? "numbers" : fields_expected()));
    }
    if (separator_ == '\0') {
      separator_ = separator_of(line_);
      if (is_header()) return;
    }
    take_numbers();
    if (values_.size() == static_cast<std::size_t>(fields_)) reserve();
  }

  /// Calls `use` with each field of the line, without its quotes.
  template <class Use>
  void for_each_field(const Use& use) {
    std::string_view rest = line_;
    for (column_ = 1;; ++column_) {
      const std::size_t length = field_length(rest);
      std::string_view field = trimmed(rest.substr(0, length));
      if (is_quoted(field)) field = trimmed(field.substr(1, field.size() - 2));
      use(field);
      if (length == rest.size()) return;
      rest.remove_prefix(length + 1);
    }
  }

  /// Up to the next separator outside quotes.
  std::size_t field_length(std::string_view rest) const {
    const std::size_t start = rest.find_first_not_of(' ');
    if (start == std::string_view::npos || rest[start] != '"') {
      return std::min(rest.find(separator_), rest.size());
    }
    const std::size_t quote = rest.find('"', start + 1);
    if (quote == std::string_view::npos) fail("expected a closing quote, found", rest);
    return std::min(rest.find(separator_, quote), rest.size());
  }

  /// The first line is one if it has no field that is meant as a number.
  bool is_header() {
    bool header = true;
    std::int64_t fields = 0;
    for_each_field([&](std::string_view field) {
      double value = 0;
      const Found found = parse(field, value);
      header = header && found == Found::something_else && !field.empty();
      ++fields;
    });
    if (header) fields_ = fields;
    return header;
  }

  void take_numbers() {
    std::int64_t fields = 0;
    for_each_field([&](std::string_view field) {
      double value = 0;
      switch (parse(field, value)) {
        case Found::number:
          break;
        case Found::not_finite:
          fail("expected a finite number, found", field);
        case Found::something_else:
          fail("expected a number, found", field);
      }
      if (fields_ > 0 && fields == fields_) ragged(fields_ + 1, " or more");
      values_.push_back(value);
      ++fields;
    });
    if (fields_ == 0) fields_ = fields;
    if (fields < fields_) ragged(fields, "");
  }

  /// Once the first line is in: memory for as many numbers as the rest of the file can hold.
  void reserve() {
    const std::int64_t rest = size_ - read_;
    if (rest <= 0) return;
    const std::int64_t numbers = std::min(rest / 2 + 1, count_lines() * fields_);
    values_.reserve(static_cast<std::size_t>(fields_ + numbers));
  }

  /// Line breaks from here to the end, and one.
  std::int64_t count_lines() {
    const auto here = input_.tellg();
    std::vector<char> buffer(std::size_t{1} << 20);
    std::int64_t lines = 1;
    while (input_.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) ||
           input_.gcount() > 0) {
      lines += std::count(buffer.begin(), buffer.begin() + input_.gcount(), '\n');
    }
    input_.clear();
    input_.seekg(here);
    return lines;
  }

  std::string fields_expected() const { return counted(fields_, "field"); }

  [[noreturn]] void ragged(std::int64_t found, std::string_view more) const {
    throw InvalidArgument(fmt::format("line {}: expected {} as in the lines before, found {}{}",
                                      number_, fields_expected(), found, more));
  }

  [[noreturn]] void fail(std::string_view message, std::string_view found) const {
    throw InvalidArgument(
        fmt::format("line {}, column {}: {} {}", number_, column_, message,
                    found.empty() ? "an empty field" : fmt::format("'{}'", shortened(found))));
  }

  void report_progress() const {
    ask(progress_, "reading",
        size_ > 0 ? static_cast<double>(read_) / static_cast<double>(size_) : 0.0);
  }

  std::istream& input_;
  const ProgressCallback& progress_;
  std::int64_t size_;
  std::int64_t read_ = 0;
  std::string line_;
  std::int64_t number_ = 0;  // of the line, from 1
  std::int64_t column_ = 0;  // of the field, from 1
  std::int64_t blank_ = 0;   // the first blank line, 0 if there was none
  std::int64_t fields_ = 0;  // a line, 0 before the first
  char separator_ = '\0';
  std::vector<double> values_;
};

}  // namespace

Samples read_csv(std::istream& input, const ProgressCallback& progress) {
  return CsvReader(input, progress).read();
}

}  // namespace wquant::io
