#pragma once

#include <cstdint>

#include "base/simd.hpp"

namespace wquant {

/// Σ(x − c)² in double, always in the same order: eight partial sums where d ≥ 8.
template <class T, class U>
WQUANT_INLINE double squared_distance(const T* x, const U* c, std::int64_t d) {
  using EightX __attribute__((vector_size(8 * sizeof(T)), aligned(sizeof(T)))) = T;
  using EightC __attribute__((vector_size(8 * sizeof(U)), aligned(sizeof(U)))) = U;
  using Eight __attribute__((vector_size(64))) = double;
  double sum = 0;
  std::int64_t k = 0;
  if (d >= 8) {
    Eight partial = {};
    for (; k + 8 <= d; k += 8) {
      const Eight difference =
          __builtin_convertvector(*reinterpret_cast<const EightX*>(x + k), Eight) -
          __builtin_convertvector(*reinterpret_cast<const EightC*>(c + k), Eight);
      partial += difference * difference;
    }
    sum = ((partial[0] + partial[4]) + (partial[1] + partial[5])) +
          ((partial[2] + partial[6]) + (partial[3] + partial[7]));
  }
  for (; k < d; ++k) {
    const double difference = static_cast<double>(x[k]) - static_cast<double>(c[k]);
    sum += difference * difference;
  }
  return sum;
}

}  // namespace wquant
