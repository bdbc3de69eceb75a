#pragma once

#include <chrono>
#include <cmath>
#include <exception>
#include <string_view>

#include "wquant/progress.hpp"

namespace wquant {

/// The end of the time that some work may take, counted from the construction.
class Deadline {
 public:
  Deadline() = default;  ///< one that never comes.
  explicit Deadline(double seconds) : seconds_(seconds) {}

  bool limited() const { return seconds_ < INFINITY; }
  double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  double left() const { return seconds_ - elapsed(); }
  bool passed() const { return !(left() > 0); }
  /// The part of the time that is over, 0 … 1.
  double share() const {
    const double now = elapsed();
    return now < seconds_ ? now / seconds_ : 1;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double seconds_ = INFINITY;
};

/// Thrown by a question under a TimeLimit whose deadline has passed. Whoever opens a TimeLimit
/// catches it: it never leaves the library. What the user refuses is Cancelled instead.
struct DeadlinePassed {};

/// How the work of a thread asks whether to go on. The scopes that are made of it (Pulse, TimeLimit
/// and HeldStage) change that for their thread, and restore it at their end.
class Asking {
 public:
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 protected:
  Asking();
  ~Asking();

 private:
  class Pulse* const pulse_;
  const Deadline* const deadline_;
  const bool held_;
};

/// The one way to ask the user "may I go on?". A public function that takes a progress callback
/// opens a Pulse with it. As long as that lives, whatever its thread does in whatever function asks
/// the callback through `report` and `beat`; the callback is handed to nobody else. Where the
/// callback is empty, the enclosing Pulse stays in force, and so the library calls its own public
/// functions without a callback. Other threads ask nobody: in a chunk of parallel_chunks they find
/// out at a beat whether it is still wanted.
///
/// Each question throws Cancelled if the callback refuses, and whatever the callback throws;
/// DeadlinePassed under a TimeLimit that has passed, without asking the callback; ChunkUnwanted in
/// a chunk whose loop has failed. After a refusal the callback is not asked again: every further
/// question throws the same.
class Pulse : private Asking {
 public:
  /// The callback is asked no more often than this by `beat`.
  static constexpr std::chrono::milliseconds kInterval{20};

  /// `progress` must outlive this object.
  explicit Pulse(const ProgressCallback& progress);

  /// Asks now, with this stage and the part of it that is done.
  static void report(std::string_view stage, double fraction);
  /// Asks now, with the stage that was reported last ("start" before that) and this part of it.
  static void report(double fraction);
  /// Asks if it is time to, with what was reported last; for loops whose steps take a microsecond
  /// or more.
  static void beat();
  /// The same, with another part of the stage.
  static void beat(double fraction);
  /// Whether the callback has refused or thrown. Who takes an exception for an answer, such as
  /// OutOfMemory for a scheme that does not fit, lets it pass then: it may be the callback's.
  static bool refused();

 private:
  static void require_going_on();
  void ask();

  const ProgressCallback& progress_;
  Progress last_{"start", 0};
  std::chrono::steady_clock::time_point asked_ = std::chrono::steady_clock::now();
  std::exception_ptr refusal_;
};

/// As long as it lives, the questions of its thread throw DeadlinePassed once the deadline has
/// passed; under several of these the earliest one counts.
class TimeLimit : private Asking {
 public:
  explicit TimeLimit(const Deadline& deadline);

 private:
  Deadline deadline_;
};

/// As long as it lives, the user sees one stage, whatever is reported by the functions that are
/// called meanwhile: their reports are beats.
class HeldStage : private Asking {
 public:
  /// Holds what was reported last.
  HeldStage();
  /// Reports this, and holds it.
  HeldStage(std::string_view stage, double fraction);
};

/// Beats for a loop of short steps: once in many of them.
class ShortSteps {
 public:
  void beat() {
    if (++steps_ % kStepsPerBeat == 0) Pulse::beat();
  }

 private:
  static constexpr unsigned kStepsPerBeat = 1024;
  unsigned steps_ = 0;
};

}  // namespace wquant
