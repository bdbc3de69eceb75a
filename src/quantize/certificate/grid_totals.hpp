#pragma once

#include <cstdint>
#include <span>

#include "quantize/certificate/affine_image.hpp"
#include "quantize/certificate/local_gaussian.hpp"
#include "quantize/certificate/measured_mixture.hpp"
#include "quantize/certificate/totals.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// A dimension of a grid that is kept, lengths in multiples of the unit. The boxes of a bounded
/// one lie between cells for what is below (`cells_below` of them, 0 or 1) and above.
struct KeptDimension {
  std::span<const double> points;
  std::int64_t cells_below = 0;
  std::int64_t cells_above = 0;
  double outside = 0;  ///< coordinate of the location for what is outside.
};

/// A CellTable that the host reads.
struct HostMoments {
  VectorView<const double> mass, mean, variance;
};

/// A grid laid over its components, as the host reads it.
struct LaidGrid {
  bool has_outside;
  const LocalFrame& frame;
  std::span<const KeptDimension> dimensions;
  std::span<const std::int64_t> components;
  std::span<const LocalGaussian> locals;      ///< one for each component.
  std::span<const std::int64_t> first_cells;  ///< components × dimensions: of those that are boxes.
  HostMoments moments;                        ///< of the cells of all grids.

  std::int64_t rank() const { return static_cast<std::int64_t>(dimensions.size()); }
};

/// A layer that is a grid, from the moments of its components' 1-D cells.
struct GridTotals {
  LayerTotals totals;
  double outside_mass = 0;  ///< probability of the location for what is outside of the boxes
};

/// image: a map under which distances are measured, or none.
GridTotals grid_totals(const LaidGrid& grid, const MeasuredMixture& measured,
                       const AffineImage* image);

}  // namespace wquant
