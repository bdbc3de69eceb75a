/// The C interface (C99 and later, and C++): contexts, Gaussian mixtures, quantize, learn, kmeans.
///
/// Objects are opaque handles: wquant_…_create functions make them, wquant_…_destroy functions
/// release them and accept NULL. Numbers come in and go out as DLPack tensors without being copied.
/// <dlpack/dlpack.h> is included, since its DLTensor is a typedef without a tag, which cannot be
/// declared ahead; only programs that include this file need it (Debian: libdlpack-dev).
///
/// Errors. Functions return WQUANT_OK or a status that says what went wrong. Then the object that
/// they would have made is NULL, and wquant_last_error() describes the error in one line. A NULL
/// where none is allowed is an error.
///
/// Tensors in. A `const DLTensor*` is borrowed until the call returns. It is row-major: elements of
/// a row are adjacent, rows (and matrices) lie any distance apart at which they do not overlap.
/// strides may be NULL, and byte_offset is respected. Elements are float64, or float32 where a
/// function says so; nothing is converted. They lie in memory of the host (kDLCPU, kDLCUDAHost), of
/// the context's own device (kDLCUDA) or of both (kDLCUDAManaged).
///
/// Tensors out. A `DLManagedTensor*` shares the memory of the result. The memory lives until the
/// tensor's deleter is called, whatever becomes of the handle and of the context; call the deleter
/// exactly once. Do not write to the tensor: others may share it, and bounds hold for the values as
/// they were made.
///
/// Streams. A CUDA context orders its work on a stream. If that is the caller's, inputs must be
/// ready in its order, results become ready in its order, and the stream must outlive all handles
/// and tensors that were made with it. A context with a stream of its own waits for it: inputs must
/// be ready before the call, and results are ready when it returns.
///
/// Structs. The first member of an options struct is its size; the wquant_…_init functions set it
/// and the defaults, which are given in parentheses below. Structs that the library fills are
/// passed with their sizes. So programs keep working with later versions of the library, where
/// structs may have grown at their ends.
///
/// Threads. A context serves one thread at a time. Other handles never change, and any number of
/// threads may read them. Deleters and destroy functions may be called from any thread.
///
/// \code
/// double numbers[] = {0, 0}, matrix[] = {1, 0.5, 0.5, 2};  // N(mean, covariance) in the plane
/// int64_t shape[] = {2, 2};
/// const DLDataType float64 = {kDLFloat, 64, 1};
/// const DLTensor mean = {numbers, {kDLCPU, 0}, 1, float64, shape, NULL, 0};
/// const DLTensor covariance = {matrix, {kDLCPU, 0}, 2, float64, shape, NULL, 0};
/// wquant_context* context = NULL;
/// wquant_mixture* normal = NULL;
/// wquant_quantization* points = NULL;
/// wquant_certificate bound = {0};
/// if (wquant_context_create_best(NULL, &context) ||
///     wquant_mixture_create_gaussian(context, &mean, &covariance, NULL, &normal) ||
///     wquant_quantize(context, normal, NULL, &points) ||
///     wquant_quantization_certificate(points, &bound, sizeof bound))
///   printf("%s\n", wquant_last_error());
/// printf("W2 <= %.4f\n", bound.w2);
/// wquant_quantization_destroy(points);
/// wquant_mixture_destroy(normal);
/// wquant_context_destroy(context);
/// \endcode
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

/// The version of the library that is linked, as "1.2.3"; the macros WQUANT_VERSION_… give that of
/// the header.
WQUANT_API const char* wquant_version(void);

// ---- Errors

