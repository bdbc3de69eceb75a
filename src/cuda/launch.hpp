#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "cuda/check.hpp"

namespace wquant {

struct LaunchShape {
  std::int64_t blocks;
  int threads;
  std::size_t shared_bytes = 0;
};

/// Enough blocks of `threads` for one thread per item.
inline LaunchShape one_thread_each(std::int64_t items, int threads) {
  return {(items + threads - 1) / threads, threads};
}

/// Puts a kernel on `stream` (nvcc only). An empty grid is no launch. Throws InvalidArgument beyond
/// the 2³¹ − 1 blocks of a grid, DeviceError if the runtime refuses.
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), const LaunchShape& shape, cudaStream_t stream,
            Arguments&&... arguments) {
  constexpr std::int64_t kMostBlocks = 0x7fffffff;
  if (shape.blocks == 0) return;
  if (shape.blocks > kMostBlocks)
    throw InvalidArgument("cuda: a launch of " + std::to_string(shape.blocks) +
                          " blocks; expected at most " + std::to_string(kMostBlocks));
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>(shape.blocks));
  config.blockDim = dim3(static_cast<unsigned>(shape.threads));
  config.dynamicSmemBytes = shape.shared_bytes;
  config.stream = stream;
  WQUANT_CUDA_CHECK(cudaLaunchKernelEx(&config, kernel, std::forward<Arguments>(arguments)...));
}

}  // namespace wquant
