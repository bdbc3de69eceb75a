#pragma once

#include <filesystem>

#include "io/samples.hpp"
#include "wquant/box.hpp"
#include "wquant/progress.hpp"

namespace wquant::io {

/// The box in a file: .json, an object with `lower` and `upper` (d numbers each), or .npy or .csv
/// with two rows, the lower bounds and the upper ones. Throws as read_samples.
Box read_box(const std::filesystem::path& path);

/// Throws InvalidArgument if samples lie outside the box: how many, the first, and its value.
void check_inside(const Samples& samples, const Box& box, const ProgressCallback& progress = {});

}  // namespace wquant::io
