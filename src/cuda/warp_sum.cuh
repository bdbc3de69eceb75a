#pragma once

namespace wquant {

/// The sum over the lanes of a whole warp, pairwise, the same in each.
template <class T>
__device__ inline T warp_sum(T value) {
  for (int step = 16; step > 0; step /= 2) value += __shfl_xor_sync(0xffffffffu, value, step);
  return value;
}

}  // namespace wquant
