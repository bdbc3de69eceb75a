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

/// A batch of discrete distributions with their certificates.
struct CertifiedBatch {
  DistributionBatch distributions;        ///< B.
  std::vector<Certificate> certificates;  ///< B.
};

/// The bound on W₂(mixture, discrete distribution of the scheme), without making the points: any
/// scheme with the mixture's number of components and dimension, made for it or not
/// (quantization.md §3, §10).
WQUANT_API Certificate certify(const Context& context, const Scheme& scheme,
                               const GaussianMixture& mixture);

/// The discrete distribution that the scheme makes of the mixture, with its certificate.
WQUANT_API CertifiedDistribution apply(const Context& context, const Scheme& scheme,
                                       const GaussianMixture& mixture,
                                       const ProgressCallback& progress = {});

/// Scheme b laid over mixture b, all in one pass of the kernels; all mixtures in one dimension. The
/// bits are those of the calls one by one.
WQUANT_API CertifiedBatch apply(const Context& context, std::span<const Scheme> schemes,
                                std::span<const GaussianMixture> mixtures,
                                const ProgressCallback& progress = {});

}  // namespace wquant
