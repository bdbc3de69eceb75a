#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "wquant/export.hpp"

namespace wquant {

/// The kind of memory that a view or an array lies in.
enum class MemorySpace {
  host,    ///< Main memory, which the CPU reads.
  device,  ///< The memory of a CUDA device.
};

/// The name of a memory space: "host" or "device".
WQUANT_API std::string_view name(MemorySpace space);

template <class T>
struct VectorView;

namespace detail {

/// U is const T, and T is not const. (A template, since nvcc warns of a conversion that some T
/// could never call.)
template <class U, class T>
concept AddsConst = std::is_same_v<U, const T> && !std::is_const_v<T>;

template <class R>
inline constexpr bool kIsVectorView = false;
template <class T>
inline constexpr bool kIsVectorView<VectorView<T>> = true;

/// A std::span<T> can be made of an R, and R is no view of this library.
template <class R, class T>
concept Contiguous =
    !kIsVectorView<std::remove_cv_t<R>> && std::is_constructible_v<std::span<T>, R&>;
template <class R, class T>
concept ContiguousIfConst = Contiguous<const R, T>;

/// Where the elements of a contiguous range lie: arrays of the library say it themselves.
template <class R>
MemorySpace space_of(const R& range) {
  if constexpr (requires { MemorySpace{range.space()}; })
    return range.space();
  else
    return MemorySpace::host;
}

/// The elements of an array of fixed length, E[N] or std::array<E, N>, and N.
template <class A>
struct FixedArray {};
template <class E, std::size_t N>
struct FixedArray<E[N]> {
  using Element = E;
  static constexpr auto kLength = static_cast<std::int64_t>(N);
};
template <class E, std::size_t N>
struct FixedArray<std::array<E, N>> : FixedArray<E[N]> {};
template <class E, std::size_t N>
struct FixedArray<const std::array<E, N>> : FixedArray<const E[N]> {};

/// The element type of a contiguous container.
template <class R>
using ElementOf = std::remove_reference_t<decltype(*std::data(std::declval<R&>()))>;
template <class A>
using Inner = typename FixedArray<A>::Element;
/// The length of the arrays that a container holds, and of the arrays within them.
template <class R>
inline constexpr std::int64_t length = FixedArray<ElementOf<const R>>::kLength;
template <class R>
inline constexpr std::int64_t inner_length = FixedArray<Inner<ElementOf<const R>>>::kLength;

/// A contiguous container of arrays, which can be read as rows of T.
template <class R, class T>
concept ContiguousRows = std::is_same_v<const Inner<ElementOf<const R>>, T>;

/// A contiguous container of arrays of arrays, which can be read as matrices of T.
template <class R, class T>
concept ContiguousMatrices = std::is_same_v<const Inner<Inner<ElementOf<const R>>>, T>;

/// Throws InvalidArgument unless a view of `size` elements is one of rows × cols.
WQUANT_API void require_extents(std::int64_t size, std::int64_t rows, std::int64_t cols);
/// Throws InvalidArgument unless a view of `size` elements is one of count matrices, rows × cols.
WQUANT_API void require_extents(std::int64_t size, std::int64_t count, std::int64_t rows,
                                std::int64_t cols);
/// How many parts of `part` elements make `size`. Throws InvalidArgument for a fraction.
WQUANT_API std::int64_t whole_parts(std::int64_t size, std::int64_t part);

/// Goes through source[0], source[1], …, where copies of the source are cheap.
template <class Source>
class IndexIterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = std::remove_cvref_t<decltype(std::declval<const Source&>()[0])>;

  IndexIterator() = default;
  IndexIterator(const Source& source, std::int64_t index) : source_(source), index_(index) {}

  value_type operator*() const { return source_[index_]; }
  IndexIterator& operator++() {
    ++index_;
    return *this;
  }
  IndexIterator operator++(int) {
    IndexIterator before = *this;
    ++index_;
    return before;
  }
  bool operator==(const IndexIterator& other) const { return index_ == other.index_; }

 private:
  Source source_{};
  std::int64_t index_ = 0;
};

}  // namespace detail

/// A view of `size` contiguous elements, which it does not own. A view of elements in host memory
/// is also a contiguous range: a std::span can be made of it.
template <class T>
struct VectorView {
  T* data = nullptr;                      ///< The first element.
  std::int64_t size = 0;                  ///< The number of elements.
  MemorySpace space = MemorySpace::host;  ///< The memory that they lie in.

  /// A view of no elements.
  VectorView() = default;
  /// The `count` elements from `pointer` on.
  VectorView(T* pointer, std::int64_t count, MemorySpace where = MemorySpace::host)
      : data(pointer), size(count), space(where) {}
  /// The elements of a std::vector, std::array, std::span, C array or wquant::Array.
  template <detail::Contiguous<T> R>
  VectorView(R& values)
      : VectorView(std::data(values), static_cast<std::int64_t>(std::size(values)),
                   detail::space_of(values)) {}
  /// The elements of such a container that is constant or about to vanish.
  template <detail::ContiguousIfConst<T> R>
  VectorView(const R& values)
      : VectorView(std::data(values), static_cast<std::int64_t>(std::size(values)),
                   detail::space_of(values)) {}

