// Kernels for the tests of the runtime, with launches that g++ can call.
#include "self_test/runtime_kernels.hpp"

namespace {

__global__ void add(double* x, int n, double value) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) x[i] += value;
}

__global__ void __launch_bounds__(64) write_past(double* x, int n) { x[n + threadIdx.x] = 1; }

__global__ void fill_shared(double* x, int n) {
  extern __shared__ double shared[];
  for (int i = threadIdx.x; i < n; i += blockDim.x) shared[i] = i;
  __syncthreads();
  if (threadIdx.x == 0) *x = shared[n - 1];
}

/// In blocks of a warp: y coalesced, x a sector a lane, a write to shared memory where the 16 lanes
/// of a half warp share a bank, a broadcast from there, one FMA; of zeros, 8 lanes write.
template <class T>
__global__ void counted(const T* x, T* y) {
  __shared__ T tile[32 * 16];
  const int lane = threadIdx.x;
  const int i = blockIdx.x * 32 + lane;
  const T own = x[4 * i];
  tile[16 * lane] = own;
  __syncthreads();
  const T value = fma(own, y[i], tile[0]);
  if (lane < 8 || value != 0) y[i] = value;
}

}  // namespace

namespace ptx_machine::test {

cudaError_t launch_add(double* x, int n, double value, cudaStream_t stream, dim3 block) {
  cudaLaunchConfig_t config{};
  config.gridDim = dim3((n + 63) / 64);
  config.blockDim = block;
  config.stream = stream;
  return cudaLaunchKernelEx(&config, add, x, n, value);
}

cudaError_t launch_write_past(double* x, int n, int threads) {
  write_past<<<1, threads>>>(x, n);
  return cudaGetLastError();
}

cudaError_t launch_fill_shared(double* x, int n) {
  fill_shared<<<1, 32, n * sizeof(double)>>>(x, n);
  return cudaGetLastError();
}

cudaError_t allow_shared(int bytes) {
  return cudaFuncSetAttribute(fill_shared, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
}

cudaError_t launch_counted(const double* x, double* y, int blocks) {
  counted<<<blocks, 32>>>(x, y);
  return cudaGetLastError();
}

}  // namespace ptx_machine::test
