#pragma once

#include <memory>

struct CUstream_st;
struct cusolverDnContext;

namespace wquant {

struct CusolverDeleter {
  void operator()(cusolverDnContext* handle) const noexcept;
};

/// cuSOLVER's state for one stream.
using CusolverHandle = std::unique_ptr<cusolverDnContext, CusolverDeleter>;

/// Throws DeviceError, also where there is no cuSOLVER.
CusolverHandle make_cusolver_handle(CUstream_st* stream);

}  // namespace wquant
