#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace wquant::fuzz {

using Bytes = std::span<const std::uint8_t>;

/// What hostile bytes are given to. Each returns if the library did what it promises, a refusal in
/// one line included, and throws std::logic_error if it did not.
void mixture_file(Bytes bytes);
void csv_file(Bytes bytes);
void npy_file(Bytes bytes);
/// The first byte chooses between .json, .csv and .npy.
void box_file(Bytes bytes);
/// Bytes become a mixture and options: see ByteSource.
void quantize(Bytes bytes);
/// Bytes become a box, samples and options.
void learn(Bytes bytes);

struct Target {
  std::string_view name;  ///< also of its folder in corpus/
  void (*run)(Bytes);
};

inline constexpr std::array<Target, 6> kTargets = {{{"box_file", box_file},
                                                    {"csv_file", csv_file},
                                                    {"learn", learn},
                                                    {"mixture_file", mixture_file},
                                                    {"npy_file", npy_file},
                                                    {"quantize", quantize}}};

}  // namespace wquant::fuzz
