#include <cuda_runtime_api.h>

#include <stdexcept>

#include "device_timer.hpp"

namespace wquant::bench {
namespace {

void check(cudaError_t status) {
  if (status != cudaSuccess) throw std::runtime_error(cudaGetErrorString(status));
}

class CudaTimer final : public DeviceTimer {
 public:
  CudaTimer() : context_(make_context()) {
    check(cudaEventCreate(&begin_));
    check(cudaEventCreate(&end_));
  }
  ~CudaTimer() override {
    static_cast<void>(cudaEventDestroy(begin_));
    static_cast<void>(cudaEventDestroy(end_));
  }
  const Context& context() const override { return context_; }
  std::string device() const override {
    cudaDeviceProp properties{};
    check(cudaGetDeviceProperties(&properties, 0));
    return properties.name;
  }
  void start() override { check(cudaEventRecord(begin_, stream_)); }
  double stop() override {
    check(cudaEventRecord(end_, stream_));
    check(cudaEventSynchronize(end_));
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, begin_, end_));
    return static_cast<double>(milliseconds) / 1000;
  }

 private:
  Context make_context() {
    static_cast<void>(Context::cuda());  // says clearly why there is none
    check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
    return Context::cuda({.stream = stream_});
  }

  cudaStream_t stream_ = nullptr;  // lives as long as the program
  Context context_;
  cudaEvent_t begin_ = nullptr, end_ = nullptr;
};

}  // namespace

std::unique_ptr<DeviceTimer> make_cuda_timer() { return std::make_unique<CudaTimer>(); }

}  // namespace wquant::bench
