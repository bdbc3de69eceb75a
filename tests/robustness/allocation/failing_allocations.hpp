#pragma once

#include <cstdint>

namespace wquant::test {

/// Which allocations of the program fail while a FailingAllocations lives: the one with this
/// number, from 1, or that one and all after it.
enum class Failing { one, all_from };

/// Counts the allocations of this program — operator new in all its forms, and malloc where our own
/// objects call it, as Eigen does — and makes some fail. One at a time. Allocations made by COIN-OR
/// and OpenMP never fail: the former leaks what it holds when an exception passes through, the
/// latter ends the program. Nor do those of a clone that COIN-OR asks for.
class FailingAllocations {
 public:
  FailingAllocations(Failing mode, std::int64_t first);
  ~FailingAllocations();
  FailingAllocations(const FailingAllocations&) = delete;
  FailingAllocations& operator=(const FailingAllocations&) = delete;

  /// Allocations since the start, those that failed included.
  std::int64_t count() const;
};

/// Blocks that were allocated and not yet released.
std::int64_t live_blocks();

}  // namespace wquant::test
