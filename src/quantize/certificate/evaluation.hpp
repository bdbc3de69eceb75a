#pragma once

#include <span>
#include <vector>

#include "quantize/certificate/affine_image.hpp"
#include "quantize/certificate/scheme_tables.hpp"
#include "wquant/array.hpp"
#include "wquant/certificate.hpp"
#include "wquant/distribution_batch.hpp"

namespace wquant {

/// Locations and probabilities that the host knows, for rows `row`, … of a batch's points.
struct PointBlock {
  std::int64_t row = 0;
  std::vector<double> locations;
  std::vector<double> probabilities;
};

/// Schemes laid over their mixtures, all in one pass of the kernels: the tables, the 1-D cell
/// moments of every component, and the certificates that follow from them. Nothing of a job depends
/// on the others.
struct Evaluation {
  /// image: the certificates are of the images under this map, computed from the cells; the points
  /// stay where they are.
  Evaluation(const Context& context, std::vector<Job> jobs, const AffineImage* image = nullptr);

  std::vector<Job> jobs;
  std::vector<std::int64_t> point_begin;  // jobs + 1: rows of their points
  std::vector<double> units;              // one a job
  SchemeTables tables;
  Array<double> cell_mass;
  std::vector<PointBlock> blocks;  // of points that are not on product grids
  std::vector<Certificate> certificates;
};

/// The points of the evaluated schemes.
DistributionBatch materialise(const Context& context, const Evaluation& evaluation);

/// The one distribution of a batch of one.
DiscreteDistribution only(DistributionBatch batch);

}  // namespace wquant
