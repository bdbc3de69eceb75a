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

/// The number that an option was given as text. Throws InvalidArgument with the option's name.
std::int64_t whole_number(std::string_view option, const std::string& text, std::int64_t least,
                          std::int64_t most);
double finite_number(std::string_view option, const std::string& text);
double positive_number(std::string_view option, const std::string& text);

/// Refuses options that would have no effect: throws InvalidArgument unless `applies`. The message
/// names them, the choice with which they have one, and the option and value that stand against it.
void require_effect(bool applies, std::string_view options, std::string_view choice,
                    std::string_view option, std::string_view value);

/// The enumerator with this name.
template <class Enum>
Enum named(std::initializer_list<Enum> all, std::string_view text) {
  for (const Enum value : all) {
    if (name(value) == text) return value;
  }
  throw InvalidArgument(fmt::format("'{}' is not a name that is known here", text));
}

/// The names of these enumerators, for the values that an option takes.
template <class Enum>
std::vector<std::string> names(std::initializer_list<Enum> all) {
  std::vector<std::string> out;
  for (const Enum value : all) out.emplace_back(name(value));
  return out;
}

/// The context that --device and --threads ask for.
Context make_context(const std::string& device, const std::string& threads);

}  // namespace wquant::tool
