#pragma once

#include <cstdint>
#include <vector>

#include "quantize/certificate/affine_image.hpp"
#include "quantize/certificate/grid_layers.hpp"
#include "quantize/certificate/layers.hpp"
#include "wquant/certificate.hpp"
#include "wquant/distribution_batch.hpp"
#include "wquant/progress.hpp"
#include "wquant/scheme.hpp"

namespace wquant {

/// A scheme to be laid over a mixture.
struct Job {
  const Scheme* scheme;
  const GaussianMixture* mixture;
};

/// What `evaluate` found; it refers to none of the jobs.
struct Evaluation {
  std::vector<Certificate> certificates;  ///< one a job.
  std::vector<std::int64_t> point_begin;  ///< jobs + 1: rows of their points.
  std::int64_t dimension = 0;             ///< of the points.
  GridPoints grids;                       ///< those that kernels make.
  std::vector<PointBlock> blocks;         ///< the others.
};

/// Schemes laid over their mixtures, all in one pass of the kernels. Nothing of a job depends on
/// the others. image: the certificates are of the images under this map, computed from the cells;
/// the points stay where they are. Throws InvalidArgument unless each scheme has its mixture's
/// components and dimension, the same for all jobs, and lengths within the range of a mixture's.
Evaluation evaluate(const Context& context, const std::vector<Job>& jobs,
                    const AffineImage* image = nullptr);

/// The points of the evaluated schemes.
DistributionBatch materialise(const Context& context, const Evaluation& evaluation);

/// The one distribution of a batch of one.
DiscreteDistribution only(DistributionBatch batch);

}  // namespace wquant
