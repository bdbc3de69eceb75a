#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "wquant/context.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Rows of one-dimensional Gaussians, each cut into cells. Row r is N(means[r], deviations[r]²) on
/// cells[r] ≥ 1 intervals whose cells[r] − 1 interior edges, ascending, begin at
/// edges[edges_begin[r]]; its results begin at out_begin[r], those of row r + 1 behind them. Rows
/// may share edges. A cell holds its upper edge (ties of the nearest-point rule go to the lower
/// index); deviation 0 is a point mass.
struct CellRows {
  VectorView<const double> means;
  VectorView<const double> deviations;
  VectorView<const std::int64_t> cells;
  VectorView<const std::int64_t> edges_begin;
  VectorView<const std::int64_t> out_begin;
  VectorView<const double> edges;
};

/// Mass, mean and variance of each cell, in the coordinates of the edges.
struct CellTable {
  VectorView<double> mass;
  VectorView<double> mean;
  VectorView<double> variance;
};

/// B boxes, each in coordinates of its own and with the components that count in it. Box b has
/// rank[b] dimensions; its ends, infinite ones allowed, and the point that moments are taken about
/// begin at ends_begin[b]. Its components are components[members_begin[b]] … up to
/// members_begin[b + 1]; component c has weights[c], and its means and deviations (0 for a point
/// mass) begin at rows_begin[c].
struct BoxMembers {
  VectorView<const std::int64_t> rank;           // B
  VectorView<const std::int64_t> ends_begin;     // B
  VectorView<const double> lower;                // Σ rank
  VectorView<const double> upper;                // Σ rank
  VectorView<const double> about;                // Σ rank
  VectorView<const std::int64_t> members_begin;  // B + 1
  VectorView<const std::int64_t> components;
  VectorView<const double> weights;
  VectorView<const std::int64_t> rows_begin;
  VectorView<const double> means;
  VectorView<const double> deviations;
};

/// Of N(m, diag s²) on a box, with P_l, mean_l and variance_l of the interval in dimension l.
struct BoxTable {
  VectorView<double> member_mass;  // of each member: w Π_l P_l
  VectorView<double> mass;         // B: Σ of these over the members
  VectorView<double> first;        // Σ rank: Σ w Π_l P_l (mean_k − about_k)
  VectorView<double> second;       // Σ rank: Σ w Π_l P_l (variance_k + (mean_k − about_k)²)
};

/// L product grids. Grid l has rank[l] dimensions; dimension k has cells[dimension_begin[l] + k]
/// points, which begin at points[points_begin[dimension_begin[l] + k]]. Its Π cells locations, the
/// last dimension fastest, are the rows of the results from out_begin[l] on.
struct ProductGrids {
  VectorView<const std::int64_t> rank;             // L
  VectorView<const std::int64_t> dimension_begin;  // L
  VectorView<const std::int64_t> cells;            // Σ rank
  VectorView<const std::int64_t> points_begin;     // Σ rank
  VectorView<const std::int64_t> out_begin;        // L
};

/// Components of the grids: those of grid l are component_begin[l] … component_begin[l + 1].
/// Component c has weights[c], and the masses of its 1-D cells in dimension k begin at
/// masses[masses_begin[row_begin[l] + (c − component_begin[l]) · rank[l] + k]].
struct GridComponents {
  VectorView<const std::int64_t> component_begin;  // L + 1
  VectorView<const std::int64_t> row_begin;        // L
  VectorView<const double> weights;
  VectorView<const std::int64_t> masses_begin;
  VectorView<const double> masses;
};

/// The coordinates that turn grid points into locations: grid l has offset row l of `offsets` and,
/// as columns dimension_begin[l] + k, the directions V_k s_k in the rows of `directions`.
struct GridFrames {
  MatrixView<const double> offsets;     // L × d
  MatrixView<const double> directions;  // Σ rank × d
  VectorView<const double> points;
};

/// K Gaussians N(μ_i, V_i diag(s_i²) V_iᵀ) in R^d.
struct GaussianComponents {
  MatrixView<const double> means;         // K × d
  MatrixView<const double> deviations;    // K × d: s_i ≥ 0, 0 in null directions
  TensorView<const double> eigenvectors;  // columns; K × d × d, 1 × d × d shared, or 0: V_i = I
};

/// The density of a mixture, as the kernel wants it. Component i has log_factors[i] = log w_i −
/// (r_i / 2) log 2π − Σ log s_ik over its r_i = ranks[i] directions with s_ik > 0. A point x lies
/// on its affine span if |v_kᵀ(x − μ_i)| ≤ tolerance[i] (max|x| + reach[i]) + slack[i] ‖g‖₁ for
/// every null direction v_k, where g = Σ_i⁺(x − μ_i) in the coordinates of V_i.
struct MixtureDensity {
  GaussianComponents components;
  VectorView<const double> log_factors;  // K
  VectorView<const std::int64_t> ranks;  // K
  VectorView<const double> tolerance;    // K
  VectorView<const double> reach;        // K
  VectorView<const double> slack;        // K
};

