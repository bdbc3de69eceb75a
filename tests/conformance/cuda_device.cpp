#include "conformance/cuda_device.hpp"

#include <cuda_runtime_api.h>

namespace wquant::test {

std::string cuda_device_name() {
  cudaDeviceProp properties{};
  const cudaError_t status = cudaGetDeviceProperties(&properties, 0);
  static_cast<void>(cudaGetLastError());
  return status == cudaSuccess ? properties.name : "";
}

}  // namespace wquant::test
