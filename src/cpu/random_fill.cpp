#include "cpu/random_fill.hpp"

#include "base/simd.hpp"
#include "numerics/normal_pair.hpp"

namespace wquant {
// The clones have internal linkage: others GCC 12 makes visible, whatever -fvisibility says.
namespace {

WQUANT_SIMD_CLONES
void uniforms(std::uint64_t seed, std::uint64_t first, std::int64_t count, double* out) {
  for (std::int64_t j = 0; j < count; ++j)
    out[j] = uniform(seed, first + static_cast<std::uint64_t>(j));
}

WQUANT_SIMD_CLONES
void normals(std::uint64_t seed, std::uint64_t first, std::int64_t pairs, double* out) {
  for (std::int64_t j = 0; j < pairs; ++j) {
    const NormalPair pair = normal_pair(seed, first + static_cast<std::uint64_t>(j));
    out[2 * j] = pair.first;
    out[2 * j + 1] = pair.second;
  }
}

}  // namespace

void fill_uniforms(std::uint64_t seed, std::uint64_t first, std::int64_t count, double* out) {
  uniforms(seed, first, count, out);
}

void fill_normals(std::uint64_t seed, std::uint64_t first, std::int64_t pairs, double* out) {
  normals(seed, first, pairs, out);
}

}  // namespace wquant
