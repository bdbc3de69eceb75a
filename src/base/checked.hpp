#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "wquant/error.hpp"

namespace wquant {

/// Refused by the system or the device though within the workspace limit. That depends on whatever
/// else runs there: no search takes it for an answer.
class MemoryRefused : public OutOfMemory {
 public:
  using OutOfMemory::OutOfMemory;
};

/// a · b · size bytes. Throws InvalidArgument for a negative extent, OutOfMemory on overflow.
inline std::size_t checked_bytes(std::int64_t a, std::int64_t b, std::size_t size) {
  if (a < 0 || b < 0)
    throw InvalidArgument("array: extents " + std::to_string(a) + " x " + std::to_string(b) +
                          " must not be negative");
  std::size_t elements = 0;
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<std::size_t>(a), static_cast<std::size_t>(b), &elements) ||
      __builtin_mul_overflow(elements, size, &bytes))
    throw OutOfMemory("array: " + std::to_string(a) + " x " + std::to_string(b) +
                      " elements exceed the address space");
  return bytes;
}

/// "3.2 GiB", for messages.
inline std::string human_bytes(double bytes) {
  const char* const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  int unit = 0;
  while (bytes >= 1024 && unit < 6) {
    bytes /= 1024;
    ++unit;
  }
  const auto tenths = std::llround(bytes * 10);
  std::string text = std::to_string(tenths / 10);
  if (unit > 0) text += "." + std::to_string(tenths % 10);
  return text + " " + units[unit];
}

}  // namespace wquant
