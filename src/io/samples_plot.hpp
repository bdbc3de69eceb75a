#pragma once

#include <cstdint>

#include "io/atomic_file.hpp"
#include "io/learn_summary.hpp"
#include "io/samples.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/partition.hpp"

namespace wquant::io {

/// A picture (SVG) of samples and the distribution learned from them, on the first two principal
/// axes of the samples drawn: those after the first `first`, some thousands at most. Discs of area
/// proportional to probability, the regions' balls, the bound in the title. In one dimension, a
/// histogram, with the discs and the regions' intervals below it. The caption says what is drawn in
/// part.
/// Everything in host memory. Throws Error if a coordinate is not finite or the disk is full.
void write_plot(AtomicFile& file, const LearnSummary& summary, const Samples& samples,
                std::int64_t first, const Partition& partition,
                const DiscreteDistribution& distribution);

}  // namespace wquant::io
