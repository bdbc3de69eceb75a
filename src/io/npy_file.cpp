#include "io/npy_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>

#include "io/ask.hpp"
#include "io/input_file.hpp"
#include "io/npy_header.hpp"
#include "wquant/error.hpp"

namespace wquant::io {
namespace {

constexpr std::int64_t kBytesPerRead = std::int64_t{1} << 22;  // a multiple of every size

/// Two bytes of IEEE 754, half precision.
struct Half {
  std::uint16_t bits;
};

float number_of(Half half) {
  const int exponent = half.bits >> 10 & 0x1F;
  const int fraction = half.bits & 0x3FF;
  float magnitude = 0;
  if (exponent == 0x1F) {
    magnitude = fraction == 0 ? std::numeric_limits<float>::infinity()
                              : std::numeric_limits<float>::quiet_NaN();
  } else if (exponent == 0) {
    magnitude = std::ldexp(static_cast<float>(fraction), -24);
  } else {
    magnitude = std::ldexp(static_cast<float>(fraction + 0x400), exponent - 25);
  }
  return half.bits & 0x8000 ? -magnitude : magnitude;
}

template <class Stored>
Stored number_of(Stored stored) {
  return stored;
}

template <class Stored>
bool is_exact_in_double(Stored value) {
  if constexpr (std::is_integral_v<Stored> && sizeof(Stored) == 8) {
    auto magnitude = static_cast<std::uint64_t>(value);
    if (value < 0) magnitude = 0 - magnitude;
    return magnitude == 0 || std::bit_width(magnitude) - std::countr_zero(magnitude) <= 53;
  }
  return true;
}

template <class Stored>
Stored load(const char* bytes, bool swap) {
  std::array<char, sizeof(Stored)> buffer;
  std::memcpy(buffer.data(), bytes, buffer.size());
  if (swap) std::reverse(buffer.begin(), buffer.end());
  return std::bit_cast<Stored>(buffer);
}

/// n and d, once they agree with the size of the file.
void set_extents(Samples& samples, const NpyHeader& header, std::int64_t available) {
  const std::string shape = fmt::format("({})", fmt::join(header.shape, ", "));
  if (header.shape.empty() || header.shape.size() > 2) {
    throw InvalidArgument(
        fmt::format("its shape is {}; expected one or two dimensions: n or n × d", shape));
  }
  samples.count = header.shape[0];
  samples.dimension = header.shape.size() == 2 ? header.shape[1] : 1;
  if (samples.count == 0 || samples.dimension == 0) {
    throw InvalidArgument(fmt::format("its shape is {}; expected at least one number", shape));
  }
  const std::int64_t numbers = available / header.size;
  const bool fits = samples.count <= numbers / samples.dimension;
  if (!fits || samples.count * samples.dimension * header.size != available) {
    throw InvalidArgument(fmt::format(
        "{}: its shape {} of type '{}' does not agree with the {} bytes after its header",
        fits ? "too long" : "truncated", shape, header.type, available));
  }
}

class NumberReader {
 public:
  NumberReader(std::istream& input, const NpyHeader& header, Samples& samples,
               const ProgressCallback& progress)
      : input_(input), header_(header), samples_(samples), progress_(progress) {}

  template <class Value, class Stored = Value>
  void read() {
    auto& values = samples_.values.emplace<std::vector<Value>>(
        static_cast<std::size_t>(samples_.count * samples_.dimension));
    const auto total = static_cast<std::int64_t>(values.size());
    constexpr std::int64_t kPart = kBytesPerRead / static_cast<std::int64_t>(sizeof(Stored));
    for (std::int64_t first = 0; first < total; first += kPart) {
      ask(progress_, "reading", static_cast<double>(first) / static_cast<double>(total));
      const std::int64_t count = std::min(kPart, total - first);
      if (std::is_same_v<Stored, Value> && !header_.swap && !header_.fortran_order) {
        read_bytes(reinterpret_cast<char*>(&values[first]), count * header_.size);
        check_finite(&values[first], first, count);
      } else {
        convert<Value, Stored>(values, first, count);
      }
    }
  }

 private:
  void read_bytes(char* bytes, std::int64_t count) {
    input_.read(bytes, count);
    if (input_.gcount() != count) throw InvalidArgument("truncated while it was read");
  }

  /// Where number k of the file stands among the row-major values.
  std::int64_t position(std::int64_t k) const {
    if (!header_.fortran_order) return k;
    return k % samples_.count * samples_.dimension + k / samples_.count;
  }

  template <class Value, class Stored>
  void convert(std::vector<Value>& values, std::int64_t first, std::int64_t count) {
    buffer_.resize(static_cast<std::size_t>(kBytesPerRead));
    read_bytes(buffer_.data(), count * header_.size);
    for (std::int64_t k = 0; k < count; ++k) {
      const Stored stored = load<Stored>(buffer_.data() + k * header_.size, header_.swap);
      const std::int64_t at = position(first + k);
      values[at] = static_cast<Value>(number_of(stored));
      check_finite(&values[at], at, 1);
      if constexpr (std::is_integral_v<Stored>) {
        if (!is_exact_in_double(stored)) {
          fail(at, fmt::format("expected an integer that is exact in double, found {}", stored));
        }
      }
    }
  }

  template <class Value>
  void check_finite(const Value* values, std::int64_t first, std::int64_t count) const {
    for (std::int64_t k = 0; k < count; ++k) {
      if (std::isfinite(values[k])) continue;
      fail(first + k, fmt::format("expected a finite number, found {}", values[k]));
    }
  }

  [[noreturn]] void fail(std::int64_t position, std::string_view message) const {
    throw InvalidArgument(fmt::format("[{}][{}]: {}", position / samples_.dimension,
                                      position % samples_.dimension, message));
  }

  std::istream& input_;
  const NpyHeader& header_;
  Samples& samples_;
  const ProgressCallback& progress_;
  std::vector<char> buffer_;
};

void read_numbers(NumberReader& reader, const NpyHeader& header) {
  const auto is = [&](char kind, int size) { return header.kind == kind && header.size == size; };
  if (is('u', 1)) return reader.read<float, std::uint8_t>();
  if (is('u', 2)) return reader.read<float, std::uint16_t>();
  if (is('u', 4)) return reader.read<double, std::uint32_t>();
  if (is('u', 8)) return reader.read<double, std::uint64_t>();
  if (is('i', 1)) return reader.read<float, std::int8_t>();
  if (is('i', 2)) return reader.read<float, std::int16_t>();
  if (is('i', 4)) return reader.read<double, std::int32_t>();
  if (is('i', 8)) return reader.read<double, std::int64_t>();
  if (is('f', 2)) return reader.read<float, Half>();
  if (is('f', 4)) return reader.read<float>();
  reader.read<double>();
}

}  // namespace

Samples read_npy(std::istream& input, const ProgressCallback& progress) {
  const NpyHeader header = read_npy_header(input);
  Samples samples;
  set_extents(samples, header, remaining_bytes(input));
  NumberReader reader(input, header, samples, progress);
  read_numbers(reader, header);
  return samples;
}

}  // namespace wquant::io
