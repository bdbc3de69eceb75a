#pragma once

/// Functions that the CPU and the CUDA kernels share.
#ifdef __CUDACC__
#define WQUANT_HOST_DEVICE __host__ __device__
#else
#define WQUANT_HOST_DEVICE
#endif
