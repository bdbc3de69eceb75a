#pragma once

#include <omp.h>

#include <algorithm>
#include <cstdint>

#include "base/pulse.hpp"
#include "base/shared_chunks.hpp"

namespace wquant {

/// All the machine's threads.
inline int default_threads() { return omp_get_max_threads(); }

/// body(begin, end) over chunks of fixed size, on at most `threads` threads. Which thread takes a
/// chunk is unspecified, what a chunk holds never depends on the thread count. After an exception
/// the chunks behind its own are left out; that of the first chunk of all that threw is rethrown.
/// Between chunks, and while it waits for those of others, the calling thread asks whether to go on
/// (base/pulse.hpp); if not, that is thrown as soon as no chunk is at work.
template <class Body>
void parallel_chunks(int threads, std::int64_t count, std::int64_t chunk, const Body& body) {
  const std::int64_t chunks = (count + chunk - 1) / chunk;
  const auto run = [&](std::int64_t c) {
    body(c * chunk, std::min(count, (c + 1) * chunk));
    Pulse::beat();
  };
  const int team = static_cast<int>(std::min<std::int64_t>(threads, chunks));
  if (team <= 1) {
    for (std::int64_t c = 0; c < chunks; ++c) run(c);
    return;
  }
  SharedChunks shared(chunks);
#pragma omp parallel num_threads(team)
  {
#pragma omp for schedule(monotonic : dynamic, 1) nowait
    for (std::int64_t c = 0; c < chunks; ++c) shared.run(c, [&] { run(c); });
    if (omp_get_thread_num() == 0) shared.wait();
  }
  shared.rethrow();
}

}  // namespace wquant
