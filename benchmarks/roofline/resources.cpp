#include "resources.hpp"

#include <cuda_occupancy.h>

#include <array>
#include <climits>
#include <fstream>
#include <regex>

#include "runtime/ptx_machine.hpp"
#include "wquant/error.hpp"

namespace wquant::roofline {
namespace {

struct Multiprocessor {
  int architecture, threads, shared_kib, shared_kib_per_block;
};

/// CUDA C++ Programming Guide, "Technical Specifications per Compute Capability".
constexpr std::array kMultiprocessors{
    Multiprocessor{75, 1024, 64, 64},   Multiprocessor{80, 2048, 164, 163},
    Multiprocessor{86, 1536, 100, 99},  Multiprocessor{89, 1536, 100, 99},
    Multiprocessor{90, 2048, 228, 227}, Multiprocessor{100, 2048, 228, 227},
    Multiprocessor{120, 1536, 100, 99},
};

cudaOccDeviceProp properties(int architecture) {
  for (const Multiprocessor& known : kMultiprocessors) {
    if (known.architecture != architecture) continue;
    cudaOccDeviceProp out;
    out.computeMajor = architecture / 10;
    out.computeMinor = architecture % 10;
    out.maxThreadsPerBlock = 1024;
    out.maxThreadsPerMultiprocessor = known.threads;
    out.regsPerBlock = out.regsPerMultiprocessor = 1 << 16;
    out.warpSize = 32;
    out.sharedMemPerBlock = 48 << 10;
    out.sharedMemPerMultiprocessor = std::size_t(known.shared_kib) << 10;
    out.sharedMemPerBlockOptin = std::size_t(known.shared_kib_per_block) << 10;
    out.reservedSharedMemPerBlock = architecture >= 80 ? 1 << 10 : 0;
    out.numSms = 1;
    return out;
  }
  throw InvalidArgument("roofline: architecture " + std::to_string(architecture) +
                        " has no row in kMultiprocessors (resources.cpp)");
}

}  // namespace

ResourceTable read_resources(const std::vector<std::string>& files) {
  static const std::regex entry(R"(Compiling entry function '(\w+)' for 'sm_(\d+))");
  static const std::regex spills(R"((\d+) bytes spill stores, (\d+) bytes spill loads)");
  static const std::regex used(R"(Used (\d+) registers)");
  static const std::regex shared(R"((\d+) bytes smem)");
  ResourceTable table;
  for (const std::string& path : files) {
    std::ifstream file(path);
    Resources* at = nullptr;
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
      if (std::regex_search(line, match, entry))
        at = &table[ptx_machine::readable_name(match[1])][std::stoi(match[2])];
      if (!at) continue;
      if (std::regex_search(line, match, spills))
        at->spill_bytes = std::stoi(match[1]) + std::stoi(match[2]);
      if (!std::regex_search(line, match, used)) continue;
      at->registers = std::stoi(match[1]);
      if (std::regex_search(line, match, shared)) at->shared_bytes = std::stoi(match[1]);
      at = nullptr;
    }
    if (!file.eof()) throw InvalidArgument("roofline: cannot read " + path);
  }
  return table;
}

double occupancy(int architecture, const Resources& resources, int threads_per_block,
                 std::size_t dynamic_shared) {
  const cudaOccDeviceProp device = properties(architecture);
  cudaOccFuncAttributes kernel;
  kernel.maxThreadsPerBlock = INT_MAX;
  kernel.numRegs = resources.registers;
  kernel.sharedSizeBytes = static_cast<std::size_t>(resources.shared_bytes);
  kernel.shmemLimitConfig = FUNC_SHMEM_LIMIT_OPTIN;
  kernel.maxDynamicSharedSizeBytes = device.sharedMemPerBlockOptin - kernel.sharedSizeBytes;
  kernel.numBlockBarriers = 1;
  const cudaOccDeviceState state;
  cudaOccResult result{};
  if (cudaOccMaxActiveBlocksPerMultiprocessor(&result, &device, &kernel, &state, threads_per_block,
                                              dynamic_shared) != CUDA_OCC_SUCCESS)
    throw InvalidArgument("roofline: cuda_occupancy.h refuses " +
                          std::to_string(threads_per_block) + " threads on sm_" +
                          std::to_string(architecture));
  const int warps = result.activeBlocksPerMultiprocessor * ((threads_per_block + 31) / 32);
  return 32.0 * warps / device.maxThreadsPerMultiprocessor;
}

}  // namespace wquant::roofline
