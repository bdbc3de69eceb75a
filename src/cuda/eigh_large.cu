#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "base/checked.hpp"
#include "cuda/cusolver.hpp"
#include "cuda/eigh.cuh"
#include "cuda/eigh_parts.cuh"
#include "cuda/factor_errors.cuh"
#include "cuda/launch.hpp"
#include "cuda/warp_sum.cuh"
#include "cuda/workspace.hpp"

namespace wquant {
namespace {

constexpr int kPackThreads = 256;
constexpr int kPackBlocks = 4;  // on a multiprocessor
constexpr int kWarps = 4;       // of a block of order_kernel
constexpr int kTile = 32;
constexpr int kTileRows = 8;                       // that a block of unpack_kernel moves at a time
constexpr std::int64_t kMostEntries = 0x7fffffff;  // of one call of cuSOLVER

struct Largest {
  __device__ double operator()(double a, double b) const { return fmax(a, b); }
};
struct Sum {
  __device__ double operator()(double a, double b) const { return a + b; }
};

/// Of all threads' values, in a fixed order; for every thread.
template <class Operation>
__device__ double reduce_block(double value, const Operation& operation) {
  __shared__ double values[kPackThreads];
  __syncthreads();
  values[threadIdx.x] = value;
  for (int step = kPackThreads / 2; step > 0; step /= 2) {
    __syncthreads();
    if (threadIdx.x < step)
      values[threadIdx.x] = operation(values[threadIdx.x], values[threadIdx.x + step]);
  }
  __syncthreads();
  return values[0];
}

/// body(i, j) for the entries of an n × n matrix, a row a warp.
template <class Body>
__device__ void for_each_entry(std::int64_t n, const Body& body) {
  for (std::int64_t i = threadIdx.x / 32; i < n; i += kPackThreads / 32)
    for (std::int64_t j = threadIdx.x % 32; j < n; j += 32) body(i, j);
}

/// Eigenpair `source` is the next one in descending order, its vector to be multiplied by `sign`.
struct Column {
  int source;
  int sign;
};

}  // namespace

/// One block a matrix: its unit, its norm, and the matrix in its unit. 24 bytes an entry, which
/// limit it on an H100 where there are matrices enough.
__global__ void __launch_bounds__(kPackThreads, kPackBlocks)
    pack_kernel(TensorView<const double> matrices, std::int64_t first,
                const __grid_constant__ PackedPairs pairs) {
  const std::int64_t n = pairs.n;
  const std::int64_t m = blockIdx.x;
  const double* const from = matrices.data + (first + m) * matrices.matrix_stride;
  double largest = 0;
  for_each_entry(n, [&](std::int64_t i, std::int64_t j) {
    largest = fmax(largest, fabs(from[i * matrices.row_stride + j]));
  });
  const Unit unit = unit_of(reduce_block(largest, Largest{}));
  double square = 0;
  for_each_entry(n, [&](std::int64_t i, std::int64_t j) {
    const double a = from[i * matrices.row_stride + j] * unit.inverse;
    pairs.vectors[(m * n + i) * n + j] = a;
    square += a * a;
  });
  square = reduce_block(square, Sum{});
  if (threadIdx.x != 0) return;
  pairs.units[m] = unit.value;
  pairs.norms[m] = sqrt(square);
}

/// One block a matrix that cuSOLVER has given up: V = I and Λ = diag A, so that what is stored is
/// finite and its bounds are true.
__global__ void __launch_bounds__(kPackThreads, kPackBlocks)
    replace_failure_kernel(TensorView<const double> matrices, std::int64_t first,
                           const __grid_constant__ PackedPairs pairs) {
  const std::int64_t n = pairs.n;
  const std::int64_t m = blockIdx.x;
  if (pairs.failures[m] == 0) return;
  const double* const from = matrices.data + (first + m) * matrices.matrix_stride;
  const double inverse = 1 / pairs.units[m];
  for_each_entry(n, [&](std::int64_t i, std::int64_t j) {
    pairs.vectors[(m * n + i) * n + j] = i == j ? 1 : 0;
    if (i == j) pairs.values[m * n + i] = from[i * matrices.row_stride + i] * inverse;
  });
}

/// One warp an eigenpair: its place among the others, its sign and its length. 16 bytes a number
/// of the pair, which limit it on an H100.
__global__ void __launch_bounds__(32 * kWarps)
    order_kernel(const __grid_constant__ PackedPairs pairs, std::int64_t first,
                 MatrixView<double> eigenvalues, Column* columns) {
  const int n = static_cast<int>(pairs.n);
  const std::int64_t pair = std::int64_t{blockIdx.x} * kWarps + threadIdx.x / 32;
  if (pair >= pairs.count * n) return;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const std::int64_t m = pair / n;
  const int k = static_cast<int>(pair % n);
  const double* const values = pairs.values + m * n;
  const double* const vector = pairs.vectors + pair * n;

  int place = 0;
  double square = 0;
  double largest = 0;
  int at = n;
  for (int j = lane; j < n; j += 32) {
    place += precedes(values[j], j, values[k], k) ? 1 : 0;
    square += vector[j] * vector[j];
    if (fabs(vector[j]) > largest) {
      largest = fabs(vector[j]);
      at = j;
    }
  }
  for (int step = 16; step > 0; step /= 2) {
    const double other = __shfl_xor_sync(0xffffffff, largest, step);
    const int other_at = __shfl_xor_sync(0xffffffff, at, step);
    if (other > largest || (other == largest && other_at < at)) {
      largest = other;
      at = other_at;
    }
  }
  place = warp_sum(place);
  square = warp_sum(square);
  if (lane != 0) return;
  pairs.lengths[pair] = square;
  columns[m * n + place] = {k, at < n && vector[at] < 0 ? -1 : 1};
  eigenvalues.data[(first + m) * eigenvalues.row_stride + place] = values[k] * pairs.units[m];
}

/// One block a 32 × 32 tile of a matrix of eigenvectors, turned in shared memory. 16 bytes an
/// entry, which limit it on an H100.
__global__ void __launch_bounds__(kTile* kTileRows)
    unpack_kernel(const __grid_constant__ PackedPairs pairs, const Column* columns,
                  std::int64_t first, TensorView<double> eigenvectors) {
  __shared__ double tile[kTile][kTile + 1];
  const std::int64_t n = pairs.n;
  const std::int64_t along = (n + kTile - 1) / kTile;
  const std::int64_t m = blockIdx.x / (along * along);
  const std::int64_t row = blockIdx.x / along % along * kTile;
  const std::int64_t column = blockIdx.x % along * kTile;
  const int x = static_cast<int>(threadIdx.x) % kTile;
  const int y = static_cast<int>(threadIdx.x) / kTile;
  for (int c = y; c < kTile; c += kTileRows) {
    if (column + c >= n || row + x >= n) continue;
    const Column from = columns[m * n + column + c];
    tile[c][x] = from.sign * pairs.vectors[(m * n + from.source) * n + row + x];
  }
  __syncthreads();
  double* const to = eigenvectors.data + (first + m) * eigenvectors.matrix_stride;
  for (int r = y; r < kTile; r += kTileRows)
    if (row + r < n && column + x < n)
      to[(row + r) * eigenvectors.row_stride + column + x] = tile[x][r];
}

namespace {

struct ParametersDeleter {
  void operator()(cusolverDnParams* parameters) const noexcept {
    static_cast<void>(cusolver().destroy_params(parameters));
  }
};
using Parameters = std::unique_ptr<cusolverDnParams, ParametersDeleter>;

Parameters make_parameters() {
  cusolverDnParams_t created = nullptr;
  WQUANT_CUSOLVER_CHECK(cusolver().create_params(&created));
  return Parameters(created);
}

constexpr cusolverEigMode_t kVectors = CUSOLVER_EIG_MODE_VECTOR;
constexpr cublasFillMode_t kTriangle = CUBLAS_FILL_MODE_UPPER;  // below the diagonal in row-major

/// How many matrices a call of cuSOLVER takes at most, and the memory it wants.
struct Plan {
  std::int64_t count;
  std::size_t device_bytes;
  std::size_t host_bytes;
};

std::size_t own_bytes(std::int64_t n) {
  const auto numbers = static_cast<std::size_t>(n * n + 2 * n + 2 + factor_error_scratch(n));
  return numbers * sizeof(double) + static_cast<std::size_t>(n) * sizeof(Column) + sizeof(int);
}

/// Throws OutOfMemory if not even one matrix stays within `limit`.
Plan plan(TensorView<const double> matrices, const double* values, cusolverDnHandle_t handle,
          cusolverDnParams_t parameters, std::size_t limit) {
  const std::int64_t n = matrices.rows;
  if (n > kMostEntries / n)
    throw InvalidArgument("eigh: " + std::to_string(n) + " dimensions; expected at most 46340");
  Plan plan{std::min(matrices.count, kMostEntries / (n * n)), 0, 0};
  const auto provide_for = [&](std::int64_t count) {
    std::size_t device_bytes = 0;
    std::size_t host_bytes = 0;
    WQUANT_CUSOLVER_CHECK(cusolver().syev_batched_buffer_size(
        handle, parameters, kVectors, kTriangle, n, CUDA_R_64F, matrices.data, n, CUDA_R_64F,
        values, CUDA_R_64F, &device_bytes, &host_bytes, count));
    plan.device_bytes = std::max(plan.device_bytes, device_bytes);
    plan.host_bytes = std::max(plan.host_bytes, host_bytes);
  };
  while (true) {
    plan.device_bytes = plan.host_bytes = 0;
    provide_for(plan.count);
    if (const std::int64_t last = matrices.count % plan.count; last > 0) provide_for(last);
    const std::size_t bytes =
        plan.device_bytes + static_cast<std::size_t>(plan.count) * own_bytes(n);
    if (bytes <= limit) return plan;
    if (plan.count == 1)
      throw OutOfMemory("eigh: " + human_bytes(static_cast<double>(bytes)) + " needed for a " +
                        std::to_string(n) + " x " + std::to_string(n) + " matrix, the limit is " +
                        human_bytes(static_cast<double>(limit)));
    plan.count = (plan.count + 1) / 2;
  }
}

}  // namespace

void launch_large_eigh(TensorView<const double> matrices, const EighOutputs& out,
                       CusolverHandle& handle, Backend& backend, cudaStream_t stream) {
  if (!handle) handle = make_cusolver_handle(stream);
  const Parameters parameters = make_parameters();
  const std::int64_t n = matrices.rows;
  const Plan most = plan(matrices, out.eigenvalues.data, handle.get(), parameters.get(),
                         backend.workspace_limit());
  const Workspace<double> vectors(backend, most.count, n * n);
  const Workspace<double> values(backend, most.count, n);
  const Workspace<double> lengths(backend, most.count, n);
  const Workspace<double> norms(backend, most.count);
  const Workspace<double> units(backend, most.count);
  const Workspace<double> squares(backend, most.count, factor_error_scratch(n));
  const Workspace<Column> columns(backend, most.count, n);
  const Workspace<int> failures(backend, most.count);
  const Workspace<char> buffer(backend, static_cast<std::int64_t>(most.device_bytes));
  const auto host_buffer = std::make_unique<char[]>(most.host_bytes);

  for (std::int64_t first = 0; first < matrices.count; first += most.count) {
    const PackedPairs pairs{std::min(most.count, matrices.count - first),
                            n,
                            vectors.data(),
                            values.data(),
                            lengths.data(),
                            norms.data(),
                            units.data(),
                            failures.data()};
    launch(pack_kernel, {pairs.count, kPackThreads}, stream, matrices, first, pairs);
    WQUANT_CUSOLVER_CHECK(cusolver().syev_batched(
        handle.get(), parameters.get(), kVectors, kTriangle, n, CUDA_R_64F, pairs.vectors, n,
        CUDA_R_64F, pairs.values, CUDA_R_64F, buffer.data(), most.device_bytes, host_buffer.get(),
        most.host_bytes, failures.data(), pairs.count));
    launch(replace_failure_kernel, {pairs.count, kPackThreads}, stream, matrices, first, pairs);
    launch(order_kernel, {(pairs.count * n + kWarps - 1) / kWarps, 32 * kWarps}, stream, pairs,
           first, out.eigenvalues, columns.data());
    const std::int64_t along = (n + kTile - 1) / kTile;
    launch(unpack_kernel, {pairs.count * along * along, kTile * kTileRows}, stream, pairs,
           columns.data(), first, out.eigenvectors);
    launch_factor_errors(pairs, matrices, first, squares.data(), out.residual, out.orthogonality,
                         stream);
  }
  if (most.host_bytes > 0)
    WQUANT_CUDA_CHECK(cudaStreamSynchronize(stream));  // it is read till then
}

}  // namespace wquant
