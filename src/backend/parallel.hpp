#pragma once

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>

#include "backend/heartbeat.hpp"

namespace wquant {

/// All the machine's threads.
inline int default_threads() { return omp_get_max_threads(); }

/// body(begin, end) over chunks of fixed size, on at most `threads` threads. Which thread takes a
/// chunk is unspecified, what a chunk holds never depends on the thread count. After an exception
/// the chunks behind its own are left out; that of the first chunk of all that threw is rethrown.
/// Between chunks the calling thread's Heartbeat may ask whether to go on.
template <class Body>
void parallel_chunks(int threads, std::int64_t count, std::int64_t chunk, const Body& body) {
  const std::int64_t chunks = (count + chunk - 1) / chunk;
  const auto run = [&](std::int64_t c) {
    body(c * chunk, std::min(count, (c + 1) * chunk));
    Heartbeat::beat();
  };
  const int team = static_cast<int>(std::min<std::int64_t>(threads, chunks));
  if (team <= 1) {
    for (std::int64_t c = 0; c < chunks; ++c) run(c);
    return;
  }
  std::exception_ptr failure;
  std::atomic<std::int64_t> failed = chunks;
#pragma omp parallel for num_threads(team) schedule(monotonic : dynamic, 1)
  for (std::int64_t c = 0; c < chunks; ++c) {
    if (c > failed.load(std::memory_order_relaxed)) continue;
    try {
      run(c);
    } catch (...) {
#pragma omp critical(wquant_parallel_chunks)
      if (c < failed) {
        failed = c;
        failure = std::current_exception();
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace wquant