/// The outcome of a call.
typedef enum wquant_status {
  WQUANT_OK = 0,                         ///< The call succeeded.
  WQUANT_INVALID_ARGUMENT = 1,           ///< An argument is outside its documented domain.
  WQUANT_NOT_POSITIVE_SEMIDEFINITE = 2,  ///< A covariance has a clearly negative eigenvalue.
  WQUANT_OUT_OF_MEMORY = 3,  ///< Memory beyond the workspace limit, or refused by the system.
  WQUANT_DEVICE_ERROR = 4,   ///< The device or its runtime is missing or failed.
  WQUANT_NOT_COMPILED = 5,   ///< The call needs a part that this build does not contain.
  WQUANT_CANCELLED = 6,      ///< The progress callback asked to stop.
  WQUANT_INTERNAL_ERROR = 7  ///< Anything else, which is a defect of the library.
} wquant_status;

/// One line about the last call in this thread that failed: the argument, the place in it, the
/// value found there and what was expected. It is "" if no call has failed, and valid until the
/// next failure in the thread, or the thread's end.
WQUANT_API const char* wquant_last_error(void);

/// A function that a long call calls now and then, from the calling thread. `stage` names what the
/// call is doing ("grid", …) and is valid during the callback; `fraction` of it is done, 0 … 1;
/// `data` is the pointer that stands beside the callback in the options. Returning false stops the
/// call with WQUANT_CANCELLED, and so does an exception of a callback in C++.
typedef bool (*wquant_progress_callback)(const char* stage, double fraction, void* data);

// ---- Contexts

/// Where work runs, with its threads or stream; see wquant::Context.
typedef struct wquant_context wquant_context;

/// Options of a CPU context; see wquant::CpuOptions.
typedef struct wquant_cpu_options {
  size_t size;             ///< The size of the struct, set by its init function.
  size_t workspace_limit;  ///< Bytes one call may allocate; 0: half of the machine's memory (0).
  int32_t threads;         ///< OpenMP threads; 0: all. It never changes a bit of a result (0).
  int32_t reserved;        ///< Must be 0 (0).
} wquant_cpu_options;

/// Options of a CUDA context; see wquant::CudaOptions.
typedef struct wquant_cuda_options {
  size_t size;             ///< The size of the struct, set by its init function.
  size_t workspace_limit;  ///< Bytes one call may allocate; 0: half of the free memory (0).
  void* stream;            ///< The caller's cudaStream_t; NULL: a stream of its own (NULL).
  int32_t device;          ///< The ordinal of the CUDA device (0).
  int32_t reserved;        ///< Must be 0 (0).
} wquant_cuda_options;

/// Fills in the defaults. size: sizeof *options.
WQUANT_API wquant_status wquant_cpu_options_init(wquant_cpu_options* options, size_t size);
/// Fills in the defaults. size: sizeof *options.
WQUANT_API wquant_status wquant_cuda_options_init(wquant_cuda_options* options, size_t size);

/// Makes a context that works on the CPU. options NULL: the defaults. Fails with
/// WQUANT_INVALID_ARGUMENT.
WQUANT_API wquant_status wquant_context_create_cpu(const wquant_cpu_options* options,
                                                   wquant_context** context);
/// Makes a context that works on a CUDA device. options NULL: the defaults. Fails with
/// WQUANT_NOT_COMPILED if the build has no CUDA backend, WQUANT_DEVICE_ERROR if there is no usable
/// device, WQUANT_INVALID_ARGUMENT if no device has the ordinal.
WQUANT_API wquant_status wquant_context_create_cuda(const wquant_cuda_options* options,
                                                    wquant_context** context);
/// Makes a context on CUDA device 0 if this build and this machine can use it, else on the CPU with
/// these options (NULL: the defaults).
WQUANT_API wquant_status wquant_context_create_best(const wquant_cpu_options* otherwise,
                                                    wquant_context** context);
/// Releases the context, or does nothing for NULL. Tensors and handles that were made with it stay.
WQUANT_API void wquant_context_destroy(wquant_context* context);

/// The device on which the context's results lie: kDLCPU, or kDLCUDA with its ordinal.
WQUANT_API wquant_status wquant_context_device(const wquant_context* context, DLDevice* device);
/// The number of bytes that one call may allocate.
WQUANT_API wquant_status wquant_context_workspace_limit(const wquant_context* context,
                                                        size_t* bytes);

// ---- Gaussian mixtures

