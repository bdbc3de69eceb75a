#pragma once

#include <vector>

#include "quantize/certificate/evaluation.hpp"
#include "quantize/certificate/totals.hpp"

namespace wquant {

/// A layer that is a cross (quantization.md §4). Writes the points and their probabilities, with
/// the components' weights, into `block`. centre and unit as in grid_totals.
LayerTotals cross_totals(const Cross& cross, const std::vector<std::int64_t>& components,
                         const GaussianMixture& mixture, const std::vector<double>& centre,
                         double unit, PointBlock& block);

}  // namespace wquant
