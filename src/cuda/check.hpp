#pragma once

#include <cuda_runtime_api.h>

#include <string>

#include "wquant/error.hpp"

namespace wquant {

/// "out of memory (cudaErrorMemoryAllocation, 2)"
inline std::string describe(cudaError_t status) {
  return std::string(cudaGetErrorString(status)) + " (" + cudaGetErrorName(status) + ", " +
         std::to_string(static_cast<int>(status)) + ")";
}

/// Throws DeviceError unless `status` is cudaSuccess. Clears the runtime's record of the error, so
/// that other users of the device in this process do not meet it.
inline void check_cuda(cudaError_t status, const char* call, const char* file, int line) {
  if (status == cudaSuccess) return;
  static_cast<void>(cudaGetLastError());
  throw DeviceError("cuda: " + describe(status) + " from " + call + " at " + file + ":" +
                    std::to_string(line));
}

}  // namespace wquant

// __FILE__ would put the folder of the build into the library.
#define WQUANT_CUDA_CHECK(...) \
  ::wquant::check_cuda((__VA_ARGS__), #__VA_ARGS__, __FILE_NAME__, __LINE__)
