#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "cuda/score_tile.cuh"
#include "wquant/view.hpp"

namespace wquant {

/// Centres less a vector near to their mean, as the scores x·c − ½‖c‖² take them.
template <class T>
struct ShiftedCentres {
  std::int64_t stride;  // their number up to whole tiles; those beyond are never the nearest
  T* columns;           // d × stride
  T* offsets;           // stride: −½‖c‖²
  T* shift;             // d
  T* largest_square;    // max ‖c‖²

  static std::int64_t stride_of(std::int64_t centres) {
    return (centres + kScoreCentres - 1) / kScoreCentres * kScoreCentres;
  }
  static std::int64_t size(std::int64_t centres, std::int64_t d) {
    return (d + 1) * stride_of(centres) + d + 1;
  }
  /// In memory of that size.
  ShiftedCentres(T* memory, std::int64_t centres, std::int64_t d)
      : stride(stride_of(centres)),
        columns(memory),
        offsets(columns + d * stride),
        shift(offsets + stride),
        largest_square(shift + d) {}
};

/// Fills `out` on `stream`; all in device memory. U is rounded to T first.
template <class T, class U>
void launch_shift_centres(MatrixView<const U> centres, const ShiftedCentres<T>& out,
                          cudaStream_t stream);

}  // namespace wquant
