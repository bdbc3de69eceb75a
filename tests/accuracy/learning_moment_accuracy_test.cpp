#include <gtest/gtest.h>

#include <limits>

#include "accuracy/learning_instances.hpp"
#include "learn/split/moment_limits.hpp"

namespace wquant {
namespace {

using test::Draw;
using test::farthest;
using test::kShapes;
using test::LearningExcess;
using test::Real;
using test::root;
using test::Shape;

/// Samples in the regions of a partition, one of them never seen or all in one place at times.
struct Sampled {
  Sampled(Draw& random, Shape shape, std::int64_t d, int order)
      : partition(random.partition(shape, random.whole(1, 5), d, order)),
        size(random.chance(0.2) ? 2 : random.whole(2, 60)) {
    const bool one_place = shape == Shape::one_sided;
    std::vector<double> place = random.point_of(partition.box());
    for (std::int64_t i = 0; i < size; ++i) {
      if (!one_place) place = random.point_of(partition.box());
      // Half of them near a centre, so that not all are in the outer region.
      if (random.chance(0.5) && !one_place) {
        const std::int64_t c = random.whole(0, partition.clusters() - 1);
        for (std::int64_t k = 0; k < d; ++k) {
          const double at = partition.locations()(c, k);
          place[k] = at + (place[k] - at) * random.uniform(0, 0.3);
          place[k] = std::clamp(place[k], partition.box().lower()[k], partition.box().upper()[k]);
        }
      }
      points.insert(points.end(), place.begin(), place.end());
    }
  }

  MatrixView<const double> view() const { return {points.data(), size, partition.dimension()}; }

  MatrixView<const double> rows(std::int64_t begin, std::int64_t end) const {
    return {view().row(begin), end - begin, partition.dimension()};
  }

  /// Z of sample i, which lies in region k.
  Real moment(std::int64_t i, std::int64_t k, int order) const {
    return test::power(test::distance(view().row(i), partition.locations().row(k), view().cols),
                       order);
  }

