#pragma once

#include <array>
#include <string>

#include "engine/engine.hpp"

namespace wquant::roofline {

/// A resource of an H100 SXM, and how long a kernel keeps it busy.
struct Limit {
  std::string resource;
  double seconds;
};

/// Seconds that each resource of an H100 SXM is busy with what was counted. Nothing waits: latency,
/// dependencies, barriers and idle multiprocessors come on top.
std::array<Limit, 5> busy(const ptx::Counts& counts);
/// The longest of them.
Limit longest(const ptx::Counts& counts);

/// Floating-point operations, an FMA as two.
double operations(const ptx::Counts& counts);
/// FMAs among the floating-point instructions.
double fma_fraction(const ptx::Counts& counts);

}  // namespace wquant::roofline
