#pragma once

#include <cstdint>

#include "backend/backend.hpp"

namespace wquant {

template <class T>
__device__ T* row_of(const MatrixView<T>& view, std::int64_t i) {
  return view.data + i * view.row_stride;
}

/// One thread's vectors in scratch memory, where those of all threads are interleaved.
struct Scratch {
  double* data;
  std::int64_t stride;
  __device__ double& operator[](std::int64_t i) const { return data[i * stride]; }
};

// Loops around divisions, which are calls, are not unrolled: their registers would spill.

constexpr std::int64_t kTile = 4;  // directions that one pass over the coordinates serves

/// Component i of a mixture.
class Component {
 public:
  __device__ Component(const GaussianComponents& components, std::int64_t i)
      : d_(components.means.cols),
        row_stride_(components.eigenvectors.row_stride),
        mean_(row_of(components.means, i)),
        deviations_(row_of(components.deviations, i)) {
    const TensorView<const double>& all = components.eigenvectors;
    if (all.count > 0) vectors_ = all.data + (all.count > 1 ? i * all.matrix_stride : 0);
  }

  __device__ bool unit_basis() const { return !vectors_; }
  __device__ double deviation(std::int64_t k) const { return deviations_[k]; }
  /// V(a, k), unless the basis is the unit basis.
  __device__ double vector(std::int64_t a, std::int64_t k) const {
    return vectors_[a * row_stride_ + k];
  }

  /// body(k, v_kᵀ(x − μ)) for k = 0, 1, …
  template <class Body>
  __device__ void turn(const double* x, const Body& body) const {
    if (unit_basis()) {
#pragma unroll 1
      for (std::int64_t k = 0; k < d_; ++k) body(k, x[k] - mean_[k]);
      return;
    }
#pragma unroll 1
    for (std::int64_t begin = 0; begin < d_; begin += kTile) {
      double coordinates[kTile] = {};
#pragma unroll 1
      for (std::int64_t a = 0; a < d_; ++a) {
        const double offset = x[a] - mean_[a];
#pragma unroll
        for (std::int64_t j = 0; j < kTile; ++j)
          if (begin + j < d_) coordinates[j] += vector(a, begin + j) * offset;
      }
#pragma unroll
      for (std::int64_t j = 0; j < kTile; ++j)
        if (begin + j < d_) body(begin + j, coordinates[j]);
    }
  }

 private:
  std::int64_t d_;
  std::int64_t row_stride_;
  const double* mean_;
  const double* deviations_;
  const double* vectors_ = nullptr;
};

}  // namespace wquant