/// A mixture Σ_i w_i N(μ_i, Σ_i) of K Gaussians in R^d, possibly singular; see
/// wquant::GaussianMixture. It belongs to no context: a context of the CPU can use a mixture that
/// was made with one of a GPU.
typedef struct wquant_mixture wquant_mixture;

/// The largest deviations of an input that are taken for rounding. Beyond them it is an error.
typedef struct wquant_mixture_tolerances {
  size_t size;  ///< The size of the struct, set by its init function.
  /// The largest |Σ weights − 1|; within it the weights are normalised (1e-9).
  double weight_sum;
  /// The largest |Σ_ab − Σ_ba| / max |Σ|; within it the symmetric part is used (1e-8).
  double asymmetry;
  /// The largest −λ_min / λ_max; within it the positive part of Σ is used (1e-8).
  double negative;
  double orthogonality;  ///< The largest ‖VᵀV − I‖_F of eigenvectors that are given (1e-6).
} wquant_mixture_tolerances;

/// Fills in the defaults. size: sizeof *tolerances.
WQUANT_API wquant_status wquant_mixture_tolerances_init(wquant_mixture_tolerances* tolerances,
                                                        size_t size);

/// Makes one Gaussian, that is a mixture of one component, from its mean (d) and covariance (d ×
/// d). tolerances NULL: the defaults. Messages speak of the means and covariances of the mixture.
/// Fails as wquant_mixture_create_full does.
WQUANT_API wquant_status wquant_mixture_create_gaussian(const wquant_context* context,
                                                        const DLTensor* mean,
                                                        const DLTensor* covariance,
                                                        const wquant_mixture_tolerances* tolerances,
                                                        wquant_mixture** mixture);
/// Makes a mixture from its weights (K), means (K × d) and covariances (K × d × d). tolerances
/// NULL: the defaults. Fails with WQUANT_INVALID_ARGUMENT (shape, NaN, infinity, weights,
/// asymmetry), WQUANT_NOT_POSITIVE_SEMIDEFINITE, WQUANT_OUT_OF_MEMORY.
WQUANT_API wquant_status wquant_mixture_create_full(const wquant_context* context,
                                                    const DLTensor* weights, const DLTensor* means,
                                                    const DLTensor* covariances,
                                                    const wquant_mixture_tolerances* tolerances,
                                                    wquant_mixture** mixture);
/// Makes a mixture with diagonal covariances, from its weights (K), means (K × d) and variances
/// (K × d), the diagonals. tolerances NULL: the defaults. Fails as wquant_mixture_create_full does.
WQUANT_API wquant_status wquant_mixture_create_diagonal(const wquant_context* context,
                                                        const DLTensor* weights,
                                                        const DLTensor* means,
                                                        const DLTensor* variances,
                                                        const wquant_mixture_tolerances* tolerances,
                                                        wquant_mixture** mixture);
/// Makes a mixture from its weights (K), means (K × d), eigenvalues (K × d) and eigenvectors
/// (K × d × d, or d × d if all components share them). Column j of a matrix of eigenvectors belongs
/// to eigenvalue j. tolerances NULL: the defaults. Fails as wquant_mixture_create_full does.
WQUANT_API wquant_status wquant_mixture_create_eigen(const wquant_context* context,
                                                     const DLTensor* weights, const DLTensor* means,
                                                     const DLTensor* eigenvalues,
                                                     const DLTensor* eigenvectors,
                                                     const wquant_mixture_tolerances* tolerances,
                                                     wquant_mixture** mixture);
/// Releases the mixture, or does nothing for NULL.
WQUANT_API void wquant_mixture_destroy(wquant_mixture* mixture);

/// Facts about a mixture.
typedef struct wquant_mixture_info {
  int64_t components;   ///< The number of components, K.
  int64_t dimension;    ///< The dimension, d.
  double weight_error;  ///< An upper bound on the relative error of the normalised weights.
  /// An upper bound, for each component, on Σ |λ| over its negative eigenvalues that were set to 0.
  double clipped_variance;
} wquant_mixture_info;

