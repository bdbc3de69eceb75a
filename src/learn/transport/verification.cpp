#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "base/limits.hpp"
#include "base/validation.hpp"
#include "learn/transport/transport_inputs.hpp"
#include "wquant/transport_bounds.hpp"

namespace wquant {
namespace {

// Independent of the code that makes certificates on purpose: its own costs, sums and tails.
using Real = long double;
constexpr Real kRounding = std::numeric_limits<Real>::epsilon();

std::string at(const char* name, std::int64_t i) { return std::string(name) + std::to_string(i); }

std::string place(const char* name, std::int64_t i) {
  return std::string(name) + "[" + std::to_string(i) + "]";
}

/// c_ij (design/learning.md A4, B2), within (d + 8) rounding errors.
class ExactCosts {
 public:
  ExactCosts(const Partition& partition, int order, Costs costs)
      : partition_(partition), order_(order), costs_(costs) {}

  Real operator()(std::int64_t i, std::int64_t j) const {
    const auto x = partition_.locations();
    const Real radius = reach(i, x.cols);
    Real square = 0;
    Real farthest = 0;
    for (std::int64_t k = 0; k < x.cols; ++k) {
      const Real apart = static_cast<Real>(x(j, k)) - x(i, k);
      Real below = static_cast<Real>(x(j, k)) - partition_.box().lower()[k];
      Real above = static_cast<Real>(partition_.box().upper()[k]) - x(j, k);
      if (i + 1 < partition_.regions()) {
        below = std::min(below, radius + apart);
        above = std::min(above, radius - apart);
      }
      square += apart * apart;
      farthest += std::max(below, above) * std::max(below, above);
    }
    const Real length = std::sqrt(square) + radius;
    Real cost = costs_ == Costs::tight ? std::min(length, std::sqrt(farthest)) : length;
    return order_ == 2 ? cost * cost : cost;
  }

  Real rounding() const { return static_cast<Real>(2 * partition_.dimension() + 32) * kRounding; }

 private:
  /// How far a point may be from the location of its region. Whether a ball holds it is decided in
  /// double, with a relative error of the square below (d + 4) ε / 2 and squares that vanish.
  Real reach(std::int64_t i, std::int64_t d) const {
    const Real radius = partition_.radii()[i];
    if (i + 1 == partition_.regions()) return radius;
    const auto dimension = static_cast<Real>(d);
    return radius * (1 + (dimension + 4) * 0x1p-53L) + std::sqrt(dimension + 1) * 0x1p-537L;
  }

