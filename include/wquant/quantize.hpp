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

/// Families of schemes: the kinds of locations that a mixture can be quantised by.
enum class SchemeFamily {
  automatic,      ///< The family, of those below, with the smallest certificate; see `seconds`.
  grid,           ///< One grid for all components.
  per_component,  ///< One grid per component, with the points allocated by marginal gain.
  cross,          ///< One cross per component, with the points allocated by marginal gain.
  per_mode,       ///< One grid, or several, for the components around each mode.
  tree,           ///< Adaptive boxes: one tree for all components whose covariances commute.
  lloyd,          ///< Free points, by weighted k-means on the means of many small cells.
};

/// The name of a family: "auto", "grid", "per-component", "cross", "per-mode", "tree" or "lloyd".
WQUANT_API std::string_view name(SchemeFamily family);

/// The radii at which the points of crosses lie (quantization.md §4).
enum class CrossRadii {
  optimal,    ///< Each radius is the mean of its shell, which gives the smallest certificate.
  paper,      ///< √n times means of equiprobable slices, with χ² shells (arXiv 2511.15854).
  unscented,  ///< One radius √n, as in the unscented transform.
};

/// The name of a kind of radii: "optimal", "paper" or "unscented".
WQUANT_API std::string_view name(CrossRadii radii);

/// The local Gaussian, on the grid's axes, that shapes the grid of a mode (quantization.md §6).
enum class LocalScale {
  hessian,  ///< From the Hessian of log p at the mode; as moments where log p is not concave.
  moments,  ///< From the variances of the mode's components about their mean.
  best,     ///< Both are tried, and the one with the smaller certificate is kept.
};

/// The name of a local scale: "hessian", "moments" or "best".
WQUANT_API std::string_view name(LocalScale local);

/// A quantisation has at most this many points.
inline constexpr std::int64_t kLargestSupport = 1'000'000'000;

/// Options of `quantize` and `make_scheme`.
struct QuantizeOptions {
  std::int64_t support = 100;  ///< The most points, 1 … 10⁹; ignored if there is a tolerance.
  double tolerance = 0;  ///< If > 0, the fewest points are sought whose bound w2 is at most this.
  SchemeFamily family = SchemeFamily::automatic;  ///< The family to use.
  /// The time for `automatic`. With 0 it tries grid, per_component and cross. With more it tries
  /// all families and leaves out those that are not built so many seconds after the start, so that
  /// the choice may depend on the clock. With a tolerance it searches the other families, while the
  /// time lasts, for fewer points than those three need.
  double seconds = 0;
  CrossRadii radii = CrossRadii::optimal;  ///< The radii of crosses.
  LocalScale local = LocalScale::best;     ///< The local Gaussian of the grids of modes.
  /// If > 0, the mixture is first reduced to at most this many components.
  std::int64_t reduced_components = 0;
  std::int64_t active_dimensions = 0;  ///< The number of axes of crosses; 0: the best number.
  std::int64_t fine_support = 0;       ///< The cells that `lloyd` starts from; 0: automatic.
  /// Directions whose eigenvalue is at most this multiple of λ_max get no dimension of a grid; a
  /// negative number stands for d·ε.
  double rank_tolerance = -1;
  std::uint64_t seed = 0;  ///< The seed of the search for a common eigenbasis and of k-means++.
  ProgressCallback progress = {};  ///< Called now and then; may be empty.
};

/// A family that was tried, with its result.
struct SchemeTrial {
  SchemeFamily family;   ///< The family, never `automatic`.
  std::int64_t support;  ///< The number of points.
  double w2;             ///< The bound of their certificate.
};

/// How a quantisation was found.
struct QuantizeStatistics {
  double scheme_seconds = 0;                      ///< The time for the scheme, and for reduce.
  double apply_seconds = 0;                       ///< The time for points and certificate.
  SchemeFamily family = SchemeFamily::automatic;  ///< The family that was used.
  std::vector<SchemeTrial> tried;                 ///< All trials in their order.
  std::vector<SchemeFamily> left_out;             ///< Left out for lack of time or memory.
};

/// The result of make_scheme.
struct ChosenScheme {
  Scheme scheme;                  ///< The scheme.
  QuantizeStatistics statistics;  ///< How it was found.
};

/// The result of quantize. After a reduction the scheme is one for the reduced mixture, that is
/// reduce(context, mixture, {.components = options.reduced_components, .seed =
/// options.seed}).mixture; the certificate holds for the mixture that was given.
struct Quantization : CertifiedDistribution {
  Scheme scheme;                  ///< The scheme that makes the points of the mixture.
  QuantizeStatistics statistics;  ///< How it was found.
};

/// The result of quantize for a batch of B mixtures.
struct QuantizationBatch : CertifiedBatch {
  std::vector<Scheme> schemes;         ///< The scheme of each mixture.
  std::vector<SchemeFamily> families;  ///< The family that was used for each mixture.
  double scheme_seconds = 0;           ///< The time for all schemes.
  double apply_seconds = 0;            ///< The time for the points and certificates of all.
};

/// Chooses where the points go. With a tolerance, the scheme certifies at most that, and one point
/// fewer of its family would not: for free points a 64th fewer (docs/choosing_a_scheme.md, "With a
/// tolerance").
/// Throws InvalidArgument (also for options.reduced_components > 0: a scheme is made for the
/// mixture given), OutOfMemory (points beyond the workspace limit; with a tolerance the message
/// states the best certificate reached), Cancelled.
WQUANT_API ChosenScheme make_scheme(const Context& context, const GaussianMixture& mixture,
                                    const QuantizeOptions& options = {});

/// Approximates the mixture by a discrete distribution, within `certificate.w2` of it in W₂. It has
/// at most `options.support` points; with a tolerance it has as many points as w2 ≤
/// `options.tolerance` takes. This is make_scheme, then apply. If `options.reduced_components` asks
/// for it, reduce comes first, and its bound is `certificate.reduction`.
/// Throws what make_scheme throws.
///
/// \code
/// const Context context = Context::best();
/// const double weights[] = {0.7, 0.3};
/// const double means[][2] = {{0, 0}, {3, 1}}, variances[][2] = {{1, 2}, {1, 1}};
/// const auto mixture = GaussianMixture::diagonal(context, weights, means, variances);
/// const Quantization result = quantize(context, mixture, {.support = 100});
/// std::printf("W2 <= %.4f\n", result.certificate.w2);
/// for (const auto& [x, p] : result.distribution.to_host())
///   if (p > 0.025) std::printf("(%.3f, %.3f) has probability %.4f\n", x[0], x[1], p);
/// \endcode
WQUANT_API Quantization quantize(const Context& context, const GaussianMixture& mixture,
                                 const QuantizeOptions& options = {});

/// Quantises B mixtures in one dimension d, of any numbers of components, in one pass of the
/// kernels. Every result has the same bits as if it were made alone, unless the time of
/// `options.seconds` runs out: it is the time for the whole batch. The progress callback is called
/// for the whole batch as well.
WQUANT_API QuantizationBatch quantize(const Context& context,
                                      std::span<const GaussianMixture> mixtures,
                                      const QuantizeOptions& options = {});

/// Quantises B mixtures with B options, one for each mixture, or with a single one for all. The
/// time and the progress callback of the first options count for the whole batch; those of the
/// others are not used.
WQUANT_API QuantizationBatch quantize(const Context& context,
                                      std::span<const GaussianMixture> mixtures,
                                      std::span<const QuantizeOptions> options);

}  // namespace wquant
