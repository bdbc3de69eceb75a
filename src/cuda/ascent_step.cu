#include <algorithm>

#include "cuda/ascent_step.cuh"
#include "cuda/component.cuh"
#include "cuda/launch.hpp"
#include "numerics/ascent_terms.hpp"
#include "numerics/density_terms.hpp"

namespace wquant {
namespace {

constexpr int kThreads = 128;
constexpr int kResidentBlocks = 4;
constexpr std::size_t kMostScratch = std::size_t{256} << 20;

// Loops around divisions, which are calls, are not unrolled: their registers would spill.

/// What a thread keeps of one point: g_i, g, the diagonal of a component's Σ⁺, A and A − Σ r_i
/// (g_i − g)(g_i − g)ᵀ.
struct AscentScratch {
  __device__ AscentScratch(double* data, std::int64_t thread, std::int64_t threads, std::int64_t d)
      : gradient{data + thread, threads},
        score{gradient.data + d * threads, threads},
        precision{score.data + d * threads, threads},
        shift_matrix{precision.data + d * threads, threads},
        newton_matrix{shift_matrix.data + d * d * threads, threads} {}
  Scratch gradient, score, precision, shift_matrix, newton_matrix;
};

/// A point before the components.
class PointAscent {
 public:
  __device__ PointAscent(const AscentMixture& mixture, const double* x, double cutoff)
      : mixture_(mixture), d_(mixture.components.means.cols), x_(x), cutoff_(cutoff) {}

  /// log p.
  __device__ double log_density() {
    std::int64_t first = 0;
    double highest = block_bound(mixture_, 0, x_);
#pragma unroll 1
    for (std::int64_t b = 1; b < mixture_.lower.rows; ++b) {
      const double bound = block_bound(mixture_, b, x_);
      if (!(bound > highest)) continue;
      highest = bound;
      first = b;
    }
    for_each_in(first, [this](std::int64_t, double l) { sum_.add(0, l); });
    const double level = sum_.value() - cutoff_;
#pragma unroll 1
    for (std::int64_t b = 0; b < mixture_.lower.rows; ++b)
      if (b != first && block_bound(mixture_, b, x_) >= level)
        for_each_in(b, [this](std::int64_t, double l) { sum_.add(0, l); });
    return sum_.value();
  }

  /// A, −g and Σ r_i g_i g_iᵀ, of matrices the lower triangle.
  __device__ void collect(double log_density, const AscentScratch& to) const {
#pragma unroll 1
    for (std::int64_t a = 0; a < d_; ++a) to.score[a] = 0;
#pragma unroll 1
    for (std::int64_t e = 0; e < d_ * d_; ++e) to.shift_matrix[e] = to.newton_matrix[e] = 0;
#pragma unroll 1
    for (std::int64_t b = 0; b < mixture_.lower.rows; ++b)
      if (block_bound(mixture_, b, x_) >= log_density - cutoff_)
        for_each_in(b, [&](std::int64_t i, double l) {
          if (l >= log_density - cutoff_) add(i, exp(l - log_density), to);
        });
  }

  /// The moves, from what collect left; whether log p is concave.
  __device__ bool solve(const AscentScratch& from, double* shift, double* newton) const {
    Scratch a = from.shift_matrix;
    Scratch b = from.newton_matrix;
#pragma unroll 1
    for (std::int64_t i = 0; i < d_; ++i) {
      shift[i] = newton[i] = from.score[i];
#pragma unroll 1
      for (std::int64_t j = 0; j <= i; ++j)
        b[i * d_ + j] = a[i * d_ + j] - (b[i * d_ + j] - from.score[i] * from.score[j]);
    }
    const bool moves = cholesky_solve(d_, a, shift, 0.0);
    const bool concave = cholesky_solve(d_, b, newton, kLeastPivot);
#pragma unroll 1
    for (std::int64_t i = 0; i < d_; ++i) {
      if (!moves) shift[i] = 0;
      if (!concave) newton[i] = shift[i];
    }
    return concave;
  }

 private:
  /// body(i, l_i) for the components of block b.
  template <class Body>
  __device__ void for_each_in(std::int64_t b, const Body& body) const {
    const std::int64_t end = (b + 1) * kAscentBlock;
#pragma unroll 1
    for (std::int64_t i = b * kAscentBlock; i < end && i < mixture_.log_factors.size; ++i) {
      const Component component(mixture_.components, i);
      double square = 0;
      component.turn(x_, [&](std::int64_t k, double coordinate) {
        const double scaled = coordinate / component.deviation(k);
        square += scaled * scaled;
      });
      body(i, mixture_.log_factors.data[i] - square / 2);
    }
  }

