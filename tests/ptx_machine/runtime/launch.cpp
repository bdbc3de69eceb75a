// Kernels: what nvcc's start-up code registers, and launches.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <list>

#include "runtime/device.hpp"
#include "runtime/fat_binary.hpp"
#include "runtime/machine.hpp"

namespace ptx_machine {
namespace {

std::list<FatBinary>& binaries() {
  static auto& list = *new std::list<FatBinary>;
  return list;
}

Kernel* find_kernel(Machine& machine, const void* function) {
  const auto it = machine.kernels.find(function);
  if (it == machine.kernels.end()) return nullptr;
  machine.load(*it->second.binary);
  return &it->second;
}

bool sizes_allowed(dim3 grid, dim3 block) {
  return grid.x && grid.y && grid.z && block.x && block.y && block.z && grid.x <= 0x7fffffff &&
         grid.y <= 65535 && grid.z <= 65535 && block.x <= 1024 && block.y <= 1024 &&
         block.z <= 64 && std::uint64_t{block.x} * block.y * block.z <= 1024;
}

cudaError_t check_launch(const Kernel& kernel, const ptx::KernelInfo& info, dim3 grid, dim3 block,
                         std::size_t dynamic_shared) {
  if (!sizes_allowed(grid, block)) return cudaErrorInvalidConfiguration;
  const unsigned threads = block.x * block.y * block.z;
  if (info.max_threads && threads > static_cast<unsigned>(info.max_threads))
    return cudaErrorInvalidValue;
  const bool fits = dynamic_shared + info.static_shared <= kernel.dynamic_shared_limit;
  return fits ? cudaSuccess : cudaErrorInvalidValue;
}

cudaError_t error_of(const std::string& kind) {
  if (kind == "misaligned access") return cudaErrorMisalignedAddress;
  if (kind == "device assertion") return cudaErrorAssert;
  if (kind.ends_with("out of bounds")) return cudaErrorIllegalAddress;
  return cudaErrorLaunchFailure;
}

struct Launch {
  std::string kernel;
  dim3 grid, block;
  std::size_t dynamic_shared;
  std::vector<std::uint8_t> arguments;
  bool cooperative;
};

void count(KernelCounts& kernel, const Launch& launch, const ptx::Counts& counts) {
  ++kernel.launches;
  kernel.threads_per_block = static_cast<int>(launch.block.x * launch.block.y * launch.block.z);
  kernel.dynamic_shared = launch.dynamic_shared;
  kernel.counts += counts;
}

void run(Machine& machine, const Launch& launch) {
  ++machine.launches;
  machine.begin_operation();
  const int resident = machine.engine.options.resident_blocks;
  if (launch.cooperative)
    machine.engine.options.resident_blocks =
        static_cast<int>(launch.grid.x * launch.grid.y * launch.grid.z);
  ptx::Result result;
  {
    const Arena::Access access(machine.arena);
    result = machine.engine.launch(launch.kernel, {launch.grid.x, launch.grid.y, launch.grid.z},
                                   {launch.block.x, launch.block.y, launch.block.z},
                                   launch.dynamic_shared, launch.arguments);
  }
  machine.engine.options.resident_blocks = resident;
  result.footprint.name = "kernel " + readable_name(launch.kernel);
  machine.remember_footprint(result.footprint);
  count(machine.counts[readable_name(launch.kernel)], launch, result);
  if (std::getenv("PTX_REPORT")) std::fputs(result.profile.c_str(), stderr);
  for (const ptx::Finding& finding : result.findings) {
    machine.report(finding.kind + " in " + launch.kernel + " (" + std::to_string(finding.times) +
                   " times): " + finding.message);
    if (finding.fatal) machine.fail(error_of(finding.kind));
  }
}

cudaError_t launch(const void* function, dim3 grid, dim3 block, void** arguments,
                   std::size_t dynamic_shared, cudaStream_t handle, bool cooperative = false) {
  return api([&](Machine& machine) {
    CUstream_st* const stream = machine.streams.find(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    const Kernel* const kernel = find_kernel(machine, function);
    if (!kernel) return cudaErrorInvalidDeviceFunction;
    const ptx::KernelInfo info = machine.engine.info(kernel->name);
    if (const auto error = check_launch(*kernel, info, grid, block, dynamic_shared);
        error != cudaSuccess)
      return error;
    if (!arguments && !info.arguments.empty()) return cudaErrorInvalidValue;
    const Launch pending{
        kernel->name, grid, block, dynamic_shared, machine.engine.pack(kernel->name, arguments),
        cooperative};
    machine.streams.add(stream, [&machine, pending] { run(machine, pending); });
    return cudaSuccess;
  });
}

thread_local cudaLaunchConfig_t configuration;  // between <<< >>> and the kernel's stub

}  // namespace
}  // namespace ptx_machine

using namespace ptx_machine;

extern "C" {

void** __cudaRegisterFatBinary(void* wrapper) {
  binaries().push_back({ptx_of(wrapper)});
  return reinterpret_cast<void**>(&binaries().back());
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
char __cudaInitModule(void**) { return 0; }

void __cudaRegisterFunction(void** binary, const char* host, char*, const char* name, int, uint3*,
                            uint3*, dim3*, dim3*, int*) {
  Machine::get().kernels[host] = {reinterpret_cast<FatBinary*>(binary), name};
}

void __cudaRegisterVar(void**, char*, char*, const char*, int, std::size_t, int, int) {}

unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, std::size_t shared,
                                     cudaStream_t stream) {
  configuration = {};
  configuration.gridDim = grid;
  configuration.blockDim = block;
  configuration.dynamicSmemBytes = shared;
  configuration.stream = stream;
  return 0;
}

cudaError_t __cudaPopCallConfiguration(dim3* grid, dim3* block, std::size_t* shared, void* stream) {
  *grid = configuration.gridDim;
  *block = configuration.blockDim;
  *shared = configuration.dynamicSmemBytes;
  *static_cast<cudaStream_t*>(stream) = configuration.stream;
  return cudaSuccess;
}

cudaError_t __cudaGetKernel(cudaKernel_t* kernel, const void* function) {
  *kernel = reinterpret_cast<cudaKernel_t>(const_cast<void*>(function));
  return cudaSuccess;
}

cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void** arguments,
                               std::size_t shared, cudaStream_t stream) {
  return launch(kernel, grid, block, arguments, shared, stream);
}

cudaError_t cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void** arguments,
                             std::size_t shared, cudaStream_t stream) {
  return launch(function, grid, block, arguments, shared, stream);
}

