#pragma once

#include <cstdint>

#include "base/host_device.hpp"

namespace wquant {

/// Counter-based: the value depends on seed and counter only. The mixing function of splitmix64
/// (Steele, Lea & Flood, Fast splittable pseudorandom number generators, 2014).
WQUANT_HOST_DEVICE inline std::uint64_t random_bits(std::uint64_t seed, std::uint64_t counter) {
  std::uint64_t z = seed + (counter + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// In [0, 1), a multiple of 2⁻⁵³.
WQUANT_HOST_DEVICE inline double uniform(std::uint64_t seed, std::uint64_t counter) {
  return static_cast<double>(random_bits(seed, counter) >> 11) * 0x1p-53;
}

/// The seed of an independent stream. Seeds are mixed before the stream is added: all streams are
/// stretches of one sequence of 2⁶⁴ states, and neighbouring seeds must not be neighbours on it.
WQUANT_HOST_DEVICE inline std::uint64_t stream_seed(std::uint64_t seed, std::uint64_t stream) {
  return random_bits(random_bits(seed, 0), stream);
}

}  // namespace wquant