  Partition partition;
  std::int64_t size;
  std::vector<double> points;
};

/// sup Z in region k: its ball, and the box.
Real largest(const Partition& partition, std::int64_t k, int order) {
  Real out = farthest(partition.box(), partition.locations().row(k));
  if (k < partition.clusters()) out = std::min(out, Real(partition.radii()[k]));
  return test::power(out, order);
}

/// Maurer & Pontil (2009), Theorem 4.
Real empirical_bernstein(const std::vector<Real>& z, const Real& range, const Real& beta) {
  const Real n = z.size();
  Real mean = 0;
  for (const Real& x : z) mean += x / n;
  Real variance = 0;
  for (const Real& x : z) variance += (x - mean) * (x - mean) / (n - 1);
  const Real t = log(2 / beta);
  return mean + sqrt(2 * variance * t / n) + 7 * range * t / (3 * (n - 1));
}

SplitBound split(const Context& context, const Sampled& sampled, const RegionStatistics& statistics,
                 Moment moment, double beta) {
  SplitOptions options;
  options.beta = beta;
  options.moment = moment;
  options.discrete = DiscreteTerm::tree;
  return SplitRule(context, sampled.partition, statistics, sampled.size, options).bound(statistics);
}

TEST(LearningMomentAccuracy, MomentsOfTheSplitBoundAreThoseOfTheInequality) {
  const Context context = Context::cpu();
  Draw random(7201);
  LearningExcess stratified("SplitBound::moment, stratified");
  LearningExcess bernstein("SplitBound::moment, bernstein");
  for (const Shape shape : kShapes)
    for (int k = 0; k < 300; ++k) {
      const auto order = static_cast<int>(random.whole(1, 2));
      const std::int64_t d = random.chance(0.5) ? random.whole(1, 3) : random.whole(1, 64);
      // Fourth powers of lengths below 1e-77 vanish: LengthsThatVanishWhenSquaredTwice.
      if (shape == Shape::tiny && order == 2) continue;
      const Sampled sampled(random, shape, d, order);
      const std::int64_t cut = random.whole(0, sampled.size);
      auto statistics = region_statistics(context, sampled.partition, sampled.rows(0, cut), order);
      statistics.merge(
          region_statistics(context, sampled.partition, sampled.rows(cut, sampled.size), order));
      const auto labels = regions_of(context, sampled.partition, sampled.view()).label;
      const std::int64_t outer = sampled.partition.clusters();
      std::vector<Real> inside;
      std::vector<Real> all;
      std::vector<Real> sum(static_cast<std::size_t>(outer) + 1);
      std::vector<Real> squares(sum.size());
      for (std::int64_t i = 0; i < sampled.size; ++i) {
        all.push_back(sampled.moment(i, labels[i], order));
        inside.push_back(labels[i] < outer ? all.back() : Real(0));
        sum[labels[i]] += all.back();
        squares[labels[i]] += all.back() * all.back();
      }
      for (std::int64_t r = 0; r <= outer; ++r) {
        const DoubleDouble& z = statistics.sum[r];
        const DoubleDouble& zz = statistics.square[r];
        EXPECT_LE(abs(Real(z.high) + z.low - sum[r]), sum[r] * 3e-14 + Real("1e-150"));
        EXPECT_LE(abs(Real(zz.high) + zz.low - squares[r]), squares[r] * 6e-14 + Real("1e-300"));
      }
      Real inside_range = 0;
      for (std::int64_t r = 0; r < outer; ++r)
        inside_range = std::max(inside_range, largest(sampled.partition, r, order));
      const Real outside_range = largest(sampled.partition, outer, order);
      const double beta = random.beta();
      const Real unseen("1e-150");
      const Real quarter = Real(beta) / 4;
      const double limit =
          clopper_pearson_upper(statistics.count.back(), sampled.size, beta / 2 / 2);
      stratified.add(
          shape, split(context, sampled, statistics, Moment::stratified, beta).moment,
          root(empirical_bernstein(inside, inside_range, quarter) + limit * outside_range, order),
          unseen);
      bernstein.add(
          shape, split(context, sampled, statistics, Moment::bernstein, beta).moment,
          root(empirical_bernstein(all, std::max(inside_range, outside_range), Real(beta) / 2),
               order),
          unseen);
    }
  stratified.expect_small();
  bernstein.expect_small();
}

TEST(LearningMomentAccuracy, LengthsThatVanishWhenSquaredTwice) {
  const Context context = Context::cpu();
  Draw random(7202);
  LearningExcess excess("SplitBound::moment, fourth powers that vanish");
  for (int k = 0; k < 300; ++k) {
    const double length = random.magnitude(-149, -70);
    const Partition partition(Box::cube(1, -length, length), {0}, {length});
    std::vector<double> points;
    for (int i = 0; i < 200; ++i) points.push_back(i % 2 == 0 ? 0 : length * random.uniform());
    std::vector<Real> z;
    for (const double x : points) z.push_back(Real(x) * x);
    const auto statistics =
        region_statistics(context, partition, MatrixView<const double>(points.data(), 200, 1), 2);
    SplitOptions options;
    options.beta = 0.5;
    options.discrete = DiscreteTerm::tree;
    const double moment =
        SplitRule(context, partition, statistics, 200, options).bound(statistics).moment;
    excess.add(Shape::tiny, moment,
               sqrt(empirical_bernstein(z, Real(length) * length, Real(1) / 8) +
                    clopper_pearson_upper(0, 200, 0.125) * Real(length) * length));
  }
  excess.expect_small(1, 1);  // Σ Z² ≤ max Z Σ Z is not sharp
}

/// The stakes are a rule of their own, fixed by doubles; what they make is exact.
Real capital(const std::vector<double>& values, double range, double beta, const Real& mean) {
  const auto n = static_cast<double>(values.size());
  double sum = 0.5;
  double squares = 0.25;
  double seen = 1;
  Real out = 0;
  const Real highest = Real(0.75) / (1 - mean);
  for (const double value : values) {
    const Real stake = std::sqrt(2 * std::log(1 / beta) / (n * (squares / seen)));
    out += log(1 + std::min(stake, highest) * (mean - Real(value) / range));
    seen += 1;
    const double x = value / range;
    sum += x;
    squares += (x - sum / seen) * (x - sum / seen);
  }
  return out;
}

TEST(LearningMomentAccuracy, ABettorRefutesWhatTheBettingBoundExcludes) {
  Draw random(7203);
  int refuted = 0;
  for (int k = 0; k < 1200; ++k) {
    const double beta = random.chance(0.3) ? random.magnitude(-200, -6) : random.beta() / 4;
    const double range = random.magnitude(-3, 3);
    const int kind = static_cast<int>(random.whole(0, 4));
    std::vector<double> values;
    for (std::int64_t i = random.whole(2, 80); i > 0; --i)
      values.push_back(range * (kind == 0   ? random.uniform()
                                : kind == 1 ? random.magnitude(-8, 0)
                                : kind == 2 ? 0
                                : kind == 3 ? 1 - random.magnitude(-17, 0)
                                            : static_cast<double>(random.whole(0, 1))));
    const double bound =
        betting_upper({values.data(), static_cast<std::int64_t>(values.size())}, range, beta)
            .value();
    EXPECT_GT(bound, 0);
    if (bound >= range) continue;
    ++refuted;
    const Real wanted = log(1 / Real(beta));
    EXPECT_GE(capital(values, range, beta, Real(bound) / range), wanted);
    const Real inside = Real(bound) / range * (1 - Real(1e-9));
    EXPECT_LT(capital(values, range, beta, inside), wanted);
  }
  EXPECT_GT(refuted, 300);
}

}  // namespace
}  // namespace wquant
