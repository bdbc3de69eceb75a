#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wquant/certified_distribution.hpp"
#include "wquant/certify.hpp"
#include "wquant/context.hpp"
#include "wquant/distribution_batch.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"
#include "wquant/scheme.hpp"

namespace wquant {

/// Families of schemes that `make_scheme` can build.
enum class SchemeFamily {
  automatic,      ///< the one of the families below with the smallest certificate; see `seconds`.
  grid,           ///< one grid shared by all components.
  per_component,  ///< one grid a component, the budget allocated by marginal gain.
  cross,          ///< one cross a component, the budget allocated likewise.
  per_mode,       ///< one grid, or several, for the components around each mode.
  tree,           ///< adaptive boxes, one tree for components whose covariances commute.
  lloyd,          ///< free points, by weighted k-means on the means of many small cells.
};

/// "auto", "grid", "per-component", "cross", "per-mode", "tree" or "lloyd".
WQUANT_API std::string_view name(SchemeFamily family);

/// How far out the points of crosses lie (quantization.md §4).
enum class CrossRadii {
  optimal,  ///< each the mean of its shell: the smallest certificate.
  paper,  ///< √n times means of equiprobable slices, weighted by χ² shells (arXiv 2511.15854).
  unscented,  ///< one radius √n.
};

/// "optimal", "paper" or "unscented".
WQUANT_API std::string_view name(CrossRadii radii);

/// The local Gaussian that shapes the grid of a mode (quantization.md §6), on the grid's axes.
enum class LocalScale {
  hessian,  ///< the inverse negative Hessian of log p at the mode; moments where p is not concave.
  moments,  ///< the variances of the mode's components about their mean.
  best,     ///< both are built, the smaller certificate is kept.
};

/// "hessian", "moments" or "best".
WQUANT_API std::string_view name(LocalScale local);

/// Quantisations have at most this many points.
inline constexpr std::int64_t kLargestSupport = 1'000'000'000;

/// What `quantize` and `make_scheme` are asked for.
struct QuantizeOptions {
  std::int64_t support = 100;  ///< at most this many points, 1 … 10⁹; not used with a tolerance.
  double tolerance = 0;        ///< > 0: as few points as give a certificate of at most this.
  SchemeFamily family = SchemeFamily::automatic;  ///< which family to use.
  /// 0: `automatic` tries grid, per_component and cross. > 0: all families; what is not built this
  /// many seconds after the start is left out, and so the choice may depend on the clock. With a
  /// tolerance the others are searched for fewer points than those three need, as long as it lasts.
  /// Of a batch that of the first mixture counts.
  double seconds = 0;
  CrossRadii radii = CrossRadii::optimal;  ///< of crosses.
  LocalScale local = LocalScale::best;     ///< of the grids of modes.
  std::int64_t reduced_components =
      0;  ///< > 0: the mixture is first reduced to at most this many components.
  std::int64_t active_dimensions = 0;  ///< axes of each cross, at most d; 0: as many as serve best.
  std::int64_t fine_support = 0;       ///< cells that free points are made of; 0: as many as serve.
  double rank_tolerance = -1;  ///< eigenvalues ≤ this · λ_max get no grid dimension; < 0: d·ε.
  std::uint64_t seed = 0;  ///< of the combination that finds a common eigenbasis, and of k-means++.
  ProgressCallback progress = {};  ///< may be empty.
};

/// One family that was built, and what it certified.
struct SchemeTrial {
  SchemeFamily family;   ///< never `automatic`.
  std::int64_t support;  ///< points.
  double w2;             ///< of their certificate.
};

/// How a quantisation was found.
struct QuantizeStatistics {
  double scheme_seconds = 0;                      ///< of make_scheme, and reduce before it.
  double apply_seconds = 0;                       ///< of apply.
  SchemeFamily family = SchemeFamily::automatic;  ///< the one used.
  std::vector<SchemeTrial> tried;                 ///< in the order of the attempts.
  std::vector<SchemeFamily> left_out;             ///< for want of time or memory.
};

/// The result of quantize. After a reduction the scheme is one for the reduced mixture,
/// reduce(context, mixture, {.components = options.reduced_components, .seed =
/// options.seed}).mixture; the certificate is for the one that was given.
struct Quantization : CertifiedDistribution {
  Scheme scheme;                  ///< where the points go.
  QuantizeStatistics statistics;  ///< how it was found.
};

/// The result of quantize for a batch; one entry a mixture.
struct QuantizationBatch : CertifiedBatch {
  std::vector<Scheme> schemes;         ///< B.
  std::vector<SchemeFamily> families;  ///< B: the ones used.
  double scheme_seconds = 0;           ///< of all of them.
  double apply_seconds = 0;            ///< of the pass over all.
};

/// Chooses where the points go; `statistics`, if given, receives what was tried. With a tolerance,
/// the scheme certifies at most that, and one point fewer of its family would not: for free points
/// a 64th fewer (docs/choosing_a_scheme.md, "With a tolerance").
/// Throws InvalidArgument (also for options.reduced_components > 0: a scheme is made for the
/// mixture given), OutOfMemory (points beyond the workspace limit; with a tolerance the message
/// states the best certificate reached), Cancelled.
WQUANT_API Scheme make_scheme(const Context& context, const GaussianMixture& mixture,
                              const QuantizeOptions& options,
                              QuantizeStatistics* statistics = nullptr);

/// A discrete distribution of at most `options.support` points, or of a certificate of at most
/// `options.tolerance`, within `certificate.w2` of the mixture in W₂: make_scheme, then apply;
/// before that reduce, if `options.reduced_components` asks for it, at a cost of
/// certificate.reduction.
WQUANT_API Quantization quantize(const Context& context, const GaussianMixture& mixture,
                                 const QuantizeOptions& options);

/// The same for B mixtures in one dimension, of any numbers of components: one pass of the kernels
/// for all. options: B of them, or one for all; only the first one's progress callback is called.
/// The bits are those of the calls one by one.
WQUANT_API QuantizationBatch quantize(const Context& context,
                                      std::span<const GaussianMixture> mixtures,
                                      std::span<const QuantizeOptions> options);

}  // namespace wquant
