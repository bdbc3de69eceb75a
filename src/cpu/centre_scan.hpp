#pragma once

#include <cstdint>
#include <type_traits>

namespace wquant {

/// Points are scanned in blocks of this many, stored dimension by dimension (d × kBlock<T>), the
/// centres in quads: quad q holds its dimension k in quads[(q d + k) · 4 … + 4).
template <class T>
inline constexpr std::int64_t kBlock = 128 / static_cast<std::int64_t>(sizeof(T));
inline constexpr std::int64_t kQuad = 4;

template <class T>
using ScanIndex = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

/// Per point of a block the centre with the least Σ(x − c)², evaluated in the order of the
/// dimensions without contraction; ties go to the lowest index. bytes: of the vectors, 16, 32 or
/// 64, at most vector_bytes(); the labels are the same for all.
void direct_scan(const float* points, const float* quads, std::int64_t quad_count, std::int64_t d,
                 ScanIndex<float>* labels, int bytes);
void direct_scan(const double* points, const double* quads, std::int64_t quad_count, std::int64_t d,
                 ScanIndex<double>* labels, int bytes);

/// The least and the second least of ½‖c‖² − x·c, half_squares given, as they round, and the centre
/// of the least. Only where (‖x‖ + ‖c‖)² cannot overflow.
void expanded_scan(const float* points, const float* quads, const float* half_squares,
                   std::int64_t quad_count, std::int64_t d, float* least, float* second,
                   ScanIndex<float>* labels, int bytes);
void expanded_scan(const double* points, const double* quads, const double* half_squares,
                   std::int64_t quad_count, std::int64_t d, double* least, double* second,
                   ScanIndex<double>* labels, int bytes);

}  // namespace wquant
