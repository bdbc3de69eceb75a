#include <algorithm>

#include "base/limits.hpp"
#include "cuda/component.cuh"
#include "cuda/launch.hpp"
#include "cuda/mixture_density.cuh"
#include "numerics/density_terms.hpp"

namespace wquant {
namespace {

constexpr int kThreads = 128;
// On a multiprocessor, as told to ptxas, which else aims at more of them and spills.
constexpr int kResidentBlocks = 4;
constexpr std::size_t kMostScratch = std::size_t{64} << 20;

struct Term {
  bool in_span;
  double log_term;
};

/// log p and the least rank among the components whose span holds the point.
struct Level {
  double log_density;
  std::int64_t rank;
};

/// A point before the components.
class PointDensity {
 public:
  __device__ PointDensity(const MixtureDensity& mixture, const double* x)
      : mixture_(mixture), d_(mixture.components.means.cols), x_(x) {
#pragma unroll 1
    for (std::int64_t a = 0; a < d_; ++a) largest_ = fmax(largest_, fabs(x[a]));
  }

  __device__ Level level() const {
    LogSum sum;
    if (largest_ <= kMostDistant)
      for (std::int64_t i = 0; i < mixture_.ranks.size; ++i) {
        if (mixture_.ranks.data[i] > sum.rank()) continue;
        const Term term = look(i);
        if (term.in_span) sum.add(mixture_.ranks.data[i], term.log_term);
      }
    return {sum.value(), sum.rank()};
  }

  /// out = Σ r_i g_i.
  __device__ void score(const Level& level, const Scratch& gradient, double* out) const {
#pragma unroll 1
    for (std::int64_t a = 0; a < d_; ++a) out[a] = 0;
    for_each_responsible(level, [&](const Component& component, double responsibility) {
      fill_gradient(component, gradient);
#pragma unroll 1
      for (std::int64_t a = 0; a < d_; ++a) out[a] += responsibility * gradient[a];
    });
  }

  /// out = −Σ r_i Σ_i⁺ + Σ r_i (g_i − g)(g_i − g)ᵀ.
  __device__ void hessian(const Level& level, const double* score, const Scratch& gradient,
                          const Scratch& precision, double* out) const {
#pragma unroll 1
    for (std::int64_t e = 0; e < d_ * d_; ++e) out[e] = 0;
    for_each_responsible(level, [&](const Component& component, double responsibility) {
      fill_gradient(component, gradient);
#pragma unroll 1
      for (std::int64_t a = 0; a < d_; ++a) {
        const double root = component.deviation(a) > 0 ? precision_root(component.deviation(a)) : 0;
        gradient[a] -= score[a];
        precision[a] = -responsibility * root * root;
      }
      add_lower(component, responsibility, gradient, precision, out);
    });
    for (std::int64_t a = 0; a < d_; ++a)
      for (std::int64_t b = 0; b < a; ++b) out[b * d_ + a] = out[a * d_ + b];
  }

 private:
  /// l_i(x), and whether the affine span of component i holds x.
  __device__ Term look(std::int64_t i) const {
    const Component component(mixture_.components, i);
    double square = 0;
    double off = 0;
    component.turn(x_, [&](std::int64_t k, double coordinate) {
      const double deviation = component.deviation(k);
      const double scaled = coordinate / deviation;
      if (deviation > 0)
        square += scaled * scaled;
      else
        off = fmax(off, fabs(coordinate));
    });
    const double tolerance = mixture_.tolerance.data[i] * (largest_ + mixture_.reach.data[i]);
    return {off <= tolerance || off == 0 || off <= slackened(component, i, tolerance),
            mixture_.log_factors.data[i] - square / 2};
  }

  /// tolerance + slack[i] ‖g‖₁.
  __device__ double slackened(const Component& component, std::int64_t i, double tolerance) const {
    const double slack = mixture_.slack.data[i];
    component.turn(x_, [&](std::int64_t k, double coordinate) {
      const double deviation = component.deviation(k);
      if (deviation > 0) tolerance += slack * fabs(steepness(coordinate / deviation, deviation));
    });
    return tolerance;
  }

  /// gradient = g_i.
  __device__ void fill_gradient(const Component& component, const Scratch& gradient) const {
#pragma unroll 1
    for (std::int64_t a = 0; a < d_; ++a) gradient[a] = 0;
    component.turn(x_, [&](std::int64_t k, double coordinate) {
      const double deviation = component.deviation(k);
      if (!(deviation > 0)) return;
      const double slope = -steepness(coordinate / deviation, deviation);
      if (component.unit_basis())
        gradient[k] = slope;
      else
#pragma unroll 1
        for (std::int64_t a = 0; a < d_; ++a) gradient[a] += slope * component.vector(a, k);
    });
  }

  /// The lower triangle of out += r ggᵀ + V diag(precision) Vᵀ.
  __device__ void add_lower(const Component& component, double responsibility,
                            const Scratch& gradient, const Scratch& precision, double* out) const {
    for (std::int64_t a = 0; a < d_; ++a)
      for (std::int64_t b = 0; b <= a; ++b) {
        double sum = out[a * d_ + b] + responsibility * (gradient[a] * gradient[b]);
        if (!component.unit_basis())
          for (std::int64_t k = 0; k < d_; ++k)
            sum += precision[k] * component.vector(a, k) * component.vector(b, k);
        else if (a == b)
          sum += precision[a];
        out[a * d_ + b] = sum;
      }
  }

