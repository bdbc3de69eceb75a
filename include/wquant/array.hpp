#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "wquant/export.hpp"
#include "wquant/view.hpp"

namespace wquant {

class Context;

/// Owns rows × cols elements, row-major and contiguous, in the memory of the context that made it.
/// An array can be moved but not copied; `to_host()` makes a copy. T is double, float or
/// std::int64_t.
///
/// An array converts to a VectorView of all its elements and to a MatrixView. One in host memory is
/// also a range of its elements: `for (double p : result.distribution.probabilities())`.
template <class T>
class WQUANT_API Array {
 public:
  /// An array without elements, in host memory.
  Array() = default;

  /// Uninitialised memory of the context.
  /// Throws InvalidArgument for a negative extent, OutOfMemory beyond the workspace limit.
  Array(const Context& context, std::int64_t rows, std::int64_t cols = 1);

  /// A copy of the values in host memory, in rows of `cols`; this needs no context.
  /// Throws InvalidArgument if the last row would be incomplete.
  static Array from_host(const std::vector<T>& values, std::int64_t cols = 1);

  std::int64_t rows() const { return rows_; }          ///< The number of rows.
  std::int64_t cols() const { return cols_; }          ///< The number of columns, 1 for a vector.
  std::int64_t size() const { return rows_ * cols_; }  ///< The number of elements.
  MemorySpace space() const { return space_; }         ///< The memory that the elements lie in.
  T* data() { return memory_.get(); }                  ///< The first element; null if none.
  const T* data() const { return memory_.get(); }      ///< The first element; null if none.

  /// A view of all elements, valid as long as the array.
  MatrixView<T> view() { return {data(), rows_, cols_, cols_, space_}; }
  /// A view of all elements, valid as long as the array.
  MatrixView<const T> view() const { return {data(), rows_, cols_, cols_, space_}; }
  operator MatrixView<T>() { return view(); }              ///< As `view()`.
  operator MatrixView<const T>() const { return view(); }  ///< As `view()`.

  /// The element in row i and column j; host memory only.
  T& operator()(std::int64_t i, std::int64_t j = 0) { return memory_[i * cols_ + j]; }
  /// The element in row i and column j; host memory only.
  const T& operator()(std::int64_t i, std::int64_t j = 0) const { return memory_[i * cols_ + j]; }

  /// The first element, for loops over all of them. Throws InvalidArgument in device memory.
  T* begin() { return const_cast<T*>(static_cast<const Array&>(*this).begin()); }
  /// The first element, for loops over all of them. Throws InvalidArgument in device memory.
  const T* begin() const;
  T* end() { return data() + size(); }              ///< Behind the last element.
  const T* end() const { return data() + size(); }  ///< Behind the last element.

  /// A copy in host memory.
  Array to_host() const;

 private:
  using Memory = std::unique_ptr<T[], std::function<void(T*)>>;

  Memory memory_;
  std::int64_t rows_ = 0;
  std::int64_t cols_ = 0;
  MemorySpace space_ = MemorySpace::host;
  std::function<void(T*, const T*, std::int64_t)> copy_to_host_;  // empty for host memory
};

extern template class Array<double>;
extern template class Array<float>;
extern template class Array<std::int64_t>;

}  // namespace wquant
