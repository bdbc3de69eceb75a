#pragma once

#include "io/atomic_file.hpp"
#include "io/quantize_summary.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant::io {

/// A picture (SVG) of a mixture and the points that stand for it, on the mixture's first two
/// principal axes: ellipses at 1 and 2 standard deviations of the components, discs of area
/// proportional to probability, the certificate in the title. In one dimension, the density and
/// the discs below it. Large supports are drawn in part, and the caption says so.
/// Everything in host memory. Throws Error if a coordinate is not finite or the disk is full.
void write_plot(AtomicFile& file, const QuantizeSummary& summary, const GaussianMixture& mixture,
                const DiscreteDistribution& distribution);

}  // namespace wquant::io
