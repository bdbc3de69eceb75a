#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "quantize/search/grid_scheme.hpp"
#include "wquant/quantize.hpp"

namespace wquant {

/// The components around each mode.
struct ModeGroup {
  std::vector<std::int64_t> components;  // ascending
  std::optional<LocalCovariance> local;  // the mode and (−Hessian of log p)⁻¹, if positive definite
};
std::vector<ModeGroup> mode_groups(const Context& context, const GaussianMixture& mixture,
                                   const QuantizeOptions& options);

/// For each group a grid, or what serves the group better, the budget shared by allocate_budget;
/// groups of near modes are joined where it is below their number.
Scheme make_per_mode_scheme(const Context& context, const GaussianMixture& mixture,
                            const QuantizeOptions& options, const std::vector<ModeGroup>& groups);

}  // namespace wquant
