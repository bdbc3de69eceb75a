#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "backend/backend.hpp"
#include "backend/each_view.hpp"
#include "wquant/array.hpp"
#include "wquant/context.hpp"

namespace wquant {

/// All elements of an array or of a vector, one after the other.
template <class T>
VectorView<T> flat_view(Array<T>& array) {
  return {array.data(), array.size(), array.space()};
}
template <class T>
VectorView<const T> flat_view(const Array<T>& array) {
  return {array.data(), array.size(), array.space()};
}
template <class T>
VectorView<const T> flat_view(const std::vector<T>& values) {
  return {values.data(), static_cast<std::int64_t>(values.size())};
}
template <class T>
void flat_view(const Array<T>&&) = delete;  // the view would outlive the array
template <class T>
void flat_view(const std::vector<T>&&) = delete;

/// A new array of rows × cols host values, packed, in the memory of the context.
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

/// The array itself if it is in host memory, else a copy there.
template <class T>
Array<T> on_host(Array<T> array) {
  return array.space() == MemorySpace::host ? std::move(array) : array.to_host();
}

/// The values of an array of the context.
template <class T>
std::vector<T> host_values(const Context& context, const Array<T>& from) {
  std::vector<T> out(static_cast<std::size_t>(from.size()));
  context.backend().copy_to_host(out.data(), from.data(), sizeof(T) * out.size());
  return out;
}

/// The values of a view in the memory of the context or of the host, row after row.
template <class T>
std::vector<T> host_values(const Context& context, MatrixView<const T> values);

/// Throws InvalidArgument for memory that is neither the host's nor the context's.
void require_reachable(const Context& context, const std::string& name, MemorySpace space);

/// A matrix where the context's kernels can read it: as it lies if they can, else a packed copy
/// that lives as long as this object.
template <class T>
class ContextCopy {
 public:
  ContextCopy(const Context& context, MatrixView<const T> values);
  MatrixView<const T> view() const { return view_; }

 private:
  Array<T> copy_;
  MatrixView<const T> view_;
};

/// A view of a vector, a matrix or matrices where the host can read it: as they lie if it can, else
/// a copy that lives as long as this object. View is one of constant elements.
template <class View>
class HostCopy {
 public:
  /// Of nothing.
  HostCopy() = default;
  /// values: in the memory of the host or of the context.
  HostCopy(const Context& context, View values) : given_(values) {
    if (values.space == MemorySpace::host) return;
    copy_.resize(static_cast<std::size_t>(extent(values)));
    context.backend().copy_to_host(copy_.data(), values.data, sizeof(Element) * copy_.size());
  }
  /// Throws InvalidArgument for memory that is neither the host's nor the context's.
  HostCopy(const Context& context, const std::string& name, View values)
      : HostCopy(context, (require_reachable(context, name, values.space), values)) {}

  View view() const {
    View out = given_;
    if (given_.space == MemorySpace::host) return out;
    out.data = copy_.data();
    out.space = MemorySpace::host;
    return out;
  }

 private:
  using Element = std::remove_cvref_t<decltype(*View().data)>;

  View given_;
  std::vector<Element> copy_;
};
template <class T>
HostCopy(const Context&, VectorView<T>) -> HostCopy<VectorView<const T>>;

extern template class ContextCopy<double>;
extern template class ContextCopy<float>;

}  // namespace wquant
