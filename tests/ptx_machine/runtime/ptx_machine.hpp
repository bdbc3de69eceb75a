#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "engine/engine.hpp"

/// What a test may ask of the CUDA runtime that runs kernels on the PTX machine.
namespace ptx_machine {

/// Hears of every defect that is found: one sentence and where. Unless set, the message goes to
/// stderr and the process ends with status 99.
using FindingHandler = std::function<void(const std::string& message)>;
void on_finding(FindingHandler handler);

/// Runs all that waits on any stream.
void run_pending();

/// Kernels executed so far.
std::uint64_t launches();

/// Device memory in use, once all that waits has run.
std::size_t bytes_in_use();

/// What the launches of a kernel did, and the shape of the last one.
struct KernelCounts {
  std::uint64_t launches = 0;
  int threads_per_block = 0;
  std::size_t dynamic_shared = 0;
  ptx::Counts counts;
};

/// By readable name, since the start or reset_counts(), once all that waits has run.
std::map<std::string, KernelCounts> kernel_counts();
void reset_counts();

/// A mangled name without namespaces, result and parameters: nearest_kernel<float, double>.
std::string readable_name(const std::string& mangled);

/// PTX_ORDER: 0 in order, else the seed of the order of lanes, warps, blocks and streams.
int order();

}  // namespace ptx_machine
