#include "runtime/streams.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace ptx_machine {

Streams::Streams(int order) : order_(order), random_(static_cast<unsigned>(order)) {
  legacy_ = create(cudaStreamDefault, 0);
  per_thread_ = create(cudaStreamDefault, 0);
}

CUstream_st* Streams::find(cudaStream_t handle) {
  if (!handle || handle == cudaStreamLegacy) return legacy_;
  if (handle == cudaStreamPerThread) return per_thread_;
  for (CUstream_st& stream : streams_)
    if (&stream == handle) return stream.destroyed ? nullptr : &stream;
  return nullptr;
}

CUstream_st* Streams::create(unsigned flags, int priority) {
  CUstream_st& stream = streams_.emplace_back();
  stream.flags = flags;
  stream.priority = priority;
  return &stream;
}

CUevent_st* Streams::find_event(cudaEvent_t handle) {
  for (CUevent_st& event : events_)
    if (&event == handle) return &event;
  return nullptr;
}

CUevent_st* Streams::create_event(unsigned flags) {
  events_.emplace_back().flags = flags;
  return &events_.back();
}

void Streams::destroy_event(CUevent_st* event) {
  events_.remove_if([event](const CUevent_st& other) { return &other == event; });
}

void Streams::add(CUstream_st* stream, std::function<void()> run,
                  std::shared_ptr<const Mark> waits_for) {
  stream->queue.push_back({next_serial_++, std::move(run), std::move(waits_for)});
}

void Streams::record(CUstream_st* stream, CUevent_st* event) {
  event->mark = std::make_shared<Mark>();
  event->mark->serial = next_serial_;
  add(stream, [mark = event->mark] { mark->reached = true; });
}

bool Streams::ready(const CUstream_st& stream) const {
  if (stream.queue.empty()) return false;
  const Operation& head = stream.queue.front();
  if (head.waits_for && !head.waits_for->reached) return false;
  const auto earlier = [&](const CUstream_st& other) {
    return !other.queue.empty() && other.queue.front().serial < head.serial;
  };
  if (&stream == legacy_)
    return std::ranges::none_of(streams_, [&](const CUstream_st& other) {
      return &other != legacy_ && other.blocking() && earlier(other);
    });
  return !stream.blocking() || !earlier(*legacy_);
}

bool Streams::step(CUstream_st* preferred) {
  std::vector<CUstream_st*> candidates;
  bool anything = false;
  for (CUstream_st& stream : streams_) {
    anything = anything || !stream.queue.empty();
    if (ready(stream)) candidates.push_back(&stream);
  }
  if (candidates.empty()) {
    if (anything) throw std::logic_error("the streams wait for each other");
    return false;
  }
  CUstream_st* chosen = *std::ranges::min_element(
      candidates, {}, [](const CUstream_st* s) { return s->queue.front().serial; });
  if (order_ != 0)
    chosen = candidates[random_() % candidates.size()];
  else if (preferred && ready(*preferred))
    chosen = preferred;
  const Operation operation = std::move(chosen->queue.front());
  chosen->queue.pop_front();
  operation.run();
  streams_.remove_if([](const CUstream_st& s) { return s.destroyed && s.queue.empty(); });
  return true;
}

void Streams::wait(CUstream_st* stream) {
  if (stream->queue.empty()) return;
  const std::uint64_t last = stream->queue.back().serial;
  while (!stream->queue.empty() && stream->queue.front().serial <= last) step(stream);
}

void Streams::wait(const Mark& mark) {
  while (!mark.reached) step();
}

void Streams::wait_for_all() {
  while (step()) {
  }
}

}  // namespace ptx_machine
