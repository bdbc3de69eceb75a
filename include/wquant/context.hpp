#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "wquant/export.hpp"
#include "wquant/view.hpp"

namespace wquant {

class Backend;

/// How a CPU context works.
struct CpuOptions {
  int threads = 0;  ///< OpenMP threads; 0 = all the machine's. Never changes a bit of a result.
  std::size_t workspace_limit =
      0;  ///< bytes one call may allocate; 0 = half of the machine's memory.
};

/// Which device a CUDA context works on, and how.
struct CudaOptions {
  int device = 0;          ///< CUDA device ordinal.
  void* stream = nullptr;  ///< the caller's cudaStream_t; null = one of the context's own.
  std::size_t workspace_limit =
      0;  ///< bytes one call may allocate; 0 = half of what is free at the start.
};

/// Where work runs: owns the backend, its memory and its threads or stream. Use one per host
/// thread; two contexts share no mutable state.
class WQUANT_API Context {
 public:
  /// Throws InvalidArgument if threads is negative or above 4096.
  static Context cpu(const CpuOptions& options = {});

  /// Throws NotCompiled if the build has no complete CUDA backend, DeviceError if there is no
  /// usable device, InvalidArgument for an ordinal that is none.
  static Context cuda(const CudaOptions& options = {});

  /// CUDA device 0 if this build and this machine can use it, else the CPU with these options.
  static Context best(const CpuOptions& otherwise = {});

  /// What was moved from can only be assigned to or destroyed.
  Context(Context&&) noexcept;
  /// As the constructor.
  Context& operator=(Context&&) noexcept;
  ~Context();

  /// Where arrays made by this context live.
  MemorySpace memory_space() const;
  /// "cpu" or "cuda".
  std::string device() const;
  /// Bytes that one call may allocate.
  std::size_t workspace_limit() const;

  /// Internal: the kernels behind this context.
  Backend& backend() const { return *backend_; }

 private:
  explicit Context(std::shared_ptr<Backend> backend);
  template <class T>
  friend class Array;

  std::shared_ptr<Backend> backend_;
};

}  // namespace wquant
