#include "wquant/confidence.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <exception>
#include <limits>
#include <numeric>
#include <string>

#include "base/limits.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

namespace math = boost::math;

/// Relative error granted to Boost's incomplete beta function: against 100 digits it errs by at
/// most 1e-13 + N 2⁻⁶⁴, since 1 − p is rounded to a long double.
double tail_accuracy(std::int64_t total) {
  return 1e-12 + 8 * std::ldexp(static_cast<double>(total), -64);
}

/// What the computed tail may be at most; below the smallest normal number, where levels and tails
/// are multiples of a unit, a few of those less. Nothing is allowed if this is not positive.
double allowed_tail(double level, std::int64_t total) {
  return level * (1 - tail_accuracy(total)) - (level < kSmallestNormal ? 4 * kSmallestPositive : 0);
}

void validate(std::int64_t count, std::int64_t total, double level) {
  constexpr std::int64_t kLargestTotal = std::int64_t{1} << 53;
  if (total < 1 || total > kLargestTotal)
    throw InvalidArgument("total: " + std::to_string(total) + "; expected 1 to 2^53");
  if (count < 0 || count > total)
    throw InvalidArgument("count: " + std::to_string(count) + "; expected 0 to the total " +
                          std::to_string(total));
  if (!(level > 0 && level < 1)) throw_bad_value("level", {}, level, "a number in (0, 1)");
}

/// Boost's inverse, or NaN where it gives up.
template <class Inverse>
double start_of(const Inverse& inverse) {
  try {
    return inverse();
  } catch (const std::exception&) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

/// A limit between `safe`, where the tail is at most `allowed`, and the estimate `share`, whose
/// tail is large: the start if it needs no more than a few roundings, else by bisection.
template <class Tail>
double outermost(double safe, double share, double start, double allowed, const Tail& tail) {
  if (!(allowed > 0)) return safe;
  const double away = safe < share ? -1 : 1;
  double limit = start;
  for (double step = 2e-16; step < 1e-9 && std::isfinite(limit); step *= 2) {
    if (away * limit >= away * safe) return safe;
    if (tail(limit) <= allowed) return limit;
    limit += away * step * limit;
  }
  double inside = share;
  double outside = safe;
  for (int halving = 0; halving < 1200; ++halving) {
    // Geometric where the limits are orders of magnitude apart.
    const double middle = outside > 0 && outside < inside / 4
                              ? std::sqrt(outside) * std::sqrt(inside)
                          : outside == 0 ? inside / 16
                                         : outside / 2 + inside / 2;
    if (middle == inside || middle == outside) break;
    (tail(middle) <= allowed ? outside : inside) = middle;
  }
  return outside;
}

}  // namespace

double clopper_pearson_lower(std::int64_t count, std::int64_t total, double level) {
  validate(count, total, level);
  if (count == 0) return 0;
  const auto n = static_cast<double>(count);
  const auto rest = static_cast<double>(total - count + 1);
  // P(Bin(total, p) ≥ count) = I_p(n, rest).
  return outermost(0, n / static_cast<double>(total),
                   start_of([&] { return math::ibeta_inv(n, rest, level); }),
                   allowed_tail(level, total), [&](double p) { return math::ibeta(n, rest, p); });
}

double clopper_pearson_upper(std::int64_t count, std::int64_t total, double level) {
  validate(count, total, level);
  if (count == total) return 1;
  const auto n = static_cast<double>(count + 1);
  const auto rest = static_cast<double>(total - count);
  // P(Bin(total, p) ≤ count) = 1 − I_p(n, rest).
  return outermost(1, static_cast<double>(count) / static_cast<double>(total),
                   start_of([&] { return math::ibetac_inv(n, rest, level); }),
                   allowed_tail(level, total), [&](double p) { return math::ibetac(n, rest, p); });
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
