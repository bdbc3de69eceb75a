#pragma once

#include <chrono>
#include <coin/ClpEventHandler.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "base/heartbeat.hpp"
#include "base/watch.hpp"

namespace wquant {

/// A watch that a solver asks from inside: what the caller's callback throws waits here until the
/// solver has returned.
class Interruption {
 public:
  explicit Interruption(const Watch& watch) : watch_(watch) {}

  /// Whether the solver has to stop.
  bool ask() {
    try {
      if (!failure_) watch_.poll();
    } catch (...) {
      failure_ = std::current_exception();
    }
    stopped_ = stopped_ || failure_ || watch_.expired();
    return stopped_;
  }

  bool stopped() const { return stopped_; }
  bool refused() const { return failure_ != nullptr; }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  const Watch& watch_;
  bool stopped_ = false;
  std::exception_ptr failure_;
};

/// What makes a simplex method stop before its end.
enum class StopOn {
  time_or_refusal,
  refusal,  ///< for linear programs that prove nothing unless they are solved to the end.
};

/// Asks every few hundredths of a second.
class ClpStopper final : public ClpEventHandler {
 public:
  explicit ClpStopper(Interruption& interruption, StopOn stop_on = StopOn::time_or_refusal)
      : interruption_(interruption), stop_on_(stop_on) {}
  ClpEventHandler* clone() const override { return new ClpStopper(*this); }

  int event(Event event) override {
    constexpr int kGoOn = -1;
    constexpr int kStop = 0;
    if (event != endOfIteration && event != endOfFactorization) return kGoOn;
    const auto now = std::chrono::steady_clock::now();
    if (now - asked_ < Heartbeat::kInterval) return kGoOn;
    asked_ = now;
    const bool stop = interruption_.ask();
    return (stop_on_ == StopOn::refusal ? interruption_.refused() : stop) ? kStop : kGoOn;
  }

 private:
  Interruption& interruption_;
  StopOn stop_on_;
  std::chrono::steady_clock::time_point asked_{};
};

/// Gives a solver an event handler (ClpEventHandler or CbcEventHandler). COIN-OR deletes its old
/// handler, then clones the one it is shown: were there no memory for the clone, it would be left
/// with what it deleted. So the clone is made before.
template <class Handler, class Solver>
void hand_over(std::unique_ptr<Handler> handler, Solver& solver) {
  class Ready final : public Handler {
   public:
    explicit Ready(std::unique_ptr<Handler> clone) : clone_(std::move(clone)) {}
    Handler* clone() const override { return clone_.release(); }

   private:
    mutable std::unique_ptr<Handler> clone_;
  };
  const Ready ready(std::move(handler));
  solver.passInEventHandler(&ready);
}

}  // namespace wquant
