#pragma once

#include <cuda_runtime.h>

namespace ptx_machine::test {

/// x[i] += value.
cudaError_t launch_add(double* x, int n, double value, cudaStream_t stream, dim3 block = 64);
/// Writes behind the n elements of x; at most 64 threads.
cudaError_t launch_write_past(double* x, int n, int threads);
/// *x = n − 1 by way of n doubles of dynamic shared memory.
cudaError_t launch_fill_shared(double* x, int n);
cudaError_t allow_shared(int bytes);
/// Reads 128 doubles of x a block, 32 of y, of which it writes the first 8.
cudaError_t launch_counted(const double* x, double* y, int blocks);

}  // namespace ptx_machine::test
