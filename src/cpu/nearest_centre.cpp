#include "cpu/nearest_centre.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/simd.hpp"
#include "numerics/score_margin.hpp"

namespace wquant {
namespace {

/// 4 × 4 entries at a time; rows[i] are the points of a block.
template <class T>
WQUANT_INLINE void transpose(const T* const* rows, std::int64_t d, T* out) {
  using Four __attribute__((vector_size(4 * sizeof(T)), aligned(sizeof(T)))) = T;
  for (std::int64_t i = 0; i < kBlock<T>; i += 4) {
    std::int64_t k = 0;
    for (; k + 4 <= d; k += 4) {
      const Four a = *reinterpret_cast<const Four*>(rows[i] + k);
      const Four b = *reinterpret_cast<const Four*>(rows[i + 1] + k);
      const Four c = *reinterpret_cast<const Four*>(rows[i + 2] + k);
      const Four e = *reinterpret_cast<const Four*>(rows[i + 3] + k);
      const Four ac_low = __builtin_shufflevector(a, c, 0, 4, 1, 5);
      const Four be_low = __builtin_shufflevector(b, e, 0, 4, 1, 5);
      const Four ac_high = __builtin_shufflevector(a, c, 2, 6, 3, 7);
      const Four be_high = __builtin_shufflevector(b, e, 2, 6, 3, 7);
      T* const to = out + k * kBlock<T> + i;
      *reinterpret_cast<Four*>(to) = __builtin_shufflevector(ac_low, be_low, 0, 4, 1, 5);
      *reinterpret_cast<Four*>(to + kBlock<T>) =
          __builtin_shufflevector(ac_low, be_low, 2, 6, 3, 7);
      *reinterpret_cast<Four*>(to + 2 * kBlock<T>) =
          __builtin_shufflevector(ac_high, be_high, 0, 4, 1, 5);
      *reinterpret_cast<Four*>(to + 3 * kBlock<T>) =
          __builtin_shufflevector(ac_high, be_high, 2, 6, 3, 7);
    }
    for (; k < d; ++k)
      for (int r = 0; r < 4; ++r) out[k * kBlock<T> + i + r] = rows[i + r][k];
  }
}

WQUANT_SIMD_CLONES
void transposed(const float* const* rows, std::int64_t d, float* out) { transpose(rows, d, out); }
WQUANT_SIMD_CLONES
void transposed(const double* const* rows, std::int64_t d, double* out) { transpose(rows, d, out); }

/// out = points − mean, squares = ‖out‖² of each point.
template <class T>
WQUANT_INLINE void shift(const T* points, const T* mean, std::int64_t d, T* out, T* squares) {
  for (std::int64_t i = 0; i < kBlock<T>; ++i) squares[i] = 0;
  for (std::int64_t k = 0; k < d; ++k)
    for (std::int64_t i = 0; i < kBlock<T>; ++i) {
      const T x = points[k * kBlock<T> + i] - mean[k];
      out[k * kBlock<T> + i] = x;
      squares[i] += x * x;
    }
}

WQUANT_SIMD_CLONES
void shifted(const float* points, const float* mean, std::int64_t d, float* out, float* squares) {
  shift(points, mean, d, out, squares);
}
WQUANT_SIMD_CLONES
void shifted(const double* points, const double* mean, std::int64_t d, double* out,
             double* squares) {
  shift(points, mean, d, out, squares);
}

/// The rows of a block; the last one again in place of what is missing.
template <class T>
std::array<const T*, kBlock<T>> block_rows(const T* const* rows, std::int64_t count) {
  std::array<const T*, kBlock<T>> block;
  for (std::int64_t i = 0; i < kBlock<T>; ++i) block[i] = rows[std::min(i, count - 1)];
  return block;
}

template <class T>
std::vector<T> mean_of(MatrixView<const T> centres) {
  std::vector<double> sum(static_cast<std::size_t>(centres.cols));
  for (std::int64_t j = 0; j < centres.rows; ++j)
    for (std::int64_t k = 0; k < centres.cols; ++k) sum[k] += centres(j, k);
  std::vector<T> mean;
  for (const double s : sum) mean.push_back(static_cast<T>(s / static_cast<double>(centres.rows)));
  return mean;
}

}  // namespace

template <class T>
NearestCentre<T>::Scratch::Scratch(std::int64_t d)
    : raw_(static_cast<std::size_t>(2 * d)), shifted_(static_cast<std::size_t>(2 * d)) {}

template <class T>
NearestCentre<T>::NearestCentre(MatrixView<const T> centres, std::int64_t least_expanded)
    : d_(centres.cols), quad_count_((centres.rows + kQuad - 1) / kQuad) {
  constexpr T kLargest = std::numeric_limits<T>::max();
  quads_.resize(static_cast<std::size_t>(quad_count_ * kQuad * d_));
  for (std::int64_t j = 0; j < quad_count_ * kQuad; ++j)
    for (std::int64_t k = 0; k < d_; ++k)
      quads_[(j / kQuad * d_ + k) * kQuad + j % kQuad] = centres(std::min(j, centres.rows - 1), k);
  if (d_ < least_expanded || !ScoreMargin<T>::holds(d_)) return;
  mean_ = mean_of(centres);
  shifted_quads_.resize(quads_.size());
  half_squares_.assign(static_cast<std::size_t>(quad_count_ * kQuad), kLargest / 4);
  for (std::int64_t j = 0; j < centres.rows; ++j) {
    double square = 0;
    for (std::int64_t k = 0; k < d_; ++k) {
      const T c = centres(j, k) - mean_[k];
      shifted_quads_[(j / kQuad * d_ + k) * kQuad + j % kQuad] = c;
      square += static_cast<double>(c) * static_cast<double>(c);
    }
    half_squares_[j] = static_cast<T>(square / 2);
    largest_square_ = std::max(largest_square_, static_cast<T>(square));
  }
  expanded_ = ScoreMargin<T>(d_).representable(largest_square_);
}

/// ‖x − c‖² = ‖x‖² + 2 score for the centres of the second least score and beyond, or for all if
/// the label is in doubt; the margin covers the roundings of this too.
template <class T>
double NearestCentre<T>::Block::lower(std::int64_t i) const {
  const double score = certain(i) ? second[i] : least[i];
  const double square = squares[i] + 2 * score - margin[i];
  return std::sqrt(std::max(square, 0.0)) * (1 - 8 * kEpsilon);
}

/// Whether the block could be scanned by the expansion.
template <class T>
bool NearestCentre<T>::scan_block(Scratch& scratch, Block& block) const {
  shifted(scratch.raw(), mean_.data(), d_, scratch.shifted(), block.squares);
  const ScoreMargin<T> margin(d_);
  for (const T square : block.squares)
    if (!margin.representable(square)) return false;
  expanded_scan(scratch.shifted(), shifted_quads_.data(), half_squares_.data(), quad_count_, d_,
                block.least, block.second, block.labels, vector_bytes());
  for (std::int64_t i = 0; i < kBlock<T>; ++i)
    block.margin[i] = margin(block.squares[i], largest_square_);
  return true;
}

template <class T>
void NearestCentre<T>::find_directly(const T* const* rows, std::int64_t count, Scratch& scratch,
                                     std::int64_t* labels) const {
  alignas(64) ScanIndex<T> found[kBlock<T>];
  transposed(block_rows(rows, count).data(), d_, scratch.raw());
  direct_scan(scratch.raw(), quads_.data(), quad_count_, d_, found, vector_bytes());
  std::copy(found, found + count, labels);
}

template <class T>
void NearestCentre<T>::find(const T* const* rows, std::int64_t count, Scratch& scratch,
                            std::int64_t* labels, double* lower) const {
  std::vector<std::int64_t> doubtful;
  bool expanded = expanded_;
  Block block;
  ShortSteps steps;
  for (std::int64_t first = 0; first < count; first += kBlock<T>) {
    const std::int64_t size = std::min(kBlock<T>, count - first);
    steps.beat();
    if (expanded) transposed(block_rows(rows + first, size).data(), d_, scratch.raw());
    if (!expanded || !scan_block(scratch, block)) {
      find_directly(rows + first, size, scratch, labels + first);
      if (lower) std::fill(lower + first, lower + first + size, 0.0);
      continue;
    }
    for (std::int64_t i = 0; i < size; ++i) {
      labels[first + i] = block.labels[i];
      if (lower) lower[first + i] = block.lower(i);
      if (!block.certain(i)) doubtful.push_back(first + i);
    }
    // Where most points are doubtful, one direct scan is cheaper than two.
    if (static_cast<std::int64_t>(2 * doubtful.size()) > first + 3 * kBlock<T>) expanded = false;
  }
  find_again(rows, doubtful, scratch, labels);
}

template <class T>
void NearestCentre<T>::find_again(const T* const* rows, const std::vector<std::int64_t>& which,
                                  Scratch& scratch, std::int64_t* labels) const {
  const auto count = static_cast<std::int64_t>(which.size());
  for (std::int64_t first = 0; first < count; first += kBlock<T>) {
    const std::int64_t size = std::min(kBlock<T>, count - first);
    const T* some[kBlock<T>];
    std::int64_t found[kBlock<T>];
    for (std::int64_t i = 0; i < size; ++i) some[i] = rows[which[first + i]];
    find_directly(some, size, scratch, found);
    for (std::int64_t i = 0; i < size; ++i) labels[which[first + i]] = found[i];
  }
}

template class NearestCentre<float>;
template class NearestCentre<double>;

}  // namespace wquant