/// Fills in the facts about a mixture. size: sizeof *info.
WQUANT_API wquant_status wquant_mixture_get_info(const wquant_mixture* mixture,
                                                 wquant_mixture_info* info, size_t size);

// ---- Quantisation

/// The kinds of locations that a mixture can be quantised by; see wquant::SchemeFamily.
typedef enum wquant_scheme_family {
  WQUANT_FAMILY_AUTOMATIC = 0,      ///< The family, of those below, with the smallest certificate.
  WQUANT_FAMILY_GRID = 1,           ///< One grid for all components.
  WQUANT_FAMILY_PER_COMPONENT = 2,  ///< One grid per component.
  WQUANT_FAMILY_CROSS = 3,          ///< One cross per component.
  WQUANT_FAMILY_PER_MODE = 4,       ///< One grid, or several, for the components around each mode.
  WQUANT_FAMILY_TREE = 5,           ///< Adaptive boxes.
  WQUANT_FAMILY_LLOYD = 6           ///< Free points.
} wquant_scheme_family;

/// The radii at which the points of crosses lie; see wquant::CrossRadii.
typedef enum wquant_cross_radii {
  WQUANT_RADII_OPTIMAL = 0,   ///< Each radius is the mean of its shell.
  WQUANT_RADII_PAPER = 1,     ///< √n times means of equiprobable slices, with χ² shells.
  WQUANT_RADII_UNSCENTED = 2  ///< One radius √n.
} wquant_cross_radii;

/// The local Gaussian that shapes the grid of a mode; see wquant::LocalScale.
typedef enum wquant_local_scale {
  WQUANT_LOCAL_HESSIAN = 0,  ///< From the Hessian of log p at the mode.
  WQUANT_LOCAL_MOMENTS = 1,  ///< From the variances of the mode's components about their mean.
  WQUANT_LOCAL_BEST = 2      ///< The one of both with the smaller certificate.
} wquant_local_scale;

/// Options of wquant_quantize; wquant::QuantizeOptions describes each at length.
typedef struct wquant_quantize_options {
  size_t size;       ///< The size of the struct, set by its init function.
  int64_t support;   ///< The most points, 1 … 10⁹; ignored if there is a tolerance (100).
  double tolerance;  ///< If > 0, the fewest points with a bound of at most this are sought (0).
  double seconds;    ///< 0: automatic tries grid, per-component, cross; > 0: all, in this time (0).
  int32_t family;    ///< A wquant_scheme_family (automatic).
  int32_t radii;     ///< A wquant_cross_radii (optimal).
  int32_t local;     ///< A wquant_local_scale (best).
  int32_t reserved;  ///< Must be 0 (0).
  int64_t reduced_components;  ///< If > 0, the mixture is first reduced to so many components (0).
  int64_t active_dimensions;   ///< The number of axes of crosses; 0: the best number (0).
  int64_t fine_support;        ///< The number of cells that lloyd starts from; 0: automatic (0).
  double rank_tolerance;  ///< Eigenvalues ≤ this · λ_max get no grid dimension; < 0: d·ε (−1).
  uint64_t seed;          ///< The seed of the search for a common eigenbasis and of k-means++ (0).
  wquant_progress_callback progress;  ///< Called now and then; may be NULL (NULL).
  void* progress_data;                ///< Handed to the callback (NULL).
} wquant_quantize_options;

/// Fills in the defaults. size: sizeof *options.
WQUANT_API wquant_status wquant_quantize_options_init(wquant_quantize_options* options,
                                                      size_t size);

/// A discrete distribution with its certificate; see wquant::Quantization.
typedef struct wquant_quantization wquant_quantization;

