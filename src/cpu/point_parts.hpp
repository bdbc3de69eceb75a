#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/parallel.hpp"

namespace wquant {

/// How points are cut into parts that each keep totals of K cells: at most 64, and so few that the
/// totals of all parts are no larger than the points themselves.
struct PointParts {
  PointParts(std::int64_t n, std::int64_t cells)
      : count(std::clamp<std::int64_t>(n / std::max<std::int64_t>(cells, 512), 1, 64)),
        size(std::max<std::int64_t>((n + count - 1) / count, 1)) {}

  /// body(part, begin, end) for each, on at most `threads` threads; empty parts too.
  template <class Body>
  void run(int threads, std::int64_t n, const Body& body) const {
    parallel_chunks(threads, count, 1, [&](std::int64_t part, std::int64_t) {
      body(part, std::min(part * size, n), std::min((part + 1) * size, n));
    });
  }

  std::int64_t count, size;
};

}  // namespace wquant
