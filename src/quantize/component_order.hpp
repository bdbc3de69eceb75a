#pragma once

#include <cstdint>
#include <vector>

#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// The components sorted by their parameters, so that sums over them are the same in whatever order
/// they were given: by means, then eigenvalues, weights and eigenvectors.
std::vector<std::int64_t> canonical_order(const GaussianMixture& mixture,
                                          std::vector<std::int64_t> components);

}  // namespace wquant