  /// body(component i, r_i) for the components with r_i > 0.
  template <class Body>
  __device__ void for_each_responsible(const Level& level, const Body& body) const {
    if (level.log_density == -kInfinity) return;
    for (std::int64_t i = 0; i < mixture_.ranks.size; ++i) {
      if (mixture_.ranks.data[i] != level.rank) continue;
      const Term term = look(i);
      if (!term.in_span) continue;
      const double responsibility = exp(term.log_term - level.log_density);
      if (responsibility > 0) body(Component(mixture_.components, i), responsibility);
    }
  }

  const MixtureDensity& mixture_;
  std::int64_t d_;
  const double* x_;
  double largest_ = 0;
};

__device__ std::int64_t first_point() { return std::int64_t{blockIdx.x} * kThreads + threadIdx.x; }

std::int64_t scratch_vectors(const DensityOutputs& out) {
  return out.hessians.data ? 2 : out.scores.data ? 1 : 0;
}

}  // namespace

/// A thread a point, through all components: per component in R^d 2 d² operations in the
/// eigenbasis, whose loads a warp shares and the caches serve, and d divisions. Leaves the least
/// rank, if there are scores to come, in their first column.
__global__ void __launch_bounds__(kThreads, kResidentBlocks)
    log_density_kernel(MatrixView<const double> points,
                       const __grid_constant__ MixtureDensity mixture, DensityOutputs out) {
  const std::int64_t threads = std::int64_t{gridDim.x} * kThreads;
  for (std::int64_t s = first_point(); s < points.rows; s += threads) {
    const Level level = PointDensity(mixture, row_of(points, s)).level();
    out.log_densities.data[s] = level.log_density;
    if (out.scores.data) *row_of(out.scores, s) = static_cast<double>(level.rank);
  }
}

/// The same over the components of that rank, and as much again for those with r_i > 0. Hands the
/// rank on in the first column of the Hessians.
__global__ void __launch_bounds__(kThreads, kResidentBlocks)
    score_kernel(MatrixView<const double> points, const __grid_constant__ MixtureDensity mixture,
                 DensityOutputs out, double* scratch) {
  const std::int64_t threads = std::int64_t{gridDim.x} * kThreads;
  const Scratch gradient{scratch + first_point(), threads};
  for (std::int64_t s = first_point(); s < points.rows; s += threads) {
    double* const score = row_of(out.scores, s);
    const double rank = *score;
    const Level level{out.log_densities.data[s], static_cast<std::int64_t>(rank)};
    PointDensity(mixture, row_of(points, s)).score(level, gradient, score);
    if (out.hessians.data) *row_of(out.hessians, s) = rank;
  }
}

/// The same, with 1.5 d³ operations for each component with r_i > 0.
__global__ void __launch_bounds__(kThreads, kResidentBlocks)
    hessian_kernel(MatrixView<const double> points, const __grid_constant__ MixtureDensity mixture,
                   DensityOutputs out, double* scratch) {
  const std::int64_t threads = std::int64_t{gridDim.x} * kThreads;
  const Scratch gradient{scratch + first_point(), threads};
  const Scratch precision{scratch + first_point() + threads * points.cols, threads};
  for (std::int64_t s = first_point(); s < points.rows; s += threads) {
    double* const hessian = row_of(out.hessians, s);
    const Level level{out.log_densities.data[s], static_cast<std::int64_t>(*hessian)};
    PointDensity(mixture, row_of(points, s))
        .hessian(level, row_of(out.scores, s), gradient, precision, hessian);
  }
}

DensityPlan plan_mixture_density(MatrixView<const double> points, const DensityOutputs& out,
                                 std::size_t limit) {
  const std::int64_t numbers = kThreads * points.cols * scratch_vectors(out);
  const std::size_t per_block = static_cast<std::size_t>(numbers) * sizeof(double);
  std::int64_t blocks =
      std::min<std::int64_t>(one_thread_each(points.rows, kThreads).blocks, std::int64_t{1} << 20);
  if (per_block > 0)
    blocks = std::min(blocks,
                      std::max<std::int64_t>(
                          1, static_cast<std::int64_t>(std::min(limit, kMostScratch) / per_block)));
  return {blocks, static_cast<std::size_t>(blocks) * per_block};
}

void launch_mixture_density(const DensityPlan& plan, MatrixView<const double> points,
                            const MixtureDensity& mixture, const DensityOutputs& out,
                            double* scratch, cudaStream_t stream) {
  const LaunchShape shape{plan.blocks, kThreads};
  launch(log_density_kernel, shape, stream, points, mixture, out);
  if (!out.scores.data) return;
  launch(score_kernel, shape, stream, points, mixture, out, scratch);
  if (out.hessians.data) launch(hessian_kernel, shape, stream, points, mixture, out, scratch);
}

}  // namespace wquant
