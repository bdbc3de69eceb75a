#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstring>
#include <mutex>

#include "cuda/check.hpp"

namespace wquant {

/// Pinned memory that small values pass through on their way from the host to the device, so that
/// the host does not wait for the stream. Safe to use from several threads.
class Staging {
 public:
  static constexpr std::size_t kBytes = std::size_t{1} << 20;

  Staging() {
    WQUANT_CUDA_CHECK(cudaMallocHost(&memory_, kBytes));
    if (const cudaError_t status = cudaEventCreateWithFlags(&read_, cudaEventDisableTiming);
        status != cudaSuccess) {
      static_cast<void>(cudaFreeHost(memory_));
      WQUANT_CUDA_CHECK(status);
    }
  }
  ~Staging() {
    static_cast<void>(cudaEventSynchronize(read_));
    static_cast<void>(cudaEventDestroy(read_));
    static_cast<void>(cudaFreeHost(memory_));
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  /// At most kBytes; `from` may be reused at once.
  void copy(void* to, const void* from, std::size_t bytes, cudaStream_t stream) {
    const std::lock_guard lock(mutex_);
    if (used_ + bytes > kBytes) {
      WQUANT_CUDA_CHECK(cudaEventSynchronize(read_));
      used_ = 0;
    }
    char* const at = static_cast<char*>(memory_) + used_;
    std::memcpy(at, from, bytes);
    WQUANT_CUDA_CHECK(cudaMemcpyAsync(to, at, bytes, cudaMemcpyHostToDevice, stream));
    WQUANT_CUDA_CHECK(cudaEventRecord(read_, stream));
    used_ += bytes;
  }

 private:
  void* memory_ = nullptr;
  cudaEvent_t read_ = nullptr;  // once all copies so far have run
  std::size_t used_ = 0;
  std::mutex mutex_;
};

}  // namespace wquant