/// Approximates the mixture by at most `support` points, or by as few as meet `tolerance`, with a
/// proven bound on their distance W₂ to the mixture. options NULL: the defaults. Fails with
/// WQUANT_INVALID_ARGUMENT, WQUANT_OUT_OF_MEMORY (also if no number of points within the workspace
/// limit meets the tolerance), WQUANT_CANCELLED, WQUANT_DEVICE_ERROR.
WQUANT_API wquant_status wquant_quantize(const wquant_context* context,
                                         const wquant_mixture* mixture,
                                         const wquant_quantize_options* options,
                                         wquant_quantization** quantization);
/// Releases the quantisation, or does nothing for NULL. Its tensors stay.
WQUANT_API void wquant_quantization_destroy(wquant_quantization* quantization);

/// The locations of the points, N × d, float64. No copy is made, unless on_host is true and they
/// lie on a device: then they are copied to the host.
WQUANT_API wquant_status wquant_quantization_locations(const wquant_quantization* quantization,
                                                       bool on_host, DLManagedTensor** locations);
/// The probabilities of the points, N, float64; on_host is as for the locations.
WQUANT_API wquant_status wquant_quantization_probabilities(const wquant_quantization* quantization,
                                                           bool on_host,
                                                           DLManagedTensor** probabilities);

/// The bound w2 = √(cells + dropped) + reduction + basis + rounding ≥ W₂(mixture, points) and its
/// parts; see wquant::Certificate.
typedef struct wquant_certificate {
  double w2;            ///< The bound itself.
  double cells;         ///< The squared distance within the span of the grids.
  double dropped;       ///< The squared distance to the span of the grids.
  double reduction;     ///< A bound on W₂ between the mixture and the reduced one.
  double basis;         ///< The cost of covariances that the grids' axes do not diagonalise.
  double rounding;      ///< A bound on all errors of floating-point arithmetic.
  double centroid_gap;  ///< A bound on the distance of points and means of cells; no part of w2.
} wquant_certificate;

/// Fills in the bound and its parts. size: sizeof *certificate.
WQUANT_API wquant_status wquant_quantization_certificate(const wquant_quantization* quantization,
                                                         wquant_certificate* certificate,
                                                         size_t size);

/// How a quantisation was found.
typedef struct wquant_quantize_statistics {
  int64_t support;        ///< The number of points, N.
  int64_t trials;         ///< How many trials wquant_quantization_trial can describe.
  double scheme_seconds;  ///< The time for the choice of the scheme.
  double apply_seconds;   ///< The time for the points and the certificate.
  int32_t family;         ///< The wquant_scheme_family that was used.
  uint32_t left_out;      ///< Bit f is set if time or memory did not suffice for family f.
} wquant_quantize_statistics;

/// Fills in how the quantisation was found. size: sizeof *statistics.
WQUANT_API wquant_status wquant_quantization_statistics(const wquant_quantization* quantization,
                                                        wquant_quantize_statistics* statistics,
                                                        size_t size);

/// A family that was tried, with its result.
typedef struct wquant_scheme_trial {
  double w2;         ///< The bound of its certificate.
  int64_t support;   ///< The number of points.
  int32_t family;    ///< A wquant_scheme_family.
  int32_t reserved;  ///< Always 0.
} wquant_scheme_trial;

/// Fills in a trial. index: 0 … trials − 1; size: sizeof *trial.
WQUANT_API wquant_status wquant_quantization_trial(const wquant_quantization* quantization,
                                                   int64_t index, wquant_scheme_trial* trial,
                                                   size_t size);

// ---- Learning

/// The method that bounds W_ρ(P, P̂); see wquant::BoundMethod.
typedef enum wquant_bound_method {
  WQUANT_BOUND_SPLIT = 0,    ///< A bound on the moment plus one on the discrete term.
  WQUANT_BOUND_DUAL = 1,     ///< Theorem 3.1 without integers.
  WQUANT_BOUND_EXACT = 2,    ///< Theorem 3.1 by branch and bound.
  WQUANT_BOUND_VERTEX = 3,   ///< Proposition 3.2.
  WQUANT_BOUND_FOURNIER = 4  ///< Fournier's bound for the empirical distribution.
} wquant_bound_method;

