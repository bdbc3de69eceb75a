#pragma once

#include <cstdint>

#include "wquant/certified_distribution.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/progress.hpp"

namespace wquant {

/// Options of `compress`.
struct CompressOptions {
  std::int64_t support = 100;      ///< The result has at most this many points, ≥ 1.
  std::uint64_t seed = 0;          ///< The seed of the k-means++ start.
  std::int64_t iterations = 100;   ///< The most steps of Lloyd's method, ≥ 0.
  ProgressCallback progress = {};  ///< Called now and then; may be empty.
};

/// Approximates the same P by fewer points. Weighted k-means clusters the points; each cluster
/// becomes one point, with its mean as location and the sum of its probabilities. Points without
/// probability are dropped. With k² = Σ_a p_a ‖x_a − c(a)‖² for the returned locations c the
/// certificate grows by exactly what that costs (quantization.md §0),
///
///     cells' = cells + 2 k centroid_gap + k²,
///
/// and by the rounding of k², of the means and of the sums of probabilities; where k = 0, since the
/// points of each cluster coincide, only the last of these remains. If `support` is at least the
/// number of points, the input is returned unchanged. The result lies in the context's memory.
/// Throws InvalidArgument (options, locations beyond 1e150), OutOfMemory, Cancelled.
///
/// \code
/// const Context context = Context::best();
/// const double mean[] = {0, 0}, covariance[2][2] = {{2, 1}, {1, 2}};
/// const auto normal = GaussianMixture::gaussian(context, mean, covariance);
/// const Quantization fine = quantize(context, normal, {.support = 100});
/// const CertifiedDistribution coarse = compress(context, fine, {.support = 10});
/// std::printf("W2 <= %.4f with 10 points\n", coarse.certificate.w2);
/// \endcode
WQUANT_API CertifiedDistribution compress(const Context& context,
                                          const CertifiedDistribution& distribution,
                                          const CompressOptions& options);

}  // namespace wquant
