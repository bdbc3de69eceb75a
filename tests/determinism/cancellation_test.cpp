#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "determinism/operations.hpp"
#include "support/sampled_mixture.hpp"
#include "support/samples.hpp"
#include "wquant/wquant.hpp"

namespace wquant::test {
namespace {

/// Refuses from call number n on.
struct Refusal {
  std::int64_t n;
  std::int64_t calls = 0;
  ProgressCallback callback() {
    return [this](const Progress&) { return ++calls < n; };
  }
};

class EveryOperation : public testing::TestWithParam<std::size_t> {};

INSTANTIATE_TEST_SUITE_P(Cancellation, EveryOperation,
                         testing::Range<std::size_t>(0, operations().size()),
                         [](const auto& instance) { return test_name(instance.param); });

/// How many calls there are depends on the clock; the first there is, if the operation asks at all.
TEST_P(EveryOperation, EndsAfterARefusalAndLeavesTheContextAsItWas) {
  const Operation& operation = operations()[GetParam()];
  const Context context = Context::cpu({.threads = 2});
  for (const std::int64_t n : {1, 3}) {
    Refusal refusal{n};
    try {
      operation.run(context, refusal.callback());
      EXPECT_LT(refusal.calls, n) << "went on after the refusal of call " << n;
    } catch (const Cancelled&) {
      EXPECT_EQ(refusal.calls, n);
    }
  }
  const Context fresh = Context::cpu({.threads = 1});
  EXPECT_EQ(operation.run(context, {}), operation.run(fresh, {}));
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The longest that a call computes without asking, with one thread: CPU time of that, which other
/// programs do not lengthen.
double longest_silence(const std::function<void(const Context&, const ProgressCallback&)>& call) {
  double longest = 0;
  double last = cpu_seconds();
  const auto heard = [&] {
    const double now = cpu_seconds();
    longest = std::max(longest, now - last);
    last = now;
  };
  call(Context::cpu({.threads = 1}), [&](const Progress&) {
    heard();
    return true;
  });
  heard();
  return longest;
}

/// A fifth of it is wanted (cancellation_benchmark); the rest is for slow machines. Without beats
/// in serial loops each of these calls was silent for a second or more.
constexpr double kLongestSilence = 0.5;

TEST(Cancellation, AllocationForAMillionComponentsIsNeverSilentForLong) {
  const GaussianMixture mixture = Sampled(1'000'000, 2, 2).build(Context::cpu());
  for (const SchemeFamily family : {SchemeFamily::per_component, SchemeFamily::cross})
    EXPECT_LT(longest_silence([&](const Context& context, const ProgressCallback& progress) {
                make_scheme(context, mixture,
                            {.support = 2'000'000, .family = family, .progress = progress});
              }),
              kLongestSilence)
        << name(family);
}

TEST(Cancellation, ATreeOfAMillionComponentsIsNeverSilentForLong) {
  const GaussianMixture mixture = Sampled(1'000'000, 2, 2).build(Context::cpu());
  EXPECT_LT(longest_silence([&](const Context& context, const ProgressCallback& progress) {
              quantize(context, mixture,
                       {.support = 8, .family = SchemeFamily::tree, .progress = progress});
            }),
            kLongestSilence);
}

TEST(Cancellation, AssignmentToManyCentresIsNeverSilentForLong) {
  const std::vector<double> points = uniform_samples<double>(50'000, 64, 0, 1, 1);
  EXPECT_LT(longest_silence([&](const Context& context, const ProgressCallback& progress) {
              KmeansOptions<double> options;
              options.start = {points.data(), 10'000, 64};
              options.iterations = 1;
              options.progress = progress;
              kmeans(context, rows(points, 64), options);
            }),
            kLongestSilence);
}

}  // namespace
}  // namespace wquant::test