/// The samples that choose the number of clusters; see wquant::SelectOn.
typedef enum wquant_select_on {
  WQUANT_SELECT_ON_TRAIN = 0,      ///< Those that make the regions; this costs no confidence.
  WQUANT_SELECT_ON_EVALUATION = 1  ///< The others; beta is divided by the number of candidates.
} wquant_select_on;

/// How the split bound bounds its moment; see wquant::Moment.
typedef enum wquant_moment {
  WQUANT_MOMENT_STRATIFIED = 0,  ///< Empirical Bernstein inside, Clopper–Pearson outside.
  WQUANT_MOMENT_BERNSTEIN = 1,   ///< One empirical Bernstein bound for all regions.
  WQUANT_MOMENT_BETTING = 2      ///< Betting inside, Clopper–Pearson outside.
} wquant_moment;

/// How the split bound bounds its discrete term; see wquant::DiscreteTerm.
typedef enum wquant_discrete_term {
  WQUANT_DISCRETE_AUTOMATIC = 0,  ///< The way that the training samples predict to be best.
  WQUANT_DISCRETE_TREE = 1,       ///< Through a complete-linkage tree.
  WQUANT_DISCRETE_ROUTED = 2      ///< Along neighbours, or the tree where that does not suffice.
} wquant_discrete_term;

/// The costs in the dual, exact and vertex bounds; see wquant::Costs.
typedef enum wquant_costs {
  WQUANT_COSTS_TIGHT = 0,  ///< That of the farthest corner of box and ball where it is smaller.
  WQUANT_COSTS_PAPER = 1   ///< (‖c_i − c_j‖ + θ_i)^ρ.
} wquant_costs;

/// Options of wquant_learn; wquant::LearnOptions describes each at length.
typedef struct wquant_learn_options {
  size_t size;              ///< The size of the struct, set by its init function.
  int32_t order;            ///< The order ρ of the distance W_ρ, 1 or 2 (2).
  int32_t method;           ///< A wquant_bound_method (split).
  int32_t select_on;        ///< A wquant_select_on (train).
  int32_t moment;           ///< A wquant_moment (stratified).
  int32_t discrete;         ///< A wquant_discrete_term (automatic).
  int32_t costs;            ///< A wquant_costs (tight).
  double beta;              ///< The bound may fail with this probability, in (0, 1) (1e-6).
  const int64_t* clusters;  ///< Candidates for K ({100}, in memory of the library).
  int64_t clusters_count;   ///< The number of candidates; 0: 1, 2, 5, 10, 20, 50, … (1).
  double time_limit;        ///< Seconds for each program of the dual, exact and vertex bounds (60).
  double radius_factor;     ///< The factor in the radii of the balls (1.5).
  double neighbour_fraction;  ///< The fraction in the radii of the balls (0.05).
  uint64_t seed;              ///< The seed of k-means++ and of the shuffle of one set (0).
  int64_t iterations;         ///< The most steps of Lloyd's method (100).
  /// How many samples of one set make the regions; 0: a quarter, at most 5000 (0).
  int64_t train_samples;
  wquant_progress_callback progress;  ///< Called now and then; may be NULL (NULL).
  void* progress_data;                ///< Handed to the callback (NULL).
} wquant_learn_options;

/// Fills in the defaults. size: sizeof *options.
WQUANT_API wquant_status wquant_learn_options_init(wquant_learn_options* options, size_t size);

/// A learned distribution P̂ with Pr[W_ρ(P, P̂) ≤ bound] ≥ 1 − beta; see
/// wquant::LearnedDistribution.
typedef struct wquant_learned wquant_learned;

/// Learns the unknown distribution P on the box [lower, upper] (d numbers each, float64, on the
/// host) from independent samples of it. The samples in train (N_T × d) make the regions; the
/// samples in evaluation (N × d, N ≥ 2), which must be others, give probabilities and confidence.
/// Both are float64 or both float32. options NULL: the defaults. Fails with WQUANT_INVALID_ARGUMENT
/// (also for samples outside the box), WQUANT_OUT_OF_MEMORY, WQUANT_CANCELLED, WQUANT_DEVICE_ERROR.
WQUANT_API wquant_status wquant_learn(const wquant_context* context, const DLTensor* train,
                                      const DLTensor* evaluation, const DLTensor* lower,
                                      const DLTensor* upper, const wquant_learn_options* options,
                                      wquant_learned** learned);
