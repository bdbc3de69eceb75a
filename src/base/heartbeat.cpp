#include "base/heartbeat.hpp"

#include "base/progress.hpp"
#include "base/shared_chunks.hpp"

namespace wquant {
namespace {

thread_local Heartbeat* innermost = nullptr;

}  // namespace

Heartbeat::Heartbeat(const ProgressCallback& progress) : progress_(&progress), outer_(innermost) {
  if (!progress) return;
  if (outer_) last_ = outer_->last_;
  innermost = this;
}

Heartbeat::~Heartbeat() { innermost = outer_; }

void Heartbeat::beat() {
  SharedChunks::leave_if_unwanted();
  if (!innermost) return;
  if (std::chrono::steady_clock::now() - innermost->asked_ < kInterval) return;
  report(*innermost->progress_, innermost->last_.stage, innermost->last_.fraction);
}

void Heartbeat::reported(const Progress& progress) {
  if (!innermost) return;
  innermost->last_ = progress;
  innermost->asked_ = std::chrono::steady_clock::now();
}

}  // namespace wquant
