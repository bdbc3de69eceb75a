#include "cuda/cuda_backend.hpp"

#include <cuda_runtime_api.h>

#include <algorithm>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "cuda/ascent_step.cuh"
#include "cuda/box_moments.cuh"
#include "cuda/cell_moments.cuh"
#include "cuda/check.hpp"
#include "cuda/edge_pricing.cuh"
#include "cuda/eigh.cuh"
#include "cuda/lloyd_step.cuh"
#include "cuda/magnitudes.cuh"
#include "cuda/mixture_density.cuh"
#include "cuda/nearest.cuh"
#include "cuda/pairwise_distances.cuh"
#include "cuda/product_locations.cuh"
#include "cuda/product_mass.cuh"
#include "cuda/region_statistics.cuh"
#include "cuda/sample_discrete.cuh"
#include "cuda/sample_mixture.cuh"
#include "cuda/seeding_step.cuh"
#include "cuda/symmetric_parts.cuh"
#include "wquant/error.hpp"

namespace wquant {
namespace {

/// Makes a device the thread's current one for a scope.
class DeviceScope {
 public:
  explicit DeviceScope(int device) {
    WQUANT_CUDA_CHECK(cudaGetDevice(&previous_));
    if (previous_ == device) return;
    WQUANT_CUDA_CHECK(cudaSetDevice(device));
    changed_ = true;
  }
  ~DeviceScope() {
    if (changed_) static_cast<void>(cudaSetDevice(previous_));
  }
  DeviceScope(const DeviceScope&) = delete;
  DeviceScope& operator=(const DeviceScope&) = delete;

 private:
  int previous_ = 0;
  bool changed_ = false;
};

std::size_t half_of_free_memory() {
  std::size_t free = 0;
  std::size_t total = 0;
  WQUANT_CUDA_CHECK(cudaMemGetInfo(&free, &total));
  return free / 2;
}

cudaStream_t non_blocking_stream() {
  cudaStream_t stream = nullptr;
  WQUANT_CUDA_CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  return stream;
}

bool driver_is_missing() {
  int version = 0;
  return cudaDriverGetVersion(&version) == cudaSuccess && version == 0;
}

/// Throws DeviceError without a usable device, InvalidArgument for an ordinal that is none.
void require_device(int device) {
  int count = 0;
  cudaError_t status = cudaGetDeviceCount(&count);
  static_cast<void>(cudaGetLastError());
  if (status == cudaSuccess && count == 0) status = cudaErrorNoDevice;
  if (status != cudaSuccess)
    throw DeviceError(std::string("cuda: no usable device: ") + cudaGetErrorString(status) +
                      (driver_is_missing() ? " (no NVIDIA driver is loaded)" : ""));
  if (device < 0 || device >= count)
    throw InvalidArgument("device: " + std::to_string(device) +
                          " is not a CUDA device ordinal; expected 0 to " +
                          std::to_string(count - 1));
}

}  // namespace

std::shared_ptr<Backend> make_cuda_backend(const CudaOptions& options) {
  require_device(options.device);
  const DeviceScope scope(options.device);
  return std::make_shared<CudaBackend>(options);
}

CudaBackend::CudaBackend(const CudaOptions& options)
    : device_(options.device),
      host_threads_(default_threads()),
      workspace_limit_(options.workspace_limit == 0 ? half_of_free_memory()
                                                    : options.workspace_limit),
      own_stream_(options.stream ? nullptr : non_blocking_stream()),
      stream_(options.stream ? static_cast<cudaStream_t>(options.stream) : own_stream_.get()) {}

void CudaBackend::StreamDeleter::operator()(CUstream_st* stream) const noexcept {
  static_cast<void>(cudaStreamDestroy(stream));
}

void* CudaBackend::allocate(std::size_t bytes) {
  const std::string size = human_bytes(static_cast<double>(bytes));
  if (bytes > workspace_limit_)
    throw OutOfMemory("workspace: " + size + " needed at once, the limit is " +
                      human_bytes(static_cast<double>(workspace_limit_)));
  const DeviceScope scope(device_);
  void* memory = nullptr;
  const cudaError_t status = cudaMallocAsync(&memory, std::max<std::size_t>(bytes, 1), stream_);
  if (status == cudaErrorMemoryAllocation) {
    static_cast<void>(cudaGetLastError());
    throw MemoryRefused("workspace: the device refused " + size);
  }
  WQUANT_CUDA_CHECK(status);
  return memory;
}

void CudaBackend::deallocate(void* memory) noexcept {
  if (memory) static_cast<void>(cudaFreeAsync(memory, stream_));
}

void CudaBackend::copy_to_host(void* to, const void* from, std::size_t bytes) {
  const DeviceScope scope(device_);
  WQUANT_CUDA_CHECK(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream_));
  WQUANT_CUDA_CHECK(cudaStreamSynchronize(stream_));
}

