#include "wquant/confidence.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <numeric>
#include <string>

#include "common/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

namespace math = boost::math;

/// Relative error granted to Boost's incomplete beta function (its tables say below 1e-12 in this
/// range), times 8.
constexpr double kTailAccuracy = 1e-11;

void validate(std::int64_t count, std::int64_t total, double level) {
  constexpr std::int64_t kLargestTotal = std::int64_t{1} << 53;
  if (total < 1 || total > kLargestTotal)
    throw InvalidArgument("total: " + std::to_string(total) + "; expected 1 to 2^53");
  if (count < 0 || count > total)
    throw InvalidArgument("count: " + std::to_string(count) + "; expected 0 to the total " +
                          std::to_string(total));
  if (!(level > 0 && level < 1)) throw_bad_value("level", {}, level, "a number in (0, 1)");
}

}  // namespace

double clopper_pearson_lower(std::int64_t count, std::int64_t total, double level) {
  validate(count, total, level);
  if (count == 0) return 0;
  const auto n = static_cast<double>(count);
  const auto rest = static_cast<double>(total - count + 1);
  const double allowed = level * (1 - kTailAccuracy);
  double limit = math::ibeta_inv(n, rest, level);
  // P(Bin(total, limit) ≥ count) = I_limit(n, rest).
  for (double step = 1e-15; limit > 0 && math::ibeta(n, rest, limit) > allowed; step *= 2)
    limit *= 1 - step;
  return std::max(limit, 0.0);
}

double clopper_pearson_upper(std::int64_t count, std::int64_t total, double level) {
  validate(count, total, level);
  if (count == total) return 1;
  const auto n = static_cast<double>(count + 1);
  const auto rest = static_cast<double>(total - count);
  const double allowed = level * (1 - kTailAccuracy);
  double limit = math::ibetac_inv(n, rest, level);
  // P(Bin(total, limit) ≤ count) = 1 − I_limit(n, rest).
  for (double step = 1e-15; limit < 1 && math::ibetac(n, rest, limit) > allowed; step *= 2)
    limit = std::min(1.0, limit + step * limit);
  return limit;
}

ProbabilityBox clopper_pearson_box(const std::vector<std::int64_t>& counts, double beta) {
  if (counts.empty()) throw InvalidArgument("counts: empty; expected one count a region");
  const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  const double level = beta / (2 * static_cast<double>(counts.size()));
  ProbabilityBox box;
  for (const std::int64_t count : counts) {
    box.lower.push_back(clopper_pearson_lower(count, total, level));
    box.upper.push_back(clopper_pearson_upper(count, total, level));
  }
  return box;
}

}  // namespace wquant