/// Learns P from one set of samples (n × d, n ≥ 3, float64 or float32): a copy of them is shuffled
/// with the seed, the first train_samples make the regions and the others evaluate the bound. The
/// rows must be independent of each other; the shuffle does not make them so. options NULL: the
/// defaults. Fails as wquant_learn does.
WQUANT_API wquant_status wquant_learn_one_set(const wquant_context* context,
                                              const DLTensor* samples, const DLTensor* lower,
                                              const DLTensor* upper,
                                              const wquant_learn_options* options,
                                              wquant_learned** learned);
/// Releases the learned distribution, or does nothing for NULL. Its tensors stay.
WQUANT_API void wquant_learned_destroy(wquant_learned* learned);

/// The locations of the points of P̂, N × d, float64, on the host.
WQUANT_API wquant_status wquant_learned_locations(const wquant_learned* learned,
                                                  DLManagedTensor** locations);
/// The probabilities of the points of P̂, N, float64, on the host.
WQUANT_API wquant_status wquant_learned_probabilities(const wquant_learned* learned,
                                                      DLManagedTensor** probabilities);

/// The bound and its parts. A part that belongs to other methods than the one used is 0.
typedef struct wquant_learned_bound {
  double bound;  ///< W_ρ(P, P̂) ≤ bound with probability ≥ 1 − beta, rounding included.
  double beta;   ///< The probability with which it may fail, from the options.
  double moment;  ///< split: bounds (E‖X − q(X)‖^ρ)^{1/ρ}; vertex: the part from P to the vertex.
  double discrete;  ///< split: bounds W_ρ(q#P, P̂); vertex: the part from the vertex to P̂.
  double capacity;  ///< split: the largest load in the routing, relative to what can be sent.
  double lower;     ///< dual, exact: a lower bound on the value of Theorem 3.1.
  int64_t rounds;   ///< dual: the number of rounds of column generation.
  int32_t order;    ///< The order ρ.
  int32_t method;   ///< The wquant_bound_method that was used.
  int32_t routed;   ///< split: 1 if the discrete term comes from the routing, 0 if from the tree.
  int32_t optimal;  ///< dual, exact: 1 if the program was solved to the end.
} wquant_learned_bound;

/// Fills in the bound and its parts. size: sizeof *bound.
WQUANT_API wquant_status wquant_learned_get_bound(const wquant_learned* learned,
                                                  wquant_learned_bound* bound, size_t size);

/// How a distribution was learned.
typedef struct wquant_learn_statistics {
  int64_t support;             ///< The number of points of P̂.
  int64_t regions;             ///< The number of regions, M = K + 1.
  int64_t train_samples;       ///< The number of samples that made the regions, N_T.
  int64_t evaluation_samples;  ///< The number of samples that evaluated the bound, N.
  int64_t trials;              ///< How many candidates for K wquant_learned_trial can describe.
  double partition_seconds;    ///< The time for the regions, with the choice of K.
  double statistics_seconds;   ///< The time for looking up the evaluation samples.
  double bound_seconds;        ///< The time for the bound itself.
} wquant_learn_statistics;

/// Fills in how the distribution was learned. size: sizeof *statistics.
WQUANT_API wquant_status wquant_learned_statistics(const wquant_learned* learned,
                                                   wquant_learn_statistics* statistics,
                                                   size_t size);

/// A candidate for the number of clusters. Its bound was predicted from the training samples, or
/// found on the evaluation samples if these choose.
typedef struct wquant_cluster_trial {
  int64_t clusters;  ///< The candidate, K.
  double bound;      ///< The bound on W_ρ.
} wquant_cluster_trial;

