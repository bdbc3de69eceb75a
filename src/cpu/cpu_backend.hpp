#pragma once

#include "backend/backend.hpp"

namespace wquant {

/// Backend on Eigen and OpenMP.
class CpuBackend final : public Backend {
 public:
  CpuBackend(int threads, std::size_t workspace_limit);

  std::string device() const override { return "cpu"; }
  MemorySpace memory_space() const override { return MemorySpace::host; }
  std::size_t workspace_limit() const override { return workspace_limit_; }
  int host_threads() const override { return threads_; }

  void* allocate(std::size_t bytes) override;
  void deallocate(void* memory) noexcept override;
  void copy_to_host(void* to, const void* from, std::size_t bytes) override;
  void copy_from_host(void* to, const void* from, std::size_t bytes) override;
  void wait() override {}

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
  int threads_;
  std::size_t workspace_limit_;
};

}  // namespace wquant
