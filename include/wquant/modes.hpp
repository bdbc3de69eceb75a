#pragma once

#include <cstdint>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Options of `find_modes`.
struct ModeOptions {
  /// Ascents begin at the means of all components; if there are more than this, at so many of them
  /// that are far apart.
  std::int64_t max_starts = 10'000;
  /// A mode that is nearer than this multiple of the scale to a higher one is left out; ≥ 0.
  double prune = 0.5;
  std::int64_t iterations = 1000;  ///< The most steps of each ascent, ≥ 1.
  ProgressCallback progress = {};  ///< Called now and then; may be empty.
};

/// The modes of a mixture's density p, the highest first.
struct Modes {
  std::int64_t dimension = 0;         ///< d.
  std::vector<double> locations;      ///< The locations, M × d, row-major.
  std::vector<double> log_densities;  ///< The M values of log p at the locations.
  std::vector<std::int64_t> labels;   ///< The mode nearest to the mean of each of K components.
  double scale = 0;                   ///< Σ w_i √(tr Σ_i / d).
  /// δ, if p is the density of the mixture of the Σ_i + δI; 0 if it is that of the given mixture.
  double added_variance = 0;
  std::int64_t iterations = 0;  ///< The number of steps of the longest ascent.
  bool converged = true;        ///< Whether no ascent ran out of `iterations`.

  /// M, how many modes there are.
  std::int64_t size() const { return static_cast<std::int64_t>(log_densities.size()); }
  /// A view of the locations, M × d, valid as long as they are.
  MatrixView<const double> view() const { return {locations.data(), size(), dimension}; }
};

/// Finds the modes of a mixture's density p by ascents from the means of its components
/// (quantization.md §6). An ascent takes steps of mean-shift, and of Newton's method where log p is
/// concave and p grows, until a step is at most 1e-8 · scale. Ascents that come within 0.02 · scale
/// of each other on the way, or within 1e-3 · scale at the end, count as one. An ascent that ends
/// at a saddle point goes on from there.
///
/// Where a Σ_i is singular, the mixture of the Σ_i + δI is searched, δ = 1e-6 Σ w_i tr Σ_i / d; if
/// all Σ_i are 0, every mean is a mode. No ascent begins at a component of weight 0, but it has a
/// label. The order of the components changes locations by rounding only and labels not at all; the
/// number of threads changes nothing. No certificate rests on modes.
/// Throws InvalidArgument, OutOfMemory, Cancelled.
///
/// \code
/// const Context context = Context::best();
/// const double weights[] = {0.5, 0.5}, means[][1] = {{-2}, {2}}, variances[][1] = {{1}, {1}};
/// const auto mixture = GaussianMixture::diagonal(context, weights, means, variances);
/// const Modes modes = find_modes(context, mixture);
/// for (const auto mode : modes.view()) std::printf("a mode at %.4f\n", mode[0]);
/// \endcode
WQUANT_API Modes find_modes(const Context& context, const GaussianMixture& mixture,
                            const ModeOptions& options = {});

}  // namespace wquant
