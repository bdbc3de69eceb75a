#include "line.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace wquant::fuzz {
namespace {

using Real = long double;

constexpr Real kReach = 150;  // deviations beyond which nothing is left

Real upper_tail(Real z) { return std::erfc(z / std::numbers::sqrt2_v<Real>) / 2; }

Real density(Real z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi_v<Real>); }

/// The mixture with every deviation at least `least`.
class Smooth {
 public:
  Smooth(const Line& line, Real least) : line_(line) {
    for (const Real variance : line.variances)
      deviations_.push_back(std::max(std::sqrt(variance), least));
  }

  /// Mass above x if `upper`, below it if not.
  Real tail(Real x, bool upper) const {
    Real sum = 0;
    for (std::size_t i = 0; i < deviations_.size(); ++i) {
      const Real z = (x - line_.means[i]) / deviations_[i];
      sum += line_.weights[i] * upper_tail(upper ? z : -z);
    }
    return sum;
  }

  /// x with that much mass above it, or below.
  Real quantile(Real mass, bool upper) const {
    Real low = INFINITY;
    Real high = -INFINITY;
    for (std::size_t i = 0; i < deviations_.size(); ++i) {
      if (line_.weights[i] == 0) continue;
      low = std::min(low, line_.means[i] - kReach * deviations_[i]);
      high = std::max(high, line_.means[i] + kReach * deviations_[i]);
    }
    for (int step = 0; step < 2000; ++step) {
      const Real middle = low / 2 + high / 2;
      if (middle <= low || middle >= high) break;
      ((tail(middle, upper) > mass) == upper ? low : high) = middle;
    }
    return low;
  }

  /// Σ_i w_i E[(X_i − c)²; low < X_i ≤ high].
  Real cost(Real low, Real high, Real c) const {
    Real sum = 0;
    for (std::size_t i = 0; i < deviations_.size(); ++i) {
      const Real s = deviations_[i];
      const Real a = std::max((low - line_.means[i]) / s, -kReach);
      const Real b = std::min((high - line_.means[i]) / s, kReach);
      if (!(a < b)) continue;
      const Real mass = a > 0 ? upper_tail(a) - upper_tail(b) : upper_tail(-b) - upper_tail(-a);
      const Real first = density(a) - density(b);
      const Real second = mass + a * density(a) - b * density(b);
      const Real off = line_.means[i] - c;
      sum += line_.weights[i] * (s * s * second + 2 * off * s * first + off * off * mass);
    }
    return sum;
  }

 private:
  const Line& line_;
  std::vector<Real> deviations_;
};

}  // namespace

LineDistance line_distance(const Line& line, const std::vector<Real>& points,
                           const std::vector<Real>& probabilities) {
  std::vector<std::size_t> order;
  for (std::size_t a = 0; a < points.size(); ++a)
    if (probabilities[a] > 0) order.push_back(a);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  const Real total = std::accumulate(probabilities.begin(), probabilities.end(), Real(0));
  // above[j]: of the points from the j-th on.
  std::vector<Real> above(order.size() + 1, 0);
  for (std::size_t j = order.size(); j-- > 0;)
    above[j] = above[j + 1] + probabilities[order[j]] / total;

  Real spread = 0;
  for (std::size_t i = 0; i < line.weights.size(); ++i)
    spread += line.weights[i] * (line.means[i] * line.means[i] + line.variances[i]);
  for (const std::size_t a : order) spread += probabilities[a] / total * points[a] * points[a];
  constexpr Real kAtom = 1e-10L;
  const Real scale = std::sqrt(spread);
  if (scale == 0) return {0, 0};

  const Smooth mixture(line, kAtom * scale);
  Real sum = 0;
  Real below = 0;
  Real edge = -INFINITY;
  for (std::size_t j = 0; j < order.size(); ++j) {
    below += probabilities[order[j]] / total;
    const bool upper = below > 0.5L;
    const Real next = j + 1 == order.size()
                          ? INFINITY
                          : std::max(edge, mixture.quantile(upper ? above[j + 1] : below, upper));
    sum += mixture.cost(edge, next, points[order[j]]);
    edge = next;
  }
  // Masses are known to 1e-18, squares therefore to that of spread.
  return {std::sqrt(std::max(sum, Real(0))), 1e-8L * scale};
}

}  // namespace wquant::fuzz
