#include "cuda/box_moments.cuh"
#include "cuda/launch.hpp"
#include "cuda/warp_sum.cuh"
#include "numerics/row_cells.hpp"

namespace wquant {
namespace {

constexpr int kWarp = 32;
constexpr int kThreads = 128;
constexpr int kBoxesPerBlock = kThreads / kWarp;

__device__ CellMoments member_cell(const BoxMembers& boxes, std::int64_t row, std::int64_t end) {
  return gaussian_cell(boxes.means.data[row], boxes.deviations.data[row], boxes.lower.data[end],
                       boxes.upper.data[end]);
}

}  // namespace

/// One warp a box, one lane every 32nd of its members: first their masses over all dimensions,
/// which are written, then dimension by dimension the sums. Per member and dimension two cells of
/// normal_cell, whose double-precision instructions limit it on an H100, and 40 bytes: the member's
/// row twice, its mass once; ends and sums of the box are shared by the warp.
__global__ void __launch_bounds__(kThreads, 4) box_moments_kernel(BoxMembers boxes, BoxTable out) {
  const std::int64_t b = std::int64_t{blockIdx.x} * kBoxesPerBlock + threadIdx.x / kWarp;
  if (b >= boxes.rank.size) return;
  const std::int64_t first = boxes.members_begin.data[b] + threadIdx.x % kWarp;
  const std::int64_t end = boxes.members_begin.data[b + 1];
  const std::int64_t rank = boxes.rank.data[b];
  const std::int64_t ends = boxes.ends_begin.data[b];

  double sum = 0;
#pragma unroll 1
  for (std::int64_t e = first; e < end; e += kWarp) {
    const std::int64_t c = boxes.components.data[e];
    double mass = boxes.weights.data[c];
#pragma unroll 1
    for (std::int64_t k = 0; k < rank; ++k)
      mass *= member_cell(boxes, boxes.rows_begin.data[c] + k, ends + k).mass;
    out.member_mass.data[e] = mass;
    sum += mass;
  }
  sum = warp_sum(sum);
  if (threadIdx.x % kWarp == 0) out.mass.data[b] = sum;

#pragma unroll 1
  for (std::int64_t k = 0; k < rank; ++k) {
    double moment = 0;
    double cost = 0;
#pragma unroll 1
    for (std::int64_t e = first; e < end; e += kWarp) {
      const std::int64_t row = boxes.rows_begin.data[boxes.components.data[e]] + k;
      const CellMoments cell = member_cell(boxes, row, ends + k);
      const double mass = out.member_mass.data[e];
      const double offset = cell.mean - boxes.about.data[ends + k];
      moment += mass * offset;
      cost += mass * (cell.variance + offset * offset);
    }
    moment = warp_sum(moment);
    cost = warp_sum(cost);
    if (threadIdx.x % kWarp == 0) {
      out.first.data[ends + k] = moment;
      out.second.data[ends + k] = cost;
    }
  }
}

void launch_box_moments(const BoxMembers& boxes, const BoxTable& out, cudaStream_t stream) {
  const std::int64_t blocks = (boxes.rank.size + kBoxesPerBlock - 1) / kBoxesPerBlock;
  launch(box_moments_kernel, {blocks, kThreads}, stream, boxes, out);
}

}  // namespace wquant
