// Device and pinned memory, copies and fills.
#include <cstdlib>
#include <cstring>

#include "runtime/device.hpp"
#include "runtime/machine.hpp"

namespace ptx_machine {
namespace {

constexpr int kUndefined = 0xff;  // what host destinations hold until the copy has run: NaN

std::string name_of_next() {
  static int count = 0;
  return "allocation " + std::to_string(++count);
}

char* reserve(Machine& machine, std::size_t bytes) {
  if (bytes > kDeviceMemory - machine.bytes_in_use) throw std::bad_alloc();
  char* const p = machine.arena.reserve(bytes);
  machine.blocks[p] = {bytes};
  machine.bytes_in_use += bytes;
  return p;
}

void release(Machine& machine, char* p) {
  const auto it = machine.blocks.find(p);
  machine.engine.release_allocation(p);
  machine.arena.give_back(p, it->second.size);
  machine.bytes_in_use -= it->second.size;
  machine.blocks.erase(it);
}

/// The allocation that begins at p and that may still be freed, or null.
DeviceBlock* freeable(Machine& machine, void* p) {
  const auto it = machine.blocks.find(static_cast<char*>(p));
  return it == machine.blocks.end() || it->second.freed ? nullptr : &it->second;
}

bool valid_range(const Machine& machine, const void* p, std::size_t n) {
  return machine.on_device(p) ? machine.block_of(p, n) != nullptr : p != nullptr;
}

/// Does the kind say what the addresses are?
bool fits(cudaMemcpyKind kind, bool to_device, bool from_device) {
  switch (kind) {
    case cudaMemcpyHostToHost:
      return !to_device && !from_device;
    case cudaMemcpyHostToDevice:
      return to_device && !from_device;
    case cudaMemcpyDeviceToHost:
      return !to_device && from_device;
    case cudaMemcpyDeviceToDevice:
      return to_device && from_device;
    default:
      return true;
  }
}

cudaError_t check_copy(const Machine& machine, const void* to, const void* from, std::size_t n,
                       cudaMemcpyKind kind) {
  if (kind < cudaMemcpyHostToHost || kind > cudaMemcpyDefault)
    return cudaErrorInvalidMemcpyDirection;
  if (n == 0) return cudaSuccess;
  const bool right = valid_range(machine, to, n) && valid_range(machine, from, n) &&
                     fits(kind, machine.on_device(to), machine.on_device(from));
  return right ? cudaSuccess : cudaErrorInvalidValue;
}

/// A device range must be allocated when its operation runs, not only when it was submitted.
bool present(Machine& machine, const void* p, std::size_t n, const char* what) {
  if (!machine.on_device(p) || machine.engine.covers(p, n)) return true;
  machine.report(std::string(what) + " of " + std::to_string(n) +
                 " bytes of device memory that is not allocated yet, or was freed, in the order in "
                 "which the streams ran");
  machine.fail(cudaErrorIllegalAddress);
  return false;
}

void run_copy(Machine& machine, void* to, const void* from, std::size_t n) {
  if (!present(machine, to, n, "copy") || !present(machine, from, n, "copy")) return;
  const Arena::Access access(machine.arena);
  const bool to_device = machine.on_device(to);
  const bool from_device = machine.on_device(from);
  machine.begin_operation();
  if (from_device) machine.touch("copy from", from, n, false);
  if (to_device) machine.touch("copy to", to, n, true);
  if (from_device && !to_device && machine.engine.options.uninit != ptx::Options::off) {
    const auto first = machine.engine.first_uninitialised(from, n);
    if (first >= 0)
      machine.report("uninitialised value: in a copy of " + std::to_string(n) +
                     " bytes to the host byte " + std::to_string(first) + " was never written");
  }
  std::memmove(to, from, n);
  if (!to_device) return;
  if (from_device)
    machine.engine.copy_validity(to, from, n);
  else
    machine.engine.mark_initialised(to, n);
}

bool is_pinned(const Machine& machine, const void* p) {
  auto it = machine.pinned.upper_bound(static_cast<const char*>(p));
  return it != machine.pinned.begin() &&
         (--it, static_cast<const char*>(p) < it->first + it->second);
}

/// As documented, pageable memory is read now and pinned memory when the copy runs; what is copied
/// to the host is there only then.
void submit_copy(Machine& machine, void* to, const void* from, std::size_t n, CUstream_st* stream) {
  if (!machine.on_device(to)) std::memset(to, kUndefined, n);
  if (machine.on_device(from) || is_pinned(machine, from)) {
    machine.streams.add(stream, [&machine, to, from, n] { run_copy(machine, to, from, n); });
    return;
  }
  const auto* const bytes = static_cast<const char*>(from);
  machine.streams.add(stream, [&machine, to, n, staged = std::vector<char>(bytes, bytes + n)] {
    run_copy(machine, to, staged.data(), n);
  });
}

void run_fill(Machine& machine, void* p, int value, std::size_t n) {
  if (!present(machine, p, n, "fill")) return;
  const Arena::Access access(machine.arena);
  machine.begin_operation();
  machine.touch("fill", p, n, true);
  std::memset(p, value, n);
  machine.engine.mark_initialised(p, n);
}

cudaError_t fill(Machine& machine, void* p, int value, std::size_t n, cudaStream_t handle) {
  CUstream_st* const stream = machine.streams.find(handle);
  if (!stream) return cudaErrorInvalidResourceHandle;
  if (n == 0) return cudaSuccess;
  if (!machine.on_device(p) || !machine.block_of(p, n)) return cudaErrorInvalidValue;
  machine.streams.add(stream, [&machine, p, value, n] { run_fill(machine, p, value, n); });
  return cudaSuccess;
}

cudaError_t allocate_pinned(Machine& machine, void** p, std::size_t n) {
  if (!p) return cudaErrorInvalidValue;
  *p = nullptr;
  if (n == 0) return cudaSuccess;
  *p = std::aligned_alloc(4096, (n + 4095) / 4096 * 4096);
  if (!*p) return cudaErrorMemoryAllocation;
  machine.pinned[static_cast<char*>(*p)] = n;
  return cudaSuccess;
}

}  // namespace
}  // namespace ptx_machine

