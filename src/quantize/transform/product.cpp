#include "wquant/product.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/lengths.hpp"
#include "base/limits.hpp"
#include "base/summation.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/certificate_parts.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kMostPoints = 0x1p62;

template <class T>
using References = std::span<const std::reference_wrapper<const T>>;

std::int64_t checked_size(const Context& context, References<DiscreteDistribution> factors) {
  if (factors.empty()) throw InvalidArgument("factors: none; expected at least one");
  double points = 1;
  double dimension = 0;
  for (const DiscreteDistribution& factor : factors) {
    points *= static_cast<double>(factor.size());
    dimension += static_cast<double>(factor.dimension());
  }
  if (points > kMostPoints)
    throw InvalidArgument("factors: a product of " + number_text(points) +
                          " points; expected at most " + number_text(kMostPoints));
  require_points_fit(context, static_cast<std::int64_t>(points),
                     static_cast<std::int64_t>(dimension));
  return static_cast<std::int64_t>(points);
}

/// Probabilities divided by their sum, and whether that changed nothing.
struct Normalised {
  std::vector<double> values;
  bool exact;
};

Normalised normalised(const Array<double>& probabilities) {
  CompensatedSum total;
  for (std::int64_t a = 0; a < probabilities.size(); ++a) total += probabilities(a);
  Normalised out{{}, total.value() == 1};
  for (std::int64_t a = 0; a < probabilities.size(); ++a)
    out.values.push_back(probabilities(a) / total.value());
  return out;
}

/// Products of the factors' normalised probabilities, the last factor fastest.
struct Products {
  std::vector<double> values;
  double error = 0;       // relative, but for what vanished
  bool vanished = false;  // some fell below the range where the error is relative
};

/// Products below this may not show their rounding.
constexpr double kFaint = 0x1p-960;

Products products(const std::vector<DiscreteDistribution>& factors, std::int64_t size) {
  Products out{std::vector<double>(static_cast<std::size_t>(size), 1.0)};
  bool exact = true;
  std::int64_t repeat = size;  // points in a row that share this factor's point
  for (const DiscreteDistribution& factor : factors) {
    repeat /= factor.size();
    const Normalised p = normalised(factor.probabilities());
    exact = exact && p.exact;
    for (std::int64_t point = 0; point < size; ++point) {
      const double before = out.values[point];
      const double by = p.values[point / repeat % factor.size()];
      const double now = before * by;
      out.values[point] = now;
      exact = exact && std::fma(before, by, -now) == 0;
      out.vanished = out.vanished || (now < kFaint && before > 0 && by > 0);
    }
  }
  // F divisions and F − 1 products of ε/2 each.
  out.error = exact ? 0 : 2 * static_cast<double>(factors.size()) * kEpsilon;
  return out;
}

std::vector<double> locations(const std::vector<DiscreteDistribution>& factors, std::int64_t size,
                              std::int64_t dimension) {
  std::vector<double> out(static_cast<std::size_t>(size * dimension));
  std::int64_t repeat = size;
  std::int64_t column = 0;
  for (const DiscreteDistribution& factor : factors) {
    repeat /= factor.size();
    for (std::int64_t point = 0; point < size; ++point)
      std::copy_n(&factor.locations()(point / repeat % factor.size(), 0), factor.dimension(),
                  out.begin() + point * dimension + column);
    column += factor.dimension();
  }
  return out;
}

std::vector<DiscreteDistribution> host_copies(References<DiscreteDistribution> factors) {
  std::vector<DiscreteDistribution> out;
  for (const DiscreteDistribution& factor : factors) out.push_back(factor.to_host());
  return out;
}

/// The product, and what its certificate needs beside those of the factors.
struct Assembled {
  DiscreteDistribution distribution;
  Products probabilities;
  std::vector<DiscreteDistribution> factors;
};

Assembled assemble(const Context& context, References<DiscreteDistribution> factors) {
  const std::int64_t size = checked_size(context, factors);
  std::vector<DiscreteDistribution> hosts = host_copies(factors);
  std::int64_t dimension = 0;
  for (const DiscreteDistribution& host : hosts) dimension += host.dimension();
  Products p = products(hosts, size);
  const std::vector<double> x = locations(hosts, size, dimension);
  DiscreteDistribution distribution{on_context(context, x.data(), size, dimension),
                                    on_context(context, p.values)};
  return {std::move(distribution), std::move(p), std::move(hosts)};
}

/// ≥ the distance, in root mean square, that mass moves whose product is below the smallest normal
/// number: its probability is at most N times that, and it moves no further than twice the radius.
Upper vanished_mass(const std::vector<DiscreteDistribution>& factors, double points) {
  Upper radius;
  for (const DiscreteDistribution& factor : factors) {
    Upper largest;
    for (std::int64_t a = 0; a < factor.size(); ++a) {
      Upper length;
      for (std::int64_t k = 0; k < factor.dimension(); ++k)
        length = hypot(length, Upper(std::fabs(factor.locations()(a, k))));
      largest = std::max(largest, length);
    }
    radius = hypot(radius, largest);
  }
  return 2 * radius * sqrt(Upper(points) * Upper(kSmallestNormal));
}

/// W₂² ≤ Σ_f (a_f + r_f + b_f + s_f)² with a_f² = cells + dropped, so that
/// W₂ ≤ ‖a‖ + ‖r‖ + ‖b‖ + ‖s‖ for the vectors over factors. Errors of probabilities add up.
CertificateParts side_by_side(References<CertifiedDistribution> factors) {
  CertificateParts out;
  Upper eta;
  for (const CertifiedDistribution& factor : factors) {
    const CertificateParts c(factor.certificate);
    out.cells += c.cells;
    out.dropped += c.dropped;
    out.reduction = hypot(out.reduction, c.reduction);
    out.basis = hypot(out.basis, c.basis);
    out.rounding = hypot(out.rounding, c.rounding);
    out.centroid_gap = hypot(out.centroid_gap, c.centroid_gap);
    eta += probability_error(factor.certificate);
  }
  out.rounding = std::max(out.rounding, rounding_that_shows(eta, out.distance()));
  return out;
}

}  // namespace

DiscreteDistribution product(const Context& context, References<DiscreteDistribution> factors) {
  return assemble(context, factors).distribution;
}

CertifiedDistribution product(const Context& context, References<CertifiedDistribution> factors) {
  std::vector<std::reference_wrapper<const DiscreteDistribution>> parts;
  for (const CertifiedDistribution& factor : factors) {
    require_parts("certificate of factors[" + std::to_string(parts.size()) + "]",
                  factor.certificate);
    parts.emplace_back(factor.distribution);
  }
  Assembled all = assemble(context, parts);
  Upper spread;
  for (const DiscreteDistribution& factor : all.factors) {
    require_lengths("locations", factor.locations().view());
    spread = hypot(spread, spread_above(factor.locations().view(),
                                        {factor.probabilities().data(), factor.size()}));
  }
  CertificateParts parts_of_all = side_by_side(factors);
  if (all.probabilities.error > 0)
    parts_of_all.rounding +=
        misplacement(Upper(all.probabilities.error), spread, parts_of_all.w2());
  if (all.probabilities.vanished)
    parts_of_all.rounding +=
        vanished_mass(all.factors, static_cast<double>(all.distribution.size()));
  return {std::move(all.distribution), parts_of_all.certificate()};
}

}  // namespace wquant
