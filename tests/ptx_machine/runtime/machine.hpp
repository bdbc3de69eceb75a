#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "runtime/arena.hpp"
#include "runtime/ptx_machine.hpp"
#include "runtime/streams.hpp"

namespace ptx_machine {

struct DeviceBlock {
  std::size_t size = 0;
  bool freed = false;  // by a cudaFreeAsync that has not run yet
};

/// A fat binary of the program: the PTX of one source file, parsed when a kernel of it is wanted.
struct FatBinary {
  std::string ptx;
  bool loaded = false;
};

struct Kernel {
  FatBinary* binary = nullptr;
  std::string name;
  std::size_t dynamic_shared_limit = 48 << 10;
};

/// What an operation that has run touched.
struct Trace {
  int stream;
  std::uint64_t serial;
  ptx::Footprint footprint;
};

/// The one device and everything on it. All calls of the runtime hold `mutex`.
class Machine {
 public:
  static Machine& get();

  std::recursive_mutex mutex;
  ptx::Engine engine;
  Arena arena;
  Streams streams;
  std::map<const char*, DeviceBlock> blocks;
  std::map<const char*, std::size_t> pinned;
  std::size_t bytes_in_use = 0;
  std::map<const void*, Kernel> kernels;
  std::uint64_t launches = 0;
  std::map<std::string, KernelCounts> counts;  // by readable name
  FindingHandler on_finding;
  cudaError_t failure = cudaSuccess;  // of work that has run, told at the next wait

  /// The block that holds [p, p + n) for the host's view: allocated and not freed.
  const DeviceBlock* block_of(const void* p, std::size_t n) const;
  bool on_device(const void* p) const { return arena.contains(p); }
  void load(FatBinary& binary);
  void report(const std::string& message);
  /// Notes that work failed on the device.
  void fail(cudaError_t error) {
    if (failure == cudaSuccess) failure = error;
  }
  cudaError_t take_failure();
  /// Tells the engine what is not ordered before the operation that runs now.
  void begin_operation();
  /// Reports a conflict of the current operation on n bytes, and remembers them.
  void touch(const std::string& what, const void* p, std::size_t n, bool write);
  void remember_footprint(const ptx::Footprint& footprint);

 private:
  Machine();

  std::vector<Trace> traces_;  // of operations that something still to run may not be ordered after
};

/// Remembers an error for cudaGetLastError.
cudaError_t remember(cudaError_t error);

/// One call of the runtime: locked; memory that cannot be had is an error, and so is what the
/// machine cannot do.
template <class Call>
cudaError_t api(const Call& call) {
  Machine& machine = Machine::get();
  const std::lock_guard lock(machine.mutex);
  try {
    return remember(call(machine));
  } catch (const std::bad_alloc&) {
    return remember(cudaErrorMemoryAllocation);
  } catch (const std::exception& error) {
    machine.report(error.what());
    return remember(cudaErrorNotSupported);
  }
}

}  // namespace ptx_machine
