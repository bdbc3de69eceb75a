#pragma once

#include <cstdint>
#include <vector>

#include "wquant/normal_quantizer.hpp"

namespace wquant {

/// e(1), …, e(largest) for loops that read it millions of times.
inline std::vector<double> distortion_table(std::int64_t largest) {
  std::vector<double> table(static_cast<std::size_t>(largest) + 1, 1.0);
  for (std::int64_t n = 1; n <= largest; ++n) table[n] = normal_distortion(n);
  return table;
}

}  // namespace wquant
