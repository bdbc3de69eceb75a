#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "support/c_interface.hpp"
#include "support/samples.hpp"

namespace wquant {
namespace {

using test::Borrowed;
using test::Owned;
using test::owned;

Owned<wquant_quantization> quantised(const wquant_context* context, const wquant_mixture* mixture) {
  return owned<wquant_quantization>(
      [&](auto out) { return wquant_quantize(context, mixture, nullptr, out); });
}

Owned<DLManagedTensor> locations_of(const wquant_quantization* quantization) {
  return owned<DLManagedTensor>(
      [&](auto out) { return wquant_quantization_locations(quantization, false, out); });
}

TEST(CLifetimes, TensorsShareTheMemoryOfTheResult) {
  const auto context = test::c_cpu();
  const auto mixture = test::c_standard_normal(context.get());
  const auto made = quantised(context.get(), mixture.get());
  const auto one = locations_of(made.get());
  const auto other = locations_of(made.get());
  EXPECT_NE(one, other);
  EXPECT_EQ(one->dl_tensor.data, other->dl_tensor.data);
  const auto on_host = owned<DLManagedTensor>(
      [&](auto out) { return wquant_quantization_locations(made.get(), true, out); });
  EXPECT_EQ(on_host->dl_tensor.data, one->dl_tensor.data);
}

TEST(CLifetimes, TensorsOutliveHandleAndContext) {
  auto context = test::c_cpu();
  auto mixture = test::c_standard_normal(context.get());
  auto made = quantised(context.get(), mixture.get());
  const auto first = locations_of(made.get());
  auto second = locations_of(made.get());
  const std::vector<double> values = test::values_of<double>(*first);
  context.reset();
  mixture.reset();
  made.reset();
  EXPECT_EQ(test::values_of<double>(*first), values);
  second.reset();
  EXPECT_EQ(test::values_of<double>(*first), values);
}

TEST(CLifetimes, TensorsOfLearnAndKmeansToo) {
  auto context = test::c_cpu();
  const std::vector<float> samples = test::uniform_samples<float>(500, 2, 0, 1, 1);
  const std::vector<double> zeros(2, 0), ones(2, 1);
  const Borrowed<float> points(samples, {500, 2});
  const Borrowed<double> lower(zeros, {2}), upper(ones, {2});
  auto learned = owned<wquant_learned>([&](auto out) {
    return wquant_learn(context.get(), points.get(), points.get(), lower.get(), upper.get(),
                        nullptr, out);
  });
  auto clustering = owned<wquant_clustering>(
      [&](auto out) { return wquant_kmeans(context.get(), points.get(), nullptr, out); });
  const auto probabilities = owned<DLManagedTensor>(
      [&](auto out) { return wquant_learned_probabilities(learned.get(), out); });
  const auto centres = owned<DLManagedTensor>(
      [&](auto out) { return wquant_clustering_centres(clustering.get(), false, out); });
  const auto labels = owned<DLManagedTensor>(
      [&](auto out) { return wquant_clustering_labels(clustering.get(), false, out); });
  const std::vector<double> masses = test::values_of<double>(*probabilities);
  const std::vector<float> coordinates = test::values_of<float>(*centres);
  const std::vector<std::int64_t> numbers = test::values_of<std::int64_t>(*labels);
  context.reset();
  learned.reset();
  clustering.reset();
  EXPECT_EQ(test::values_of<double>(*probabilities), masses);
  EXPECT_EQ(test::values_of<float>(*centres), coordinates);
  EXPECT_EQ(test::values_of<std::int64_t>(*labels), numbers);
}

TEST(CLifetimes, DeletersMayBeCalledInOtherThreads) {
  const auto context = test::c_cpu();
  const auto mixture = test::c_standard_normal(context.get());
  auto made = quantised(context.get(), mixture.get());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([tensor = locations_of(made.get()).release()] {
      EXPECT_EQ(tensor->dl_tensor.shape[1], 2);
      tensor->deleter(tensor);
    });
  made.reset();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace wquant