/// Fills in a candidate. index: 0 … trials − 1, in ascending order of K; size: sizeof *trial.
WQUANT_API wquant_status wquant_learned_trial(const wquant_learned* learned, int64_t index,
                                              wquant_cluster_trial* trial, size_t size);

// ---- k-means

/// Options of wquant_kmeans; see wquant::KmeansOptions.
typedef struct wquant_kmeans_options {
  size_t size;              ///< The size of the struct, set by its init function.
  int64_t clusters;         ///< The most centres, K ≥ 1; ignored if a start is given (100).
  const DLTensor* weights;  ///< n numbers ≥ 0, float64, on the host; NULL: all are 1 (NULL).
  const DLTensor*
      start;           ///< The first centres, K × d, of the points' type; NULL: k-means++ (NULL).
  uint64_t seed;       ///< The seed of greedy k-means++ (0).
  int64_t iterations;  ///< The most steps of Lloyd's method; 0 keeps the start (100).
  double tolerance;    ///< Steps end when one lowers the objective by less, relative to it (1e-6).
  wquant_progress_callback progress;  ///< Called now and then; may be NULL (NULL).
  void* progress_data;                ///< Handed to the callback (NULL).
} wquant_kmeans_options;

/// Fills in the defaults. size: sizeof *options.
WQUANT_API wquant_status wquant_kmeans_options_init(wquant_kmeans_options* options, size_t size);

/// Centres, and the assignment of points to them; see wquant::KmeansResult.
typedef struct wquant_clustering wquant_clustering;

/// Finds few centres with small Σ_i w_i ‖x_i − nearest centre‖² for n points (n × d, float64 or
/// float32). options NULL: the defaults. Fails with WQUANT_INVALID_ARGUMENT, WQUANT_OUT_OF_MEMORY,
/// WQUANT_CANCELLED, WQUANT_DEVICE_ERROR.
WQUANT_API wquant_status wquant_kmeans(const wquant_context* context, const DLTensor* points,
                                       const wquant_kmeans_options* options,
                                       wquant_clustering** clustering);
/// Releases the clustering, or does nothing for NULL. Its tensors stay.
WQUANT_API void wquant_clustering_destroy(wquant_clustering* clustering);

/// The centres, K' × d, of the points' type; on_host is as for wquant_quantization_locations.
WQUANT_API wquant_status wquant_clustering_centres(const wquant_clustering* clustering,
                                                   bool on_host, DLManagedTensor** centres);
/// The index of the nearest centre of each point, n, int64; on_host is as for the centres.
WQUANT_API wquant_status wquant_clustering_labels(const wquant_clustering* clustering, bool on_host,
                                                  DLManagedTensor** labels);

/// Facts about a clustering.
typedef struct wquant_clustering_info {
  double objective;    ///< Σ_i w_i ‖x_i − its centre‖².
  int64_t centres;     ///< The number of centres, K' ≤ K.
  int64_t iterations;  ///< The steps of Lloyd's method that were taken.
  int64_t records;     ///< How many wquant_clustering_record can describe: the start and each step.
} wquant_clustering_info;

/// Fills in the facts about a clustering. size: sizeof *info.
WQUANT_API wquant_status wquant_clustering_get_info(const wquant_clustering* clustering,
                                                    wquant_clustering_info* info, size_t size);

/// One assignment of the points to centres.
typedef struct wquant_kmeans_record {
  double objective;   ///< Σ_i w_i ‖x_i − its centre‖².
  int64_t moved;      ///< How many points changed clusters; all of them at the start.
  int64_t re_seeded;  ///< How many empty clusters got a new centre before it.
  double seconds;     ///< The time since the record before.
} wquant_kmeans_record;

/// Fills in a record. index: 0 … records − 1; size: sizeof *record.
WQUANT_API wquant_status wquant_clustering_record(const wquant_clustering* clustering,
                                                  int64_t index, wquant_kmeans_record* record,
                                                  size_t size);

#ifdef __cplusplus
}
#endif

#endif
