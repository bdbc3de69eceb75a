#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

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

/// PTX_ORDER: 0 in order, else the seed of the order of lanes, warps, blocks and streams.
int order();

}  // namespace ptx_machine
