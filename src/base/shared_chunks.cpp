#include "base/shared_chunks.hpp"

#include <utility>

namespace wquant {
namespace {

thread_local const void* here = nullptr;  // a Place

}  // namespace

SharedChunks::Place::Place(const SharedChunks& chunks, std::int64_t chunk)
    : chunks_(chunks), chunk_(chunk), before_(static_cast<const Place*>(here)) {
  here = this;
}

SharedChunks::Place::~Place() { here = before_; }

SharedChunks::Outside::Outside()
    : before_(static_cast<const Place*>(std::exchange(here, nullptr))) {}

SharedChunks::Outside::~Outside() { here = before_; }

bool SharedChunks::Place::is_behind_failure() const {
  return chunks_.failed_.load(std::memory_order_relaxed) < chunk_;
}

bool SharedChunks::Place::unwanted() const {
  return is_behind_failure() || (chunks_.maker_ && chunks_.maker_->unwanted());
}

SharedChunks::SharedChunks(std::int64_t count)
    : maker_(static_cast<const Place*>(here)), failed_(count), left_(count) {}

void SharedChunks::leave_if_unwanted() {
  const auto* const place = static_cast<const Place*>(here);
  if (place && place->unwanted()) throw ChunkUnwanted();
}

void SharedChunks::fail(std::int64_t c) {
  const std::lock_guard lock(mutex_);
  if (c >= failed_) return;
  failed_ = c;
  failure_ = std::current_exception();
}

void SharedChunks::done() {
  if (left_.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  const std::lock_guard lock(mutex_);
  all_done_.notify_all();
}

void SharedChunks::wait() {
  std::unique_lock lock(mutex_);
  while (left_.load(std::memory_order_acquire) > 0) {
    all_done_.wait_for(lock, Pulse::kInterval);
    if (failed_ == kStopped) continue;
    lock.unlock();
    try {
      Pulse::beat();
    } catch (...) {
      fail(kStopped);
    }
    lock.lock();
  }
}

void SharedChunks::rethrow() const {
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace wquant
