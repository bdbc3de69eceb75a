/// The C interface (C99 and later, and C++): contexts, Gaussian mixtures, quantize, learn, kmeans.
///
/// Objects are opaque handles: wquant_…_create functions make them, wquant_…_destroy functions
/// release them (NULL is fine). Numbers come in and go out as DLPack tensors without being copied.
/// <dlpack/dlpack.h> is included, since its DLTensor is a typedef without a tag, which cannot be
/// declared ahead; only those who include this file need it (Debian: libdlpack-dev).
///
/// Errors. Functions return WQUANT_OK or what went wrong, in which case what they would have made
/// is NULL and wquant_last_error() says it in a line. A NULL where none is allowed is an error.
///
/// Tensors in. A `const DLTensor*` is borrowed until the call returns: row-major, elements of a row
/// adjacent, rows (and matrices) any distance apart that does not make them overlap; strides may be
/// NULL; byte_offset counts. Elements are float64, samples also float32; nothing is converted.
/// They lie in memory of the host (kDLCPU, kDLCUDAHost), of the context's own device (kDLCUDA) or
/// of both (kDLCUDAManaged).
///
/// Tensors out. A `DLManagedTensor*` shares the memory of the result, which lives until the
/// tensor's deleter is called, whatever becomes of the handle and of the context. Call it once. Do
/// not write to it: others may share it, and bounds speak of the values as they were made.
///
/// Streams. Work of a CUDA context is ordered on its stream. On the caller's stream, inputs have to
/// be ready in its order, results are ready in its order, and the stream must outlive all handles
/// and tensors that came of it. A context with a stream of its own waits: inputs have to be ready
/// before the call, results are when it returns.
///
/// Structs. The first member of an options struct is its size; the wquant_…_init functions set it
/// and the defaults. Structs that are filled in are passed with their sizes. So programs keep
/// working with later versions of the library, where structs may have grown at their ends.
///
/// Threads. A context serves one thread at a time. Other handles never change: any number of
/// threads may read them. Deleters and destroy functions may be called from any thread.
#ifndef WQUANT_WQUANT_H
#define WQUANT_WQUANT_H

#include <dlpack/dlpack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wquant/export.hpp"
#include "wquant/version.hpp"

