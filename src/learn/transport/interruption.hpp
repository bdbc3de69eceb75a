#pragma once

#include <coin/ClpEventHandler.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "base/pulse.hpp"

namespace wquant {

/// Asks from inside a solver, through which no exception may pass: a refusal waits here until the
/// solver has returned. When the deadline passes the solver has to stop too, and what it has found
/// by then counts.
class Interruption {
 public:
  explicit Interruption(const Deadline& deadline) : deadline_(deadline) {}

  /// Asks now. Whether the solver has to stop.
  bool report() { return stops(Pulse::report); }
  /// The same, but asks only if it is time to.
  bool beat() { return stops(Pulse::beat); }

  bool stopped() const { return stopped_; }
  bool refused() const { return failure_ != nullptr; }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  bool stops(void (*question)(double share)) {
    const double share = deadline_.share();
    try {
      if (!failure_) question(share);
    } catch (...) {
      failure_ = std::current_exception();
    }
    stopped_ = stopped_ || failure_ || share == 1;
    return stopped_;
  }

  const Deadline& deadline_;
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
    const bool stop = interruption_.beat();
    return (stop_on_ == StopOn::refusal ? interruption_.refused() : stop) ? kStop : kGoOn;
  }

 private:
  Interruption& interruption_;
  StopOn stop_on_;
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
