#include "c/tensor_views.hpp"

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "c/required.hpp"
#include "wquant/error.hpp"

namespace wquant::c {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& found,
                         const std::string& expected) {
  throw InvalidArgument(name + ": " + found + "; expected " + expected);
}

std::string type_text(DLDataType type) {
  const char* const kinds[] = {"int", "uint", "float", "handle", "bfloat", "complex"};
  const std::string kind =
      type.code < std::size(kinds) ? kinds[type.code] : "code " + std::to_string(type.code) + ", ";
  return kind + std::to_string(type.bits) +
         (type.lanes == 1 ? "" : " x " + std::to_string(type.lanes));
}

bool is_float(DLDataType type, int bits) {
  return type.code == kDLFloat && type.bits == bits && type.lanes == 1;
}

/// The code of a device, which need not be one that this version of DLPack names.
std::int32_t device_type(const DLDevice& device) {
  std::int32_t code = 0;
  static_assert(sizeof code == sizeof device.device_type);
  std::memcpy(&code, &device.device_type, sizeof code);
  return code;
}

std::string device_text(const DLDevice& device) {
  if (device_type(device) == kDLCUDA) return "CUDA device " + std::to_string(device.device_id);
  return "DLPack's device type " + std::to_string(device_type(device));
}

/// context: null where the host has to read.
MemorySpace memory_space(const std::string& name, const DLDevice& device,
                         const wquant_context* context) {
  const bool on_cuda = context && context->device.device_type == kDLCUDA;
  const std::int32_t type = device_type(device);
  if (type == kDLCPU || type == kDLCUDAHost) return MemorySpace::host;
  if (type == kDLCUDAManaged) return on_cuda ? MemorySpace::device : MemorySpace::host;
  if (on_cuda && type == kDLCUDA && device.device_id == context->device.device_id)
    return MemorySpace::device;
  refuse(name, "memory of " + device_text(device),
         on_cuda ? "memory of the host or of the context's " + device_text(context->device)
                 : "memory of the host");
}

std::string numbers_text(std::span<const std::int64_t> numbers) {
  std::string text;
  for (const std::int64_t number : numbers)
    text += (text.empty() ? "" : ", ") + std::to_string(number);
  return text;
}

/// The extents and strides of a tensor; a stride that no element needs is that of packed rows.
struct Layout {
  std::vector<std::int64_t> extents, strides;
  bool empty = false;
};

Layout layout(const std::string& name, const DLTensor& tensor) {
  const auto n = static_cast<std::size_t>(tensor.ndim);
  Layout out{{tensor.shape, tensor.shape + n}, std::vector<std::int64_t>(n)};
  for (const std::int64_t extent : out.extents) {
    if (extent < 0) refuse(name, "the shape is " + numbers_text(out.extents), "numbers >= 0");
    out.empty = out.empty || extent == 0;
  }
  std::int64_t packed = 1;  // elements that what lies inside takes
  for (std::size_t i = n; i-- > 0;) {
    const bool used = tensor.strides && out.extents[i] > 1 && !out.empty;
    out.strides[i] = used ? tensor.strides[i] : packed;
    const bool adjacent = i + 1 < n || out.strides[i] == 1;
    if (used && (!adjacent || out.strides[i] < packed))
      refuse(name, "the strides are " + numbers_text({tensor.strides, n}),
             "adjacent elements in a row, and rows that do not overlap");
    std::int64_t before = 0;
    if (__builtin_mul_overflow(out.extents[i] - (out.extents[i] > 0), out.strides[i], &before) ||
        __builtin_add_overflow(before, packed, &packed) || packed > INT64_MAX / 8)
      refuse(name, "the shape is " + numbers_text(out.extents),
             "elements that the address space holds");
  }
  return out;
}

