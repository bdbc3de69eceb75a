// Covers: base/pulse, quantize, tolerance. Refusals near the end of the time are refusals.
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>
#include <thread>

#include "support/mixtures.hpp"
#include "wquant/error.hpp"

/// What becomes of the callback's answers when the seconds that automatic may take run out.
namespace wquant {
namespace {

using test::Random;

constexpr double kSeconds = 0.1;

/// Answers a progress callback's calls: at call number `call` it waits until the seconds are over
/// and then gives `answer`, that once.
class LateAnswer {
 public:
  template <class Answer>
  ProgressCallback at(int call, const Answer& answer) {
    return [this, call, answer](const Progress&) {
      if (++calls_ != call) return true;
      std::this_thread::sleep_for(std::chrono::duration<double>(1.1 * kSeconds));
      given_ = true;
      return answer();
    };
  }

  bool given() const { return given_; }

 private:
  int calls_ = 0;
  bool given_ = false;
};

/// The first calls come from families that are built in any case, later ones from those that are
/// left out when the time is over. There may be fewer calls; then nothing is said of the last.
constexpr int kCalls[] = {1, 2, 3, 4, 8, 16, 32, 64, 128, 160};

struct Case {
  const char* name;
  QuantizeOptions options;
  int mixtures = 1;

  friend void PrintTo(const Case& that, std::ostream* out) { *out << that.name; }
};

class TimeRunsOut : public testing::TestWithParam<Case> {
 protected:
  /// Quantises, and returns the families that were left out, which a batch does not tell.
  std::vector<SchemeFamily> run(const ProgressCallback& progress) const {
    QuantizeOptions options = GetParam().options;
    options.seconds = kSeconds;
    options.progress = progress;
    Random random(91);
    std::vector<GaussianMixture> mixtures;
    for (int b = 0; b < GetParam().mixtures; ++b)
      mixtures.push_back(random.homogeneous_mixture(3 + b % 3, 2, 1).build(context_));
    if (mixtures.size() == 1)
      return quantize(context_, mixtures.front(), options).statistics.left_out;
    quantize(context_, mixtures, {&options, 1});
    return {};
  }

 private:
  Context context_ = Context::cpu({.threads = 2});
};

INSTANTIATE_TEST_SUITE_P(Quantize, TimeRunsOut,
                         testing::Values(Case{"Support", {.support = 40}},
                                         Case{"Tolerance", {.tolerance = 1}},
                                         Case{"BatchOfSupports", {.support = 40}, 20},
                                         Case{"BatchOfTolerances", {.tolerance = 1}, 20}),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST_P(TimeRunsOut, ARefusalJustBeforeReachesTheCaller) {
  for (const int call : kCalls) {
    LateAnswer refusal;
    bool cancelled = false;
    try {
      run(refusal.at(call, [] { return false; }));
    } catch (const Cancelled&) {
      cancelled = true;
    }
    EXPECT_EQ(cancelled, refusal.given()) << "refused at call " << call;
  }
}

TEST_P(TimeRunsOut, ThatAloneCancelsNothing) {
  for (const int call : kCalls) {
    LateAnswer consent;
    std::vector<SchemeFamily> left_out;
    EXPECT_NO_THROW(left_out = run(consent.at(call, [] { return true; }))) << "at call " << call;
    if (call == 1 && GetParam().mixtures == 1) {
      EXPECT_FALSE(left_out.empty());
    }
  }
}

/// The library's own error of this type would leave a family out.
TEST_P(TimeRunsOut, WhatTheCallbackThrowsJustBeforeReachesTheCaller) {
  for (const int call : kCalls) {
    LateAnswer failure;
    try {
      run(failure.at(call, []() -> bool { throw OutOfMemory("of the callback"); }));
      EXPECT_FALSE(failure.given()) << "threw at call " << call;
    } catch (const OutOfMemory& thrown) {
      EXPECT_STREQ(thrown.what(), "of the callback");
    }
  }
}

}  // namespace
}  // namespace wquant
