#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>
#include <vector>

#include "base/parallel.hpp"
#include "cpu/cpu_backend.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kEntriesPerChunk = 1 << 16;

template <class T>
using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

std::int64_t rows_per_chunk(std::int64_t cols) {
  return std::max<std::int64_t>(1, kEntriesPerChunk / std::max<std::int64_t>(cols, 1));
}

/// Magnitudes order like their bits, with NaN above all.
template <class T>
T largest_of(int threads, MatrixView<const T> values) {
  constexpr Bits<T> kSign = Bits<T>{1} << (8 * sizeof(T) - 1);
  const std::int64_t rows = rows_per_chunk(values.cols);
  std::vector<Bits<T>> largest(static_cast<std::size_t>((values.rows + rows - 1) / rows));
  parallel_chunks(threads, values.rows, rows, [&](std::int64_t begin, std::int64_t end) {
    Bits<T> most = 0;
    for (std::int64_t i = begin; i < end; ++i) {
      const T* const x = values.row(i);
      for (std::int64_t k = 0; k < values.cols; ++k)
        most = std::max(most, std::bit_cast<Bits<T>>(x[k]) & ~kSign);
    }
    largest[begin / rows] = most;
  });
  return largest.empty() ? T{0}
                         : std::bit_cast<T>(*std::max_element(largest.begin(), largest.end()));
}

template <class T>
void find_largest(int threads, MatrixView<const T> values, double limit, VectorView<double> largest,
                  VectorView<std::int64_t> first_beyond) {
  largest[0] = static_cast<double>(largest_of(threads, values));
  first_beyond[0] = -1;
  if (largest[0] <= limit) return;
  for (std::int64_t i = 0; i < values.rows; ++i)
    for (std::int64_t k = 0; k < values.cols; ++k)
      if (!(std::fabs(static_cast<double>(values(i, k))) <= limit)) {
        first_beyond[0] = i * values.cols + k;
        return;
      }
}

template <class T>
void divide_rows(int threads, MatrixView<const T> values, double unit, MatrixView<T> out) {
  parallel_chunks(threads, values.rows, rows_per_chunk(values.cols),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t i = begin; i < end; ++i)
                      for (std::int64_t k = 0; k < values.cols; ++k)
                        out(i, k) = static_cast<T>(static_cast<double>(values(i, k)) / unit);
                  });
}

}  // namespace

void CpuBackend::largest_magnitude(MatrixView<const double> values, double limit,
                                   VectorView<double> largest,
                                   VectorView<std::int64_t> first_beyond) {
  find_largest(threads_, values, limit, largest, first_beyond);
}

void CpuBackend::largest_magnitude(MatrixView<const float> values, double limit,
                                   VectorView<double> largest,
                                   VectorView<std::int64_t> first_beyond) {
  find_largest(threads_, values, limit, largest, first_beyond);
}

void CpuBackend::divide(MatrixView<const double> values, double unit, MatrixView<double> out) {
  divide_rows(threads_, values, unit, out);
}

void CpuBackend::divide(MatrixView<const float> values, double unit, MatrixView<float> out) {
  divide_rows(threads_, values, unit, out);
}

}  // namespace wquant
