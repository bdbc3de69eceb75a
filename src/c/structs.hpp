#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "c/required.hpp"
#include "wquant/error.hpp"

namespace wquant::c {

// Structs of callers that were compiled with another version of the header: they grow at their
// ends, and both sides know how much of one they have.

/// No struct will ever be larger: a size beyond it was never set.
inline constexpr std::size_t kLargestStruct = 4096;

/// The size that a struct had when it first appeared: once T grows, its specialisation keeps it.
template <class T>
inline constexpr std::size_t first_size = sizeof(T);

template <class T>
void require_size(const std::string& name, std::size_t size) {
  if (size < first_size<T> || size > kLargestStruct)
    throw InvalidArgument(name + ": " + std::to_string(size) +
                          "; expected the sizeof of the struct, " + std::to_string(sizeof(T)) +
                          " in this version");
}

/// Writes what the caller has room for; zeros where the caller's struct is the longer one.
template <class T>
void write_struct(const char* name, const T& value, T* out, std::size_t size) {
  T& target = required(name, out);
  require_size<T>("size", size);
  auto* const bytes = reinterpret_cast<unsigned char*>(&target);
  std::memcpy(bytes, &value, std::min(size, sizeof(T)));
  if (size > sizeof(T)) std::memset(bytes + sizeof(T), 0, size - sizeof(T));
}

/// Defaults for a caller whose struct has that size.
template <class T>
void write_defaults(const char* name, T defaults, T* out, std::size_t size) {
  defaults.size = size;
  write_struct(name, defaults, out, size);
}

/// What the caller set, over the defaults; those alone for NULL. Throws InvalidArgument for options
/// that were never initialised, and where a longer struct asks for what this version does not know.
template <class T>
T read_struct(const char* name, const T* given, const T& defaults) {
  if (!given) return defaults;
  const std::size_t size = given->size;
  require_size<T>(std::string(name) + ".size", size);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(given);
  for (std::size_t i = sizeof(T); i < size; ++i)
    if (bytes[i] != 0)
      throw InvalidArgument(std::string(name) + ": byte " + std::to_string(i) +
                            " is set; this version of the library knows " +
                            std::to_string(sizeof(T)) + " bytes");
  T known = defaults;
  std::memcpy(&known, bytes, std::min(size, sizeof(T)));
  return known;
}

inline void require_reserved(const char* name, std::int32_t reserved) {
  if (reserved != 0)
    throw InvalidArgument(std::string(name) + ".reserved: " + std::to_string(reserved) +
                          "; expected 0");
}

}  // namespace wquant::c
