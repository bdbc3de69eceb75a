#pragma once

#include <chrono>

#include "wquant/progress.hpp"

namespace wquant {

/// While it lives, the loops of parallel_chunks that its thread begins ask `progress` every few
/// hundredths of a second whether to go on, with what was reported last, once something was. Where
/// `progress` is empty, that of an enclosing Heartbeat is asked. `progress` must outlive it.
class Heartbeat {
 public:
  explicit Heartbeat(const ProgressCallback& progress);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  /// Asks, if it is time to. Throws Cancelled.
  static void beat();
  /// Tells that the callback was asked elsewhere.
  static void reported(const Progress& progress);

 private:
  const ProgressCallback* progress_;
  Heartbeat* outer_;
  Progress last_;
  std::chrono::steady_clock::time_point asked_ = std::chrono::steady_clock::now();
};

}  // namespace wquant
