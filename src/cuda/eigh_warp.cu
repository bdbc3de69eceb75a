#include <cmath>

#include "cuda/eigh.cuh"
#include "cuda/eigh_parts.cuh"
#include "cuda/launch.hpp"
#include "cuda/warp_sum.cuh"
#include "numerics/factor_bound.hpp"
#include "numerics/jacobi.hpp"

namespace wquant {
namespace {

constexpr int kWarps = 2;            // of a block
constexpr int kResidentBlocks = 16;  // on a multiprocessor, as far as registers go
constexpr int kMostSweeps = 30;
/// a_pq² / |a_pp a_qq| up to which eigenvalues are as good as they can be (Demmel and Veselić,
/// Jacobi's method is more accurate than QR, 1992).
constexpr double kNegligible = 0x1p-106;
constexpr unsigned kAllLanes = 0xffffffff;

/// A rotation in the plane (p, q), p < q.
struct Turn {
  double cosine, sine;
  int p, q;
};

/// A warp's shared memory: a symmetric matrix of even order m, of which the lower triangle counts,
/// its eigenvectors as columns, and the turns of one round. Rows lie an odd number of entries
/// apart, so that lanes that read a column meet in no bank.
class Panel {
 public:
  __host__ __device__ static constexpr int order(int n) { return n + n % 2; }
  __host__ __device__ static constexpr int bytes(int n) {
    const int m = order(n);
    return 2 * m * (m + 1) * static_cast<int>(sizeof(double)) +
           m / 2 * static_cast<int>(sizeof(Turn));
  }

  __device__ Panel(char* memory, int n)
      : m_(order(n)), a_(reinterpret_cast<double*>(memory)), v_(a_ + m_ * (m_ + 1)) {}

  __device__ int m() const { return m_; }
  __device__ double& a(int i, int j) const { return a_[i * (m_ + 1) + j]; }
  __device__ double& v(int i, int j) const { return v_[i * (m_ + 1) + j]; }
  __device__ Turn& turn(int k) const { return reinterpret_cast<Turn*>(v_ + m_ * (m_ + 1))[k]; }
  /// a(i, j) for either order of i and j.
  __device__ double& symmetric(int i, int j) const { return i > j ? a(i, j) : a(j, i); }

