#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "backend/backend.hpp"
#include "wquant/array.hpp"
#include "wquant/context.hpp"

namespace wquant {

/// rows × cols host values, packed, in the memory of the context.
template <class T>
Array<T> on_context(const Context& context, const T* values, std::int64_t rows, std::int64_t cols) {
  Array<T> out(context, rows, cols);
  context.backend().copy_from_host(out.data(), values,
                                   sizeof(T) * static_cast<std::size_t>(rows * cols));
  return out;
}

/// The values of a vector as rows of `cols`.
template <class T>
Array<T> on_context(const Context& context, const std::vector<T>& values, std::int64_t cols = 1) {
  return on_context(context, values.data(), static_cast<std::int64_t>(values.size()) / cols, cols);
}

/// All elements of an array.
template <class T>
VectorView<T> vector(Array<T>& array) {
  return {array.data(), array.size(), array.space()};
}
template <class T>
VectorView<const T> vector(const Array<T>& array) {
  return {array.data(), array.size(), array.space()};
}

/// The array on the host: itself if it is there, else a copy.
template <class T>
Array<T> moved_to_host(Array<T> array) {
  return array.space() == MemorySpace::host ? std::move(array) : array.to_host();
}

/// The values of an array of the context.
template <class T>
std::vector<T> fetched(const Context& context, const Array<T>& from) {
  std::vector<T> out(static_cast<std::size_t>(from.size()));
  context.backend().copy_to_host(out.data(), from.data(), sizeof(T) * out.size());
  return out;
}

/// Values of a view in the memory of the context or of the host, row after row on the host.
template <class T>
std::vector<T> host_values(const Context& context, MatrixView<const T> values);

/// Throws InvalidArgument for memory that is neither the host's nor the context's.
void require_reachable(const Context& context, const std::string& name, MemorySpace space);

/// A matrix where the context's kernels can read it: as it lies if they can, else copied.
template <class T>
class OnContext {
 public:
  OnContext(const Context& context, MatrixView<const T> values);
  MatrixView<const T> view() const { return view_; }

 private:
  Array<T> copy_;
  MatrixView<const T> view_;
};

/// The values of an array on the host: as they lie if they are there, else copied.
template <class T>
class OnHost {
 public:
  explicit OnHost(const Array<T>& array)
      : copy_(array.space() == MemorySpace::host ? Array<T>() : array.to_host()),
        data_(array.space() == MemorySpace::host ? array.data() : copy_.data()),
        size_(array.size()) {}
  VectorView<const T> view() const { return {data_, size_}; }
  const T& operator[](std::int64_t i) const { return data_[i]; }

 private:
  Array<T> copy_;
  const T* data_;
  std::int64_t size_;
};

/// A view of a matrix, or of matrices, on the host: as they lie if they are there, else of a copy.
template <class View>
class HostView {
 public:
  /// Throws InvalidArgument for memory that is neither the host's nor the context's.
  HostView(const Context& context, const std::string& name, View values);
  HostView(const HostView&) = delete;
  HostView& operator=(const HostView&) = delete;
  const View& view() const { return view_; }

 private:
  std::vector<double> copy_;
  View view_;
};
using HostMatrix = HostView<MatrixView<const double>>;
using HostTensor = HostView<TensorView<const double>>;

/// The index of the nearest row of `centres` for each row of `points`, both on the host or the
/// context.
std::vector<std::int64_t> nearest_of_each(const Context& context, MatrixView<const double> points,
                                          MatrixView<const double> centres);

extern template class OnContext<double>;
extern template class OnContext<float>;
extern template class HostView<MatrixView<const double>>;
extern template class HostView<TensorView<const double>>;

}  // namespace wquant
