#pragma once

#include <filesystem>

#include "wquant/context.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/quantize.hpp"

namespace wquant::io {

/// The mixture in a JSON file: one object with `weights` (K), `means` (K × d) and exactly one of
/// `covariances` (K × d × d), `variances` (K × d), or `eigenvalues` (K × d) together with
/// `eigenvectors` (d × d, shared, or K × d × d). Numbers are read to the nearest double.
///
/// Throws InvalidArgument or NotPositiveSemidefinite with one line that names the file, the key,
/// the place in its array, what was found there and what was expected; Cancelled.
GaussianMixture read_mixture(const Context& context, const std::filesystem::path& path,
                             const ProgressCallback& progress = {});

}  // namespace wquant::io