template <class T>
const T* first_element(const std::string& name, const DLTensor& tensor, bool empty) {
  if (!tensor.data) {
    if (empty) return nullptr;
    refuse(name, "data is NULL", "a pointer to the elements");
  }
  const void* const first = static_cast<const char*>(tensor.data) + tensor.byte_offset;
  const std::uintptr_t excess = reinterpret_cast<std::uintptr_t>(first) % alignof(T);
  if (excess != 0)
    refuse(name, "elements at " + std::to_string(excess) + " modulo " + std::to_string(alignof(T)),
           "aligned elements");
  return static_cast<const T*>(first);
}

std::string dimensions_text(int count) {
  return std::to_string(count) + (count == 1 ? " dimension" : " dimensions");
}

template <class T>
struct Elements {
  const T* data;
  Layout layout;
  MemorySpace space;
};

template <class T>
Elements<T> elements(const wquant_context* context, const char* name, const DLTensor* given,
                     int dimensions, bool or_one_less = false) {
  const DLTensor& tensor = required(name, given);
  if (tensor.ndim != dimensions && !(or_one_less && tensor.ndim == dimensions - 1))
    refuse(
        name, "a tensor of " + dimensions_text(tensor.ndim),
        (or_one_less ? std::to_string(dimensions - 1) + " or " : "") + dimensions_text(dimensions));
  if (!tensor.shape) refuse(name, "shape is NULL", "a pointer to the extents");
  const std::string wanted = std::is_same_v<T, float> ? "float32" : "float64";
  if (!is_float(tensor.dtype, 8 * sizeof(T)))
    refuse(name, type_text(tensor.dtype) + " elements", wanted);
  const MemorySpace space = memory_space(name, tensor.device, context);
  Layout of_tensor = layout(name, tensor);
  const T* const data = first_element<T>(name, tensor, of_tensor.empty);
  return {data, std::move(of_tensor), space};
}

TensorView<const double> as_tensor(const Elements<double>& e) {
  const auto& n = e.layout.extents;
  const auto& strides = e.layout.strides;
  if (n.size() == 2) return {e.data, 1, n[0], n[1], strides[0], n[0] * strides[0], e.space};
  return {e.data, n[0], n[1], n[2], strides[1], strides[0], e.space};
}

}  // namespace

template <class T>
VectorView<const T> vector_view(const wquant_context& context, const char* name,
                                const DLTensor* tensor) {
  const Elements<T> e = elements<T>(&context, name, tensor, 1);
  return {e.data, e.layout.extents[0], e.space};
}

VectorView<const double> host_vector_view(const char* name, const DLTensor* tensor) {
  const Elements<double> e = elements<double>(nullptr, name, tensor, 1);
  return {e.data, e.layout.extents[0], e.space};
}

template <class T>
MatrixView<const T> matrix_view(const wquant_context& context, const char* name,
                                const DLTensor* tensor) {
  const Elements<T> e = elements<T>(&context, name, tensor, 2);
  return {e.data, e.layout.extents[0], e.layout.extents[1], e.layout.strides[0], e.space};
}

TensorView<const double> tensor_view(const wquant_context& context, const char* name,
                                     const DLTensor* tensor) {
  return as_tensor(elements<double>(&context, name, tensor, 3));
}

TensorView<const double> tensor_or_matrix_view(const wquant_context& context, const char* name,
                                               const DLTensor* tensor) {
  return as_tensor(elements<double>(&context, name, tensor, 3, true));
}

bool holds_floats(const char* name, const DLTensor* tensor) {
  const DLDataType type = required(name, tensor).dtype;
  if (is_float(type, 32)) return true;
  if (is_float(type, 64)) return false;
  refuse(name, type_text(type) + " elements", "float64 or float32");
}

template VectorView<const double> vector_view(const wquant_context&, const char*, const DLTensor*);
template MatrixView<const double> matrix_view(const wquant_context&, const char*, const DLTensor*);
template MatrixView<const float> matrix_view(const wquant_context&, const char*, const DLTensor*);

}  // namespace wquant::c
