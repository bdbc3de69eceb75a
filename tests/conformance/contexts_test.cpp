#include "conformance/contexts.hpp"

#include <thread>
#include <utility>
#include <vector>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::on_host;

class Contexts : public test::EveryContext {};
INSTANTIATE_TEST_SUITE_P(Contexts, Contexts, test::all_backends(), test::backend_name);

/// Locations of a quantisation that takes several kernels.
std::vector<double> work(const Context& context, std::uint64_t seed) {
  test::Random random(seed);
  const GaussianMixture mixture = random.mixture(3, 3, 2).build(context);
  const Quantization made = quantize(context, mixture, {.support = 40});
  return on_host(
      compress(context, made, {.support = 15, .iterations = 3}).distribution.locations());
}

TEST_P(Contexts, ManyAtOnceGiveTheBitsOfEachAlone) {
  constexpr std::uint64_t kThreads = 4;
  std::vector<std::vector<double>> alone, together(kThreads);
  for (std::uint64_t t = 0; t < kThreads; ++t) alone.push_back(work(context(), t));
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      const Context own = make_context(GetParam());
      for (int round = 0; round < 2; ++round) together[t] = work(own, t);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(together, alone);
}

TEST_P(Contexts, TwoInOneThreadShareNothing) {
  const Context other = make_context(GetParam());
  Array<double> a(context(), 1000), b(other, 1000);
  const std::vector<double> ones(1000, 1.0), twos(1000, 2.0);
  context().backend().copy_from_host(a.data(), ones.data(), 8000);
  other.backend().copy_from_host(b.data(), twos.data(), 8000);
  EXPECT_EQ(on_host(a), ones);
  EXPECT_EQ(on_host(b), twos);
}

TEST_P(Contexts, MoveToAnotherThread) {
  const std::vector<double> here = work(context(), 7);
  std::vector<double> there;
  Context moving = make_context(GetParam());
  EXPECT_EQ(work(moving, 7), here);
  std::thread([&there, own = std::move(moving)] { there = work(own, 7); }).join();
  EXPECT_EQ(there, here);
}

TEST_P(Contexts, ArraysOutliveTheirContext) {
  Array<double> kept;
  {
    const Context own = make_context(GetParam());
    test::Random random(3);
    const GaussianMixture mixture = random.mixture(2, 2, 1).build(own);
    kept = sample(own, mixture, 50, 1);
  }
  test::Random random(3);
  const Context again = make_context(GetParam());
  EXPECT_EQ(on_host(kept), on_host(sample(again, random.mixture(2, 2, 1).build(again), 50, 1)));
}

}  // namespace
}  // namespace wquant
