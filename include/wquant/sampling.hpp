#pragma once

#include <cstdint>

#include "wquant/array.hpp"
#include "wquant/context.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"

namespace wquant {

/// How `sample` draws from a mixture.
struct SampleOptions {
  double rank_tolerance = -1;      ///< eigenvalues ≤ this · λ_max are zero; < 0: d·ε.
  ProgressCallback progress = {};  ///< may be empty.
};

/// `count` independent samples of the mixture (count × d): μ_i + V_i diag(√λ_i) z with i drawn by
/// its weight and z standard normal. Singular components stay on their supports. `labels`, if
/// given, receives the component of each sample (count × 1).
///
/// Row s depends on the mixture, `seed` and s only: a longer sample begins with the shorter one.
/// Uniform numbers are multiples of 2⁻⁵³, so components of less weight may not be met; normal
/// numbers stay below 8.5 in magnitude (Box & Muller from counters, mixed as in splitmix64).
/// Throws InvalidArgument (count < 1, options), OutOfMemory, Cancelled.
WQUANT_API Array<double> sample(const Context& context, const GaussianMixture& mixture,
                                std::int64_t count, std::uint64_t seed,
                                const SampleOptions& options = {},
                                Array<std::int64_t>* labels = nullptr);

/// `count` independent locations of the distribution (count × d), drawn by their probabilities;
/// `labels` receives their indices. O(N + count). The distribution in host memory or the context's.
/// Otherwise as above.
WQUANT_API Array<double> sample(const Context& context, const DiscreteDistribution& distribution,
                                std::int64_t count, std::uint64_t seed,
                                const ProgressCallback& progress = {},
                                Array<std::int64_t>* labels = nullptr);

}  // namespace wquant
