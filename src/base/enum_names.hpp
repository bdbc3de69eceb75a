#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

#include "wquant/error.hpp"

namespace wquant {

/// An enumerator and the text that stands for it.
template <class Enum>
struct Named {
  Enum value;
  std::string_view text;
};

/// The texts of an enum's enumerators. It is specialised for each public enum, in the folder that
/// the enum belongs to, with its name `kType` and the array `kAll` of `Named<Enum>`: all
/// enumerators in ascending order from 0, which `name_of` checks as it is compiled.
template <class Enum>
struct EnumNames;

/// Whether an enumerator has this value: compilers write one as "Enum::x", others as "(Enum)7".
template <auto value>
consteval bool is_enumerator() {
  constexpr std::string_view kParameter = "value = ";
  const std::string_view text = __PRETTY_FUNCTION__;
  return text[text.find(kParameter) + kParameter.size()] != '(';
}

/// Whether the table has every enumerator at the place of its value.
template <class Enum>
consteval bool has_all_enumerators() {
  constexpr std::size_t kCount = std::size(EnumNames<Enum>::kAll);
  for (std::size_t i = 0; i < kCount; ++i)
    if (static_cast<std::size_t>(EnumNames<Enum>::kAll[i].value) != i) return false;
  return !is_enumerator<static_cast<Enum>(kCount)>();
}

/// The text of an enumerator. Throws InvalidArgument for a value that is none.
template <class Enum>
std::string_view name_of(Enum value) {
  static_assert(has_all_enumerators<Enum>());
  constexpr std::size_t kCount = std::size(EnumNames<Enum>::kAll);
  const auto place = static_cast<std::size_t>(value);  // negative values become large ones
  if (place < kCount) return EnumNames<Enum>::kAll[place].text;
  throw InvalidArgument(std::string(EnumNames<Enum>::kType) + ": " +
                        std::to_string(static_cast<int>(value)) + "; expected 0 to " +
                        std::to_string(kCount - 1));
}

/// Throws InvalidArgument for a value that is no enumerator.
template <class Enum>
void require_enumerator(Enum value) {
  static_cast<void>(name_of(value));
}

}  // namespace wquant
