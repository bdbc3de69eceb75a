#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "targets.hpp"

namespace wquant::fuzz {

/// Values out of bytes; zeros when the bytes have run out, so every string of bytes means
/// something, and one that is longer or changed in one place means something similar.
class ByteSource {
 public:
  explicit ByteSource(Bytes bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }

  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t value = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return value;
  }

  /// least … most.
  std::int64_t whole(std::int64_t least, std::int64_t most) {
    return least + byte() % (most - least + 1);
  }

  bool one_in(int n) { return byte() % n == n - 1; }

  /// 0 … 1, both included.
  double fraction() { return byte() / 255.0; }

  /// Mostly of size 1; powers of ten and any bits at all now and then.
  double number() {
    const int kind = byte() % 16;
    const double value = static_cast<std::int8_t>(byte()) / 16.0;
    if (kind < 12) return value;
    if (kind < 15) return value * std::pow(10, 1.25 * static_cast<std::int8_t>(byte()));
    return any_bits();
  }

  std::vector<double> numbers(std::int64_t count) {
    std::vector<double> out(static_cast<std::size_t>(count));
    for (double& value : out) value = number();
    return out;
  }

 private:
  double any_bits() {
    std::uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits = bits << 8 | byte();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  Bytes bytes_;
};

}  // namespace wquant::fuzz
