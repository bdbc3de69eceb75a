#pragma once

#include <cstdint>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"

namespace wquant {

/// Options of `reduce`.
struct ReduceOptions {
  std::int64_t components = 1000;  ///< The result has at most this many components, K' ≥ 1.
  /// The seed of the k-means++ start, which is used where K K' is small.
  std::uint64_t seed = 0;
  /// The most steps of Lloyd's method, ≥ 0. Fewer are taken where K K' is large.
  std::int64_t iterations = 20;
  ProgressCallback progress = {};  ///< Called now and then; may be empty.
};

/// A mixture P' of few components that approximates P.
struct Reduction {
  GaussianMixture mixture;           ///< P'.
  double bound = 0;                  ///< An upper bound on W₂(P, P'), rounding included.
  std::vector<std::int64_t> labels;  ///< For each of K components of P the one of P' it went to.
};

/// Reduces the K components of P to at most K' (quantization.md §9). With roots R_i = Σ_i^{1/2},
///
///     W₂²(P, P') ≤ Σ_i w_i (‖μ_i − μ'‖² + ‖R_i − R'‖_F²),
///
/// where μ' and R' belong to the component that i went to. Weighted k-means in the space of (μ, R)
/// makes this small, since the means of a cluster are the best μ' and R' for it.
///
/// Components with the same bits merge at no cost, as in merge_duplicates, so that a mixture with
/// at most K' distinct components of positive weight costs exactly 0. A component that merges with
/// no other stays as it is, bit for bit. Mixtures that store one basis for all components keep it.
/// The order of P's components does not change the means and covariances of P'. Throws
/// InvalidArgument, OutOfMemory, Cancelled.
///
/// \code
/// const Context context = Context::best();
/// const double weights[] = {0.4, 0.4, 0.2}, means[][1] = {{0}, {0.1}, {5}};
/// const double variances[][1] = {{1}, {1.1}, {2}};
/// const auto mixture = GaussianMixture::diagonal(context, weights, means, variances);
/// const Reduction reduction = reduce(context, mixture, {.components = 2});
/// std::printf("two components within W2 <= %.4f\n", reduction.bound);
/// \endcode
WQUANT_API Reduction reduce(const Context& context, const GaussianMixture& mixture,
                            const ReduceOptions& options = {});

}  // namespace wquant
