#include <limits>

#include "base/simd.hpp"
#include "cpu/centre_scan.hpp"

namespace wquant {
namespace {

/// Two vectors of points against four centres at a time, all in registers.
template <class T, int bytes>
WQUANT_INLINE void scan(const T* points, const T* quads, std::int64_t quad_count, std::int64_t d,
                        ScanIndex<T>* labels) {
  using Vector __attribute__((vector_size(bytes))) = T;
  using Index __attribute__((vector_size(bytes))) = ScanIndex<T>;
  constexpr std::int64_t kLanes = bytes / static_cast<std::int64_t>(sizeof(T));
  for (std::int64_t at = 0; at < kBlock<T>; at += 2 * kLanes) {
    Vector least[2];
    Index label[2];
    for (int r = 0; r < 2; ++r) {
      least[r] = Vector{} + std::numeric_limits<T>::infinity();
      label[r] = Index{};
    }
    for (std::int64_t q = 0; q < quad_count; ++q) {
      Vector sum[kQuad][2] = {};
      const T* centre = quads + q * d * kQuad;
      for (std::int64_t k = 0; k < d; ++k, centre += kQuad)
        for (int r = 0; r < 2; ++r) {
          const Vector x =
              *reinterpret_cast<const Vector*>(points + k * kBlock<T> + at + r * kLanes);
          for (int c = 0; c < kQuad; ++c) {
            const Vector difference = x - centre[c];
            sum[c][r] += difference * difference;
          }
        }
      for (int c = 0; c < kQuad; ++c)
        for (int r = 0; r < 2; ++r) {
          const auto nearer = sum[c][r] < least[r];
          least[r] = nearer ? sum[c][r] : least[r];
          label[r] = nearer ? Index{} + static_cast<ScanIndex<T>>(q * kQuad + c) : label[r];
        }
    }
    for (int r = 0; r < 2; ++r) *reinterpret_cast<Index*>(labels + at + r * kLanes) = label[r];
  }
}

template <class T>
WQUANT_TARGET_64 void scan_64(const T* points, const T* quads, std::int64_t quad_count,
                              std::int64_t d, ScanIndex<T>* labels) {
  scan<T, 64>(points, quads, quad_count, d, labels);
}

template <class T>
WQUANT_TARGET_32 void scan_32(const T* points, const T* quads, std::int64_t quad_count,
                              std::int64_t d, ScanIndex<T>* labels) {
  scan<T, 32>(points, quads, quad_count, d, labels);
}

template <class T>
void scan_any(const T* points, const T* quads, std::int64_t quad_count, std::int64_t d,
              ScanIndex<T>* labels, int bytes) {
  if (bytes == 64)
    scan_64(points, quads, quad_count, d, labels);
  else if (bytes == 32)
    scan_32(points, quads, quad_count, d, labels);
  else
    scan<T, 16>(points, quads, quad_count, d, labels);
}

}  // namespace

void direct_scan(const float* points, const float* quads, std::int64_t quad_count, std::int64_t d,
                 ScanIndex<float>* labels, int bytes) {
  scan_any(points, quads, quad_count, d, labels, bytes);
}

void direct_scan(const double* points, const double* quads, std::int64_t quad_count, std::int64_t d,
                 ScanIndex<double>* labels, int bytes) {
  scan_any(points, quads, quad_count, d, labels, bytes);
}

}  // namespace wquant
