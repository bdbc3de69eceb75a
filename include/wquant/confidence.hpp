#pragma once

#include <cstdint>
#include <vector>

#include "wquant/export.hpp"

namespace wquant {

/// One-sided Clopper–Pearson limit for the probability p of an event seen `count` times in `total`
/// independent trials: P(p < lower) ≤ level. 0 for count = 0. Rounded outwards: the binomial tail
/// at the limit, evaluated anew, is at most the level. 0 ≤ count ≤ total, 1 ≤ total ≤ 2⁵³, level in
/// (0, 1). Throws InvalidArgument.
WQUANT_API double clopper_pearson_lower(std::int64_t count, std::int64_t total, double level);
/// The limit on the other side: P(p > upper) ≤ level, 1 for count = total. Otherwise as above.
WQUANT_API double clopper_pearson_upper(std::int64_t count, std::int64_t total, double level);

/// lower_k ≤ P(R_k) ≤ upper_k.
struct ProbabilityBox {
  std::vector<double> lower;  ///< M.
  std::vector<double> upper;  ///< M.
};

/// All regions at once with probability ≥ 1 − beta: beta / (2M) for each limit.
WQUANT_API ProbabilityBox clopper_pearson_box(const std::vector<std::int64_t>& counts, double beta);

}  // namespace wquant
