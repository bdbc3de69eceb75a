#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "support/c_interface.hpp"

namespace wquant {
namespace {

using test::Borrowed;
using test::expect_refused;
using test::Owned;

/// Two Gaussians in the plane, their parts to be spoilt one by one.
class CTensors : public testing::Test {
 protected:
  Owned<wquant_context> context_ = test::c_cpu();
  std::vector<double> numbers_ = {0.5, 0.5, 0, 1, 4, -1, 2, 0.5, 0.5, 1, 1, 0, 0, 3};
  Borrowed<double> weights_{&numbers_[0], {2}};
  Borrowed<double> means_{&numbers_[2], {2, 2}};
  Borrowed<double> covariances_{&numbers_[6], {2, 2, 2}};

  wquant_status make(wquant_mixture** out) {
    return wquant_mixture_create_full(context_.get(), weights_.get(), means_.get(),
                                      covariances_.get(), nullptr, out);
  }
  void expect_refused_mixture(const std::string& message) {
    wquant_mixture* mixture = nullptr;
    expect_refused(make(&mixture), WQUANT_INVALID_ARGUMENT, message);
    EXPECT_EQ(mixture, nullptr);
  }
  /// All bits of its quantisation.
  std::vector<double> points() {
    const auto mixture = test::owned<wquant_mixture>([&](auto out) { return make(out); });
    const auto made = test::owned<wquant_quantization>(
        [&](auto out) { return wquant_quantize(context_.get(), mixture.get(), nullptr, out); });
    const auto x = test::owned<DLManagedTensor>(
        [&](auto out) { return wquant_quantization_locations(made.get(), false, out); });
    return test::values_of<double>(*x);
  }
};

TEST_F(CTensors, RowsMatricesAndOffsetsLieAsTheySay) {
  const std::vector<double> packed = points();
  // Rows 3 apart, matrices 7, all of it 2 elements into the buffer.
  std::vector<double> wide(40, 1e300);
  for (std::size_t k = 0; k < 2; ++k)
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 2; ++j)
        wide[2 + 7 * k + 3 * i + j] = numbers_[6 + 4 * k + 2 * i + j];
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 2; ++j) wide[25 + 5 * i + j] = numbers_[2 + 2 * i + j];
  std::int64_t of_covariances[] = {7, 3, 1};
  covariances_->data = wide.data();
  covariances_->byte_offset = 2 * sizeof(double);
  covariances_->strides = of_covariances;
  std::int64_t of_means[] = {5, 1};
  means_->data = &wide[25];
  means_->strides = of_means;
  EXPECT_EQ(points(), packed);
}

TEST_F(CTensors, StridesThatNoElementNeedsDoNotMatter) {
  const std::vector<double> variances = {1, 2, 3};
  Borrowed<double> one(&numbers_[2 + 1], {1}), means(&numbers_[6], {1, 1}),
      sigma(variances, {1, 1});
  std::int64_t odd[] = {-77, 0};
  for (Borrowed<double>* tensor : {&one, &means, &sigma}) (*tensor)->strides = odd;
  const auto mixture = test::owned<wquant_mixture>([&](auto out) {
    return wquant_mixture_create_diagonal(context_.get(), one.get(), means.get(), sigma.get(),
                                          nullptr, out);
  });
  EXPECT_NE(mixture, nullptr);
}

TEST_F(CTensors, PinnedAndManagedMemoryIsTheHostsToo) {
  const std::vector<double> packed = points();
  weights_->device = {kDLCUDAHost, 0};
  means_->device = {kDLCUDAManaged, 0};
  EXPECT_EQ(points(), packed);
}

TEST_F(CTensors, OtherElementsAreRefused) {
  weights_->dtype = {kDLInt, 64, 1};
  expect_refused_mixture("weights: int64 elements; expected float64");
  weights_->dtype = {kDLFloat, 64, 2};
  expect_refused_mixture("weights: float64 x 2 elements; expected float64");
  weights_->dtype = {kDLBfloat, 16, 1};
  expect_refused_mixture("weights: bfloat16 elements; expected float64");
  weights_->dtype = {77, 64, 1};
  expect_refused_mixture("weights: code 77, 64 elements; expected float64");
  wquant_clustering* clustering = nullptr;
  Borrowed<std::int64_t> whole(reinterpret_cast<const std::int64_t*>(numbers_.data()), {2, 2});
  expect_refused(wquant_kmeans(context_.get(), whole.get(), nullptr, &clustering),
                 WQUANT_INVALID_ARGUMENT, "points: int64 elements; expected float64 or float32");
}

