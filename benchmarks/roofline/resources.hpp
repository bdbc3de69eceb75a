#pragma once

#include <map>
#include <string>
#include <vector>

namespace wquant::roofline {

/// What ptxas allots to a kernel.
struct Resources {
  int registers = 0;
  int shared_bytes = 0;  // static
  int spill_bytes = 0;   // stored and loaded
};

/// By readable name of the kernel and architecture (90 for sm_90).
using ResourceTable = std::map<std::string, std::map<int, Resources>>;

/// From what `nvcc -Xptxas=-v` says, one file a source. Throws InvalidArgument.
ResourceTable read_resources(const std::vector<std::string>& files);

/// Warps on a multiprocessor of the architecture, of those that fit, by cuda_occupancy.h.
/// Throws InvalidArgument for an architecture without a row in its table.
double occupancy(int architecture, const Resources& resources, int threads_per_block,
                 std::size_t dynamic_shared);

}  // namespace wquant::roofline
