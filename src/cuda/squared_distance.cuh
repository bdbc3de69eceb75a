#pragma once

#include <cstdint>

namespace wquant {

/// Σ(x − c)² in double, in the order of the CPU's (cpu/squared_distance.hpp): eight partial sums
/// where d ≥ 8. To be compiled without fused operations.
template <class T, class U>
__device__ inline double squared_distance(const T* x, const U* c, std::int64_t d) {
  double sum = 0;
  std::int64_t k = 0;
  if (d >= 8) {
    double partial[8] = {};
    for (; k + 8 <= d; k += 8)
#pragma unroll
      for (int p = 0; p < 8; ++p) {
        const double difference = static_cast<double>(x[k + p]) - static_cast<double>(c[k + p]);
        partial[p] += difference * difference;
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

/// The same by eight neighbouring lanes, which all get it; `lane` is the thread's among them.
template <class T, class U>
__device__ inline double squared_distance_of_eight(const T* x, const U* c, std::int64_t d,
                                                   int lane) {
  const auto square = [&](std::int64_t k) {
    const double difference = static_cast<double>(x[k]) - static_cast<double>(c[k]);
    return difference * difference;
  };
  double sum = 0;
  std::int64_t k = 0;
  for (; k + 8 <= d; k += 8) sum += square(k + lane);
  for (const int step : {4, 1, 2}) sum += __shfl_xor_sync(0xffffffffu, sum, step);
  for (; k < d; ++k) sum += square(k);
  return sum;
}

}  // namespace wquant
