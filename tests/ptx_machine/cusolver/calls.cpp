// cuSOLVER as the PTX machine plays it, in the place of src/cuda/cusolver.cpp.
#include "cuda/cusolver.hpp"

namespace wquant {

const Cusolver& cusolver() {
  static const Cusolver calls{cusolverDnCreate,        cusolverDnDestroy,
                              cusolverDnSetStream,     cusolverDnCreateParams,
                              cusolverDnDestroyParams, cusolverDnXsyevBatched_bufferSize,
                              cusolverDnXsyevBatched};
  return calls;
}

}  // namespace wquant
