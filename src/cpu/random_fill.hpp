#pragma once

#include <cstdint>

namespace wquant {

/// out[j] = uniform(seed, first + j) for j < count.
void fill_uniforms(std::uint64_t seed, std::uint64_t first, std::int64_t count, double* out);

/// out[2j], out[2j + 1] = normal_pair(seed, first + j) for j < pairs.
void fill_normals(std::uint64_t seed, std::uint64_t first, std::int64_t pairs, double* out);

}  // namespace wquant
