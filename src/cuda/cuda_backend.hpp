#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "backend/backend.hpp"
#include "cuda/cusolver_handle.hpp"
#include "cuda/staging.hpp"

struct CUstream_st;

namespace wquant {

/// Backend on CUDA kernels, each ordered on one stream. Only copy_to_host and wait wait for it,
/// and copy_from_host with more than Staging::kBytes. The thread's current device is left as it was
/// found. Several threads may call at once; each finds its own calls in order.
class CudaBackend final : public Backend {
 public:
  /// Requires a valid device ordinal; a caller's stream must belong to that device.
  explicit CudaBackend(const CudaOptions& options);

  std::string device() const override { return "cuda"; }
  MemorySpace memory_space() const override { return MemorySpace::device; }
  std::size_t workspace_limit() const override { return workspace_limit_; }
  int host_threads() const override { return host_threads_; }

  void* allocate(std::size_t bytes) override;
  void deallocate(void* memory) noexcept override;
  void copy_to_host(void* to, const void* from, std::size_t bytes) override;
  void copy_from_host(void* to, const void* from, std::size_t bytes) override;
  void wait() override;

  void largest_magnitude(MatrixView<const double> values, double limit, VectorView<double> largest,
                         VectorView<std::int64_t> first_beyond) override;
  void largest_magnitude(MatrixView<const float> values, double limit, VectorView<double> largest,
                         VectorView<std::int64_t> first_beyond) override;
  void divide(MatrixView<const double> values, double unit, MatrixView<double> out) override;
  void divide(MatrixView<const float> values, double unit, MatrixView<float> out) override;
  void symmetric_parts(TensorView<const double> matrices, double tolerance,
                       TensorView<double> symmetric, MatrixView<double> diagonals,
                       VectorView<std::int64_t> off_diagonal,
                       VectorView<std::int64_t> faults) override;
  void eigh(TensorView<const double> matrices, MatrixView<double> eigenvalues,
            TensorView<double> eigenvectors, VectorView<double> residual,
            VectorView<double> orthogonality) override;
  void cell_moments(const CellRows& rows, const CellTable& out) override;
  void box_moments(const BoxMembers& boxes, const BoxTable& out) override;
  void product_mass(const ProductGrids& grids, const GridComponents& components,
                    VectorView<double> probabilities) override;
  void product_locations(const ProductGrids& grids, const GridFrames& frames,
                         MatrixView<double> locations) override;
  void nearest(MatrixView<const double> points, MatrixView<const double> centres,
               VectorView<std::int64_t> labels, VectorView<double> squared_distances) override;
  void nearest(MatrixView<const float> points, MatrixView<const float> centres,
               VectorView<std::int64_t> labels, VectorView<double> squared_distances) override;
  void lloyd_step(MatrixView<const double> points, VectorView<const double> weights,
                  MatrixView<const double> centres, VectorView<const double> shifts,
                  const LloydPoints& at, const LloydTotals& totals) override;
  void lloyd_step(MatrixView<const float> points, VectorView<const double> weights,
                  MatrixView<const float> centres, VectorView<const double> shifts,
                  const LloydPoints& at, const LloydTotals& totals) override;
  void seeding_step(MatrixView<const double> points, VectorView<const double> weights,
                    MatrixView<const double> candidates, VectorView<double> squares,
                    MatrixView<double> costs) override;
  void seeding_step(MatrixView<const float> points, VectorView<const double> weights,
                    MatrixView<const float> candidates, VectorView<double> squares,
                    MatrixView<double> costs) override;
  void region_statistics(MatrixView<const double> points, const RegionGeometry& regions, int order,
                         const RegionTotals& totals) override;
  void region_statistics(MatrixView<const float> points, const RegionGeometry& regions, int order,
                         const RegionTotals& totals) override;
  void pairwise_distances(MatrixView<const double> a, MatrixView<const double> b,
                          MatrixView<double> distances) override;
  void price_edges(MatrixView<const double> gains, VectorView<const double> row_prices,
                   VectorView<const double> column_prices, MatrixView<double> violations,
                   MatrixView<std::int64_t> columns) override;
  void mixture_density(MatrixView<const double> points, const MixtureDensity& mixture,
                       VectorView<double> log_densities, MatrixView<double> scores,
                       MatrixView<double> hessians) override;
  void ascent_step(MatrixView<const double> points, const AscentMixture& mixture, double cutoff,
                   const AscentStep& out) override;
  void sample_mixture(const GaussianComponents& components, const CumulativeTable& choice,
                      std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                      VectorView<std::int64_t> labels) override;
  void sample_discrete(MatrixView<const double> locations, const CumulativeTable& choice,
                       std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                       VectorView<std::int64_t> labels) override;

 private:
  struct StreamDeleter {
    void operator()(CUstream_st* stream) const noexcept;
  };

  int device_;
  int host_threads_;
  std::size_t workspace_limit_;
  std::unique_ptr<CUstream_st, StreamDeleter> own_stream_;
  CUstream_st* stream_;
  Staging staging_;
  std::mutex cusolver_mutex_;
  CusolverHandle cusolver_;  // made when first needed
};

}  // namespace wquant