  /// Element i; host memory only.
  T& operator[](std::int64_t i) const { return data[i]; }
  T* begin() const { return data; }       ///< The first element; host memory only.
  T* end() const { return data + size; }  ///< Behind the last element; host memory only.

  /// The same elements, to read.
  template <detail::AddsConst<T> U>
  operator VectorView<U>() const {
    return {data, size, space};
  }
};

/// A row-major view of rows × cols elements, which it does not own; consecutive rows lie
/// `row_stride` elements apart. A view of host memory is also a range of its rows:
/// `for (std::span<const double> row : matrix)`.
template <class T>
struct MatrixView {
  T* data = nullptr;                      ///< The first element.
  std::int64_t rows = 0;                  ///< The number of rows.
  std::int64_t cols = 0;                  ///< The number of columns.
  std::int64_t row_stride = 0;            ///< Elements from one row to the next, at least cols.
  MemorySpace space = MemorySpace::host;  ///< The memory that the elements lie in.

  /// A view of no elements.
  MatrixView() = default;
  /// Rows one after the other in host memory.
  MatrixView(T* pointer, std::int64_t row_count, std::int64_t col_count)
      : MatrixView(pointer, row_count, col_count, col_count, MemorySpace::host) {}
  /// Rows `stride` elements apart in either memory.
  MatrixView(T* pointer, std::int64_t row_count, std::int64_t col_count, std::int64_t stride,
             MemorySpace where = MemorySpace::host)
      : data(pointer), rows(row_count), cols(col_count), row_stride(stride), space(where) {}
  /// The values, of a std::vector for instance, as `row_count` rows of `col_count`.
  /// Throws InvalidArgument if that is not their number.
  MatrixView(VectorView<T> values, std::int64_t row_count, std::int64_t col_count)
      : MatrixView(values.data, row_count, col_count, col_count, values.space) {
    detail::require_extents(values.size, rows, cols);
  }
  /// The values as rows of `col_count`. Throws InvalidArgument if the last row would be incomplete.
  MatrixView(VectorView<T> values, std::int64_t col_count)
      : MatrixView(values, detail::whole_parts(values.size, col_count), col_count) {}
  /// Nested arrays to read, one per row: T[R][C], std::vector<std::array<T, C>> and the like.
  template <detail::ContiguousRows<T> R>
  MatrixView(const R& nested)
      : MatrixView(reinterpret_cast<T*>(std::data(nested)),
                   static_cast<std::int64_t>(std::size(nested)), detail::length<R>) {}

  /// The element in row i and column j; host memory only.
  T& operator()(std::int64_t i, std::int64_t j) const { return data[i * row_stride + j]; }
  /// A pointer to the first element of row i.
  T* row(std::int64_t i) const { return data + i * row_stride; }
  /// Row i; host memory only.
  std::span<T> operator[](std::int64_t i) const { return {row(i), static_cast<std::size_t>(cols)}; }
  /// The first row; host memory only.
  detail::IndexIterator<MatrixView> begin() const { return {*this, 0}; }
  /// Behind the last row; host memory only.
  detail::IndexIterator<MatrixView> end() const { return {*this, rows}; }

  /// The same elements, to read.
  template <detail::AddsConst<T> U>
  operator MatrixView<U>() const {
    return {data, rows, cols, row_stride, space};
  }
};

/// A view of `count` row-major matrices, which it does not own; consecutive ones lie
/// `matrix_stride` elements apart.
template <class T>
struct TensorView {
  T* data = nullptr;                      ///< The first element.
  std::int64_t count = 0;                 ///< The number of matrices.
  std::int64_t rows = 0;                  ///< The number of rows of each matrix.
  std::int64_t cols = 0;                  ///< The number of columns of each matrix.
  std::int64_t row_stride = 0;            ///< Elements from one row to the next, at least cols.
  std::int64_t matrix_stride = 0;         ///< Elements from one matrix to the next.
  MemorySpace space = MemorySpace::host;  ///< The memory that the elements lie in.

  /// A view of no elements.
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
  /// The values, of a std::vector for instance, as `matrix_count` matrices.
  /// Throws InvalidArgument if that is not their number.
  TensorView(VectorView<T> values, std::int64_t matrix_count, std::int64_t row_count,
             std::int64_t col_count)
      : TensorView(values.data, matrix_count, row_count, col_count, col_count,
                   row_count * col_count, values.space) {
    detail::require_extents(values.size, count, rows, cols);
  }
  /// The values as matrices of row_count × col_count. Throws InvalidArgument if the last one would
  /// be incomplete.
  TensorView(VectorView<T> values, std::int64_t row_count, std::int64_t col_count)
      : TensorView(values, detail::whole_parts(values.size, row_count * col_count), row_count,
                   col_count) {}
  /// Nested arrays to read, one per matrix: T[K][R][C], std::vector<std::array<std::array<T, C>,
  /// R>> and the like.
  template <detail::ContiguousMatrices<T> R>
  TensorView(const R& nested)
      : TensorView(reinterpret_cast<T*>(std::data(nested)),
                   static_cast<std::int64_t>(std::size(nested)), detail::length<R>,
                   detail::inner_length<R>) {}

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
