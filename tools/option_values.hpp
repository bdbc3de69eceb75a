#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.hpp"
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
Enum named(std::string_view text) {
  constexpr auto kAll = names_of<Enum>();
  const auto found = std::find(kAll.begin(), kAll.end(), text);
  if (found != kAll.end()) return static_cast<Enum>(found - kAll.begin());
  throw InvalidArgument(fmt::format("'{}' is not a name that is known here", text));
}

/// The names of all enumerators, which are the values that an option takes.
template <class Enum>
std::vector<std::string> names() {
  constexpr auto kAll = names_of<Enum>();
  return {kAll.begin(), kAll.end()};
}

/// The context that --device and --threads ask for.
Context make_context(const std::string& device, const std::string& threads);

}  // namespace wquant::tool
