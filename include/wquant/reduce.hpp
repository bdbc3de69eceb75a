#pragma once

#include <cstdint>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"

namespace wquant {

/// What `reduce` is asked for.
struct ReduceOptions {
  std::int64_t components = 1000;  ///< K' ≥ 1: at most this many.
  std::uint64_t seed = 0;          ///< of the k-means++ start, for which K K' must be small.
  std::int64_t iterations = 20;  ///< at most this many steps of Lloyd's, ≥ 0; fewer for large K K'.
  ProgressCallback progress = {};  ///< may be empty.
};

/// A mixture P' of few components that stands for P.
struct Reduction {
  GaussianMixture mixture;           ///< P'
  double bound = 0;                  ///< ≥ W₂(P, P'), rounding included.
  std::vector<std::int64_t> labels;  ///< K: the component of P' that each one of P went to.
};

/// At most K' components for the K of P (quantization.md §9). With roots R_i = Σ_i^{1/2},
///
///     W₂²(P, P') ≤ Σ_i w_i (‖μ_i − μ'‖² + ‖R_i − R'‖_F²),
///
/// μ' and R' those of the component that i went to: weighted k-means in the space of (μ, R), where
/// the means of a cluster are the best there are. Components alike as stored merge at no cost, as
/// in merge_duplicates, so K' distinct components of positive weight cost exactly 0; what merges
/// with nothing else stays as it is, bit for bit. Mixtures that store one basis for all components
/// keep it. Means and covariances of P' depend on those of P and their weights, not on their order.
/// Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API Reduction reduce(const Context& context, const GaussianMixture& mixture,
                            const ReduceOptions& options = {});

}  // namespace wquant
