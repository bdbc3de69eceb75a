#include "model.hpp"

#include <algorithm>

namespace wquant::roofline {
namespace {

using ptx::Class;

// NVIDIA H100 datasheet, SXM: 3.35 TB/s, 34 TFLOP/s in double and 67 in single precision. "NVIDIA
// H100 Tensor Core GPU Architecture" (2022): 132 multiprocessors, each with 4 schedulers that issue
// one warp instruction a clock, 64 FMA lanes in double and 128 in single precision; CUDA C++ Best
// Practices Guide: 32 banks of 4 bytes. The datasheet's rates are those of 1.98 GHz, to which all
// others are taken too: which resource is the longest on the chip then depends on no clock.
constexpr double kBytesPerSecond = 3.35e12;
constexpr double kClocksPerSecond = 132 * 1.98e9;  // of all multiprocessors
constexpr double kSchedulers = 4;
constexpr double kDoubleLanes = 64;
constexpr double kSingleLanes = 128;
constexpr double kSectorsPerClock = 128.0 / 32;

/// Instructions of a division or square root as ptxas 13 expands it for sm_90, outside of the rare
/// cases: all of them, and those in floating point.
struct Expansion {
  double issued, in_pipe;
};
constexpr Expansion kSpecial64{14, 8};
constexpr Expansion kSpecial32{8, 5};

double warps(const ptx::Counts& counts, Class c) {
  return static_cast<double>(counts.warps_by_class[static_cast<int>(c)]);
}
double lanes(const ptx::Counts& counts, Class c) {
  return static_cast<double>(counts.by_class[static_cast<int>(c)]);
}

double clocks_of_l1(const ptx::Counts& counts) {
  double clocks = 0;
  for (const auto& [id, instruction] : counts.memory) {
    const ptx::InstructionCount& count = instruction.count;
    clocks += count.passes > 0 ? static_cast<double>(count.passes)
                               : std::max(static_cast<double>(count.requests),
                                          static_cast<double>(count.sectors) / kSectorsPerClock);
  }
  return clocks;
}

}  // namespace

std::array<Limit, 5> busy(const ptx::Counts& counts) {
  const double special64 = warps(counts, Class::special64);
  const double special32 = warps(counts, Class::special32);
  const double in_double =
      warps(counts, Class::fma64) + warps(counts, Class::fp64) + kSpecial64.in_pipe * special64;
  const double in_single =
      warps(counts, Class::fma32) + warps(counts, Class::fp32) + kSpecial32.in_pipe * special32;
  const double issued = static_cast<double>(counts.warp_instructions) +
                        (kSpecial64.issued - 1) * special64 + (kSpecial32.issued - 1) * special32;
  const auto bytes = static_cast<double>(counts.distinct_read_bytes + counts.distinct_write_bytes);
  return {{{"memory", bytes / kBytesPerSecond},
           {"L1", clocks_of_l1(counts) / kClocksPerSecond},
           {"issue", issued / (kSchedulers * kClocksPerSecond)},
           {"fp64", 32 * in_double / (kDoubleLanes * kClocksPerSecond)},
           {"fp32", 32 * in_single / (kSingleLanes * kClocksPerSecond)}}};
}

Limit longest(const ptx::Counts& counts) {
  const auto all = busy(counts);
  return *std::max_element(all.begin(), all.end(),
                           [](const Limit& a, const Limit& b) { return a.seconds < b.seconds; });
}

double operations(const ptx::Counts& counts) {
  return 2 * (lanes(counts, Class::fma64) + lanes(counts, Class::fma32)) +
         lanes(counts, Class::fp64) + lanes(counts, Class::fp32) + lanes(counts, Class::special64) +
         lanes(counts, Class::special32);
}

double fma_fraction(const ptx::Counts& counts) {
  const double fused = lanes(counts, Class::fma64) + lanes(counts, Class::fma32);
  const double others = lanes(counts, Class::fp64) + lanes(counts, Class::fp32) +
                        lanes(counts, Class::special64) + lanes(counts, Class::special32);
  return fused + others > 0 ? fused / (fused + others) : 0;
}

}  // namespace wquant::roofline