TEST_F(CTensors, OtherShapesAreRefused) {
  means_->ndim = 1;
  expect_refused_mixture("means: a tensor of 1 dimension; expected 2 dimensions");
  means_->ndim = 2;
  std::int64_t negative[] = {2, -2};
  means_->shape = negative;
  expect_refused_mixture("means: the shape is 2, -2; expected numbers >= 0");
  std::int64_t huge[] = {std::int64_t{1} << 40, std::int64_t{1} << 40};
  means_->shape = huge;
  expect_refused_mixture(
      "means: the shape is 1099511627776, 1099511627776; expected elements that");
  means_->shape = nullptr;
  expect_refused_mixture("means: shape is NULL; expected a pointer to the extents");
  std::int64_t three[] = {3, 2};
  means_->shape = three;
  expect_refused_mixture("means: the shape is 3 x 2; expected 2 x 2");
  std::int64_t none[] = {0};
  weights_->shape = none;
  weights_->data = nullptr;
  expect_refused_mixture("weights: no components; expected at least one");
}

TEST_F(CTensors, OtherLayoutsAreRefused) {
  std::int64_t columns[] = {1, 2};
  means_->strides = columns;
  expect_refused_mixture("means: the strides are 1, 2; expected adjacent elements in a row");
  std::int64_t overlapping[] = {1, 1};
  means_->strides = overlapping;
  expect_refused_mixture(
      "means: the strides are 1, 1; expected adjacent elements in a row, and "
      "rows that do not overlap");
  std::int64_t backwards[] = {-2, 1};
  means_->strides = backwards;
  expect_refused_mixture("means: the strides are -2, 1;");
  means_->strides = nullptr;
  std::int64_t apart[] = {2};
  weights_->strides = apart;
  expect_refused_mixture("weights: the strides are 2;");
  weights_->strides = nullptr;
  std::int64_t crossing[] = {3, 2, 1};
  covariances_->strides = crossing;
  expect_refused_mixture("covariances: the strides are 3, 2, 1;");
}

TEST_F(CTensors, OtherMemoryIsRefused) {
  means_->device = {kDLCUDA, 1};
  expect_refused_mixture("means: memory of CUDA device 1; expected memory of the host");
  means_->device = {kDLROCM, 0};
  expect_refused_mixture("means: memory of DLPack's device type 10; expected memory of the host");
  const int later_type = 99;
  std::memcpy(&means_->device.device_type, &later_type, sizeof later_type);
  expect_refused_mixture("means: memory of DLPack's device type 99; expected memory of the host");
  means_->device = {kDLCPU, 0};
  means_->byte_offset = 4;
  expect_refused_mixture("means: elements at 4 modulo 8; expected aligned elements");
  means_->byte_offset = 0;
  means_->data = nullptr;
  expect_refused_mixture("means: data is NULL; expected a pointer to the elements");
}

TEST_F(CTensors, EigenvectorsAreOneMatrixOrOneForEachComponent) {
  const std::vector<double> units = {1, 0, 0, 1, 1, 0, 0, 1};
  const Borrowed<double> eigenvalues(&numbers_[6], {2, 2});
  const Borrowed<double> shared(units, {2, 2}), alone(units, {1, 2, 2}), each(units, {2, 2, 2});
  const Borrowed<double> flat(units, {8});
  const auto make_eigen = [&](const Borrowed<double>& vectors, wquant_mixture** out) {
    return wquant_mixture_create_eigen(context_.get(), weights_.get(), means_.get(),
                                       eigenvalues.get(), vectors.get(), nullptr, out);
  };
  for (const Borrowed<double>* vectors : {&shared, &alone, &each})
    EXPECT_NE(test::owned<wquant_mixture>([&](auto out) { return make_eigen(*vectors, out); }),
              nullptr);
  wquant_mixture* mixture = nullptr;
  expect_refused(make_eigen(flat, &mixture), WQUANT_INVALID_ARGUMENT,
                 "eigenvectors: a tensor of 1 dimension; expected 2 or 3 dimensions");
}

TEST_F(CTensors, SamplesOfTwoTypesAreRefused) {
  const std::vector<float> floats(4, 0.5F);
  const std::vector<double> doubles(4, 0.5), bounds = {0, 1};
  const Borrowed<float> train(floats, {2, 2});
  const Borrowed<double> evaluation(doubles, {2, 2}), lower(&bounds[0], {1}),
      upper(&bounds[1], {1});
  wquant_learned* learned = nullptr;
  expect_refused(wquant_learn(context_.get(), train.get(), evaluation.get(), lower.get(),
                              upper.get(), nullptr, &learned),
                 WQUANT_INVALID_ARGUMENT, "evaluation: float64 elements; expected float32");
}

}  // namespace
}  // namespace wquant
