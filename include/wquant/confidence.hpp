#pragma once

#include <cstdint>
#include <vector>

#include "wquant/export.hpp"

namespace wquant {

/// The one-sided lower Clopper–Pearson limit for the probability p of an event that was seen
/// `count` times in `total` independent trials: P(p < lower) ≤ level. It is 0 for count = 0. It is
/// rounded outwards: the binomial tail at the limit, evaluated anew, is at most the level.
/// 0 ≤ count ≤ total, 1 ≤ total ≤ 2⁵³, level in (0, 1). Throws InvalidArgument.
WQUANT_API double clopper_pearson_lower(std::int64_t count, std::int64_t total, double level);
/// The one-sided upper limit: P(p > upper) ≤ level. It is 1 for count = total. Arguments, rounding
/// and errors are those of the lower limit.
WQUANT_API double clopper_pearson_upper(std::int64_t count, std::int64_t total, double level);

/// Limits for the probabilities of M regions: lower_k ≤ P(R_k) ≤ upper_k.
struct ProbabilityBox {
  std::vector<double> lower;  ///< M lower limits.
  std::vector<double> upper;  ///< M upper limits.
};

/// Limits that hold for all M regions at once with probability ≥ 1 − beta: each of the 2M limits
/// has level beta / (2M). Throws InvalidArgument.
WQUANT_API ProbabilityBox clopper_pearson_box(const std::vector<std::int64_t>& counts, double beta);

}  // namespace wquant
