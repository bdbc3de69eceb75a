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
  stream.number = next_stream_++;
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
  stream->clock.join(host_);
  for (const CUstream_st& other : streams_)
    if (other.blocking() && stream->blocking() && (stream == legacy_ || &other == legacy_))
      stream->clock.join(other.clock);
  const std::uint64_t serial = next_serial_++;
  stream->queue.push_back(
      {serial, std::move(run), std::move(waits_for), stream->number, stream->clock});
  stream->clock.note(stream->number, serial);
}

void Streams::record(CUstream_st* stream, CUevent_st* event) {
  event->mark = std::make_shared<Mark>();
  event->mark->serial = next_serial_;
  add(stream, [mark = event->mark] { mark->reached = true; });
  event->mark->clock = stream->clock;
}

void Streams::wait_for(CUstream_st* stream, const CUevent_st& event) {
  if (!event.mark) return;
  stream->clock.join(event.mark->clock);
  if (!event.mark->reached)
    add(
        stream, [] {}, event.mark);
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
  current_ = &operation;
  operation.run();
  streams_.remove_if([this](const CUstream_st& s) {
    if (!s.destroyed || !s.queue.empty()) return false;
    host_.join(s.clock);  // blocking streams may still have to be ordered after it
    return true;
  });
  return true;
}

bool Streams::over(int stream, std::uint64_t serial) const {
  return host_.holds(stream, serial) && current_->clock.holds(stream, serial) &&
         std::ranges::all_of(streams_, [&](const CUstream_st& s) {
           return s.queue.empty() || s.queue.front().clock.holds(stream, serial);
         });
}

void Streams::wait(CUstream_st* stream) {
  const Clock submitted = stream->clock;
  if (!stream->queue.empty()) {
    const std::uint64_t last = stream->queue.back().serial;
    while (!stream->queue.empty() && stream->queue.front().serial <= last) step(stream);
  }
  host_.join(submitted);
}

void Streams::wait(const Mark& mark) {
  while (!mark.reached) step();
  host_.join(mark.clock);
}

void Streams::wait_for_all() {
  while (step()) {
  }
  for (const CUstream_st& stream : streams_) host_.join(stream.clock);
}

}  // namespace ptx_machine