 private:
  int m_;
  double* a_;
  double* v_;
};

/// The matrix in its unit, with a row and column of 0 where n is odd, and V = I.
__device__ Unit load(const double* from, std::int64_t row_stride, int n, int lane,
                     const Panel& panel) {
  double largest = 0;
  if (lane < n)
    for (int i = 0; i < n; ++i) {
      const double entry = from[i * row_stride + lane];
      panel.a(i, lane) = entry;
      largest = fmax(largest, fabs(entry));
    }
  for (int step = 16; step > 0; step /= 2)
    largest = fmax(largest, __shfl_xor_sync(kAllLanes, largest, step));
  const Unit unit = unit_of(largest);
  if (lane < panel.m())
    for (int i = 0; i < panel.m(); ++i) {
      panel.a(i, lane) = i < n && lane < n ? panel.a(i, lane) * unit.inverse : 0;
      panel.v(i, lane) = i == lane ? 1 : 0;
    }
  __syncwarp();
  return unit;
}

/// Pair k of a round: over m − 1 rounds of a tournament where m − 1 stays and the others move on,
/// each index meets each other once. Annihilates a_qp; false if it is small enough to stay.
__device__ bool choose_turn(const Panel& panel, int round, int k) {
  const int others = panel.m() - 1;
  const int one = k == 0 ? others : (round + k) % others;
  const int other = k == 0 ? round : (round + others - k) % others;
  const int p = min(one, other);
  const int q = max(one, other);
  panel.turn(k) = {1, 0, p, q};
  const double a_pq = panel.a(q, p);
  if (a_pq * a_pq <= kNegligible * fabs(panel.a(p, p) * panel.a(q, q))) return false;
  const JacobiRotation r = jacobi_rotation(panel.a(p, p), panel.a(q, q), a_pq);
  panel.a(p, p) -= r.tangent * a_pq;
  panel.a(q, q) += r.tangent * a_pq;
  panel.a(q, p) = 0;
  panel.turn(k) = {r.cosine, r.sine, p, q};
  return true;
}

/// The 2 × 2 blocks of JᵀAJ in which turn i meets turn j < i, one a lane.
__device__ void turn_matrix(const Panel& panel, int lane) {
  const int half = panel.m() / 2;
#pragma unroll 1
  for (int t = lane; t < half * (half - 1) / 2; t += 32) {
    const int i = static_cast<int>((sqrtf(static_cast<float>(8 * t + 1)) + 1) / 2);
    const Turn x = panel.turn(i);
    const Turn y = panel.turn(t - i * (i - 1) / 2);
    double& a_pp = panel.symmetric(x.p, y.p);
    double& a_pq = panel.symmetric(x.p, y.q);
    double& a_qp = panel.symmetric(x.q, y.p);
    double& a_qq = panel.symmetric(x.q, y.q);
    const double pp = x.cosine * a_pp - x.sine * a_qp;
    const double pq = x.cosine * a_pq - x.sine * a_qq;
    const double qp = x.sine * a_pp + x.cosine * a_qp;
    const double qq = x.sine * a_pq + x.cosine * a_qq;
    a_pp = y.cosine * pp - y.sine * pq;
    a_pq = y.sine * pp + y.cosine * pq;
    a_qp = y.cosine * qp - y.sine * qq;
    a_qq = y.sine * qp + y.cosine * qq;
  }
}

/// VJ, a row a lane.
__device__ void turn_vectors(const Panel& panel, int n, int lane) {
  if (lane >= n) return;
  for (int k = 0; k < panel.m() / 2; ++k) {
    const Turn t = panel.turn(k);
    const double v_p = panel.v(lane, t.p);
    const double v_q = panel.v(lane, t.q);
    panel.v(lane, t.p) = t.cosine * v_p - t.sine * v_q;
    panel.v(lane, t.q) = t.sine * v_p + t.cosine * v_q;
  }
}

/// Whether anything has changed.
__device__ bool sweep(const Panel& panel, int n, int lane) {
  bool changed = false;
#pragma unroll 1
  for (int round = 0; round < panel.m() - 1; ++round) {
    const bool turns = lane < panel.m() / 2 && choose_turn(panel, round, lane);
    __syncwarp();
    if (!__any_sync(kAllLanes, turns)) continue;
    changed = true;
    turn_matrix(panel, lane);
    turn_vectors(panel, n, lane);
    __syncwarp();
  }
  return changed;
}

/// Eigenpair `k` to its place.
__device__ void store_pair(const Panel& panel, int n, int k, double unit, double* values,
                           double* vectors, std::int64_t row_stride) {
  const double value = panel.a(k, k);
  int place = 0;
  for (int j = 0; j < n; ++j) place += precedes(panel.a(j, j), j, value, k) ? 1 : 0;
  double largest = panel.v(0, k);
  for (int i = 1; i < n; ++i)
    if (fabs(panel.v(i, k)) > fabs(largest)) largest = panel.v(i, k);
  values[place] = value * unit;
  for (int i = 0; i < n; ++i)
    vectors[i * row_stride + place] = largest < 0 ? -panel.v(i, k) : panel.v(i, k);
}

/// Bounds on ‖A − VΛVᵀ‖_F, in the unit, and ‖VᵀV − I‖_F, a column a lane.
__device__ double2 factor_errors(const Panel& panel, const double* from, std::int64_t row_stride,
                                 int n, double inverse_unit, int lane) {
  double residual = 0, orthogonality = 0, norm = 0, length = 0;
  if (lane < n)
    for (int i = 0; i < n; ++i) {
      double entry = 0, inner = 0;
      for (int k = 0; k < n; ++k) {
        entry += panel.v(i, k) * panel.a(k, k) * panel.v(lane, k);
        inner += panel.v(k, i) * panel.v(k, lane);
      }
      if (i == lane) length = inner;
      const double a = from[i * row_stride + lane] * inverse_unit;
      const double off = i == lane ? inner - 1 : inner;
      residual += (entry - a) * (entry - a);
      orthogonality += off * off;
      norm += a * a;
    }
  const double magnitude =
      warp_sum(lane < n ? fabs(panel.a(lane, lane)) * length : 0) + sqrt(warp_sum(norm));
  return {product_distance_bound(n, sqrt(warp_sum(residual)), magnitude),
          product_distance_bound(n, sqrt(warp_sum(orthogonality)), warp_sum(length))};
}

}  // namespace

/// One warp a matrix, by Jacobi sweeps of ⌊d/2⌋ rotations at once (Golub & Van Loan, §8.5.6). Per
/// matrix 24 d² + 8 d + 16 bytes. A random one of 32 × 32 takes 37 d³ double-precision instructions
/// and 3.4 d³ passes through shared memory, which limit it on an H100.
__global__ void __launch_bounds__(32 * kWarps, kResidentBlocks)
    warp_eigh_kernel(TensorView<const double> matrices, const __grid_constant__ EighOutputs out) {
  extern __shared__ __align__(16) char shared[];
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int warp = static_cast<int>(threadIdx.x) / 32;
  const std::int64_t i = std::int64_t{blockIdx.x} * kWarps + warp;
  if (i >= matrices.count) return;
  const int n = static_cast<int>(matrices.rows);
  const Panel panel(shared + warp * Panel::bytes(n), n);
  const double* const from = matrices.data + i * matrices.matrix_stride;
  const Unit unit = load(from, matrices.row_stride, n, lane, panel);

  bool changed = true;
#pragma unroll 1
  for (int s = 0; s < kMostSweeps && changed; ++s) changed = sweep(panel, n, lane);

  if (lane < n)
    store_pair(panel, n, lane, unit.value, out.eigenvalues.data + i * out.eigenvalues.row_stride,
               out.eigenvectors.data + i * out.eigenvectors.matrix_stride,
               out.eigenvectors.row_stride);
  const double2 errors = factor_errors(panel, from, matrices.row_stride, n, unit.inverse, lane);
  if (lane != 0) return;
  out.residual.data[i] = changed ? INFINITY : errors.x * unit.value;
  out.orthogonality.data[i] = errors.y;
}

void launch_warp_eigh(TensorView<const double> matrices, const EighOutputs& out,
                      cudaStream_t stream) {
  const auto bytes = static_cast<std::size_t>(Panel::bytes(static_cast<int>(matrices.rows)));
  launch(warp_eigh_kernel, {(matrices.count + kWarps - 1) / kWarps, 32 * kWarps, kWarps * bytes},
         stream, matrices, out);
}

}  // namespace wquant
