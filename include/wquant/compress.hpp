#pragma once

#include <cstdint>

#include "wquant/certified_distribution.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/progress.hpp"

namespace wquant {

/// What `compress` is asked for.
struct CompressOptions {
  std::int64_t support = 100;      ///< at most this many points, ≥ 1.
  std::uint64_t seed = 0;          ///< of the k-means++ start.
  std::int64_t iterations = 100;   ///< at most this many steps of Lloyd's, ≥ 0.
  ProgressCallback progress = {};  ///< may be empty.
};

/// Fewer points for the same P: the points are clustered (weighted k-means), those of a cluster
/// replaced by their mean and the sum of their probabilities. With k² = Σ_a p_a ‖x_a − c(a)‖² for
/// the returned locations c the certificate grows by exactly what that costs (quantization.md §0),
///
///     cells' = cells + 2 k centroid_gap + k²,
///
/// and by rounding: of k², of the means and of the sums of probabilities. Where k = 0, points that
/// coincide, only the last remains. With `support` ≥ the number of points the input is returned as
/// it is. Points without probability are dropped. Results live in the context's memory.
/// Throws InvalidArgument (options, locations beyond 1e150), OutOfMemory, Cancelled.
WQUANT_API CertifiedDistribution compress(const Context& context,
                                          const CertifiedDistribution& distribution,
                                          const CompressOptions& options);

}  // namespace wquant
