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
enum class MemorySpace { host, device };

/// A view of `size` contiguous elements; never an owner.
template <class T>
struct VectorView {
  T* data = nullptr;
  std::int64_t size = 0;
  MemorySpace space = MemorySpace::host;

  /// Element access; host memory only.
  T& operator[](std::int64_t i) const { return data[i]; }
  T* begin() const { return data; }
  T* end() const { return data + size; }

  template <detail::AddsConst<T> U>
  operator VectorView<U>() const {
    return {data, size, space};
  }
};

/// A row-major view of rows × cols elements; consecutive rows lie `row_stride` elements apart.
template <class T>
struct MatrixView {
  T* data = nullptr;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::int64_t row_stride = 0;
  MemorySpace space = MemorySpace::host;

  MatrixView() = default;
  /// Rows one after the other in host memory.
  MatrixView(T* pointer, std::int64_t row_count, std::int64_t col_count)
      : MatrixView(pointer, row_count, col_count, col_count, MemorySpace::host) {}
  MatrixView(T* pointer, std::int64_t row_count, std::int64_t col_count, std::int64_t stride,
             MemorySpace where = MemorySpace::host)
      : data(pointer), rows(row_count), cols(col_count), row_stride(stride), space(where) {}

  /// Element access; host memory only.
  T& operator()(std::int64_t i, std::int64_t j) const { return data[i * row_stride + j]; }
  T* row(std::int64_t i) const { return data + i * row_stride; }

  template <detail::AddsConst<T> U>
  operator MatrixView<U>() const {
    return {data, rows, cols, row_stride, space};
  }
};

/// A view of `count` row-major matrices, `matrix_stride` elements apart.
template <class T>
struct TensorView {
  T* data = nullptr;
  std::int64_t count = 0;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::int64_t row_stride = 0;
  std::int64_t matrix_stride = 0;
  MemorySpace space = MemorySpace::host;

  TensorView() = default;
  /// Matrices one after the other in host memory.
  TensorView(T* pointer, std::int64_t matrix_count, std::int64_t row_count, std::int64_t col_count)
      : TensorView(pointer, matrix_count, row_count, col_count, col_count, row_count * col_count) {}
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

  MatrixView<T> operator[](std::int64_t k) const {
    return {data + k * matrix_stride, rows, cols, row_stride, space};
  }

  template <detail::AddsConst<T> U>
  operator TensorView<U>() const {
    return {data, count, rows, cols, row_stride, matrix_stride, space};
  }
};

}  // namespace wquant
