#include "c/exported_tensor.hpp"

#include <cstdint>
#include <type_traits>
#include <utility>

namespace wquant::c {
namespace {

struct Export {
  DLManagedTensor tensor{};
  std::int64_t shape[2] = {};
  std::int64_t strides[2] = {};
  std::shared_ptr<const void> owner;
};

void delete_export(DLManagedTensor* tensor) {
  if (tensor) delete static_cast<Export*>(tensor->manager_ctx);
}

template <class T>
DLDataType data_type() {
  constexpr auto code = std::is_floating_point_v<T> ? kDLFloat : kDLInt;
  return {static_cast<std::uint8_t>(code), 8 * sizeof(T), 1};
}

}  // namespace

template <class T>
DLManagedTensor* exported_tensor(const Array<T>& array, int dimensions, DLDevice device,
                                 std::shared_ptr<const void> owner, bool on_host) {
  if (array.space() == MemorySpace::device && on_host) {
    const auto copy = std::make_shared<const Array<T>>(array.to_host());
    return exported_tensor(*copy, dimensions, kHost, copy, on_host);
  }
  auto out = std::make_unique<Export>();
  out->shape[0] = array.rows();
  out->shape[1] = array.cols();
  out->strides[0] = array.cols();
  out->strides[1] = 1;
  out->owner = std::move(owner);
  out->tensor.dl_tensor = {.data = const_cast<T*>(array.data()),
                           .device = device,
                           .ndim = dimensions,
                           .dtype = data_type<T>(),
                           .shape = out->shape,
                           .strides = out->strides,
                           .byte_offset = 0};
  out->tensor.manager_ctx = out.get();
  out->tensor.deleter = delete_export;
  return &out.release()->tensor;
}

template DLManagedTensor* exported_tensor(const Array<double>&, int, DLDevice,
                                          std::shared_ptr<const void>, bool);
template DLManagedTensor* exported_tensor(const Array<float>&, int, DLDevice,
                                          std::shared_ptr<const void>, bool);
template DLManagedTensor* exported_tensor(const Array<std::int64_t>&, int, DLDevice,
                                          std::shared_ptr<const void>, bool);

}  // namespace wquant::c
