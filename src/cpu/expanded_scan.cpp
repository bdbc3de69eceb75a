// Compiled with contraction and for finite numbers only (CMakeLists.txt): what it finds is checked
// against a bound on all roundings, so it need not be the same on every machine.

#include <limits>

#include "base/simd.hpp"
#include "cpu/centre_scan.hpp"

namespace wquant {
namespace {

/// Two vectors of points against four centres at a time, all in registers.
template <class T, int bytes>
WQUANT_INLINE void scan(const T* points, const T* quads, const T* half_squares,
                        std::int64_t quad_count, std::int64_t d, T* least_out, T* second_out,
                        ScanIndex<T>* labels) {
  using Vector __attribute__((vector_size(bytes))) = T;
  using Index __attribute__((vector_size(bytes))) = ScanIndex<T>;
  constexpr std::int64_t kLanes = bytes / static_cast<std::int64_t>(sizeof(T));
  for (std::int64_t at = 0; at < kBlock<T>; at += 2 * kLanes) {
    Vector least[2], second[2];
    Index label[2];
    for (int r = 0; r < 2; ++r) {
      least[r] = second[r] = Vector{} + std::numeric_limits<T>::max();
      label[r] = Index{};
    }
    for (std::int64_t q = 0; q < quad_count; ++q) {
      Vector score[kQuad][2];
      const T* centre = quads + q * d * kQuad;
      for (int c = 0; c < kQuad; ++c)
        for (int r = 0; r < 2; ++r)
          score[c][r] = half_squares[q * kQuad + c] -
                        *reinterpret_cast<const Vector*>(points + at + r * kLanes) * centre[c];
      centre += kQuad;
      for (std::int64_t k = 1; k < d; ++k, centre += kQuad)
        for (int r = 0; r < 2; ++r) {
          const Vector x =
              *reinterpret_cast<const Vector*>(points + k * kBlock<T> + at + r * kLanes);
          for (int c = 0; c < kQuad; ++c) score[c][r] -= x * centre[c];
        }
      for (int c = 0; c < kQuad; ++c)
        for (int r = 0; r < 2; ++r) {
          const Vector s = score[c][r];
          const auto nearer = s < least[r];
          second[r] = s < second[r] ? s : second[r];
          second[r] = nearer ? least[r] : second[r];
          least[r] = s < least[r] ? s : least[r];
          label[r] = nearer ? Index{} + static_cast<ScanIndex<T>>(q * kQuad + c) : label[r];
        }
    }
    for (int r = 0; r < 2; ++r) {
      *reinterpret_cast<Vector*>(least_out + at + r * kLanes) = least[r];
      *reinterpret_cast<Vector*>(second_out + at + r * kLanes) = second[r];
      *reinterpret_cast<Index*>(labels + at + r * kLanes) = label[r];
    }
  }
}

template <class T>
WQUANT_TARGET_64 void scan_64(const T* points, const T* quads, const T* half_squares,
                              std::int64_t quad_count, std::int64_t d, T* least, T* second,
                              ScanIndex<T>* labels) {
  scan<T, 64>(points, quads, half_squares, quad_count, d, least, second, labels);
}

template <class T>
WQUANT_TARGET_32 void scan_32(const T* points, const T* quads, const T* half_squares,
                              std::int64_t quad_count, std::int64_t d, T* least, T* second,
                              ScanIndex<T>* labels) {
  scan<T, 32>(points, quads, half_squares, quad_count, d, least, second, labels);
}

template <class T>
void scan_any(const T* points, const T* quads, const T* half_squares, std::int64_t quad_count,
              std::int64_t d, T* least, T* second, ScanIndex<T>* labels, int bytes) {
  if (bytes == 64)
    scan_64(points, quads, half_squares, quad_count, d, least, second, labels);
  else if (bytes == 32)
    scan_32(points, quads, half_squares, quad_count, d, least, second, labels);
  else
    scan<T, 16>(points, quads, half_squares, quad_count, d, least, second, labels);
}

}  // namespace

void expanded_scan(const float* points, const float* quads, const float* half_squares,
                   std::int64_t quad_count, std::int64_t d, float* least, float* second,
                   ScanIndex<float>* labels, int bytes) {
  scan_any(points, quads, half_squares, quad_count, d, least, second, labels, bytes);
}

void expanded_scan(const double* points, const double* quads, const double* half_squares,
                   std::int64_t quad_count, std::int64_t d, double* least, double* second,
                   ScanIndex<double>* labels, int bytes) {
  scan_any(points, quads, half_squares, quad_count, d, least, second, labels, bytes);
}

}  // namespace wquant
