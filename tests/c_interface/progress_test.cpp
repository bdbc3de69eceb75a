#include <gtest/gtest.h>

#include <stdexcept>

#include "support/c_interface.hpp"
#include "support/samples.hpp"

namespace wquant {
namespace {

using test::Borrowed;
using test::expect_refused;
using test::initialised;

bool stop(const char*, double, void* calls) {
  ++*static_cast<int*>(calls);
  return false;
}

bool fail(const char*, double, void*) { throw std::runtime_error("of the caller"); }

class CProgress : public testing::Test {
 protected:
  test::Owned<wquant_context> context_ = test::c_cpu();
  test::Owned<wquant_mixture> mixture_ = test::c_standard_normal(context_.get());
  const std::vector<double> samples_ = test::uniform_samples<double>(2000, 2, 0, 1, 1);
  const Borrowed<double> points_{samples_, {2000, 2}};
  int calls_ = 0;
};

TEST_F(CProgress, StopsQuantize) {
  wquant_quantize_options options = initialised(wquant_quantize_options_init);
  options.progress = stop;
  options.progress_data = &calls_;
  wquant_quantization* made = nullptr;
  expect_refused(wquant_quantize(context_.get(), mixture_.get(), &options, &made), WQUANT_CANCELLED,
                 "cancelled during ");
  EXPECT_EQ(calls_, 1);
}

TEST_F(CProgress, StopsLearn) {
  wquant_learn_options options = initialised(wquant_learn_options_init);
  options.progress = stop;
  options.progress_data = &calls_;
  const std::vector<double> zeros(2, 0), ones(2, 1);
  const Borrowed<double> lower(zeros, {2}), upper(ones, {2});
  wquant_learned* made = nullptr;
  expect_refused(wquant_learn(context_.get(), points_.get(), points_.get(), lower.get(),
                              upper.get(), &options, &made),
                 WQUANT_CANCELLED, "cancelled during ");
  EXPECT_EQ(calls_, 1);
}

TEST_F(CProgress, StopsKmeans) {
  wquant_kmeans_options options = initialised(wquant_kmeans_options_init);
  options.progress = stop;
  options.progress_data = &calls_;
  wquant_clustering* made = nullptr;
  expect_refused(wquant_kmeans(context_.get(), points_.get(), &options, &made), WQUANT_CANCELLED,
                 "cancelled during ");
  EXPECT_EQ(calls_, 1);
}

TEST_F(CProgress, AnExceptionOfTheCallbackIsFalse) {
  wquant_quantize_options options = initialised(wquant_quantize_options_init);
  options.progress = fail;
  wquant_quantization* made = nullptr;
  expect_refused(wquant_quantize(context_.get(), mixture_.get(), &options, &made), WQUANT_CANCELLED,
                 "cancelled during ");
  options.progress = nullptr;
  const auto whole = test::owned<wquant_quantization>(
      [&](auto out) { return wquant_quantize(context_.get(), mixture_.get(), &options, out); });
  EXPECT_NE(whole, nullptr);
}

}  // namespace
}  // namespace wquant