/// Consecutive components that an ascent may pass over together.
inline constexpr std::int64_t kAscentBlock = 64;

/// A mixture to be climbed: log_factors as in MixtureDensity, every s_ik > 0. Block b holds
/// components b · kAscentBlock, …: their means lie in the box lower, upper, and none has a larger
/// log-factor or deviation than the block.
struct AscentMixture {
  GaussianComponents components;
  VectorView<const double> log_factors;        // K
  MatrixView<const double> lower;              // B × d
  MatrixView<const double> upper;              // B × d
  VectorView<const double> block_log_factors;  // B
  VectorView<const double> block_deviations;   // B
};

/// What a step of ascent gives for n points.
struct AscentStep {
  VectorView<double> log_densities;  // n: log p
  MatrixView<double> shifts;         // n × d
  MatrixView<double> newtons;        // n × d
  VectorView<std::int64_t> concave;  // n: whether newtons are Newton's steps
};

/// Indices 0 … K − 1 by inversion: u in [0, 1) draws the first i with u < cumulative[i]. The last
/// entry is 1; guide[g], g < G a power of two, is the index that u = g / G draws, so that a search
/// which starts there takes K / G steps on average.
struct CumulativeTable {
  VectorView<const double> cumulative;   // K, ascending
  VectorView<const std::int64_t> guide;  // G
};

/// What Lloyd's method knows of each point: its centre, the squared distance, and a lower bound on
/// the distances to all other centres (≤ 0: none).
struct LloydPoints {
  VectorView<std::int64_t> labels;       // n
  VectorView<double> squared_distances;  // n
  VectorView<double> lower;              // n
};

/// What one assignment of points to K centres in R^d gives, over the points of each cell.
struct LloydTotals {
  VectorView<double> mass;     // K: Σ w_i
  MatrixView<double> sums;     // K × d: Σ w_i x_i
  VectorView<double> summary;  // 2: Σ w_i ‖x_i − its centre‖² and how many labels changed
};

/// Points of one row of the costs of k-means++.
inline constexpr std::int64_t kSeedingBlock = 1024;

/// K balls in R^d and, as row K of `locations`, what stands for all else; in the box.
struct RegionGeometry {
  MatrixView<const double> locations;  // K + 1 × d
  VectorView<const double> radii;      // K + 1; the last means nothing here
  VectorView<const double> lower;      // d
  VectorView<const double> upper;      // d
};

/// Statistics of the M = K + 1 regions and, unless their data is null, the region of each point and
/// its distance to the location. Sums are pairs high + low with |low| ≤ ε |high|.
struct RegionTotals {
  VectorView<std::int64_t> count;    // M
  MatrixView<double> sum;            // M × 2: Σ Z, Z = ‖x − location‖^ρ
  MatrixView<double> square;         // M × 2: Σ Z²
  VectorView<double> farthest;       // M: the largest ‖x − location‖, 0 if there is none
  VectorView<std::int64_t> outside;  // 2: how many points are not in the box, and the first of them
  VectorView<std::int64_t> labels;   // n
  VectorView<double> distances;      // n
};