  __device__ void add(std::int64_t i, double responsibility, const AscentScratch& to) const {
    const Component component(mixture_.components, i);
#pragma unroll 1
    for (std::int64_t a = 0; a < d_; ++a) to.gradient[a] = 0;
    component.turn(x_, [&](std::int64_t k, double coordinate) {
      const double root = precision_root(component.deviation(k));
      const double slope = -coordinate * root * root;
      to.precision[k] = root * root;
      if (component.unit_basis())
        to.gradient[k] = slope;
      else
#pragma unroll 1
        for (std::int64_t a = 0; a < d_; ++a) to.gradient[a] += slope * component.vector(a, k);
    });
#pragma unroll 1
    for (std::int64_t a = 0; a < d_; ++a) {
      to.score[a] += responsibility * to.gradient[a];
#pragma unroll 1
      for (std::int64_t b = 0; b <= a; ++b) {
        to.newton_matrix[a * d_ + b] += responsibility * (to.gradient[a] * to.gradient[b]);
        to.shift_matrix[a * d_ + b] += responsibility * precision(component, a, b, to);
      }
    }
  }

  /// Σ_i⁺(a, b).
  __device__ double precision(const Component& component, std::int64_t a, std::int64_t b,
                              const AscentScratch& from) const {
    if (component.unit_basis()) return a == b ? from.precision[a] : 0;
    double sum = 0;
#pragma unroll 1
    for (std::int64_t k = 0; k < d_; ++k)
      sum += from.precision[k] * component.vector(a, k) * component.vector(b, k);
    return sum;
  }

  const AscentMixture& mixture_;
  std::int64_t d_;
  const double* x_;
  double cutoff_;
  LogSum sum_;
};

}  // namespace

/// A thread a point: 3 d operations a block of components, twice; for those that are not passed
/// over, per component 2 d² in the eigenbasis, 1 in the unit basis, and d divisions, twice, and for
/// those with a share in p 2 d² more, 2 d³ where they have eigenvectors. A warp shares the loads
/// and the caches serve them; what a thread sums up, 2 d² + 3 d numbers, lies in scratch memory,
/// interleaved. Bound by FP64 arithmetic while that stays in the caches.
__global__ void __launch_bounds__(kThreads, kResidentBlocks)
    ascent_kernel(MatrixView<const double> points, const __grid_constant__ AscentMixture mixture,
                  double cutoff, AscentStep out, double* memory) {
  const std::int64_t threads = std::int64_t{gridDim.x} * kThreads;
  const std::int64_t thread = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  const AscentScratch scratch(memory, thread, threads, points.cols);
#pragma unroll 1
  for (std::int64_t s = thread; s < points.rows; s += threads) {
    PointAscent ascent(mixture, points.data + s * points.row_stride, cutoff);
    const double log_density = ascent.log_density();
    out.log_densities.data[s] = log_density;
    ascent.collect(log_density, scratch);
    out.concave.data[s] = ascent.solve(scratch, out.shifts.data + s * out.shifts.row_stride,
                                       out.newtons.data + s * out.newtons.row_stride);
  }
}

AscentPlan plan_ascent_step(MatrixView<const double> points, std::size_t limit) {
  const std::int64_t d = points.cols;
  const std::size_t per_block =
      static_cast<std::size_t>(kThreads * (2 * d * d + 3 * d)) * sizeof(double);
  const auto affordable = static_cast<std::int64_t>(std::min(limit, kMostScratch) / per_block);
  const std::int64_t blocks = std::min(one_thread_each(points.rows, kThreads).blocks,
                                       std::max<std::int64_t>(1, affordable));
  return {blocks, static_cast<std::size_t>(blocks) * per_block};
}

void launch_ascent_step(const AscentPlan& plan, MatrixView<const double> points,
                        const AscentMixture& mixture, double cutoff, const AscentStep& out,
                        double* scratch, cudaStream_t stream) {
  launch(ascent_kernel, LaunchShape{plan.blocks, kThreads}, stream, points, mixture, cutoff, out,
         scratch);
}

}  // namespace wquant