cudaError_t cudaLaunchCooperativeKernel(const void* function, dim3 grid, dim3 block,
                                        void** arguments, std::size_t shared, cudaStream_t stream) {
  return launch(function, grid, block, arguments, shared, stream, true);
}

/// Of the attributes the cooperative one changes what runs; programmatic serialisation only
/// permits an overlap. Others are refused.
cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* config, const void* function,
                                void** arguments) {
  if (!config || (config->numAttrs > 0 && !config->attrs)) return remember(cudaErrorInvalidValue);
  bool cooperative = false;
  for (unsigned i = 0; i < config->numAttrs; ++i) {
    const cudaLaunchAttribute& attribute = config->attrs[i];
    if (attribute.id == cudaLaunchAttributeCooperative)
      cooperative = attribute.val.cooperative != 0;
    else if (attribute.id != cudaLaunchAttributeProgrammaticStreamSerialization)
      return remember(cudaErrorNotSupported);
  }
  return launch(function, config->gridDim, config->blockDim, arguments, config->dynamicSmemBytes,
                config->stream, cooperative);
}

cudaError_t cudaFuncSetAttribute(const void* function, cudaFuncAttribute attribute, int value) {
  return api([&](Machine& machine) {
    Kernel* const kernel = find_kernel(machine, function);
    if (!kernel) return cudaErrorInvalidDeviceFunction;
    if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaSuccess;
    const std::size_t fixed = machine.engine.info(kernel->name).static_shared;
    if (value < 0 || static_cast<std::size_t>(value) + fixed > kMostSharedMemory)
      return cudaErrorInvalidValue;
    kernel->dynamic_shared_limit =
        std::max<std::size_t>(static_cast<std::size_t>(value) + fixed, 48 << 10);
    return cudaSuccess;
  });
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* function) {
  return api([&](Machine& machine) {
    if (!attributes) return cudaErrorInvalidValue;
    const Kernel* const kernel = find_kernel(machine, function);
    if (!kernel) return cudaErrorInvalidDeviceFunction;
    const ptx::KernelInfo info = machine.engine.info(kernel->name);
    *attributes = {};
    attributes->ptxVersion = attributes->binaryVersion = 90;
    attributes->sharedSizeBytes = info.static_shared;
    attributes->maxThreadsPerBlock = info.max_threads ? info.max_threads : 1024;
    attributes->maxDynamicSharedSizeBytes =
        static_cast<int>(kernel->dynamic_shared_limit - info.static_shared);
    return cudaSuccess;
  });
}

/// By threads and shared memory alone: PTX does not tell the registers.
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
    int* blocks, const void* function, int threads, std::size_t dynamic_shared, unsigned) {
  return api([&](Machine& machine) {
    if (!blocks || threads < 1 || threads > 1024) return cudaErrorInvalidValue;
    const Kernel* const kernel = find_kernel(machine, function);
    if (!kernel) return cudaErrorInvalidDeviceFunction;
    const std::size_t shared =
        machine.engine.info(kernel->name).static_shared + dynamic_shared + (1 << 10);
    const auto by_shared = static_cast<int>((std::size_t{228} << 10) / shared);
    *blocks = std::min({32, 64 / ((threads + 31) / 32), by_shared});
    return cudaSuccess;
  });
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* function,
                                                          int threads, std::size_t dynamic_shared) {
  return cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(blocks, function, threads,
                                                                dynamic_shared, 0);
}

}  // extern "C"