void CudaBackend::copy_from_host(void* to, const void* from, std::size_t bytes) {
  const DeviceScope scope(device_);
  if (bytes <= Staging::kBytes) return staging_.copy(to, from, bytes, stream_);
  WQUANT_CUDA_CHECK(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream_));
  WQUANT_CUDA_CHECK(cudaStreamSynchronize(stream_));
}

void CudaBackend::wait() {
  const DeviceScope scope(device_);
  WQUANT_CUDA_CHECK(cudaStreamSynchronize(stream_));
}

void CudaBackend::box_moments(const BoxMembers& boxes, const BoxTable& out) {
  const DeviceScope scope(device_);
  launch_box_moments(boxes, out, stream_);
}

void CudaBackend::cell_moments(const CellRows& rows, const CellTable& out) {
  const DeviceScope scope(device_);
  launch_cell_moments(rows, out, stream_);
}

void CudaBackend::largest_magnitude(MatrixView<const double> values, double limit,
                                    VectorView<double> largest,
                                    VectorView<std::int64_t> first_beyond) {
  const DeviceScope scope(device_);
  launch_largest_magnitude(values, limit, largest, first_beyond, stream_);
}

void CudaBackend::largest_magnitude(MatrixView<const float> values, double limit,
                                    VectorView<double> largest,
                                    VectorView<std::int64_t> first_beyond) {
  const DeviceScope scope(device_);
  launch_largest_magnitude(values, limit, largest, first_beyond, stream_);
}

void CudaBackend::divide(MatrixView<const double> values, double unit, MatrixView<double> out) {
  const DeviceScope scope(device_);
  launch_divide(values, unit, out, stream_);
}

void CudaBackend::divide(MatrixView<const float> values, double unit, MatrixView<float> out) {
  const DeviceScope scope(device_);
  launch_divide(values, unit, out, stream_);
}

void CudaBackend::symmetric_parts(TensorView<const double> matrices, double tolerance,
                                  TensorView<double> symmetric, MatrixView<double> diagonals,
                                  VectorView<std::int64_t> off_diagonal,
                                  VectorView<std::int64_t> faults) {
  const DeviceScope scope(device_);
  launch_symmetric_parts(matrices, tolerance, symmetric, diagonals, off_diagonal, faults, stream_);
}

void CudaBackend::eigh(TensorView<const double> matrices, MatrixView<double> eigenvalues,
                       TensorView<double> eigenvectors, VectorView<double> residual,
                       VectorView<double> orthogonality) {
  const DeviceScope scope(device_);
  const std::lock_guard lock(cusolver_mutex_);
  launch_eigh(matrices, {eigenvalues, eigenvectors, residual, orthogonality}, cusolver_, *this,
              stream_);
}

void CudaBackend::product_mass(const ProductGrids& grids, const GridComponents& components,
                               VectorView<double> probabilities) {
  const DeviceScope scope(device_);
  launch_product_mass(grids, components, probabilities, stream_);
}

void CudaBackend::product_locations(const ProductGrids& grids, const GridFrames& frames,
                                    MatrixView<double> locations) {
  const DeviceScope scope(device_);
  launch_product_locations(grids, frames, locations, stream_);
}

void CudaBackend::nearest(MatrixView<const double> points, MatrixView<const double> centres,
                          VectorView<std::int64_t> labels, VectorView<double> squared_distances) {
  const DeviceScope scope(device_);
  launch_nearest(points, centres, labels, squared_distances, *this, stream_);
}

void CudaBackend::nearest(MatrixView<const float> points, MatrixView<const float> centres,
                          VectorView<std::int64_t> labels, VectorView<double> squared_distances) {
  const DeviceScope scope(device_);
  launch_nearest(points, centres, labels, squared_distances, *this, stream_);
}

