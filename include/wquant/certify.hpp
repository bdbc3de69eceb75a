#pragma once

#include <span>
#include <vector>

#include "wquant/certified_distribution.hpp"
#include "wquant/context.hpp"
#include "wquant/distribution_batch.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"
#include "wquant/scheme.hpp"

namespace wquant {

/// A batch of B discrete distributions with their certificates.
struct CertifiedBatch {
  DistributionBatch distributions;        ///< The distributions, one per mixture.
  std::vector<Certificate> certificates;  ///< The certificates, one per distribution.
};

/// The certificate of the discrete distribution that the scheme makes of the mixture, without
/// making the points. Any scheme with the mixture's number of components and dimension will do,
/// also one that was made for another mixture or by hand (quantization.md §3, §10).
/// Throws InvalidArgument (components, dimension), OutOfMemory.
///
/// \code
/// const Context context = Context::best();
/// const double mean[] = {0, 0}, covariance[2][2] = {{2, 1}, {1, 2}};
/// const auto normal = GaussianMixture::gaussian(context, mean, covariance);
/// const Grid grid(Axes::standard({0, 0}), {{-1.5, 0, 1.5}, {-1, 1}});
/// const Certificate bound = certify(context, Scheme::grid(grid, 1), normal);
/// std::printf("W2 <= %.4f\n", bound.w2);
/// \endcode
WQUANT_API Certificate certify(const Context& context, const Scheme& scheme,
                               const GaussianMixture& mixture);

/// The discrete distribution that the scheme makes of the mixture, with its certificate. Throws
/// what certify throws, and Cancelled.
WQUANT_API CertifiedDistribution apply(const Context& context, const Scheme& scheme,
                                       const GaussianMixture& mixture,
                                       const ProgressCallback& progress = {});

/// Applies scheme b to mixture b, for all mixtures in one pass of the kernels. The mixtures have
/// one dimension in common. Every result has the same bits as if it were made alone.
/// Throws what certify throws, and Cancelled.
WQUANT_API CertifiedBatch apply(const Context& context, std::span<const Scheme> schemes,
                                std::span<const GaussianMixture> mixtures,
                                const ProgressCallback& progress = {});

}  // namespace wquant
