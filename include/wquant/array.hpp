#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "wquant/export.hpp"
#include "wquant/view.hpp"

namespace wquant {

class Context;

/// Owns rows × cols elements, row-major and contiguous, in the memory space of the context that
/// made it. Move-only; `to_host()` copies. T is double, float or std::int64_t.
template <class T>
class WQUANT_API Array {
 public:
  /// Without elements, in host memory.
  Array() = default;

  /// Uninitialised memory on `context`.
  /// Throws InvalidArgument for a negative extent, OutOfMemory beyond the workspace limit.
  Array(const Context& context, std::int64_t rows, std::int64_t cols = 1);

  /// The values copied into host memory; needs no context.
  static Array from_host(const std::vector<T>& values, std::int64_t cols = 1);

  std::int64_t rows() const { return rows_; }          ///< extent of the first index.
  std::int64_t cols() const { return cols_; }          ///< of the second, 1 for a vector.
  std::int64_t size() const { return rows_ * cols_; }  ///< number of elements.
  MemorySpace space() const { return space_; }         ///< where they lie.
  T* data() { return memory_.get(); }                  ///< the first; null if there is none.
  const T* data() const { return memory_.get(); }      ///< the first, to read.

  /// All elements, to be written too; valid as long as the array.
  MatrixView<T> view() { return {data(), rows_, cols_, cols_, space_}; }
  /// All elements, to read; valid as long as the array.
  MatrixView<const T> view() const { return {data(), rows_, cols_, cols_, space_}; }

  /// Element access; host memory only.
  T& operator()(std::int64_t i, std::int64_t j = 0) { return memory_[i * cols_ + j]; }
  /// The same, to read.
  const T& operator()(std::int64_t i, std::int64_t j = 0) const { return memory_[i * cols_ + j]; }

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
