#pragma once

#include <cstdint>
#include <type_traits>

namespace wquant {

namespace detail {

/// U is const T, and T is not const. (A template, since nvcc warns of a conversion that some T
/// could never call.)
template <class U, class T>
concept AddsConst = std::is_same_v<U, const T> && !std::is_const_v<T>;

}  // namespace detail

/// Where the memory behind a view lives.
enum class MemorySpace {
  host,    ///< the CPU reads it.
  device,  ///< a CUDA device reads it.
};

/// A view of `size` contiguous elements; never an owner.
template <class T>
struct VectorView {
  T* data = nullptr;                      ///< the first element.
  std::int64_t size = 0;                  ///< number of elements.
  MemorySpace space = MemorySpace::host;  ///< where they lie.

  /// Element access; host memory only.
  T& operator[](std::int64_t i) const { return data[i]; }
  T* begin() const { return data; }       ///< for range loops; host memory only.
  T* end() const { return data + size; }  ///< likewise.

  /// The same elements, to read.
  template <detail::AddsConst<T> U>
  operator VectorView<U>() const {
    return {data, size, space};
  }
};

/// A row-major view of rows × cols elements; consecutive rows lie `row_stride` elements apart.
template <class T>
struct MatrixView {
  T* data = nullptr;                      ///< the first element.
  std::int64_t rows = 0;                  ///< extent of the first index.
  std::int64_t cols = 0;                  ///< extent of the second.
  std::int64_t row_stride = 0;            ///< elements from one row to the next, ≥ cols.
  MemorySpace space = MemorySpace::host;  ///< where they lie.

  /// Of nothing.
  MatrixView() = default;
  /// Rows one after the other in host memory.
  MatrixView(T* pointer, std::int64_t row_count, std::int64_t col_count)
      : MatrixView(pointer, row_count, col_count, col_count, MemorySpace::host) {}
  /// Rows `stride` elements apart in either memory.
  MatrixView(T* pointer, std::int64_t row_count, std::int64_t col_count, std::int64_t stride,
             MemorySpace where = MemorySpace::host)
      : data(pointer), rows(row_count), cols(col_count), row_stride(stride), space(where) {}

  /// Element access; host memory only.
  T& operator()(std::int64_t i, std::int64_t j) const { return data[i * row_stride + j]; }
  /// The first element of row i.
  T* row(std::int64_t i) const { return data + i * row_stride; }

  /// The same elements, to read.
  template <detail::AddsConst<T> U>
  operator MatrixView<U>() const {
    return {data, rows, cols, row_stride, space};
  }
};

/// A view of `count` row-major matrices, `matrix_stride` elements apart.
template <class T>
struct TensorView {
  T* data = nullptr;                      ///< the first element.
  std::int64_t count = 0;                 ///< number of matrices.
  std::int64_t rows = 0;                  ///< of each.
  std::int64_t cols = 0;                  ///< of each.
  std::int64_t row_stride = 0;            ///< elements from one row to the next, ≥ cols.
  std::int64_t matrix_stride = 0;         ///< elements from one matrix to the next.
  MemorySpace space = MemorySpace::host;  ///< where they lie.

  /// Of nothing.
  TensorView() = default;
  /// Matrices one after the other in host memory.
  TensorView(T* pointer, std::int64_t matrix_count, std::int64_t row_count, std::int64_t col_count)
      : TensorView(pointer, matrix_count, row_count, col_count, col_count, row_count * col_count) {}
  /// Matrices `stride_of_matrices` elements apart, with rows `stride` elements apart.
  TensorView(T* pointer, std::int64_t matrix_count, std::int64_t row_count, std::int64_t col_count,
             std::int64_t stride, std::int64_t stride_of_matrices,
             MemorySpace where = MemorySpace::host)
      : data(pointer),
        count(matrix_count),
        rows(row_count),
        cols(col_count),
        row_stride(stride),
        matrix_stride(stride_of_matrices),
        space(where) {}

  /// Matrix k.
  MatrixView<T> operator[](std::int64_t k) const {
    return {data + k * matrix_stride, rows, cols, row_stride, space};
  }

  /// The same elements, to read.
  template <detail::AddsConst<T> U>
  operator TensorView<U>() const {
    return {data, count, rows, cols, row_stride, matrix_stride, space};
  }
};

}  // namespace wquant
