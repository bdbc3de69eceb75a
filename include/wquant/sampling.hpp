#pragma once

#include <cstdint>

#include "wquant/array.hpp"
#include "wquant/context.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"

namespace wquant {

/// Options of `sample` for mixtures.
struct SampleOptions {
  /// Eigenvalues up to this multiple of λ_max are taken for zero; a negative number stands for d·ε.
  double rank_tolerance = -1;
  ProgressCallback progress = {};  ///< Called now and then; may be empty.
};

/// Samples together with where each comes from.
struct LabelledSamples {
  Array<double> points;        ///< The samples, n × d.
  Array<std::int64_t> labels;  ///< The component or the point that each comes from, n × 1.
};

/// Draws `count` independent samples of the mixture (count × d): μ_i + V_i diag(√λ_i) z, with i
/// drawn by its weight and z standard normal. Samples of singular components lie in their spans.
///
/// Row s depends on the mixture, `seed` and s only, so a longer sample begins with the shorter one.
/// Uniform numbers are multiples of 2⁻⁵³, so components of less weight may never be drawn. Normal
/// numbers stay below 8.5 in magnitude (Box & Muller from counters, mixed as in splitmix64).
/// Throws InvalidArgument (count < 1, options), OutOfMemory, Cancelled.
///
/// \code
/// const Context context = Context::best();
/// const double mean[] = {0, 0}, covariance[2][2] = {{2, 1}, {1, 2}};
/// const auto normal = GaussianMixture::gaussian(context, mean, covariance);
/// const Array<double> x = sample(context, normal, /*count=*/1000, /*seed=*/1).to_host();
/// std::printf("the first sample is (%.4f, %.4f)\n", x(0, 0), x(0, 1));
/// \endcode
WQUANT_API Array<double> sample(const Context& context, const GaussianMixture& mixture,
                                std::int64_t count, std::uint64_t seed,
                                const SampleOptions& options = {});
/// The same samples, with the component that each comes from.
WQUANT_API LabelledSamples sample_with_labels(const Context& context,
                                              const GaussianMixture& mixture, std::int64_t count,
                                              std::uint64_t seed,
                                              const SampleOptions& options = {});

/// Draws `count` independent locations of the distribution (count × d) by their probabilities, in
/// O(N + count) time. The distribution lies in host memory or the context's. Rows, numbers and
/// errors are as for a mixture.
WQUANT_API Array<double> sample(const Context& context, const DiscreteDistribution& distribution,
                                std::int64_t count, std::uint64_t seed,
                                const ProgressCallback& progress = {});
/// The same samples, with the index of the point that each comes from.
WQUANT_API LabelledSamples sample_with_labels(const Context& context,
                                              const DiscreteDistribution& distribution,
                                              std::int64_t count, std::uint64_t seed,
                                              const ProgressCallback& progress = {});

}  // namespace wquant
