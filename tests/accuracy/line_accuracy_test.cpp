#include <gtest/gtest.h>

#include <numeric>

#include "accuracy/instances.hpp"

namespace wquant {
namespace {

using test::Excess;
using test::Kind;
using test::LineCell;
using test::LineEdge;
using test::PlainMixture;
using test::Real;
using test::RealVector;

/// A mixture on the line, exactly.
class Line {
 public:
  explicit Line(const PlainMixture& plain) {
    Real total = 0;
    for (const double w : plain.weights) total += w;
    for (std::size_t i = 0; i < plain.weights.size(); ++i) {
      weight_.push_back(plain.weights[i] / total);
      mean_.push_back(plain.means[i][0]);
      deviation_.push_back(sqrt(Real(plain.covariances[i](0, 0))));
    }
  }

  /// Mass above x if `upper`, below if not.
  Real tail(const Real& x, bool upper) const {
    Real sum = 0;
    for (std::size_t i = 0; i < weight_.size(); ++i) {
      const Real z = (x - mean_[i]) / deviation_[i];
      sum += weight_[i] * test::upper_tail(upper ? z : Real(-z));
    }
    return sum;
  }

  /// x with that much mass above it, or below: bisection to 1e-25 of the whole range, since the
  /// cost is least there and a shift tells in its square.
  Real quantile(const Real& mass, bool upper) const {
    Real low = test::far_away();
    Real high = -low;
    for (std::size_t i = 0; i < weight_.size(); ++i) {
      if (weight_[i] == 0) continue;
      low = std::min(low, Real(mean_[i] - 45 * deviation_[i]));
      high = std::max(high, Real(mean_[i] + 45 * deviation_[i]));
    }
    const Real range = high - low;
    Real x = (low + high) / 2;
    // Newton for log tail(x) = log mass within a bracket, bisection where it leaves that.
    for (int step = 0; step < 300; ++step) {
      const Real at = tail(x, upper);
      const Real error = at - mass;
      (upper == (error > 0) ? low : high) = x;
      Real slope = 0;
      for (std::size_t i = 0; i < weight_.size(); ++i)
        slope += weight_[i] * test::density((x - mean_[i]) / deviation_[i]) / deviation_[i];
      const Real move = slope > 0 && at > 0 ? Real(at * log(at / mass) / slope) : range;
      Real next = upper ? Real(x + move) : Real(x - move);
      if (!(next > low && next < high)) next = (low + high) / 2;
      const Real moved = abs(next - x);
      x = next;
      if (moved <= range * Real(1e-25)) break;
    }
    return x;
  }

  /// W₂ from D, normalised: by the monotone coupling, which is the best.
  Real distance(const DiscreteDistribution& d) const {
    std::vector<std::int64_t> order;
    for (std::int64_t a = 0; a < d.size(); ++a)
      if (d.probabilities()(a) > 0) order.push_back(a);
    std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
      return d.locations()(a, 0) < d.locations()(b, 0);
    });
    Real total = 0;
    for (const std::int64_t a : order) total += d.probabilities()(a);
    RealVector points, edges{-test::far_away()};
    Real below = 0;
    for (std::size_t j = 0; j < order.size(); ++j) {
      points.push_back(d.locations()(order[j], 0));
      below += d.probabilities()(order[j]) / total;
      if (j + 1 == order.size()) break;
      const bool upper = below > 0.5;
      Real mass = below;
      if (upper) {
        mass = 0;
        for (std::size_t l = j + 1; l < order.size(); ++l)
          mass += d.probabilities()(order[l]) / total;
      }
      edges.push_back(quantile(mass, upper));
    }
    edges.push_back(test::far_away());
    Real sum = 0;
    for (std::size_t i = 0; i < weight_.size(); ++i)
      for (const LineCell& cell : test::line_cells(points, edges, mean_[i], deviation_[i]))
        sum += weight_[i] * cell.second;
    return sqrt(sum);
  }

 private:
  RealVector weight_, mean_, deviation_;
};

/// `best`: the scheme's coupling is the best one, so that the certificate is no more than rounding
/// above the distance.
void compare(SchemeFamily family, bool best, int trials, std::uint64_t seed) {
  test::Random random(seed);
  const Context context = Context::cpu();
  Excess excess(std::string("line_") + std::string(name(family)));
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < trials; ++trial) {
      PlainMixture plain = test::instance(random, kind, 1 + trial % 2, 1, true);
      if (plain.covariances[0](0, 0) == 0 || plain.covariances.back()(0, 0) == 0) continue;
      const auto result =
          quantize(context, plain.build(context), {.support = 2 + trial % 7, .family = family});
      const Real exact = Line(plain).distance(result.distribution);
      const double noise =
          test::is_delicate(kind) ? test::stored_noise(plain, static_cast<double>(exact), true) : 0;
      excess.add(kind, result.certificate.w2, exact, noise);
    }
  if (best) return excess.expect_small();
  excess.report();
}

/// What is certified is the distance of the points as returned, their locations and probabilities
/// rounded, from the mixture as given.
TEST(OnTheLine, SharedGrids) { compare(SchemeFamily::grid, true, 100, 41); }
TEST(OnTheLine, GridsOfComponents) { compare(SchemeFamily::per_component, false, 100, 42); }
TEST(OnTheLine, Crosses) { compare(SchemeFamily::cross, false, 60, 43); }
TEST(OnTheLine, Trees) { compare(SchemeFamily::tree, true, 40, 44); }
TEST(OnTheLine, FreePoints) { compare(SchemeFamily::lloyd, false, 30, 45); }

/// Cells up to 37 deviations out, their points in the same order but far away.
TEST(OnTheLine, CellsInTheTailWithPointsFarAway) {
  test::Random random(46);
  const Context context = Context::cpu();
  Excess excess("line_tail");
  for (int trial = 0; trial < 400; ++trial) {
    const PlainMixture plain = test::centred_gaussian(Eigen::VectorXd::Ones(1));
    const int n = 2 + trial % 4;
    const double reach = std::pow(10, random.uniform(0, 145));
    std::vector<double> points, edges{-INFINITY};
    for (int j = 0; j < n; ++j) points.push_back(reach * random.uniform(0, 1));
    for (int j = 0; j + 1 < n; ++j)
      edges.push_back(trial % 3 == 0 ? 37 - random.uniform(0, 1e-7) : random.uniform(0, 37));
    points.front() = 0;
    edges.push_back(INFINITY);
    std::sort(points.begin(), points.end());
    std::sort(edges.begin(), edges.end());
    const auto result =
        apply(context, Scheme::grid(Grid(Axes::standard({0}), {points}, {edges}), 1),
              plain.build(context));
    excess.add(Kind::huge, result.certificate.w2, Line(plain).distance(result.distribution));
  }
  excess.expect_small();
}

}  // namespace
}  // namespace wquant
