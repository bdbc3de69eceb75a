#pragma once

#include <cstdint>
#include <vector>

#include "wquant/gaussian_mixture.hpp"

namespace wquant::test {

/// Means N(0, 3²), deviations U(0.2, 1), weights Dirichlet(1).
struct Sampled {
  std::vector<double> weights, means, variances;
  std::int64_t components, dimension;

  Sampled(std::int64_t count, std::int64_t d, std::uint64_t seed);
  GaussianMixture build(const Context& context) const;
  /// W₂ of one point per component.
  double one_point_each() const;
};

}  // namespace wquant::test
