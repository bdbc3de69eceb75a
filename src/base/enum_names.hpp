#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "wquant/error.hpp"

namespace wquant {

/// The texts that stand for an enum's enumerators, from that of value 0 on. They are given for each
/// public enum in the folder that it belongs to. `name_of` checks as it is compiled that none is
/// missing and that each is its enumerator's own name, "per-mode" for per_mode, or the start of it.
template <class Enum>
consteval auto names_of() {
  return std::array<std::string_view, 0>{};
}

template <class... Texts>
consteval std::array<std::string_view, sizeof...(Texts)> texts(Texts... all) {
  return {all...};
}

/// How the compiler writes a value: "Enum::enumerator" if it is one, "(Enum)7" if it is not.
template <auto value>
consteval std::string_view source_text() {
  constexpr std::string_view kParameter = "value = ";
  const std::string_view text = __PRETTY_FUNCTION__;
  const std::size_t begin = text.find(kParameter) + kParameter.size();
  return text.substr(begin, text.find_first_of(";]", begin) - begin);
}

template <auto value>
consteval bool is_enumerator() {
  return source_text<value>()[0] != '(';
}

/// The enum without its namespace, as in "Cross::Shells".
template <class Enum>
consteval std::string_view type_name() {
  constexpr std::string_view kNamespace = "wquant::";
  std::string_view text = source_text<static_cast<Enum>(0)>();
  text = text.substr(0, text.rfind("::"));
  return text.starts_with(kNamespace) ? text.substr(kNamespace.size()) : text;
}

template <auto value>
consteval bool starts_own_name(std::string_view text) {
  const std::string_view source = source_text<value>();
  const std::string_view own = source.substr(source.rfind(':') + 1);
  if (text.empty() || text.size() > own.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != (own[i] == '_' ? '-' : own[i])) return false;
  return true;
}

template <class Enum, std::size_t... i>
consteval bool all_start_own_names(std::index_sequence<i...>) {
  return (starts_own_name<static_cast<Enum>(i)>(names_of<Enum>()[i]) && ...);
}

/// Whether there is a text for every enumerator, at the place of its value.
template <class Enum>
consteval bool has_all_names() {
  constexpr std::size_t kCount = names_of<Enum>().size();
  return kCount > 0 && all_start_own_names<Enum>(std::make_index_sequence<kCount>()) &&
         !is_enumerator<static_cast<Enum>(kCount)>();
}

/// Throws InvalidArgument unless 0 ≤ value is less than the number of the enum's enumerators.
template <class Enum>
void require_enumerator(std::string_view name, int value) {
  static_assert(has_all_names<Enum>());
  constexpr int kCount = static_cast<int>(names_of<Enum>().size());
  if (value < 0 || value >= kCount)
    throw InvalidArgument(std::string(name) + ": " + std::to_string(value) + "; expected 0 to " +
                          std::to_string(kCount - 1));
}
template <class Enum>
void require_enumerator(Enum value) {
  require_enumerator<Enum>(type_name<Enum>(), static_cast<int>(value));
}

/// The text of an enumerator. Throws InvalidArgument for a value that is none.
template <class Enum>
std::string_view name_of(Enum value) {
  require_enumerator(value);
  constexpr auto kNames = names_of<Enum>();
  return kNames[static_cast<std::size_t>(value)];
}

}  // namespace wquant
