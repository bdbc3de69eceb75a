#include "cuda/cusolver_handle.hpp"

#include "cuda/cusolver.hpp"

namespace wquant {

void CusolverDeleter::operator()(cusolverDnContext* handle) const noexcept {
  static_cast<void>(cusolver().destroy(handle));
}

CusolverHandle make_cusolver_handle(CUstream_st* stream) {
  cusolverDnHandle_t created = nullptr;
  WQUANT_CUSOLVER_CHECK(cusolver().create(&created));
  CusolverHandle handle(created);
  WQUANT_CUSOLVER_CHECK(cusolver().set_stream(created, stream));
  return handle;
}

}  // namespace wquant
