// Covers also: parallel, progress, shared_chunks.
#include "base/heartbeat.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kChunks = 4000;

void rest() { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }

/// Goes on the first time that it is asked, and never again.
ProgressCallback goes_on_once() {
  return [first = true](const Progress&) mutable { return std::exchange(first, false); };
}

/// Chunks begun of a loop that would take seconds, before it threw Cancelled.
std::int64_t chunks_before_cancelled(int threads) {
  std::atomic<std::int64_t> begun = 0;
  EXPECT_THROW(parallel_chunks(threads, kChunks, 1,
                               [&](std::int64_t, std::int64_t) {
                                 ++begun;
                                 rest();
                               }),
               Cancelled);
  return begun;
}

TEST(Heartbeat, ALoopEndsSoonAfterTheCallbackRefuses) {
  for (const int threads : {1, 2, 3}) {
    const ProgressCallback once = goes_on_once();
    const Heartbeat heartbeat(once);
    report(once, "stage", 0);
    EXPECT_LT(chunks_before_cancelled(threads), kChunks / 4) << threads << " threads";
  }
}

TEST(Heartbeat, AsksWithWhatWasReportedLast) {
  std::string stage;
  double fraction = 0;
  const ProgressCallback stop_at_second = [&, calls = 0](const Progress& at) mutable {
    stage = at.stage;
    fraction = at.fraction;
    return ++calls < 2;
  };
  const Heartbeat heartbeat(stop_at_second);
  report(stop_at_second, "counting", 0.25);
  chunks_before_cancelled(2);
  EXPECT_EQ(stage, "counting");
  EXPECT_EQ(fraction, 0.25);
}

TEST(Heartbeat, OneWithoutACallbackLeavesTheOuterOneInForce) {
  const ProgressCallback once = goes_on_once();
  const ProgressCallback none;
  const Heartbeat outer(once);
  report(once, "stage", 0);
  const Heartbeat inner(none);
  EXPECT_LT(chunks_before_cancelled(2), kChunks / 4);
}

TEST(Heartbeat, TheInnerCallbackAloneIsAskedUntilItsEnd) {
  std::atomic<int> outer_calls = 0;
  const ProgressCallback outer = [&](const Progress&) { return ++outer_calls > 0; };
  const ProgressCallback once = goes_on_once();
  const Heartbeat around(outer);
  report(outer, "stage", 0);
  {
    const Heartbeat heartbeat(once);
    report(once, "stage", 0);
    chunks_before_cancelled(2);
  }
  EXPECT_EQ(outer_calls, 1);
  parallel_chunks(2, 200, 1, [](std::int64_t, std::int64_t) { rest(); });
  EXPECT_GT(outer_calls, 1);
}

TEST(Heartbeat, AsksBeforeTheFirstReportToo) {
  std::string stage;
  const ProgressCallback stop = [&](const Progress& at) {
    stage = at.stage;
    return false;
  };
  const Heartbeat heartbeat(stop);
  EXPECT_LT(chunks_before_cancelled(2), kChunks / 4);
  EXPECT_EQ(stage, "start");
}

/// The calling thread is soon done with its chunk and waits for the other one.
TEST(Heartbeat, AsksWhileItWaitsForOthersAndEndsWhatTheyDo) {
  const std::thread::id caller = std::this_thread::get_id();
  const ProgressCallback once = goes_on_once();
  const Heartbeat heartbeat(once);
  report(once, "stage", 0);
  std::atomic<std::int64_t> begun = 0;
  EXPECT_THROW(parallel_chunks(2, 2, 1,
                               [&](std::int64_t, std::int64_t) {
                                 if (std::this_thread::get_id() == caller) {
                                   while (begun == 0) rest();
                                   return;
                                 }
                                 parallel_chunks(1, kChunks, 1, [&](std::int64_t, std::int64_t) {
                                   ++begun;
                                   rest();
                                 });
                               }),
               Cancelled);
  EXPECT_LT(begun, kChunks / 4);
}

TEST(Heartbeat, IsNotAskedAgainAfterARefusal) {
  const std::thread::id caller = std::this_thread::get_id();
  std::int64_t calls = 0;
  const ProgressCallback never = [&](const Progress&) { return ++calls < 1; };
  const Heartbeat heartbeat(never);
  EXPECT_THROW(parallel_chunks(2, 2, 1,
                               [&](std::int64_t, std::int64_t) {
                                 if (std::this_thread::get_id() != caller) {
                                   for (int i = 0; i < 100; ++i) rest();
                                   return;
                                 }
                                 rest();
                                 report(never, "stage", 0);
                               }),
               Cancelled);
  EXPECT_EQ(calls, 1);
}

TEST(ParallelChunks, AFailureEndsTheChunksBehindIt) {
  std::atomic<std::int64_t> begun = 0;
  EXPECT_THROW(parallel_chunks(2, 2, 1,
                               [&](std::int64_t c, std::int64_t) {
                                 if (c == 0) {
                                   while (begun == 0) rest();
                                   throw InvalidArgument("the first");
                                 }
                                 parallel_chunks(1, kChunks, 1, [&](std::int64_t, std::int64_t) {
                                   ++begun;
                                   rest();
                                 });
                               }),
               InvalidArgument);
  EXPECT_LT(begun, kChunks / 4);
}

/// Its chunks are left, so what they should have made does not exist.
TEST(ParallelChunks, ALoopInAnUnwantedChunkDoesNotReturn) {
  std::atomic<bool> inside = false;
  std::atomic<bool> returned = false;
  EXPECT_THROW(parallel_chunks(2, 2, 1,
                               [&](std::int64_t c, std::int64_t) {
                                 if (c == 0) {
                                   while (!inside) rest();
                                   throw InvalidArgument("the first");
                                 }
                                 parallel_chunks(2, 1000, 1, [&](std::int64_t, std::int64_t) {
                                   inside = true;
                                   rest();
                                 });
                                 returned = true;
                               }),
               InvalidArgument);
  EXPECT_FALSE(returned);
}

TEST(Heartbeat, LoopsOfOtherThreadsDoNotAsk) {
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> elsewhere = 0;
  const ProgressCallback count = [&](const Progress&) {
    elsewhere += std::this_thread::get_id() != caller;
    return true;
  };
  const Heartbeat heartbeat(count);
  report(count, "stage", 0);
  parallel_chunks(3, 300, 1, [](std::int64_t, std::int64_t) {
    parallel_chunks(1, 2, 1, [](std::int64_t, std::int64_t) { rest(); });
  });
  EXPECT_EQ(elsewhere, 0);
}

TEST(ParallelChunks, TheFirstFailingChunkIsTheOneReported) {
  for (const int threads : {1, 2, 3, 8})
    for (int round = 0; round < 50; ++round) try {
        parallel_chunks(threads, 1000, 1, [](std::int64_t c, std::int64_t) {
          if (c % 7 == 5) throw InvalidArgument("chunk " + std::to_string(c));
        });
        FAIL() << "no exception";
      } catch (const InvalidArgument& error) {
        EXPECT_STREQ(error.what(), "chunk 5");
      }
}

}  // namespace
}  // namespace wquant