using namespace ptx_machine;

extern "C" {

cudaError_t cudaMalloc(void** p, std::size_t n) {
  return api([&](Machine& machine) {
    if (!p) return cudaErrorInvalidValue;
    *p = nullptr;
    if (n == 0) return cudaSuccess;
    *p = reserve(machine, n);
    machine.engine.register_allocation(*p, n, name_of_next());
    return cudaSuccess;
  });
}

cudaError_t cudaFree(void* p) {
  return api([&](Machine& machine) {
    if (!p) return cudaSuccess;
    if (!freeable(machine, p)) return cudaErrorInvalidValue;
    machine.streams.wait_for_all();
    release(machine, static_cast<char*>(p));
    return machine.take_failure();
  });
}

cudaError_t cudaMallocAsync(void** p, std::size_t n, cudaStream_t handle) {
  return api([&](Machine& machine) {
    CUstream_st* const stream = machine.streams.find(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    if (!p || n == 0) return cudaErrorInvalidValue;
    *p = reserve(machine, n);
    const std::string name = name_of_next();
    machine.engine.announce_allocation(*p, n, name);
    machine.streams.add(stream, [&machine, memory = *p, n, name] {
      machine.engine.register_allocation(memory, n, name);
    });
    return cudaSuccess;
  });
}

cudaError_t cudaFreeAsync(void* p, cudaStream_t handle) {
  return api([&](Machine& machine) {
    CUstream_st* const stream = machine.streams.find(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    DeviceBlock* const block = freeable(machine, p);
    if (!block) return cudaErrorInvalidValue;
    block->freed = true;
    machine.streams.add(stream, [&machine, p] {
      if (present(machine, p, 1, "release")) release(machine, static_cast<char*>(p));
    });
    return cudaSuccess;
  });
}

cudaError_t cudaMallocHost(void** p, std::size_t n) {
  return api([&](Machine& machine) { return allocate_pinned(machine, p, n); });
}

cudaError_t cudaHostAlloc(void** p, std::size_t n, unsigned) { return cudaMallocHost(p, n); }

cudaError_t cudaFreeHost(void* p) {
  return api([&](Machine& machine) {
    if (!p) return cudaSuccess;
    if (machine.pinned.erase(static_cast<char*>(p)) == 0) return cudaErrorInvalidValue;
    machine.streams.wait_for_all();
    std::free(p);
    return machine.take_failure();
  });
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t n, cudaMemcpyKind kind,
                            cudaStream_t handle) {
  return api([&](Machine& machine) {
    CUstream_st* const stream = machine.streams.find(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    const cudaError_t error = check_copy(machine, to, from, n, kind);
    if (error == cudaSuccess && n > 0) submit_copy(machine, to, from, n, stream);
    return error;
  });
}

cudaError_t cudaMemcpy(void* to, const void* from, std::size_t n, cudaMemcpyKind kind) {
  return api([&](Machine& machine) {
    const cudaError_t error = check_copy(machine, to, from, n, kind);
    if (error != cudaSuccess || n == 0) return error;
    CUstream_st* const legacy = machine.streams.find(nullptr);
    submit_copy(machine, to, from, n, legacy);
    if (machine.on_device(to) && machine.on_device(from)) return cudaSuccess;  // does not wait
    machine.streams.wait(legacy);
    return machine.take_failure();
  });
}

cudaError_t cudaMemsetAsync(void* p, int value, std::size_t n, cudaStream_t stream) {
  return api([&](Machine& machine) { return fill(machine, p, value, n, stream); });
}

cudaError_t cudaMemset(void* p, int value, std::size_t n) {
  return api([&](Machine& machine) { return fill(machine, p, value, n, nullptr); });
}

cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  return api([&](Machine& machine) {
    if (!free || !total) return cudaErrorInvalidValue;
    *free = kDeviceMemory - machine.bytes_in_use;
    *total = kDeviceMemory;
    return cudaSuccess;
  });
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* p) {
  return api([&](Machine& machine) {
    if (!attributes) return cudaErrorInvalidValue;
    *attributes = {};
    attributes->device = 0;
    if (machine.on_device(p) && machine.block_of(p, 1)) {
      attributes->type = cudaMemoryTypeDevice;
      attributes->devicePointer = const_cast<void*>(p);
    } else if (is_pinned(machine, p)) {
      attributes->type = cudaMemoryTypeHost;
      attributes->devicePointer = attributes->hostPointer = const_cast<void*>(p);
    } else {
      attributes->type = cudaMemoryTypeUnregistered;
    }
    return cudaSuccess;
  });
}

}  // extern "C"
