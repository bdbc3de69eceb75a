#pragma once

#include <cstdint>

#include "io/samples.hpp"
#include "wquant/progress.hpp"

namespace wquant::io {

/// Puts the samples in random order, in place: Fisher and Yates's shuffle.
void shuffle(Samples& samples, std::uint64_t seed, const ProgressCallback& progress = {});

}  // namespace wquant::io
