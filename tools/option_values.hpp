#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/error.hpp"

namespace wquant::tool {

/// The numbers that options were given as text. Throw InvalidArgument with the option's name.
std::int64_t whole_number(std::string_view option, const std::string& text, std::int64_t least,
                          std::int64_t most);
double finite_number(std::string_view option, const std::string& text);
double positive_number(std::string_view option, const std::string& text);

/// The enumerator with this name.
template <class Enum>
Enum named(std::initializer_list<Enum> all, std::string_view text) {
  for (const Enum value : all) {
    if (name(value) == text) return value;
  }
  throw InvalidArgument(fmt::format("'{}' is not a name that is known here", text));
}

template <class Enum>
std::vector<std::string> names(std::initializer_list<Enum> all) {
  std::vector<std::string> out;
  for (const Enum value : all) out.emplace_back(name(value));
  return out;
}

/// Of --device and --threads.
Context make_context(const std::string& device, const std::string& threads);

}  // namespace wquant::tool
