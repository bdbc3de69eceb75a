#pragma once

#include <omp.h>

#include <algorithm>
#include <cstdint>
#include <exception>

namespace wquant {

/// body(begin, end) over chunks of fixed size, on at most `threads` threads. Which thread takes a
/// chunk is unspecified, what a chunk holds never depends on the thread count. The first exception
/// is rethrown.
template <class Body>
void parallel_chunks(int threads, std::int64_t count, std::int64_t chunk, const Body& body) {
  const std::int64_t chunks = (count + chunk - 1) / chunk;
  const auto run = [&](std::int64_t c) { body(c * chunk, std::min(count, (c + 1) * chunk)); };
  const int team = static_cast<int>(std::min<std::int64_t>(threads, chunks));
  if (team <= 1) {
    for (std::int64_t c = 0; c < chunks; ++c) run(c);
    return;
  }
  std::exception_ptr failure;
#pragma omp parallel for num_threads(team) schedule(dynamic, 1)
  for (std::int64_t c = 0; c < chunks; ++c) {
    try {
      run(c);
    } catch (...) {
#pragma omp critical(wquant_parallel_chunks)
      failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace wquant
