#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "wquant/wquant.h"

namespace wquant::test {

/// A packed DLPack tensor over values that stand elsewhere, on the host unless it says otherwise.
template <class T>
class Borrowed {
 public:
  Borrowed(const T* values, std::vector<std::int64_t> shape, DLDevice device = {kDLCPU, 0})
      : shape_(std::move(shape)) {
    constexpr auto code = std::is_floating_point_v<T> ? kDLFloat : kDLInt;
    tensor_ = {.data = const_cast<T*>(values),
               .device = device,
               .ndim = static_cast<int>(shape_.size()),
               .dtype = {static_cast<std::uint8_t>(code), 8 * sizeof(T), 1},
               .shape = shape_.data(),
               .strides = nullptr,
               .byte_offset = 0};
  }
  Borrowed(const std::vector<T>& values, std::vector<std::int64_t> shape)
      : Borrowed(values.data(), std::move(shape)) {}
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

  DLTensor& operator*() { return tensor_; }
  DLTensor* operator->() { return &tensor_; }
  const DLTensor* get() const { return &tensor_; }

 private:
  std::vector<std::int64_t> shape_;
  DLTensor tensor_;
};

struct Release {
  void operator()(wquant_context* handle) const { wquant_context_destroy(handle); }
  void operator()(wquant_mixture* handle) const { wquant_mixture_destroy(handle); }
  void operator()(wquant_quantization* handle) const { wquant_quantization_destroy(handle); }
  void operator()(wquant_learned* handle) const { wquant_learned_destroy(handle); }
  void operator()(wquant_clustering* handle) const { wquant_clustering_destroy(handle); }
  void operator()(DLManagedTensor* tensor) const { tensor->deleter(tensor); }
};
template <class T>
using Owned = std::unique_ptr<T, Release>;

/// What call(out) makes. The status must be WQUANT_OK.
template <class T, class Call>
Owned<T> owned(const Call& call) {
  T* made = nullptr;
  EXPECT_EQ(call(&made), WQUANT_OK) << wquant_last_error();
  return Owned<T>(made);
}

/// Options as wquant_…_init leaves them.
template <class T>
T initialised(wquant_status (*init)(T*, std::size_t)) {
  T options;
  EXPECT_EQ(init(&options, sizeof options), WQUANT_OK);
  return options;
}

inline Owned<wquant_context> c_cpu() {
  return owned<wquant_context>([](auto out) { return wquant_context_create_cpu(nullptr, out); });
}

/// N(0, I) in the plane.
inline Owned<wquant_mixture> c_standard_normal(const wquant_context* context) {
  const double values[] = {1, 1};
  const double zeros[] = {0, 0};
  const Borrowed<double> weights(values, {1}), means(zeros, {1, 2}), variances(values, {1, 2});
  return owned<wquant_mixture>([&](auto out) {
    return wquant_mixture_create_diagonal(context, weights.get(), means.get(), variances.get(),
                                          nullptr, out);
  });
}

/// The elements of a packed tensor on the host.
template <class T>
std::vector<T> values_of(const DLManagedTensor& tensor) {
  std::int64_t size = 1;
  for (int i = 0; i < tensor.dl_tensor.ndim; ++i) size *= tensor.dl_tensor.shape[i];
  const T* const data = static_cast<const T*>(tensor.dl_tensor.data);
  return {data, data + size};
}

/// The call was refused with that status and a line that begins like that.
inline void expect_refused(wquant_status status, wquant_status wanted, const std::string& message) {
  EXPECT_EQ(status, wanted) << message;
  EXPECT_EQ(std::string(wquant_last_error()).rfind(message, 0), 0)
      << wquant_last_error() << "\nexpected: " << message;
  EXPECT_EQ(std::string(wquant_last_error()).find('\n'), std::string::npos);
}

}  // namespace wquant::test
