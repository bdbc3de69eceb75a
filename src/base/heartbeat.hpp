#pragma once

#include <chrono>

#include "wquant/progress.hpp"

namespace wquant {

/// While it lives, the loops of parallel_chunks that its thread begins ask `progress` every few
/// hundredths of a second whether to go on, with what was reported last, "start" before that. Where
/// `progress` is empty, that of an enclosing Heartbeat is asked. `progress` must outlive it.
class Heartbeat {
 public:
  static constexpr std::chrono::milliseconds kInterval{20};

  explicit Heartbeat(const ProgressCallback& progress);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  /// Asks, if it is time to; for loops whose steps take a microsecond or more. In a chunk that
  /// another thread waits for, finds out whether that was refused. Throws Cancelled.
  static void beat();
  /// Tells that the callback was asked elsewhere.
  static void reported(const Progress& progress);

 private:
  const ProgressCallback* progress_;
  Heartbeat* outer_;
  Progress last_{"start", 0};
  std::chrono::steady_clock::time_point asked_ = std::chrono::steady_clock::now();
};

/// Beats for a loop of short steps: the heart beats once in many.
class ShortSteps {
 public:
  void beat() {
    if (++steps_ % kStepsPerBeat == 0) Heartbeat::beat();
  }

 private:
  static constexpr unsigned kStepsPerBeat = 1024;
  unsigned steps_ = 0;
};

}  // namespace wquant
