// Covers also: parallel, shared_chunks.
#include "base/pulse.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
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

/// What a callback was shown, each stage and percentage once.
class Shown {
 public:
  ProgressCallback callback() {
    return [this](const Progress& at) {
      std::string now =
          std::string(at.stage) + " " + std::to_string(std::lround(100 * at.fraction));
      if (all_.empty() || all_.back() != now) all_.push_back(std::move(now));
      return true;
    };
  }
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::vector<std::string> all_;
};

/// So long that the next beat asks.
void wait_for_a_beat() { std::this_thread::sleep_for(2 * Pulse::kInterval); }

TEST(Pulse, ALoopEndsSoonAfterTheCallbackRefuses) {
  for (const int threads : {1, 2, 3}) {
    const ProgressCallback once = goes_on_once();
    const Pulse pulse(once);
    Pulse::report("stage", 0);
    EXPECT_LT(chunks_before_cancelled(threads), kChunks / 4) << threads << " threads";
  }
}

TEST(Pulse, AsksWithWhatWasReportedLast) {
  std::string stage;
  double fraction = 0;
  const ProgressCallback stop_at_second = [&, calls = 0](const Progress& at) mutable {
    stage = at.stage;
    fraction = at.fraction;
    return ++calls < 2;
  };
  const Pulse pulse(stop_at_second);
  Pulse::report("counting", 0.25);
  chunks_before_cancelled(2);
  EXPECT_EQ(stage, "counting");
  EXPECT_EQ(fraction, 0.25);
}

TEST(Pulse, OneWithoutACallbackLeavesTheOuterOneInForce) {
  const ProgressCallback once = goes_on_once();
  const ProgressCallback none;
  const Pulse around(once);
  Pulse::report("stage", 0);
  const Pulse within(none);
  EXPECT_LT(chunks_before_cancelled(2), kChunks / 4);
}

TEST(Pulse, TheInnerCallbackAloneIsAskedUntilItsEnd) {
  std::atomic<int> outer_calls = 0;
  const ProgressCallback outer = [&](const Progress&) { return ++outer_calls > 0; };
  const ProgressCallback once = goes_on_once();
  const Pulse around(outer);
  Pulse::report("stage", 0);
  {
    const Pulse pulse(once);
    Pulse::report("stage", 0);
    chunks_before_cancelled(2);
  }
  EXPECT_EQ(outer_calls, 1);
  parallel_chunks(2, 200, 1, [](std::int64_t, std::int64_t) { rest(); });
  EXPECT_GT(outer_calls, 1);
}

TEST(Pulse, AsksBeforeTheFirstReportToo) {
  std::string stage;
  const ProgressCallback stop = [&](const Progress& at) {
    stage = at.stage;
    return false;
  };
  const Pulse pulse(stop);
  EXPECT_LT(chunks_before_cancelled(2), kChunks / 4);
  EXPECT_EQ(stage, "start");
}

