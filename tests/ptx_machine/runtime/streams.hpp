#pragma once

#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <random>

namespace ptx_machine {

/// What is over at some point of the program: of each stream, operations up to a serial number.
class Clock {
 public:
  void join(const Clock& other) {
    for (const auto& [stream, serial] : other.last_) note(stream, serial);
  }
  void note(int stream, std::uint64_t serial) {
    std::uint64_t& last = last_[stream];
    last = std::max(last, serial);
  }
  bool holds(int stream, std::uint64_t serial) const {
    const auto it = last_.find(stream);
    return it != last_.end() && serial <= it->second;
  }

 private:
  std::map<int, std::uint64_t> last_;
};

/// A point of a stream that an event was recorded at.
struct Mark {
  std::uint64_t serial = 0;
  Clock clock;
  bool reached = false;
};

struct Operation {
  std::uint64_t serial;
  std::function<void()> run;
  std::shared_ptr<const Mark> waits_for;
  int stream;
  Clock clock;  // it is ordered after these
};

}  // namespace ptx_machine

/// What cudaStream_t points at.
struct CUstream_st {
  unsigned flags = cudaStreamDefault;
  int priority = 0;
  bool destroyed = false;
  int number = 0;
  ptx_machine::Clock clock;  // of all that was submitted
  std::deque<ptx_machine::Operation> queue;

  bool blocking() const { return (flags & cudaStreamNonBlocking) == 0; }
};

/// What cudaEvent_t points at.
struct CUevent_st {
  unsigned flags = cudaEventDefault;
  std::shared_ptr<ptx_machine::Mark> mark;  // of the last record
};

namespace ptx_machine {

/// Streams whose work waits until the host waits. What is ready on several streams runs in order
/// of submission, that of the awaited stream first, or, with a seed, in a random order. The legacy
/// stream (null) and the streams that are not non-blocking wait for each other.
class Streams {
 public:
  explicit Streams(int order);

  /// The stream of a handle, or null if it is none.
  CUstream_st* find(cudaStream_t handle);
  CUstream_st* create(unsigned flags, int priority);
  void destroy(CUstream_st* stream) { stream->destroyed = true; }

  CUevent_st* find_event(cudaEvent_t handle);
  CUevent_st* create_event(unsigned flags);
  void destroy_event(CUevent_st* event);

  void add(CUstream_st* stream, std::function<void()> run,
           std::shared_ptr<const Mark> waits_for = nullptr);
  void record(CUstream_st* stream, CUevent_st* event);
  /// What comes on the stream is ordered after the event's mark.
  void wait_for(CUstream_st* stream, const CUevent_st& event);

  /// Runs until the stream is empty, the mark is reached, everything is done.
  void wait(CUstream_st* stream);
  void wait(const Mark& mark);
  void wait_for_all();
  /// Runs one operation of any stream; false if none is left.
  bool step(CUstream_st* preferred = nullptr);

  /// The operation that runs now.
  const Operation& current() const { return *current_; }
  /// Whether what runs now and all that is still to run is ordered after the operation.
  bool over(int stream, std::uint64_t serial) const;

 private:
  bool ready(const CUstream_st& stream) const;

  std::list<CUstream_st> streams_;
  std::list<CUevent_st> events_;
  CUstream_st* legacy_;
  CUstream_st* per_thread_;
  std::uint64_t next_serial_ = 1;
  int next_stream_ = 1;
  Clock host_;  // what the host has waited for
  const Operation* current_ = nullptr;
  int order_;
  std::mt19937 random_;
};

}  // namespace ptx_machine