void CudaBackend::lloyd_step(MatrixView<const double> points, VectorView<const double> weights,
                             MatrixView<const double> centres, VectorView<const double>,
                             const LloydPoints& at, const LloydTotals& totals) {
  const DeviceScope scope(device_);
  launch_lloyd_step(points, weights, centres, at, totals, *this, stream_);
}

void CudaBackend::lloyd_step(MatrixView<const float> points, VectorView<const double> weights,
                             MatrixView<const float> centres, VectorView<const double>,
                             const LloydPoints& at, const LloydTotals& totals) {
  const DeviceScope scope(device_);
  launch_lloyd_step(points, weights, centres, at, totals, *this, stream_);
}

void CudaBackend::seeding_step(MatrixView<const double> points, VectorView<const double> weights,
                               MatrixView<const double> candidates, VectorView<double> squares,
                               MatrixView<double> costs) {
  const DeviceScope scope(device_);
  launch_seeding_step(points, weights, candidates, squares, costs, stream_);
}

void CudaBackend::seeding_step(MatrixView<const float> points, VectorView<const double> weights,
                               MatrixView<const float> candidates, VectorView<double> squares,
                               MatrixView<double> costs) {
  const DeviceScope scope(device_);
  launch_seeding_step(points, weights, candidates, squares, costs, stream_);
}

void CudaBackend::region_statistics(MatrixView<const double> points, const RegionGeometry& regions,
                                    int order, const RegionTotals& totals) {
  const DeviceScope scope(device_);
  launch_region_statistics(points, regions, order, totals, *this, stream_);
}

void CudaBackend::region_statistics(MatrixView<const float> points, const RegionGeometry& regions,
                                    int order, const RegionTotals& totals) {
  const DeviceScope scope(device_);
  launch_region_statistics(points, regions, order, totals, *this, stream_);
}

void CudaBackend::pairwise_distances(MatrixView<const double> a, MatrixView<const double> b,
                                     MatrixView<double> distances) {
  const DeviceScope scope(device_);
  launch_pairwise_distances(a, b, distances, stream_);
}

void CudaBackend::price_edges(MatrixView<const double> gains, VectorView<const double> row_prices,
                              VectorView<const double> column_prices, MatrixView<double> violations,
                              MatrixView<std::int64_t> columns) {
  const DeviceScope scope(device_);
  launch_price_edges(gains, row_prices, column_prices, violations, columns, stream_);
}

void CudaBackend::mixture_density(MatrixView<const double> points, const MixtureDensity& mixture,
                                  VectorView<double> log_densities, MatrixView<double> scores,
                                  MatrixView<double> hessians) {
  const DeviceScope scope(device_);
  const DensityOutputs out{log_densities, scores, hessians};
  const DensityPlan plan = plan_mixture_density(points, out, workspace_limit_);
  const auto release = [this](void* memory) { deallocate(memory); };
  const std::unique_ptr<void, decltype(release)> scratch(allocate(plan.scratch_bytes), release);
  launch_mixture_density(plan, points, mixture, out, static_cast<double*>(scratch.get()), stream_);
}

void CudaBackend::ascent_step(MatrixView<const double> points, const AscentMixture& mixture,
                              double cutoff, const AscentStep& out) {
  const DeviceScope scope(device_);
  const AscentPlan plan = plan_ascent_step(points, workspace_limit_);
  const auto release = [this](void* memory) { deallocate(memory); };
  const std::unique_ptr<void, decltype(release)> scratch(allocate(plan.scratch_bytes), release);
  launch_ascent_step(plan, points, mixture, cutoff, out, static_cast<double*>(scratch.get()),
                     stream_);
}

void CudaBackend::sample_mixture(const GaussianComponents& components,
                                 const CumulativeTable& choice, std::uint64_t seed,
                                 std::int64_t first, MatrixView<double> points,
                                 VectorView<std::int64_t> labels) {
  const DeviceScope scope(device_);
  launch_sample_mixture(components, choice, seed, first, points, labels, stream_);
}

void CudaBackend::sample_discrete(MatrixView<const double> locations, const CumulativeTable& choice,
                                  std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                                  VectorView<std::int64_t> labels) {
  const DeviceScope scope(device_);
  launch_sample_discrete(locations, choice, seed, first, points, labels, stream_);
}

}  // namespace wquant
