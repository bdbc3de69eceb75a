#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/host_device.hpp"
#include "base/random.hpp"

namespace wquant {

/// Two independent standard normal numbers, by Box & Muller (A note on the generation of random
/// normal deviates, 1958): √(−2 log u) (cos 2πv, sin 2πv). They depend on seed and counter only.
///
/// The logarithm, sine and cosine are series in plain operations: unlike those of a C library,
/// they give the same bits on every machine, and a loop over counters is vectorised.
struct NormalPair {
  double first;
  double second;
};

namespace detail {

WQUANT_HOST_DEVICE inline double from_bits(std::uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

WQUANT_HOST_DEVICE inline std::uint64_t to_bits(double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// In [1, 2), a multiple of 2⁻⁵².
WQUANT_HOST_DEVICE inline double uniform_in_binade(std::uint64_t seed, std::uint64_t counter) {
  return from_bits(0x3ff0000000000000u | (random_bits(seed, counter) >> 12));
}

/// −log u for 2⁻⁵² ≤ u ≤ 1, relative error below 4 ε: u = 2ᵉ m with √½ ≤ m < √2, and
/// log m = 2 artanh s = 2 (s + s³/3 + …), s = (m − 1) / (m + 1), |s| ≤ 0.172.
WQUANT_HOST_DEVICE inline double minus_log(double u) {
  constexpr std::uint64_t kRootOfHalf = 0x3fe6a09e667f3bcdu;
  constexpr double kLog2 = 0.693147180559945309417;
  const std::uint64_t bits = to_bits(u);
  const std::uint64_t biased = (bits - kRootOfHalf + (std::uint64_t{1024} << 52)) >> 52;
  const double m = from_bits(bits - ((biased - 1024) << 52));
  // Adding the small integer to the bits of 2⁵² adds it to the number.
  const double e = from_bits(0x4330000000000000u | biased) - (0x1p52 + 1024);
  const double s = (m - 1) / (m + 1);
  const double square = s * s;
  double sum = 1.0 / 21;
  for (int k = 19; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
  return -(e * kLog2 + 2 * s * sum);
}

struct SineAndCosine {
  double sine;
  double cosine;
};

/// sin 2πv and cos 2πv for 0 ≤ v < 1, absolute error below 2 ε: v = q/4 + f with |f| ≤ 1/8, and
/// the series at 2πf; q turns them by quarters.
WQUANT_HOST_DEVICE inline SineAndCosine sine_and_cosine(double v) {
  constexpr double kTwoPi = 6.28318530717958647692;
  constexpr double kToInteger = 0x1.8p52;  // adding it rounds to an integer, in the last bits
  const double shifted = 4 * v + kToInteger;
  const std::uint64_t q = to_bits(shifted);
  const double a = kTwoPi * (v - (shifted - kToInteger) / 4);
  const double square = a * a;
  double sine = 1;
  double cosine = 1;
  for (int j = 16; j >= 2; j -= 2) {
    sine = 1 - sine * (square * (1.0 / (j * (j + 1))));
    cosine = 1 - cosine * (square * (1.0 / ((j - 1) * j)));
  }
  const std::uint64_t s = to_bits(a * sine);
  const std::uint64_t c = to_bits(cosine);
  const std::uint64_t swap = (s ^ c) & (0 - (q & 1));
  const std::uint64_t sine_sign = (q & 2) << 62;
  const std::uint64_t cosine_sign = ((q + 1) & 2) << 62;
  return {from_bits(s ^ swap ^ sine_sign), from_bits(c ^ swap ^ cosine_sign)};
}

}  // namespace detail

/// Pair number `pair` of the stream `seed`; takes the counters 2 pair and 2 pair + 1. u in (0, 1]
/// is a multiple of 2⁻⁵², so no number exceeds √(104 log 2) < 8.5 in magnitude.
WQUANT_HOST_DEVICE inline NormalPair normal_pair(std::uint64_t seed, std::uint64_t pair) {
  const double u = 2 - detail::uniform_in_binade(seed, 2 * pair);
  const double v = detail::uniform_in_binade(seed, 2 * pair + 1) - 1;
  const double radius = std::sqrt(2 * detail::minus_log(u));
  const detail::SineAndCosine angle = detail::sine_and_cosine(v);
  return {radius * angle.cosine, radius * angle.sine};
}

}  // namespace wquant
