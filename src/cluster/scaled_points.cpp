#include "cluster/scaled_points.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "backend/backend.hpp"
#include "backend/parallel.hpp"
#include "common/lengths.hpp"
#include "common/transfer.hpp"
#include "common/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kEntriesPerChunk = 1 << 16;

template <class T>
using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// Magnitudes order like their bits, with NaN above all.
template <class T>
T largest_magnitude_or_nan(int threads, MatrixView<const T> values) {
  constexpr Bits<T> kSign = Bits<T>{1} << (8 * sizeof(T) - 1);
  const std::int64_t rows = std::max<std::int64_t>(1, kEntriesPerChunk / values.cols);
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
  return std::bit_cast<T>(*std::max_element(largest.begin(), largest.end()));
}

template <class T>
[[noreturn]] void throw_first_beyond(const char* name, MatrixView<const T> values, double limit) {
  for (std::int64_t i = 0; i < values.rows; ++i)
    for (std::int64_t k = 0; k < values.cols; ++k)
      if (!(std::fabs(values(i, k)) <= limit))
        throw_bad_value(name, {i, k}, values(i, k), "a magnitude of at most " + number_text(limit));
  throw InvalidArgument(std::string(name) + ": changed during the call; expected constant values");
}

/// 1 unless squares or sums of them could leave the range.
template <class T>
double harmless_unit(double largest) {
  constexpr int kHarmless = sizeof(T) == 4 ? 20 : 200;
  if (largest == 0 || std::abs(std::ilogb(largest)) <= kHarmless) return 1;
  return power_of_two_unit(largest);
}

}  // namespace

template <class T>
std::vector<T> host_values(const Context& context, MatrixView<const T> values) {
  if (values.rows == 0) return {};
  const auto extent = static_cast<std::size_t>((values.rows - 1) * values.row_stride + values.cols);
  std::vector<T> raw;
  if (values.space == MemorySpace::device) {
    raw.resize(extent);
    context.backend().copy_to_host(raw.data(), values.data, sizeof(T) * extent);
    values.data = raw.data();
  }
  std::vector<T> out;
  out.reserve(static_cast<std::size_t>(values.rows * values.cols));
  for (std::int64_t i = 0; i < values.rows; ++i)
    out.insert(out.end(), values.row(i), values.row(i) + values.cols);
  return out;
}

template <class T>
double largest_length(const Context& context, const char* name, MatrixView<const T> values) {
  if (values.space == MemorySpace::device) {
    const std::vector<T> copy = host_values(context, values);
    return largest_length(context, name,
                          MatrixView<const T>(copy.data(), values.rows, values.cols));
  }
  const double limit = std::min(kLargestLength, static_cast<double>(std::numeric_limits<T>::max()));
  const auto largest =
      static_cast<double>(largest_magnitude_or_nan(context.backend().host_threads(), values));
  if (!(largest <= limit)) throw_first_beyond(name, values, limit);
  return largest;
}

template <class T>
ScaledPoints<T>::ScaledPoints(const Context& context, MatrixView<const T> points, double largest)
    : unit_(harmless_unit<T>(largest)), view_(points) {
  if (unit_ == 1 && points.space == context.memory_space()) return;
  std::vector<T> values = host_values(context, points);
  if (unit_ != 1)
    for (T& x : values) x = static_cast<T>(static_cast<double>(x) / unit_);
  own_ = on_context(context, values, points.cols);
  view_ = own_.view();
}

template std::vector<double> host_values(const Context&, MatrixView<const double>);
template std::vector<float> host_values(const Context&, MatrixView<const float>);
template double largest_length(const Context&, const char*, MatrixView<const double>);
template double largest_length(const Context&, const char*, MatrixView<const float>);
template class ScaledPoints<double>;
template class ScaledPoints<float>;

}  // namespace wquant
