#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "wquant/export.hpp"
#include "wquant/view.hpp"

namespace wquant {

class Backend;

/// A CPU context uses at most this many threads.
inline constexpr int kMostThreads = 4096;

/// Options of a CPU context.
struct CpuOptions {
  /// The number of OpenMP threads; 0 stands for all the machine's. It never changes a bit of a
  /// result.
  int threads = 0;
  /// One call may allocate this many bytes; 0 stands for half of the machine's memory.
  std::size_t workspace_limit = 0;
};

/// Options of a CUDA context.
struct CudaOptions {
  int device = 0;          ///< The ordinal of the CUDA device.
  void* stream = nullptr;  ///< The caller's cudaStream_t; null stands for a stream of its own.
  /// One call may allocate this many bytes; 0 stands for half of the memory that is free when the
  /// context is made.
  std::size_t workspace_limit = 0;
};

/// Where work runs. A context owns the backend, its memory and its threads or stream. Use one
/// context per host thread; two contexts share no mutable state.
class WQUANT_API Context {
 public:
  /// A context that works on the CPU.
  /// Throws InvalidArgument if the number of threads is negative or above kMostThreads.
  static Context cpu(const CpuOptions& options = {});

  /// A context that works on a CUDA device.
  /// Throws NotCompiled if the build has no complete CUDA backend, DeviceError if there is no
  /// usable device, InvalidArgument if no device has the ordinal.
  static Context cuda(const CudaOptions& options = {});

  /// A context on CUDA device 0 if this build and this machine can use it, else on the CPU with
  /// these options.
  static Context best(const CpuOptions& otherwise = {});

  /// Afterwards the other context can only be assigned to or destroyed.
  Context(Context&&) noexcept;
  /// Afterwards the other context can only be assigned to or destroyed.
  Context& operator=(Context&&) noexcept;
  ~Context();

  /// The memory in which arrays made by this context lie.
  MemorySpace memory_space() const;
  /// "cpu" or "cuda".
  std::string device() const;
  /// The number of bytes that one call may allocate.
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
