#include <algorithm>
#include <vector>

#include "base/parallel.hpp"
#include "base/simd.hpp"
#include "cpu/cpu_backend.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kLanes = 8;

/// Up to kLanes candidates, dimension by dimension (d × kLanes).
template <class T>
using Lanes = std::vector<T>;

template <class T>
std::vector<Lanes<T>> in_lanes(MatrixView<const T> candidates) {
  std::vector<Lanes<T>> out;
  for (std::int64_t first = 0; first < candidates.rows; first += kLanes) {
    Lanes<T>& lanes = out.emplace_back(static_cast<std::size_t>(candidates.cols * kLanes));
    for (std::int64_t k = 0; k < candidates.cols; ++k)
      for (std::int64_t c = 0; c < kLanes; ++c)
        lanes[k * kLanes + c] = candidates(std::min(first + c, candidates.rows - 1), k);
  }
  return out;
}

/// Points of one block.
template <class T>
struct SeedingBlock {
  MatrixView<const T> points;
  const double* weights;  // or null
  double* squares;
};

/// costs[c] = Σ w min(square, ‖x − candidate c‖²); lane 0 of the first group updates the squares.
template <class T>
WQUANT_INLINE void block_costs(const SeedingBlock<T>& block, const T* lanes, bool first,
                               double* costs) {
  using Vector __attribute__((vector_size(kLanes * sizeof(T)), aligned(sizeof(T)))) = T;
  using Eight __attribute__((vector_size(kLanes * sizeof(double)))) = double;
  Eight sum = {};
  for (std::int64_t i = 0; i < block.points.rows; ++i) {
    const T* const x = block.points.row(i);
    Vector square = {};
    for (std::int64_t k = 0; k < block.points.cols; ++k) {
      const Vector difference = x[k] - *reinterpret_cast<const Vector*>(lanes + k * kLanes);
      square += difference * difference;
    }
    const Eight wide = __builtin_convertvector(square, Eight);
    if (first) block.squares[i] = std::min(block.squares[i], wide[0]);
    const Eight so_far = block.squares[i] - Eight{};
    const double weight = block.weights ? block.weights[i] : 1;
    sum += weight * (wide < so_far ? wide : so_far);
  }
  for (std::int64_t c = 0; c < kLanes; ++c) costs[c] = sum[c];
}

WQUANT_SIMD_CLONES
void costs_of(const SeedingBlock<float>& block, const float* lanes, bool first, double* costs) {
  block_costs(block, lanes, first, costs);
}
WQUANT_SIMD_CLONES
void costs_of(const SeedingBlock<double>& block, const double* lanes, bool first, double* costs) {
  block_costs(block, lanes, first, costs);
}

template <class T>
void step(int threads, MatrixView<const T> points, VectorView<const double> weights,
          MatrixView<const T> candidates, VectorView<double> squares, MatrixView<double> costs) {
  const std::vector<Lanes<T>> groups = in_lanes(candidates);
  parallel_chunks(threads, points.rows, kSeedingBlock, [&](std::int64_t begin, std::int64_t end) {
    const SeedingBlock<T> block{{points.row(begin), end - begin, points.cols, points.row_stride},
                                weights.size > 0 ? weights.data + begin : nullptr,
                                squares.data + begin};
    for (std::size_t g = 0; g < groups.size(); ++g) {
      double sums[kLanes];
      costs_of(block, groups[g].data(), g == 0, sums);
      const std::int64_t first = static_cast<std::int64_t>(g) * kLanes;
      std::copy(sums, sums + std::min(kLanes, candidates.rows - first),
                costs.row(begin / kSeedingBlock) + first);
    }
  });
}

}  // namespace

void CpuBackend::seeding_step(MatrixView<const double> points, VectorView<const double> weights,
                              MatrixView<const double> candidates, VectorView<double> squares,
                              MatrixView<double> costs) {
  step(threads_, points, weights, candidates, squares, costs);
}

void CpuBackend::seeding_step(MatrixView<const float> points, VectorView<const double> weights,
                              MatrixView<const float> candidates, VectorView<double> squares,
                              MatrixView<double> costs) {
  step(threads_, points, weights, candidates, squares, costs);
}

}  // namespace wquant
