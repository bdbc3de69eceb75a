#pragma once

#include <vector>

#include "quantize/certificate/evaluation.hpp"
#include "quantize/certificate/totals.hpp"

namespace wquant {

/// A layer of free points (quantization.md §8): the components' fine per-component grids, every
/// fine point sent to the free point nearest to it. Writes the points and their probabilities, with
/// the components' weights, into `block`. centre and unit as in grid_totals.
LayerTotals free_totals(const Context& context, const FreePoints& points,
                        const std::vector<std::int64_t>& components, const GaussianMixture& mixture,
                        const std::vector<double>& centre, double unit, PointBlock& block);

}  // namespace wquant
