#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>

#include "wquant/error.hpp"

namespace wquant {

/// The chunks of one loop that several threads share. After an exception those behind its own are
/// left out, and those at work are left at their next beat of the heart; after Cancelled so are
/// all.
class SharedChunks {
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
      } catch (const Cancelled&) {
        if (!place.is_behind_failure()) fail(kRefused);
      } catch (...) {
        fail(c);
      }
    }
    done();
  }

  /// Waits for all chunks; meanwhile the Heartbeat of this thread, which made the chunks, asks
  /// whether to go on.
  void wait();
  /// Cancelled, if the callback refused, or what the first chunk of all that threw has thrown.
  void rethrow() const;

  /// Throws Cancelled in a chunk, or in what it calls, if nobody wants it any more.
  static void leave_if_unwanted();

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

  static constexpr std::int64_t kRefused = -1;  // before every chunk

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
