#include "io/text.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <iterator>

namespace wquant::io {
namespace {

/// Bytes of the printable UTF-8 character that `text` starts with; 0 if it starts with none.
std::size_t printable_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : 0;
  const std::size_t length = lead < 0xC2   ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool is_c1_control = lead == 0xC2 && byte(1) < 0xA0;
  return is_c1_control ? 0 : length;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    std::size_t length = printable_length(text);
    if (length > 0) {
      result += text.substr(0, length);
    } else {
      length = 1;
      fmt::format_to(std::back_inserter(result), "\\x{:02X}", static_cast<unsigned char>(text[0]));
    }
    text.remove_prefix(length);
  }
  return result;
}

std::string shortened(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  return text.size() <= kLongest ? printable(text) : printable(text.substr(0, kLongest)) + "…";
}

bool is_name(std::string_view word) {
  const std::size_t first = word.starts_with('-') || word.starts_with('+') ? 1 : 0;
  return first < word.size() && std::isalpha(static_cast<unsigned char>(word[first]));
}

std::string counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string rounded_up(double value, int digits) {
  if (value >= std::pow(10.0, digits - 1) && value < 1e9)
    return fmt::format("{:.0f}", std::ceil(value));
  const auto shown = [&](double x) { return fmt::format("{:.{}g}", x, digits); };
  std::string text = shown(value);
  if (const double nearest = std::strtod(text.c_str(), nullptr); nearest < value) {
    const double last_digit = std::pow(10.0, std::floor(std::log10(value)) - digits + 1);
    text = shown(nearest + last_digit);
  }
  return text;
}

}  // namespace wquant::io
