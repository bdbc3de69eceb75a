#pragma once

#include <cstdint>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// What `find_modes` is asked for.
struct ModeOptions {
  std::int64_t max_starts = 10'000;  ///< ascents begin at all means, or at this many far apart.
  double prune = 0.5;  ///< modes nearer than this · scale to a higher one are left out, ≥ 0.
  std::int64_t iterations = 1000;  ///< at most this many steps of each ascent, ≥ 1.
  ProgressCallback progress = {};  ///< may be empty.
};

/// The modes of a mixture's density p, the highest first.
struct Modes {
  std::int64_t dimension = 0;         ///< d.
  std::vector<double> locations;      ///< M × d.
  std::vector<double> log_densities;  ///< M: log p there.
  std::vector<std::int64_t> labels;   ///< K: the mode nearest to each component's mean.
  double scale = 0;                   ///< Σ w_i √(tr Σ_i / d).
  double added_variance = 0;          ///< δ; p is the density of the Σ_i + δI. 0: as given.
  std::int64_t iterations = 0;        ///< steps of the longest ascent.
  bool converged = true;              ///< false: an ascent was cut off by `iterations`.

  /// M.
  std::int64_t size() const { return static_cast<std::int64_t>(log_densities.size()); }
  /// The locations, M × d; valid as long as they.
  MatrixView<const double> view() const { return {locations.data(), size(), dimension}; }
};

/// Ascends from component means: mean-shift, and Newton's method where log p is concave and p grows
/// (quantization.md §6), until a step is at most 1e-8 · scale. Where a Σ_i is singular, the mixture
/// of Σ_i + δI is searched, δ = 1e-6 Σ w_i tr Σ_i / d; if all are 0, every mean is a mode. Ascents
/// that come within 0.02 · scale of each other on the way, or 1e-3 · scale at the end, count as
/// one; saddle points are left. Components of weight 0 have labels, no more. Labels and the
/// locations up to rounding do not depend on the order of the components, nothing on the number of
/// threads. Nothing certified rests on modes. Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API Modes find_modes(const Context& context, const GaussianMixture& mixture,
                            const ModeOptions& options = {});

}  // namespace wquant
