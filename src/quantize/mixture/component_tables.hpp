#pragma once

#include <vector>

#include "backend/backend.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// `given`, or the default d ε where it is negative.
double rank_tolerance_or_default(double given, std::int64_t dimension);
/// Throws InvalidArgument unless `given` < 1.
void require_rank_tolerance(double given);

/// A mixture's components as the kernels want them: standard deviations, 0 where an eigenvalue is
/// at most `tolerance` times its component's largest. The mixture must outlive them.
struct ComponentTables {
  ComponentTables(const GaussianMixture& mixture, double tolerance);

  GaussianComponents view() const;

  const GaussianMixture& mixture;
  std::vector<double> deviations;   // K × d
  std::vector<std::int64_t> ranks;  // K
};

}  // namespace wquant