/// The kernels that both sides implement; no algorithms. All views are in the backend's memory
/// space, inputs and outputs never overlap, and every result is the same, bit for bit, whatever
/// the number of threads and whatever else stands in the same call.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual std::string device() const = 0;
  virtual MemorySpace memory_space() const = 0;
  virtual std::size_t workspace_limit() const = 0;
  /// Threads for what the host does itself (parallel_chunks).
  virtual int host_threads() const = 0;

  /// Uninitialised memory, aligned to 64 bytes. Throws OutOfMemory.
  virtual void* allocate(std::size_t bytes) = 0;
  virtual void deallocate(void* memory) noexcept = 0;
  virtual void copy_to_host(void* to, const void* from, std::size_t bytes) = 0;
  virtual void copy_from_host(void* to, const void* from, std::size_t bytes) = 0;
  /// Until all that was asked for so far is done. Throws DeviceError if something of it failed.
  virtual void wait() = 0;

  /// largest[0] = the largest magnitude of the entries as a double, NaN if one is; first_beyond[0]
  /// = the index, row by row without gaps, of the first entry that is NaN or beyond `limit`, or −1.
  virtual void largest_magnitude(MatrixView<const double> values, double limit,
                                 VectorView<double> largest,
                                 VectorView<std::int64_t> first_beyond) = 0;
  virtual void largest_magnitude(MatrixView<const float> values, double limit,
                                 VectorView<double> largest,
                                 VectorView<std::int64_t> first_beyond) = 0;

  /// out = values / unit, the quotient in double, rounded to T.
  virtual void divide(MatrixView<const double> values, double unit, MatrixView<double> out) = 0;
  virtual void divide(MatrixView<const float> values, double unit, MatrixView<float> out) = 0;

  /// symmetric = (A + Aᵀ) / 2 and diagonals (count × d) = A_kk for each d × d matrix A;
  /// off_diagonal[i] = how many entries beside the diagonal of matrix i are not 0. faults are
  /// indices, matrix by matrix and row by row without gaps, or −1: [0] of the first entry that is
  /// not finite; [1] of the first A_ab, b < a, with |A_ab − A_ba| > tolerance · max|A|. All but
  /// faults[0] means nothing where there are entries that are not finite.
  virtual void symmetric_parts(TensorView<const double> matrices, double tolerance,
                               TensorView<double> symmetric, MatrixView<double> diagonals,
                               VectorView<std::int64_t> off_diagonal,
                               VectorView<std::int64_t> faults) = 0;

  /// Eigenvalues (count × d, descending) and eigenvectors (columns, each with its largest entry
  /// positive) of symmetric matrices; only finite input. residual[i] ≥ ‖A_i − VΛVᵀ‖_F for the
  /// stored V and Λ, orthogonality[i] ≥ ‖VᵀV − I‖_F; both hold with the rounding of their own
  /// evaluation included. Backward stable; scaled so that entries from 1e-290 to 1e290 are safe.
  /// Without convergence the CPU throws Error; a device, for which nobody waits, leaves an infinite
  /// residual[i] beside finite Λ and V.
  virtual void eigh(TensorView<const double> matrices, MatrixView<double> eigenvalues,
                    TensorView<double> eigenvectors, VectorView<double> residual,
                    VectorView<double> orthogonality) = 0;

  /// 1-D cell moments (quantization.md §1) with the accuracy of normal_cell.
  virtual void cell_moments(const CellRows& rows, const CellTable& out) = 0;

  /// Moments of boxes (quantization.md §7). Members are summed in 32 lanes, member j in lane j mod
  /// 32, and then the lanes pairwise, so that sums of n terms are off by (n / 32 + 6) ε; each
  /// factor has the accuracy of normal_cell.
  virtual void box_moments(const BoxMembers& boxes, const BoxTable& out) = 0;

  /// probabilities[a] = Σ_c weights[c] Π_k masses of grid point a, per grid. Components are summed
  /// in blocks of 256 in order: relative error ≤ (rank + min(K, 256) + K / 256 + 1) ε.
  virtual void product_mass(const ProductGrids& grids, const GridComponents& components,
                            VectorView<double> probabilities) = 0;

  /// locations[a] = offset + Σ_k directions_k · point_k, summed in the order of k.
  virtual void product_locations(const ProductGrids& grids, const GridFrames& frames,
                                 MatrixView<double> locations) = 0;

  /// For each point the centre with the least Σ(x − c)², evaluated in T in the order of the
  /// dimensions; ties go to the lowest index. squared_distances[i] is that of the winner,
  /// evaluated in double.
  virtual void nearest(MatrixView<const double> points, MatrixView<const double> centres,
                       VectorView<std::int64_t> labels, VectorView<double> squared_distances) = 0;
  virtual void nearest(MatrixView<const float> points, MatrixView<const float> centres,
                       VectorView<std::int64_t> labels, VectorView<double> squared_distances) = 0;

  /// nearest, and the totals of the cells; weights of size 0 are all 1. shifts[j] ≥ how far centre
  /// j went since the step that left `at`, which spares the search where the bounds say enough
  /// (Hamerly, 2010); of size 0 where nothing is known, labels may then be anything. Sums are taken
  /// in double, part by part of the points; the parts depend on the extents alone.
  virtual void lloyd_step(MatrixView<const double> points, VectorView<const double> weights,
                          MatrixView<const double> centres, VectorView<const double> shifts,
                          const LloydPoints& at, const LloydTotals& totals) = 0;
  virtual void lloyd_step(MatrixView<const float> points, VectorView<const double> weights,
                          MatrixView<const float> centres, VectorView<const double> shifts,
                          const LloydPoints& at, const LloydTotals& totals) = 0;

  /// A step of greedy k-means++ (candidates C × d): squares[i] becomes min(squares[i], ‖x_i −
  /// candidate 0‖²), and costs(b, c) = Σ w_i min(squares[i], ‖x_i − candidate c‖²) over block b of
  /// kSeedingBlock points. Distances as `nearest` evaluates them: 0 if and only if in T they are.
  virtual void seeding_step(MatrixView<const double> points, VectorView<const double> weights,
                            MatrixView<const double> candidates, VectorView<double> squares,
                            MatrixView<double> costs) = 0;
  virtual void seeding_step(MatrixView<const float> points, VectorView<const double> weights,
                            MatrixView<const float> candidates, VectorView<double> squares,
                            MatrixView<double> costs) = 0;

  /// Statistics of order ρ ∈ {1, 2}. A point belongs to the nearest location, as `nearest` finds it
  /// with the locations rounded to T, if its ball holds it: squared distance ≤ radius², both in
  /// double; else to the least squared distance, in double, of the balls that hold it, ties to the
  /// lowest index; to region K if there is none. Points need not be finite: those that are not lie
  /// outside the box, and if there are such, only `outside` means anything.
  virtual void region_statistics(MatrixView<const double> points, const RegionGeometry& regions,
                                 int order, const RegionTotals& totals) = 0;
  virtual void region_statistics(MatrixView<const float> points, const RegionGeometry& regions,
                                 int order, const RegionTotals& totals) = 0;

  /// distances(i, j) = ‖a_i − b_j‖₂, evaluated directly.
  virtual void pairwise_distances(MatrixView<const double> a, MatrixView<const double> b,
                                  MatrixView<double> distances) = 0;

  /// The best edge out of each row in each block of columns. With B = columns.cols, block b holds
  /// the columns from b · w on, w = ⌈gains.cols / B⌉; columns(i, b) is the j ≠ i of the block with
  /// the largest gains(i, j) − column_prices[j], ties to the lowest, and violations(i, b) =
  /// (gains(i, columns(i, b)) − column_prices[j]) − row_prices[i]. Only finite gains, the diagonal
  /// is not read; a price is finite or +infinity, which leaves its row or column out. Where there
  /// is no edge, the violation is −infinity and the column −1.
  virtual void price_edges(MatrixView<const double> gains, VectorView<const double> row_prices,
                           VectorView<const double> column_prices, MatrixView<double> violations,
                           MatrixView<std::int64_t> columns) = 0;

  /// log Σ_i exp(l_i(x)), l_i = log_factors[i] − ½ Σ_k (v_kᵀ(x − μ_i) / s_ik)², over the components
  /// of least rank among those whose affine span holds x, by log-sum-exp; −infinity if there is
  /// none. With r_i = exp(l_i − log p) and g_i = −Σ_i⁺(x − μ_i): scores (n × d) are g = Σ r_i g_i,
  /// hessians (n × d², row-major) −Σ r_i Σ_i⁺ + Σ r_i (g_i − g)(g_i − g)ᵀ; both 0 where log p is
  /// −infinity, both left out if their data is null; hessians need scores. Factors of g_i beyond
  /// 1e150 in an eigendirection count as 1e150, and of Σ_i⁺ beyond 1e300 as 1e300, so that nothing
  /// overflows. Only finite points; any beyond 1e305 in a coordinate has density 0.
  virtual void mixture_density(MatrixView<const double> points, const MixtureDensity& mixture,
                               VectorView<double> log_densities, MatrixView<double> scores,
                               MatrixView<double> hessians) = 0;

  /// How to climb p from each point, with r_i, g_i and g as above and A = Σ r_i Σ_i⁺:
  /// shifts = A⁻¹ g, the move of mean-shift, which never lowers p (Carreira-Perpiñán, 2000, Mode-
  /// finding for mixtures of Gaussian distributions); newtons = (A − Σ r_i (g_i − g)(g_i − g)ᵀ)⁻¹ g
  /// where that matrix is positive definite, which concave tells, else the shift. Components with
  /// l_i < log p − cutoff may be left out: their share of p is below K e^−cutoff. Only finite
  /// points of magnitudes up to kLargestLength, cutoff > 0. On a device the scratch memory for 128
  /// points, 2 d² + 3 d numbers each, must fit the workspace.
  virtual void ascent_step(MatrixView<const double> points, const AscentMixture& mixture,
                           double cutoff, const AscentStep& out) = 0;

  /// Samples first … first + points.rows − 1 of one endless list: sample s is μ_i + V_i (s_i ∘ z),
  /// i drawn by uniform(stream_seed(seed, 0), s), z_k the normal number s d + k of the stream
  /// stream_seed(seed, 1) (normal_pair). labels[·] = i, left out if its data is null.
  virtual void sample_mixture(const GaussianComponents& components, const CumulativeTable& choice,
                              std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                              VectorView<std::int64_t> labels) = 0;

  /// The same with rows of `locations` in place of components; no normal numbers.
  virtual void sample_discrete(MatrixView<const double> locations, const CumulativeTable& choice,
                               std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                               VectorView<std::int64_t> labels) = 0;
};

/// Throws InvalidArgument.
std::shared_ptr<Backend> make_cpu_backend(const CpuOptions& options);
/// Throws NotCompiled or DeviceError.
std::shared_ptr<Backend> make_cuda_backend(const CudaOptions& options);

}  // namespace wquant
