#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "determinism/operations.hpp"
#include "wquant/wquant.hpp"

namespace wquant::test {
namespace {

std::string run(const Operation& operation, int threads) {
  return operation.run(Context::cpu({.threads = threads}), {});
}

/// Contexts of their own that go on with other operations in threads of their own until the end.
class Company {
 public:
  Company() {
    for (std::size_t t = 0; t < kThreads; ++t)
      threads_.emplace_back([this, t] {
        const Context context = Context::cpu({.threads = 2});
        for (std::size_t at = t * 7; !enough_; ++at) {
          const Operation& operation = operations()[at % operations().size()];
          try {
            operation.run(context, [this](const Progress&) { return !enough_.load(); });
          } catch (const Cancelled&) {
            return;
          }
        }
      });
  }
  ~Company() {
    enough_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;

 private:
  static constexpr std::size_t kThreads = 2;
  std::atomic<bool> enough_ = false;
  std::vector<std::thread> threads_;
};

class AnyThreads : public testing::TestWithParam<std::size_t> {
 protected:
  const Operation& operation_ = operations()[GetParam()];
};

INSTANTIATE_TEST_SUITE_P(Determinism, AnyThreads,
                         testing::Range<std::size_t>(0, operations().size()),
                         [](const auto& instance) { return test_name(instance.param); });

TEST_P(AnyThreads, GivesTheSameBytesForAnyNumberOfThreadsAloneAndInCompany) {
  const std::string expected = run(operation_, 1);
  EXPECT_GT(expected.size(), 8U);
  for (const int threads : {1, 2, 3, 8}) EXPECT_EQ(run(operation_, threads), expected) << threads;
  const Company company;
  for (const int threads : {1, 8})
    EXPECT_EQ(run(operation_, threads), expected) << threads << " in company";
}

/// Each operation is taken by two of the threads. (The thread sanitizer watches this test.)
TEST(Contexts, EightAtWorkInEightThreadsGiveTheSameBytes) {
  constexpr std::size_t kContexts = 8;
  std::vector<std::string> results[2] = {std::vector<std::string>(operations().size()),
                                         std::vector<std::string>(operations().size())};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kContexts; ++t)
    threads.emplace_back([&, t] {
      const Context context = Context::cpu({.threads = 2});
      for (std::size_t at = 0; at < operations().size(); ++at)
        for (const std::size_t copy : {0, 1})
          if ((at + 3 * copy) % kContexts == t)
            results[copy][at] = operations()[at].run(context, [](const Progress&) { return true; });
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t at = 0; at < operations().size(); ++at)
    EXPECT_EQ(results[0][at], results[1][at]) << operations()[at].name;
}

}  // namespace
}  // namespace wquant::test