  const Partition& partition_;
  int order_;
  Costs costs_;
};

/// "" or why lower and upper are no Clopper–Pearson limits at `level` (design/learning.md A3).
std::string limit_defect(std::int64_t k, std::int64_t count, std::int64_t total, double lower,
                         double upper, Real level) {
  const Real p = static_cast<Real>(count) / static_cast<Real>(total);
  if (!(lower >= 0 && lower <= p))
    return place("limits lower", k) + ": " + number_text(lower) + "; expected 0 to " +
           number_text(static_cast<double>(p));
  if (!(upper <= 1 && upper >= p))
    return place("limits upper", k) + ": " + number_text(upper) + "; expected " +
           number_text(static_cast<double>(p)) + " to 1";
  const auto n = static_cast<Real>(count);
  const auto rest = static_cast<Real>(total - count);
  if (lower > 0 && !(boost::math::ibeta(n, rest + 1, static_cast<Real>(lower)) <= level))
    return place("limits lower", k) + ": " + number_text(lower) + "; too close to the frequency";
  if (upper < 1 && !(boost::math::ibetac(n + 1, rest, static_cast<Real>(upper)) <= level))
    return place("limits upper", k) + ": " + number_text(upper) + "; too close to the frequency";
  return "";
}

std::string form_defect(const DualCertificate& certificate, const RegionStatistics& statistics) {
  const auto m = static_cast<std::size_t>(certificate.partition.regions());
  if (std::string defect = statistics_defect(certificate.partition, statistics); !defect.empty())
    return defect;
  if (certificate.order != statistics.order)
    return "order: " + std::to_string(certificate.order) + "; expected that of the statistics, " +
           std::to_string(statistics.order);
  if (!(certificate.beta > 0 && certificate.beta < 1))
    return "beta: " + number_text(certificate.beta) + "; expected a number in (0, 1)";
  for (const auto* values : {&certificate.y, &certificate.limits.lower, &certificate.limits.upper})
    if (values->size() != m)
      return "y, limits: " + std::to_string(values->size()) + " values; expected " +
             std::to_string(m);
  for (std::size_t k = 0; k < m; ++k)
    if (!(certificate.y[k] >= 0 && std::isfinite(certificate.y[k])))
      return place("y", static_cast<std::int64_t>(k)) + ": " + number_text(certificate.y[k]) +
             "; expected a finite number >= 0";
  return "";
}

std::string limits_defect(const DualCertificate& certificate, const RegionStatistics& statistics,
                          std::int64_t total) {
  const std::int64_t m = certificate.partition.regions();
  // What Boost's incomplete beta may err, five times what is measured against 100 digits.
  const Real doubt = 5e-13L + 4 * std::ldexp(static_cast<Real>(total), -64);
  const Real level = static_cast<Real>(certificate.beta) / static_cast<Real>(2 * m) * (1 - doubt);
  for (std::int64_t k = 0; k < m; ++k) {
    std::string defect = limit_defect(k, statistics.count[k], total, certificate.limits.lower[k],
                                      certificate.limits.upper[k], level);
    if (!defect.empty()) return defect;
  }
  return "";
}

/// y_i / capacity rounded downwards; the capacity is a difference u − p̂ or p̂ − l.
Real price(double y, Real larger, Real smaller) {
  const Real capacity = larger - smaller + 2 * kRounding * larger;
  return y / capacity * (1 - 4 * kRounding);
}

/// The first of the M² inequalities that does not hold, or "".
std::string inequality_defect(const DualCertificate& certificate,
                              const RegionStatistics& statistics, std::int64_t total,
                              const ExactCosts& cost) {
  const std::int64_t m = certificate.partition.regions();
  std::vector<Real> as_source(m);
  std::vector<Real> as_sink(m);
  std::vector<Real> own(m);
  for (std::int64_t k = 0; k < m; ++k) {
    const Real p = static_cast<Real>(statistics.count[k]) / static_cast<Real>(total);
    as_source[k] = price(certificate.y[k], certificate.limits.upper[k], p);
    as_sink[k] = price(certificate.y[k], p, certificate.limits.lower[k]);
    own[k] = cost(k, k) * (1 - cost.rounding());
  }
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < m; ++j) {
      // A region that holds all samples cannot gain, one that holds none cannot lose.
      if (i == j || statistics.count[i] == total || statistics.count[j] == 0) continue;
      const Real gain = cost(i, j) * (1 + cost.rounding()) - own[j];
      if (!(as_source[i] + as_sink[j] >= gain * (1 + (gain > 0 ? 4 : -4) * kRounding)))
        return at("inequality ", i) + at(", ", j) + ": y_i/a_i + y_j/b_j = " +
               number_text(static_cast<double>(as_source[i] + as_sink[j])) +
               "; expected at least " + number_text(static_cast<double>(gain));
    }
  return "";
}

/// (Σ p̂_i c_ii + Σ y_i)^{1/ρ}, rounded upwards.
double evaluate(const DualCertificate& certificate, const RegionStatistics& statistics,
                std::int64_t total, const ExactCosts& cost) {
  const std::int64_t m = certificate.partition.regions();
  Real sum = 0;
  for (std::int64_t k = 0; k < m; ++k)
    sum += static_cast<Real>(statistics.count[k]) / static_cast<Real>(total) * cost(k, k) +
           certificate.y[k];
  sum *= 1 + cost.rounding() + static_cast<Real>(2 * m + 8) * kRounding;
  const Real bound = certificate.order == 2 ? std::sqrt(sum) * (1 + kRounding) : sum;
  const auto out = static_cast<double>(bound);
  return out >= bound ? out : std::nextafter(out, kInfinity);
}

}  // namespace

Verification verify(const DualCertificate& certificate, const RegionStatistics& statistics) {
  Verification out;
  out.reason = form_defect(certificate, statistics);
  if (!out.reason.empty()) return out;
  const std::int64_t total =
      std::accumulate(statistics.count.begin(), statistics.count.end(), std::int64_t{0});
  const ExactCosts cost(certificate.partition, certificate.order, certificate.costs);
  out.bound = evaluate(certificate, statistics, total, cost);
  out.reason = limits_defect(certificate, statistics, total);
  if (out.reason.empty()) out.reason = inequality_defect(certificate, statistics, total, cost);
  if (out.reason.empty() && !(certificate.bound >= out.bound))
    out.reason = "bound: " + number_text(certificate.bound) + "; expected at least " +
                 number_text(out.bound);
  out.valid = out.reason.empty();
  return out;
}

}  // namespace wquant