#ifdef __cplusplus
extern "C" {
#endif

/// "1.2.3", of the library that is linked; the macros WQUANT_VERSION_… are the header's.
WQUANT_API const char* wquant_version(void);

// ---- Errors

/// What came of a call.
typedef enum wquant_status {
  WQUANT_OK = 0,                         ///< all is well.
  WQUANT_INVALID_ARGUMENT = 1,           ///< outside its documented domain.
  WQUANT_NOT_POSITIVE_SEMIDEFINITE = 2,  ///< a covariance, by more than rounding.
  WQUANT_OUT_OF_MEMORY = 3,              ///< beyond the workspace limit, or refused by the system.
  WQUANT_DEVICE_ERROR = 4,               ///< the device or its runtime is missing or failed.
  WQUANT_NOT_COMPILED = 5,               ///< needs a part that this build does not contain.
  WQUANT_CANCELLED = 6,                  ///< the progress callback asked to stop.
  WQUANT_INTERNAL_ERROR = 7              ///< none of these: a defect of the library.
} wquant_status;

/// One line about the last call in this thread that failed: the argument, the place in it, the
/// value found there and what was expected. "" if none has. Valid until the next failure in the
/// thread, or its end.
WQUANT_API const char* wquant_last_error(void);

/// What a long call is doing ("grid", …; valid during the callback) and the part of it done. Called
/// from the calling thread, now and then; returning false stops the call with WQUANT_CANCELLED, and
/// so does an exception of a callback in C++. `data` is what stands beside the callback in the
/// options.
typedef bool (*wquant_progress_callback)(const char* stage, double fraction, void* data);

// ---- Contexts

/// Where work runs, with its threads or stream; see wquant::Context.
typedef struct wquant_context wquant_context;

/// How a CPU context works; see wquant::CpuOptions.
typedef struct wquant_cpu_options {
  size_t size;             ///< of the struct, set by its init function.
  size_t workspace_limit;  ///< bytes one call may allocate; 0: half of the machine's memory.
  int32_t threads;         ///< 0: all the machine's. Never changes a bit of a result.
  int32_t reserved;        ///< 0
} wquant_cpu_options;

/// Which device a CUDA context works on, and how; see wquant::CudaOptions.
typedef struct wquant_cuda_options {
  size_t size;             ///< of the struct, set by its init function.
  size_t workspace_limit;  ///< bytes one call may allocate; 0: half of what is free at the start.
  void* stream;            ///< the caller's cudaStream_t; NULL: one of the context's own.
  int32_t device;          ///< CUDA device ordinal; 0 by default.
  int32_t reserved;        ///< 0
} wquant_cuda_options;

/// The defaults. size: sizeof *options.
WQUANT_API wquant_status wquant_cpu_options_init(wquant_cpu_options* options, size_t size);
/// The defaults. size: sizeof *options.
WQUANT_API wquant_status wquant_cuda_options_init(wquant_cuda_options* options, size_t size);

/// options NULL: the defaults. Fails with WQUANT_INVALID_ARGUMENT.
WQUANT_API wquant_status wquant_context_create_cpu(const wquant_cpu_options* options,
                                                   wquant_context** context);
/// options NULL: the defaults. Fails with WQUANT_NOT_COMPILED if the build has no CUDA backend,
/// WQUANT_DEVICE_ERROR if there is no usable device, WQUANT_INVALID_ARGUMENT for an ordinal that is
/// none.
WQUANT_API wquant_status wquant_context_create_cuda(const wquant_cuda_options* options,
                                                    wquant_context** context);
/// CUDA device 0 if this build and this machine can use it, else the CPU with these options (NULL:
/// the defaults).
WQUANT_API wquant_status wquant_context_create_best(const wquant_cpu_options* otherwise,
                                                    wquant_context** context);
/// Releases the context; NULL is fine. Tensors and handles that came of it stay.
WQUANT_API void wquant_context_destroy(wquant_context* context);

/// Where results of the context lie: kDLCPU, or kDLCUDA with its ordinal.
WQUANT_API wquant_status wquant_context_device(const wquant_context* context, DLDevice* device);
/// Bytes that one call may allocate.
WQUANT_API wquant_status wquant_context_workspace_limit(const wquant_context* context,
                                                        size_t* bytes);

// ---- Gaussian mixtures

/// Σ_i w_i N(μ_i, Σ_i), K components in R^d, possibly singular; see wquant::GaussianMixture.
/// Belongs to no context: one of the CPU may use what one of a GPU has checked.
typedef struct wquant_mixture wquant_mixture;

/// How far an input may be from what it should be and still be taken for rounding.
typedef struct wquant_mixture_tolerances {
  size_t size;        ///< of the struct, set by its init function.
  double weight_sum;  ///< |Σ weights − 1|; the weights are normalised when within. 1e-9.
  double asymmetry;   ///< |Σ_ab − Σ_ba| relative to max |Σ|; the symmetric part is used. 1e-8.
  double negative;    ///< −λ_min relative to λ_max; the positive part of Σ is used. 1e-8.
  double orthogonality;  ///< ‖VᵀV − I‖_F of given eigenvectors. 1e-6.
} wquant_mixture_tolerances;

/// The defaults. size: sizeof *tolerances.
WQUANT_API wquant_status wquant_mixture_tolerances_init(wquant_mixture_tolerances* tolerances,
                                                        size_t size);

/// weights: K, means: K × d, covariances: K × d × d. tolerances NULL: the defaults.
/// Fails with WQUANT_INVALID_ARGUMENT (shape, NaN, infinity, weights, asymmetry),
/// WQUANT_NOT_POSITIVE_SEMIDEFINITE, WQUANT_OUT_OF_MEMORY.
WQUANT_API wquant_status wquant_mixture_create_full(const wquant_context* context,
                                                    const DLTensor* weights, const DLTensor* means,
                                                    const DLTensor* covariances,
                                                    const wquant_mixture_tolerances* tolerances,
                                                    wquant_mixture** mixture);
/// variances: K × d, the diagonals of the covariances.
WQUANT_API wquant_status wquant_mixture_create_diagonal(const wquant_context* context,
                                                        const DLTensor* weights,
                                                        const DLTensor* means,
                                                        const DLTensor* variances,
                                                        const wquant_mixture_tolerances* tolerances,
                                                        wquant_mixture** mixture);
/// eigenvalues: K × d; eigenvectors: K × d × d, or d × d when all components share them; column j
/// of a matrix belongs to eigenvalue j.
WQUANT_API wquant_status wquant_mixture_create_eigen(const wquant_context* context,
                                                     const DLTensor* weights, const DLTensor* means,
                                                     const DLTensor* eigenvalues,
                                                     const DLTensor* eigenvectors,
                                                     const wquant_mixture_tolerances* tolerances,
                                                     wquant_mixture** mixture);
/// Releases the mixture; NULL is fine.
WQUANT_API void wquant_mixture_destroy(wquant_mixture* mixture);

/// What is known of a mixture.
typedef struct wquant_mixture_info {
  int64_t components;       ///< K
  int64_t dimension;        ///< d
  double weight_error;      ///< ≥ relative error of the normalised weights.
  double clipped_variance;  ///< ≥ Σ |λ| over the negative eigenvalues set to 0, of any component.
} wquant_mixture_info;

/// size: sizeof *info.
WQUANT_API wquant_status wquant_mixture_get_info(const wquant_mixture* mixture,
                                                 wquant_mixture_info* info, size_t size);

// ---- Quantisation

/// wquant::SchemeFamily
typedef enum wquant_scheme_family {
  WQUANT_SCHEME_AUTOMATIC = 0,      ///< the one below with the smallest certificate; see `seconds`.
  WQUANT_SCHEME_GRID = 1,           ///< one grid shared by all components.
  WQUANT_SCHEME_PER_COMPONENT = 2,  ///< one grid a component.
  WQUANT_SCHEME_CROSS = 3,          ///< one cross a component.
  WQUANT_SCHEME_PER_MODE = 4,       ///< one grid, or several, for the components around each mode.
  WQUANT_SCHEME_TREE = 5,           ///< adaptive boxes.
  WQUANT_SCHEME_LLOYD = 6           ///< free points.
} wquant_scheme_family;

/// wquant::CrossRadii
typedef enum wquant_cross_radii {
  WQUANT_RADII_OPTIMAL = 0,   ///< each the mean of its shell: the smallest certificate.
  WQUANT_RADII_PAPER = 1,     ///< of equiprobable slices, weighted by χ² shells.
  WQUANT_RADII_UNSCENTED = 2  ///< one radius √n.
} wquant_cross_radii;

/// wquant::LocalScale
typedef enum wquant_local_scale {
  WQUANT_LOCAL_HESSIAN = 0,  ///< the inverse negative Hessian of log p at the mode.
  WQUANT_LOCAL_MOMENTS = 1,  ///< the variances of the mode's components about their mean.
  WQUANT_LOCAL_BEST = 2      ///< both are built, the smaller certificate is kept.
} wquant_local_scale;

/// wquant::QuantizeOptions, where each is described at length.
typedef struct wquant_quantize_options {
  size_t size;       ///< of the struct, set by its init function.
  int64_t support;   ///< at most this many points, 1 … 10⁹ (100); not used with a tolerance.
  double tolerance;  ///< > 0: as few points as give a certificate of at most this (0).
  double seconds;    ///< 0: automatic tries grid, per-component, cross; > 0: all, in this time (0).
  int32_t family;    ///< a wquant_scheme_family (automatic).
  int32_t radii;     ///< a wquant_cross_radii (optimal).
  int32_t local;     ///< a wquant_local_scale (best).
  int32_t reserved;  ///< 0
  int64_t reduced_components;  ///< > 0: the mixture is first reduced to at most this many
                               ///< components (0).
  int64_t active_dimensions;   ///< axes of each cross, at most d; 0: as many as serve best (0).
  int64_t fine_support;        ///< cells that free points are made of; 0: as many as serve (0).
  double rank_tolerance;  ///< eigenvalues ≤ this · λ_max get no grid dimension; < 0: d·ε (−1).
  uint64_t seed;          ///< of the search for a common eigenbasis and of k-means++ (0).
  wquant_progress_callback progress;  ///< may be NULL (NULL).
  void* progress_data;                ///< handed to it (NULL).
} wquant_quantize_options;

/// The defaults. size: sizeof *options.
WQUANT_API wquant_status wquant_quantize_options_init(wquant_quantize_options* options,
                                                      size_t size);

/// A discrete distribution with its certificate; see wquant::Quantization.
typedef struct wquant_quantization wquant_quantization;

/// At most `support` points, or as few as meet `tolerance`, with a proven bound on their distance
/// W₂ to the mixture. options NULL: the defaults. Fails with WQUANT_INVALID_ARGUMENT,
/// WQUANT_OUT_OF_MEMORY (also where no number of points meets the tolerance within the workspace
/// limit), WQUANT_CANCELLED, WQUANT_DEVICE_ERROR.
WQUANT_API wquant_status wquant_quantize(const wquant_context* context,
                                         const wquant_mixture* mixture,
                                         const wquant_quantize_options* options,
                                         wquant_quantization** quantization);
/// Releases the quantisation; NULL is fine. Its tensors stay.
WQUANT_API void wquant_quantization_destroy(wquant_quantization* quantization);

/// The points, N × d, float64. on_host: what lies on a device is copied to the host; else no copy
/// is made.
WQUANT_API wquant_status wquant_quantization_locations(const wquant_quantization* quantization,
                                                       bool on_host, DLManagedTensor** locations);
/// Their probabilities, N, float64; on_host as for the locations.
WQUANT_API wquant_status wquant_quantization_probabilities(const wquant_quantization* quantization,
                                                           bool on_host,
                                                           DLManagedTensor** probabilities);

/// wquant::Certificate: w2 = √(cells + dropped) + reduction + basis + rounding ≥ W₂(mixture,
/// points).
typedef struct wquant_certificate {
  double w2;            ///< the bound.
  double cells;         ///< squared distance inside the span of the grids.
  double dropped;       ///< squared distance to the span of the grids.
  double reduction;     ///< bound on W₂ between the mixture and the reduced one.
  double basis;         ///< cost of covariances that the grids' axes do not diagonalise.
  double rounding;      ///< everything that floating point may have hidden.
  double centroid_gap;  ///< how far the points are from the means of their cells; no part of w2.
} wquant_certificate;

/// The bound and its parts. size: sizeof *certificate.
WQUANT_API wquant_status wquant_quantization_certificate(const wquant_quantization* quantization,
                                                         wquant_certificate* certificate,
                                                         size_t size);

/// How a quantisation was found.
typedef struct wquant_quantize_statistics {
  int64_t support;        ///< N, the number of points.
  int64_t trials;         ///< schemes that were built: what wquant_quantization_trial tells of.
  double scheme_seconds;  ///< the choice of the scheme.
  double apply_seconds;   ///< the points and the certificate.
  int32_t family;         ///< the wquant_scheme_family that was used.
  uint32_t left_out;      ///< bit f is set if family f was left out for want of time or memory.
} wquant_quantize_statistics;

/// size: sizeof *statistics.
WQUANT_API wquant_status wquant_quantization_statistics(const wquant_quantization* quantization,
                                                        wquant_quantize_statistics* statistics,
                                                        size_t size);

/// One family that was built, and what it certified.
typedef struct wquant_scheme_trial {
  double w2;         ///< of its certificate.
  int64_t support;   ///< points.
  int32_t family;    ///< a wquant_scheme_family.
  int32_t reserved;  ///< 0
} wquant_scheme_trial;

/// index: 0 … trials − 1.
WQUANT_API wquant_status wquant_quantization_trial(const wquant_quantization* quantization,
                                                   int64_t index, wquant_scheme_trial* trial,
                                                   size_t size);

// ---- Learning

/// wquant::BoundMethod
typedef enum wquant_bound_method {
  WQUANT_BOUND_SPLIT = 0,    ///< moment and discrete term apart.
  WQUANT_BOUND_DUAL = 1,     ///< Theorem 3.1 without integers.
  WQUANT_BOUND_EXACT = 2,    ///< Theorem 3.1 by branch and bound.
  WQUANT_BOUND_VERTEX = 3,   ///< Proposition 3.2.
  WQUANT_BOUND_FOURNIER = 4  ///< without regions, for the empirical distribution.
} wquant_bound_method;

/// wquant::SelectOn
typedef enum wquant_select_on {
  WQUANT_SELECT_ON_TRAIN = 0,      ///< samples that make the regions: costs no confidence.
  WQUANT_SELECT_ON_EVALUATION = 1  ///< the others: beta is divided by the number of candidates.
} wquant_select_on;

/// wquant::Moment
typedef enum wquant_moment {
  WQUANT_MOMENT_STRATIFIED = 0,  ///< empirical Bernstein inside, Clopper–Pearson outside.
  WQUANT_MOMENT_BERNSTEIN = 1,   ///< one empirical Bernstein for all.
  WQUANT_MOMENT_BETTING = 2      ///< inside by betting, Clopper–Pearson outside.
} wquant_moment;

/// wquant::DiscreteTerm
typedef enum wquant_discrete_term {
  WQUANT_DISCRETE_AUTOMATIC = 0,  ///< what the training samples predict to be smallest.
  WQUANT_DISCRETE_TREE = 1,       ///< through a complete-linkage tree.
  WQUANT_DISCRETE_ROUTED = 2      ///< along neighbours, the tree where that does not suffice.
} wquant_discrete_term;

/// wquant::Costs
typedef enum wquant_costs {
  WQUANT_COSTS_TIGHT = 0,  ///< the farthest corner of box and ball where that is nearer.
  WQUANT_COSTS_PAPER = 1   ///< (‖c_i − c_j‖ + θ_i)^ρ.
} wquant_costs;

/// wquant::LearnOptions, where each is described at length.
typedef struct wquant_learn_options {
  size_t size;              ///< of the struct, set by its init function.
  int32_t order;            ///< ρ of W_ρ, 1 or 2 (2).
  int32_t method;           ///< a wquant_bound_method (split).
  int32_t select_on;        ///< a wquant_select_on (train).
  int32_t moment;           ///< a wquant_moment (stratified).
  int32_t discrete;         ///< a wquant_discrete_term (automatic).
  int32_t costs;            ///< a wquant_costs (tight).
  double beta;              ///< the bound may fail with this probability, in (0, 1) (1e-6).
  const int64_t* clusters;  ///< candidates for K ({100}, in memory of the library); see below.
  int64_t clusters_count;   ///< how many; 0: 1, 2, 5, 10, 20, 50, … (1).
  double time_limit;        ///< seconds of each program of the dual, exact and vertex bounds (60).
  double radius_factor;     ///< of the partition (1.5).
  double neighbour_fraction;          ///< of the partition (0.05).
  uint64_t seed;                      ///< of k-means++ (0).
  int64_t iterations;                 ///< of Lloyd's method, at most (100).
  wquant_progress_callback progress;  ///< may be NULL (NULL).
  void* progress_data;                ///< handed to it (NULL).
} wquant_learn_options;

/// The defaults. size: sizeof *options.
WQUANT_API wquant_status wquant_learn_options_init(wquant_learn_options* options, size_t size);

/// P̂ with Pr[W_ρ(P, P̂) ≤ bound] ≥ 1 − beta; see wquant::LearnedDistribution.
typedef struct wquant_learned wquant_learned;

/// Learns the unknown distribution P on the box [lower, upper] (d numbers each, float64, on the
/// host) from independent samples of it: regions from train (N_T × d), probabilities and confidence
/// from evaluation (N × d, N ≥ 2), which must be other, independent samples. Both float64 or both
/// float32. options NULL: the defaults. Fails with WQUANT_INVALID_ARGUMENT (also for samples
/// outside the box), WQUANT_OUT_OF_MEMORY, WQUANT_CANCELLED, WQUANT_DEVICE_ERROR.
WQUANT_API wquant_status wquant_learn(const wquant_context* context, const DLTensor* train,
                                      const DLTensor* evaluation, const DLTensor* lower,
                                      const DLTensor* upper, const wquant_learn_options* options,
                                      wquant_learned** learned);
/// Releases the learned distribution; NULL is fine. Its tensors stay.
WQUANT_API void wquant_learned_destroy(wquant_learned* learned);

/// The points of P̂, N × d, float64, on the host.
WQUANT_API wquant_status wquant_learned_locations(const wquant_learned* learned,
                                                  DLManagedTensor** locations);
/// Their probabilities, N, float64, on the host.
WQUANT_API wquant_status wquant_learned_probabilities(const wquant_learned* learned,
                                                      DLManagedTensor** probabilities);

/// The bound and what it is made of; what does not belong to its method is 0.
typedef struct wquant_learned_bound {
  double bound;     ///< W_ρ(P, P̂) ≤ bound with probability ≥ 1 − beta, rounding included.
  double beta;      ///< as asked for.
  double moment;    ///< split: (E‖X − q(X)‖^ρ)^{1/ρ}; vertex: to the nearest vertex.
  double discrete;  ///< split: W_ρ(q#P, P̂); vertex: from the vertex to P̂.
  double capacity;  ///< split: largest load of the routing, in what an atom can send.
  double lower;     ///< dual, exact: Theorem 3.1's value is at least this.
  int64_t rounds;   ///< dual: of column generation.
  int32_t order;    ///< ρ
  int32_t method;   ///< a wquant_bound_method.
  int32_t routed;   ///< split: 1 if discrete comes from the routing, 0 if from the tree.
  int32_t optimal;  ///< dual, exact: 1 if the program was solved to the end.
} wquant_learned_bound;

/// size: sizeof *bound.
WQUANT_API wquant_status wquant_learned_get_bound(const wquant_learned* learned,
                                                  wquant_learned_bound* bound, size_t size);

/// How a distribution was learned.
typedef struct wquant_learn_statistics {
  int64_t support;             ///< N of P̂, the number of points.
  int64_t regions;             ///< M = K + 1
  int64_t train_samples;       ///< N_T
  int64_t evaluation_samples;  ///< N
  int64_t trials;              ///< candidates for K: what wquant_learned_trial tells of.
  double partition_seconds;    ///< k-means, the choice of K with it.
  double statistics_seconds;   ///< of the evaluation samples.
  double bound_seconds;        ///< of the bound itself.
} wquant_learn_statistics;

/// size: sizeof *statistics.
WQUANT_API wquant_status wquant_learned_statistics(const wquant_learned* learned,
                                                   wquant_learn_statistics* statistics,
                                                   size_t size);

/// A candidate for K and the bound predicted or, selecting on evaluation, found for it.
typedef struct wquant_cluster_trial {
  int64_t clusters;  ///< K
  double bound;      ///< on W_ρ.
} wquant_cluster_trial;

/// index: 0 … trials − 1, in ascending order of K.
WQUANT_API wquant_status wquant_learned_trial(const wquant_learned* learned, int64_t index,
                                              wquant_cluster_trial* trial, size_t size);

// ---- k-means

/// wquant::KmeansOptions
typedef struct wquant_kmeans_options {
  size_t size;              ///< of the struct, set by its init function.
  int64_t clusters;         ///< K ≥ 1: at most this many centres (100); unused with a start.
  const DLTensor* weights;  ///< n numbers ≥ 0, float64, on the host; NULL: all 1 (NULL).
  const DLTensor* start;    ///< K × d, of the points' type; NULL: greedy k-means++ (NULL).
  uint64_t seed;            ///< of k-means++ (0).
  int64_t iterations;       ///< at most this many Lloyd steps; 0 keeps the start (100).
  double tolerance;  ///< stops when a step lowers the objective by less, relative to it (1e-6).
  wquant_progress_callback progress;  ///< may be NULL (NULL).
  void* progress_data;                ///< handed to it (NULL).
} wquant_kmeans_options;

/// The defaults. size: sizeof *options.
WQUANT_API wquant_status wquant_kmeans_options_init(wquant_kmeans_options* options, size_t size);

/// Centres and the assignment to them; see wquant::KmeansResult.
typedef struct wquant_clustering wquant_clustering;

/// Few centres with small Σ_i w_i ‖x_i − nearest centre‖² for n points (n × d, float64 or float32).
/// options NULL: the defaults. Fails with WQUANT_INVALID_ARGUMENT, WQUANT_OUT_OF_MEMORY,
/// WQUANT_CANCELLED, WQUANT_DEVICE_ERROR.
WQUANT_API wquant_status wquant_kmeans(const wquant_context* context, const DLTensor* points,
                                       const wquant_kmeans_options* options,
                                       wquant_clustering** clustering);
/// Releases the clustering; NULL is fine. Its tensors stay.
WQUANT_API void wquant_clustering_destroy(wquant_clustering* clustering);

/// K' × d of the points' type. on_host: as for wquant_quantization_locations.
WQUANT_API wquant_status wquant_clustering_centres(const wquant_clustering* clustering,
                                                   bool on_host, DLManagedTensor** centres);
/// The nearest centre of each point, n, int64; on_host likewise.
WQUANT_API wquant_status wquant_clustering_labels(const wquant_clustering* clustering, bool on_host,
                                                  DLManagedTensor** labels);

/// What came of k-means.
typedef struct wquant_clustering_info {
  double objective;    ///< Σ_i w_i ‖x_i − its centre‖².
  int64_t centres;     ///< K' ≤ K
  int64_t iterations;  ///< Lloyd steps taken.
  int64_t records;     ///< the start and each step: what wquant_clustering_record tells of.
} wquant_clustering_info;

/// size: sizeof *info.
WQUANT_API wquant_status wquant_clustering_get_info(const wquant_clustering* clustering,
                                                    wquant_clustering_info* info, size_t size);

/// One assignment of the points to centres.
typedef struct wquant_kmeans_record {
  double objective;   ///< Σ_i w_i ‖x_i − its centre‖².
  int64_t moved;      ///< points that changed cells; all of them at the start.
  int64_t re_seeded;  ///< empty cells that started anew before it.
  double seconds;     ///< since the record before.
} wquant_kmeans_record;

/// index: 0 … records − 1.
WQUANT_API wquant_status wquant_clustering_record(const wquant_clustering* clustering,
                                                  int64_t index, wquant_kmeans_record* record,
                                                  size_t size);

#ifdef __cplusplus
}
#endif

#endif
