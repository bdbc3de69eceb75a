#pragma once

#include <cuda_runtime_api.h>

#include "backend/backend.hpp"
#include "cuda/cusolver_handle.hpp"

namespace wquant {

/// What Backend::eigh writes.
struct EighOutputs {
  MatrixView<double> eigenvalues;
  TensorView<double> eigenvectors;
  VectorView<double> residual;
  VectorView<double> orthogonality;
};

/// Backend::eigh on `stream`; all views in device memory. Where the iteration does not converge,
/// residual[i] is infinite. `cusolver` is made when first needed, by
/// matrices beyond 32 × 32. Throws DeviceError, OutOfMemory.
void launch_eigh(TensorView<const double> matrices, const EighOutputs& out,
                 CusolverHandle& cusolver, Backend& backend, cudaStream_t stream);

/// One thread a matrix: up to 3 × 3.
void launch_small_eigh(TensorView<const double> matrices, const EighOutputs& out,
                       cudaStream_t stream);

/// One warp a matrix: up to 32 × 32.
void launch_warp_eigh(TensorView<const double> matrices, const EighOutputs& out,
                      cudaStream_t stream);

/// cuSOLVER, as many matrices at once as its limits and the backend's workspace allow.
void launch_large_eigh(TensorView<const double> matrices, const EighOutputs& out,
                       CusolverHandle& cusolver, Backend& backend, cudaStream_t stream);

}  // namespace wquant