/// The calling thread is soon done with its chunk and waits for the other one.
TEST(Pulse, AsksWhileItWaitsForOthersAndEndsWhatTheyDo) {
  const std::thread::id caller = std::this_thread::get_id();
  const ProgressCallback once = goes_on_once();
  const Pulse pulse(once);
  Pulse::report("stage", 0);
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

TEST(Pulse, IsNotAskedAgainAfterARefusal) {
  const std::thread::id caller = std::this_thread::get_id();
  std::int64_t calls = 0;
  const ProgressCallback never = [&](const Progress&) { return ++calls < 1; };
  const Pulse pulse(never);
  EXPECT_THROW(parallel_chunks(2, 2, 1,
                               [&](std::int64_t, std::int64_t) {
                                 if (std::this_thread::get_id() != caller) {
                                   for (int i = 0; i < 100; ++i) rest();
                                   return;
                                 }
                                 rest();
                                 Pulse::report("stage", 0);
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

TEST(Pulse, LoopsOfOtherThreadsDoNotAsk) {
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> elsewhere = 0;
  const ProgressCallback count = [&](const Progress&) {
    elsewhere += std::this_thread::get_id() != caller;
    return true;
  };
  const Pulse pulse(count);
  Pulse::report("stage", 0);
  parallel_chunks(3, 300, 1, [](std::int64_t, std::int64_t) {
    parallel_chunks(1, 2, 1, [](std::int64_t, std::int64_t) { rest(); });
  });
  EXPECT_EQ(elsewhere, 0);
}

TEST(Pulse, NobodyIsAskedWithoutACallback) {
  const ProgressCallback none;
  const Pulse pulse(none);
  Pulse::report("stage", 0);
  Pulse::report(0.5);
  Pulse::beat();
  EXPECT_FALSE(Pulse::refused());
}

TEST(Pulse, APartOfTheStageIsReportedWithoutItsName) {
  Shown shown;
  const ProgressCallback show = shown.callback();
  const Pulse pulse(show);
  Pulse::report("counting", 0);
  Pulse::report(0.25);
  Pulse::beat(0.5);
  wait_for_a_beat();
  Pulse::beat();
  EXPECT_EQ(shown.all(), (std::vector<std::string>{"counting 0", "counting 25", "counting 50"}));
}

/// From the calling thread's own chunks, or while it waits for those of others.
TEST(Pulse, WhatTheCallbackThrowsArrivesAsItIsFromNestedLoops) {
  struct Own {};
  const std::thread::id caller = std::this_thread::get_id();
  for (const int threads : {1, 2, 4})
    for (const bool waits : {false, true}) {
      int calls = 0;
      const ProgressCallback fail = [&](const Progress&) -> bool {
        ++calls;
        throw Own();
      };
      const Pulse pulse(fail);
      std::atomic<std::int64_t> begun = 0;
      EXPECT_THROW(
          parallel_chunks(threads, 8, 1,
                          [&](std::int64_t, std::int64_t) {
                            if (waits && threads > 1 && std::this_thread::get_id() == caller) {
                              while (begun == 0) rest();
                              return;
                            }
                            parallel_chunks(threads, kChunks, 1, [&](std::int64_t, std::int64_t) {
                              ++begun;
                              rest();
                            });
                          }),
          Own);
      EXPECT_EQ(calls, 1);
      EXPECT_TRUE(Pulse::refused());
      EXPECT_LT(begun, kChunks / 2);
    }
}

/// Also if an earlier chunk has failed with what a search would take for an answer.
TEST(Pulse, ARefusalIsNotLostBehindAFailure) {
  const std::thread::id caller = std::this_thread::get_id();
  for (int round = 0; round < 20; ++round) {
    std::atomic<bool> refused = false;
    const ProgressCallback refuse = [&](const Progress&) {
      refused = true;
      return false;
    };
    const Pulse pulse(refuse);
    EXPECT_THROW(parallel_chunks(2, 2, 1,
                                 [&](std::int64_t, std::int64_t) {
                                   if (std::this_thread::get_id() == caller)
                                     Pulse::report("stage", 0);
                                   while (!refused) rest();
                                   throw OutOfMemory("elsewhere");
                                 }),
                 Cancelled);
  }
}

TEST(Pulse, ARefusalIsRepeatedToWhoeverAsksAgain) {
  int calls = 0;
  const ProgressCallback no = [&](const Progress&) { return ++calls < 1; };
  const Pulse pulse(no);
  for (int n = 0; n < 3; ++n) {
    EXPECT_THROW(Pulse::report("stage", 0), Cancelled);
    EXPECT_THROW(Pulse::beat(), Cancelled);
  }
  EXPECT_EQ(calls, 1);
}

/// The callback may use the library, and what it asks there is no question of the call around it.
TEST(Pulse, TheCallbackMayRunLoopsOfItsOwn) {
  int calls = 0;
  const ProgressCallback compute = [&](const Progress&) {
    ++calls;
    wait_for_a_beat();
    std::atomic<std::int64_t> sum = 0;
    parallel_chunks(2, 100, 1, [&](std::int64_t begin, std::int64_t) { sum += begin; });
    return sum == 4950;
  };
  const Pulse pulse(compute);
  const TimeLimit limit(Deadline(60));
  Pulse::report("stage", 0);
  parallel_chunks(2, 50, 1, [](std::int64_t, std::int64_t) { rest(); });
  EXPECT_GE(calls, 1);
  EXPECT_FALSE(Pulse::refused());
}

TEST(Deadline, PassesWhenItsTimeIsOver) {
  const Deadline never, at_once(0), soon(0.01);
  EXPECT_FALSE(never.limited() || never.passed());
  EXPECT_EQ(never.share(), 0);
  EXPECT_TRUE(at_once.limited() && at_once.passed());
  EXPECT_EQ(at_once.share(), 1);
  while (!soon.passed()) rest();
  EXPECT_EQ(soon.share(), 1);
  EXPECT_GE(soon.elapsed(), 0.01);
  EXPECT_LE(soon.left(), 0);
}

/// With a callback that goes on, and without one.
TEST(TimeLimit, EndsALoopOnAllThreads) {
  for (const int threads : {1, 2, 3})
    for (const bool asked : {false, true}) {
      const ProgressCallback yes = [](const Progress&) { return true; };
      const ProgressCallback none;
      const Pulse pulse(asked ? yes : none);
      const TimeLimit limit(Deadline(0.05));
      std::atomic<std::int64_t> begun = 0;
      EXPECT_THROW(parallel_chunks(threads, threads, 1,
                                   [&](std::int64_t, std::int64_t) {
                                     parallel_chunks(1, kChunks, 1,
                                                     [&](std::int64_t, std::int64_t) {
                                                       ++begun;
                                                       rest();
                                                     });
                                   }),
                   DeadlinePassed);
      EXPECT_LT(begun, threads * kChunks / 4);
      EXPECT_FALSE(Pulse::refused());
    }
}

TEST(TimeLimit, IsInForceUntilItsEndAlone) {
  int calls = 0;
  const ProgressCallback count = [&](const Progress&) { return ++calls > 0; };
  const Pulse pulse(count);
  {
    const TimeLimit limit(Deadline(0));
    EXPECT_THROW(Pulse::report("stage", 0), DeadlinePassed);
    EXPECT_THROW(Pulse::beat(), DeadlinePassed);
    const TimeLimit longer(Deadline(60));
    EXPECT_THROW(Pulse::beat(), DeadlinePassed);
  }
  EXPECT_EQ(calls, 0);
  Pulse::report("stage", 0);
  EXPECT_EQ(calls, 1);
}

TEST(TimeLimit, DoesNotHideARefusal) {
  for (const int threads : {1, 2}) {
    const Deadline deadline(0.02);
    std::atomic<bool> asked = false;
    const ProgressCallback late = [&](const Progress&) {
      asked = true;
      while (!deadline.passed()) rest();
      return false;
    };
    const Pulse pulse(late);
    const TimeLimit limit(deadline);
    // Another thread leaves this one a chunk.
    const auto chunk = [&](std::int64_t, std::int64_t) {
      Pulse::report("stage", 0);
      while (!asked) rest();
    };
    EXPECT_THROW(parallel_chunks(threads, 8, 1, chunk), Cancelled);
    EXPECT_THROW(Pulse::beat(), Cancelled);
  }
}

/// Each chunk of the loop around has a limit of its own.
TEST(TimeLimit, OfOneChunkLeavesTheOthersAlone) {
  const ProgressCallback yes = [](const Progress&) { return true; };
  const Pulse pulse(yes);
  std::atomic<int> ended = 0, done = 0;
  parallel_chunks(2, 6, 1, [&](std::int64_t c, std::int64_t) {
    try {
      const TimeLimit limit(c % 2 == 0 ? Deadline(0.01) : Deadline());
      parallel_chunks(2, 40, 1, [](std::int64_t, std::int64_t) { rest(); });
      ++done;
    } catch (const DeadlinePassed&) {
      ++ended;
    }
  });
  EXPECT_EQ(ended, 3);
  EXPECT_EQ(done, 3);
}

TEST(HeldStage, IsWhatTheUserSeesWhateverIsReported) {
  Shown shown;
  const ProgressCallback show = shown.callback();
  const Pulse pulse(show);
  {
    const HeldStage held("search", 0.5);
    Pulse::report("grids", 0);
    wait_for_a_beat();
    Pulse::report("grids", 1);
    const HeldStage within("modes", 0);
    wait_for_a_beat();
    Pulse::beat(1);
  }
  Pulse::report("cells", 0);
  {
    const HeldStage held;
    Pulse::report("grids", 0);
  }
  Pulse::report("cells", 1);
  EXPECT_EQ(shown.all(), (std::vector<std::string>{"search 50", "cells 0", "cells 100"}));
}

TEST(HeldStage, DoesNotHideARefusal) {
  const ProgressCallback once = goes_on_once();
  const Pulse pulse(once);
  const HeldStage held("search", 0);
  EXPECT_LT(chunks_before_cancelled(2), kChunks / 4);
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
