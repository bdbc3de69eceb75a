#include "backend/backend.hpp"
#include "wquant/error.hpp"

namespace wquant {

std::shared_ptr<Backend> make_cuda_backend(const CudaOptions&) {
  throw NotCompiled("cuda: this build has no CUDA backend (configure with -DWQUANT_CUDA=ON)");
}

}  // namespace wquant
