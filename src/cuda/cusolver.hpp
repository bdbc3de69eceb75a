#pragma once

#include <cusolverDn.h>

#include <string>

#include "wquant/error.hpp"

namespace wquant {

/// The calls of cuSOLVER that the library makes.
struct Cusolver {
  decltype(&cusolverDnCreate) create;
  decltype(&cusolverDnDestroy) destroy;
  decltype(&cusolverDnSetStream) set_stream;
  decltype(&cusolverDnCreateParams) create_params;
  decltype(&cusolverDnDestroyParams) destroy_params;
  decltype(&cusolverDnXsyevBatched_bufferSize) syev_batched_buffer_size;
  decltype(&cusolverDnXsyevBatched) syev_batched;
};

/// cuSOLVER, loaded when first asked for and kept: it is not linked, so that programs start on
/// machines without it. Throws DeviceError where it is missing.
const Cusolver& cusolver();

/// Throws DeviceError unless `status` is CUSOLVER_STATUS_SUCCESS.
inline void check_cusolver(cusolverStatus_t status, const char* call, const char* file, int line) {
  if (status == CUSOLVER_STATUS_SUCCESS) return;
  throw DeviceError("cuda: cuSOLVER's status " + std::to_string(static_cast<int>(status)) +
                    " from " + call + " at " + file + ":" + std::to_string(line));
}

}  // namespace wquant

#define WQUANT_CUSOLVER_CHECK(...) \
  ::wquant::check_cusolver((__VA_ARGS__), #__VA_ARGS__, __FILE_NAME__, __LINE__)
