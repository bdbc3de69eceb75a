#pragma once

#include <algorithm>
#include <cstdint>

#include "base/random.hpp"

namespace wquant {

/// Whole numbers from 0 to below − 1, each as likely as another: values in the last, incomplete
/// stretch of `below` are drawn again.
class UniformIndex {
 public:
  explicit UniformIndex(std::uint64_t seed) : seed_(stream_seed(seed, 0)) {}

  std::int64_t operator()(std::int64_t below) {
    const auto n = static_cast<std::uint64_t>(below);
    const std::uint64_t incomplete = (0 - n) % n;  // 2⁶⁴ mod n
    std::uint64_t bits = random_bits(seed_, counter_++);
    while (bits < incomplete) bits = random_bits(seed_, counter_++);
    return static_cast<std::int64_t>(bits % n);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t counter_ = 0;
};

/// Puts `count` rows of `d` values in random order, in place, by Fisher and Yates's shuffle. Calls
/// step(i) after each of the rows count − 1 … 1 has got its place.
template <class T, class Step>
void shuffle_rows(T* values, std::int64_t count, std::int64_t d, std::uint64_t seed,
                  const Step& step) {
  UniformIndex index_below(seed);
  for (std::int64_t i = count - 1; i > 0; --i) {
    const std::int64_t j = index_below(i + 1);
    if (j != i) std::swap_ranges(values + i * d, values + i * d + d, values + j * d);
    step(i);
  }
}

}  // namespace wquant
