#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "support/c_interface.hpp"
#include "wquant/quantize.hpp"

namespace wquant {
namespace {

using test::expect_refused;
using test::initialised;

/// Options as a later version of the header may have them.
struct LaterOptions {
  wquant_quantize_options known;
  double later;
  char padding[40];
};

class CStructs : public testing::Test {
 protected:
  test::Owned<wquant_context> context_ = test::c_cpu();
  test::Owned<wquant_mixture> mixture_ = test::c_standard_normal(context_.get());

  wquant_status quantize_with(const wquant_quantize_options* options) {
    wquant_quantization* made = nullptr;
    const wquant_status status = wquant_quantize(context_.get(), mixture_.get(), options, &made);
    wquant_quantization_destroy(made);
    return status;
  }
};

TEST_F(CStructs, ThoseOfALaterHeaderServeAsFarAsTheyAreKnown) {
  LaterOptions options;
  std::memset(&options, 0xff, sizeof options);
  ASSERT_EQ(wquant_quantize_options_init(&options.known, sizeof options), WQUANT_OK);
  EXPECT_EQ(options.known.size, sizeof options);
  EXPECT_EQ(options.known.support, QuantizeOptions{}.support);
  EXPECT_EQ(options.later, 0);
  EXPECT_EQ(options.padding[39], 0);
  EXPECT_EQ(quantize_with(&options.known), WQUANT_OK);
  options.later = 1;
  expect_refused(quantize_with(&options.known), WQUANT_INVALID_ARGUMENT, "options: byte ");
}

TEST_F(CStructs, WithoutASizeTheyAreRefused) {
  for (const std::size_t size : {std::size_t{0}, sizeof(wquant_quantize_options) - 1,
                                 std::size_t{5000}, std::numeric_limits<std::size_t>::max()}) {
    wquant_quantize_options options = initialised(wquant_quantize_options_init);
    options.size = size;
    expect_refused(quantize_with(&options), WQUANT_INVALID_ARGUMENT,
                   "options.size: " + std::to_string(size) + "; expected the sizeof of the struct");
    expect_refused(wquant_quantize_options_init(&options, size), WQUANT_INVALID_ARGUMENT, "size: ");
  }
}

TEST_F(CStructs, ReservedMembersAreZero) {
  wquant_quantize_options options = initialised(wquant_quantize_options_init);
  options.reserved = 1;
  expect_refused(quantize_with(&options), WQUANT_INVALID_ARGUMENT,
                 "options.reserved: 1; expected 0");
}

TEST_F(CStructs, ResultsFillALongerOneWithZeros) {
  const auto made = test::owned<wquant_quantization>(
      [&](auto out) { return wquant_quantize(context_.get(), mixture_.get(), nullptr, out); });
  struct {
    wquant_certificate known;
    double later;
  } certificate{{}, 7};
  ASSERT_EQ(wquant_quantization_certificate(made.get(), &certificate.known, sizeof certificate),
            WQUANT_OK);
  EXPECT_GT(certificate.known.w2, 0);
  EXPECT_EQ(certificate.later, 0);
  certificate.later = 7;
  ASSERT_EQ(
      wquant_quantization_certificate(made.get(), &certificate.known, sizeof certificate.known),
      WQUANT_OK);
  EXPECT_EQ(certificate.later, 7);
  expect_refused(wquant_quantization_certificate(made.get(), &certificate.known, 8),
                 WQUANT_INVALID_ARGUMENT, "size: 8; expected the sizeof of the struct");
}

/// What programs that are compiled already rely on.
TEST_F(CStructs, TheirLayoutsStay) {
  EXPECT_EQ(sizeof(wquant_cpu_options), 24);
  EXPECT_EQ(sizeof(wquant_cuda_options), 32);
  EXPECT_EQ(sizeof(wquant_mixture_tolerances), 40);
  EXPECT_EQ(sizeof(wquant_mixture_info), 32);
  EXPECT_EQ(sizeof(wquant_quantize_options), 104);
  EXPECT_EQ(sizeof(wquant_certificate), 56);
  EXPECT_EQ(sizeof(wquant_quantize_statistics), 40);
  EXPECT_EQ(sizeof(wquant_scheme_trial), 24);
  EXPECT_EQ(sizeof(wquant_learn_options), 120);
  EXPECT_EQ(sizeof(wquant_learned_bound), 72);
  EXPECT_EQ(sizeof(wquant_learn_statistics), 64);
  EXPECT_EQ(sizeof(wquant_cluster_trial), 16);
  EXPECT_EQ(sizeof(wquant_kmeans_options), 72);
  EXPECT_EQ(sizeof(wquant_clustering_info), 32);
  EXPECT_EQ(sizeof(wquant_kmeans_record), 32);
}

}  // namespace
}  // namespace wquant
