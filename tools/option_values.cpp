#include "option_values.hpp"

#include <charconv>
#include <cmath>

namespace wquant::tool {
namespace {

constexpr std::int64_t kMostThreads = 4096;

template <class Number>
bool parse(const std::string& text, Number& value) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end;
}

}  // namespace

std::int64_t whole_number(std::string_view option, const std::string& text, std::int64_t least,
                          std::int64_t most) {
  std::int64_t value = 0;
  if (!parse(text, value) || value < least || value > most) {
    throw InvalidArgument(fmt::format("{}: expected a whole number from {} to {}, found '{}'",
                                      option, least, most, text));
  }
  return value;
}

double finite_number(std::string_view option, const std::string& text) {
  double value = 0;
  if (!parse(text, value) || !std::isfinite(value)) {
    throw InvalidArgument(fmt::format("{}: expected a finite number, found '{}'", option, text));
  }
  return value;
}

double positive_number(std::string_view option, const std::string& text) {
  double value = 0;
  if (!parse(text, value) || !(value > 0) || !std::isfinite(value)) {
    throw InvalidArgument(
        fmt::format("{}: expected a positive finite number, found '{}'", option, text));
  }
  return value;
}

void require_effect(bool applies, std::string_view options, std::string_view choice,
                    std::string_view option, std::string_view value) {
  if (applies) return;
  throw InvalidArgument(fmt::format("{}: only with {}; {} is {}", options, choice, option, value));
}

Context make_context(const std::string& device, const std::string& threads) {
  const auto count = static_cast<int>(whole_number("--threads", threads, 0, kMostThreads));
  if (device == "cuda") return Context::cuda();
  if (device == "auto") return Context::best({.threads = count});
  return Context::cpu({.threads = count});
}

}  // namespace wquant::tool
