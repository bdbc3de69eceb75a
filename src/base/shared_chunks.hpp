#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>

#include "base/pulse.hpp"

namespace wquant {

/// Thrown by a question in a chunk that nobody wants any more, since its loop, or one around it,
/// has failed. It never leaves the outermost loop, which throws what it failed with.
struct ChunkUnwanted {};

/// The chunks of one loop that several threads share. After an exception in a chunk those behind it
/// are left out, and those at work are left at their next question. After a refusal, and when the
/// time is over, all of them are.
class SharedChunks {
  class Place;

 public:
  /// Made by the thread that waits for the chunks.
  explicit SharedChunks(std::int64_t count);

  /// Does chunk c, in any thread; keeps what it throws.
  template <class Body>
  void run(std::int64_t c, const Body& body) {
    if (c < failed_.load(std::memory_order_relaxed)) {
      const Place place(*this, c);
      try {
        body();
      } catch (const ChunkUnwanted&) {
        if (!place.is_behind_failure()) fail(kStopped);  // a loop around this one has failed
      } catch (const DeadlinePassed&) {
        fail(kStopped);
      } catch (...) {
        fail(Pulse::refused() ? kStopped : c);
      }
    }
    done();
  }

  /// Waits for all chunks; meanwhile the Pulse of this thread, which made the chunks, asks whether
  /// to go on.
  void wait();
  /// The user's refusal or DeadlinePassed if there was one, else what the first chunk of all that
  /// threw has thrown.
  void rethrow() const;

  /// Throws ChunkUnwanted in a chunk, or in what it calls, if nobody wants it any more.
  static void leave_if_unwanted();

  /// As long as it lives, its thread works in no chunk.
  class Outside {
   public:
    Outside();
    ~Outside();
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;

   private:
    const Place* before_;
  };

 private:
  /// Where this thread works.
  class Place {
   public:
    Place(const SharedChunks& chunks, std::int64_t chunk);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    bool unwanted() const;
    bool is_behind_failure() const;

   private:
    const SharedChunks& chunks_;
    std::int64_t chunk_;
    const Place* before_;
  };

  static constexpr std::int64_t kStopped = -1;  // before every chunk

  void fail(std::int64_t c);
  void done();

  const Place* const maker_;  // where the thread that made the chunks works itself
  std::atomic<std::int64_t> failed_;
  std::atomic<std::int64_t> left_;
  std::exception_ptr failure_;
  std::mutex mutex_;
  std::condition_variable all_done_;
};

}  // namespace wquant
