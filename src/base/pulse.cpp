#include "base/pulse.hpp"

#include <string>

#include "base/shared_chunks.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

/// How this thread asks: whom, until when, and whether the user sees one stage whatever is
/// reported.
struct Here {
  Pulse* pulse = nullptr;
  const Deadline* deadline = nullptr;
  bool held = false;
};
thread_local Here here;

/// As long as it lives, its thread asks nobody: the callback may call the library itself, and these
/// calls are none of the work that asks.
class InCallback : private Asking {
 public:
  InCallback() { here = {}; }

 private:
  SharedChunks::Outside outside_;
};

}  // namespace

Asking::Asking() : pulse_(here.pulse), deadline_(here.deadline), held_(here.held) {}

Asking::~Asking() { here = {pulse_, deadline_, held_}; }

Pulse::Pulse(const ProgressCallback& progress) : progress_(progress) {
  if (!progress) return;
  if (here.pulse) last_ = here.pulse->last_;
  here.pulse = this;
  here.held = false;
}

void Pulse::report(std::string_view stage, double fraction) {
  if (!here.pulse || here.held) return beat();
  here.pulse->last_ = {stage, fraction};
  require_going_on();
  here.pulse->ask();
}

void Pulse::report(double fraction) {
  report(here.pulse ? here.pulse->last_.stage : std::string_view(), fraction);
}

void Pulse::beat() {
  require_going_on();
  if (here.pulse && std::chrono::steady_clock::now() - here.pulse->asked_ >= kInterval)
    here.pulse->ask();
}

void Pulse::beat(double fraction) {
  if (here.pulse && !here.held) here.pulse->last_.fraction = fraction;
  beat();
}

bool Pulse::refused() { return here.pulse && here.pulse->refusal_; }

void Pulse::require_going_on() {
  SharedChunks::leave_if_unwanted();
  if (refused()) std::rethrow_exception(here.pulse->refusal_);
  if (here.deadline && here.deadline->passed()) throw DeadlinePassed();
}

void Pulse::ask() {
  const InCallback in_callback;
  try {
    if (!progress_(last_)) throw Cancelled("cancelled during " + std::string(last_.stage));
  } catch (...) {
    refusal_ = std::current_exception();
    throw;
  }
  asked_ = std::chrono::steady_clock::now();
}

TimeLimit::TimeLimit(const Deadline& deadline) : deadline_(deadline) {
  if (!here.deadline || deadline_.left() < here.deadline->left()) here.deadline = &deadline_;
}

HeldStage::HeldStage() { here.held = true; }

HeldStage::HeldStage(std::string_view stage, double fraction) {
  Pulse::report(stage, fraction);
  here.held = true;
}

}  // namespace wquant
