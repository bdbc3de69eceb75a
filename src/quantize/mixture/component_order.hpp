#pragma once

#include <cstdint>
#include <vector>

#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// 0 … K − 1.
std::vector<std::int64_t> all_components(const GaussianMixture& mixture);

/// < 0, 0 or > 0, as component i comes before j, is like it, or comes after it: by means, then
/// eigenvalues, then eigenvectors as they are stored.
int compare_components(const GaussianMixture& mixture, std::int64_t i, std::int64_t j);

/// By these and then by weights: by what components are, not where they stand.
bool precedes(const GaussianMixture& mixture, std::int64_t i, std::int64_t j);

/// The components sorted so: sums over them are the same in whatever order they were given.
std::vector<std::int64_t> canonical_order(const GaussianMixture& mixture,
                                          std::vector<std::int64_t> components);

}  // namespace wquant
