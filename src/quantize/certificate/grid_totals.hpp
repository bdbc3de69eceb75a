#pragma once

#include <vector>

#include "quantize/certificate/affine_image.hpp"
#include "quantize/certificate/scheme_tables.hpp"
#include "quantize/certificate/totals.hpp"

namespace wquant {

/// A CellTable that the host reads.
struct HostMoments {
  VectorView<const double> mass, mean, variance;
};

/// A layer that is a grid, from the moments of its components' 1-D cells.
struct GridTotals {
  LayerTotals totals;
  double outside_mass = 0;  ///< probability of the location for what is outside of the boxes
};

/// centre: d, the mean of the mixture in the units of the input; unit: that of the tables' lengths.
/// image: a map under which distances are measured, or none.
GridTotals grid_totals(const SchemeTables& tables, const HostMoments& moments, std::int64_t layer,
                       const GaussianMixture& mixture, const std::vector<double>& centre,
                       double unit, const AffineImage* image);

}  // namespace wquant
