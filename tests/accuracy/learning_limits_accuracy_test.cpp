#include <gtest/gtest.h>

#include <limits>

#include "accuracy/learning_instances.hpp"
#include "learn/confidence/concentration.hpp"

namespace wquant {
namespace {

using test::Draw;
using test::farthest;
using test::kShapes;
using test::LearningExcess;
using test::Real;
using test::root;
using test::Shape;

std::int64_t any_dimension(Draw& random) {
  return random.chance(0.5) ? random.whole(1, 3) : random.whole(1, 64);
}

TEST(LearningLimitsAccuracy, LengthsOfBoxes) {
  Draw random(7101);
  LearningExcess diameter("Box::diameter");
  LearningExcess side("Box::longest_side");
  LearningExcess corner("Box::farthest_corner");
  LearningExcess outer("radius of the outer region");
  for (const Shape shape : kShapes)
    for (int k = 0; k < 400; ++k) {
      const std::int64_t d = any_dimension(random);
      const Box box = random.box(shape, d, 1);
      Real longest = 0;
      for (std::int64_t i = 0; i < d; ++i)
        longest = std::max(longest, Real(Real(box.upper()[i]) - box.lower()[i]));
      const Real unseen("1e-300");
      diameter.add(shape, box.diameter(), test::distance(box.lower().data(), box.upper().data(), d),
                   unseen);
      side.add(shape, box.longest_side(), longest, unseen);
      const std::vector<double> point = random.point_of(box);
      corner.add(shape, box.farthest_corner(point), farthest(box, point.data()), unseen);
      const Partition partition(box, point, {0});
      outer.add(shape, partition.radii()[1], farthest(box, partition.locations().row(1)), unseen);
    }
  diameter.expect_small();
  side.expect_small();
  corner.expect_small();
  outer.expect_small();
}

/// Fournier (2023), Tables 2 and 4; from 500 on the last entries, between two the larger.
Real fournier_constant(std::int64_t d, int order) {
  const auto at = [](std::initializer_list<std::pair<std::int64_t, const char*>> table,
                     std::int64_t dimension) {
    const char* before = nullptr;
    for (const auto& [k, value] : table) {
      if (k == dimension) return Real(value);
      if (k > dimension) return std::max(Real(before), Real(value));
      before = value;
    }
    return Real(before);
  };
  if (order == 1)
    return at({{3, "3.72"},
               {4, "2.45"},
               {5, "2.09"},
               {6, "1.94"},
               {7, "1.87"},
               {8, "1.84"},
               {9, "1.82"},
               {10, "1.81"},
               {11, "1.81"},
               {12, "1.82"},
               {15, "1.84"},
               {20, "1.87"},
               {25, "1.89"},
               {50, "1.95"},
               {75, "1.96"},
               {100, "1.98"},
               {500, "2.00"}},
              d);
  return at({{5, "2.75"},
             {6, "2.20"},
             {7, "2.01"},
             {8, "1.92"},
             {9, "1.87"},
             {10, "1.85"},
             {11, "1.85"},
             {12, "1.83"},
             {15, "1.84"},
             {20, "1.87"},
             {25, "1.89"},
             {50, "1.95"},
             {75, "1.96"},
             {100, "1.98"},
             {500, "2.00"}},
            d);
}

Real fournier_mean(std::int64_t d, const Real& n, int order) {
  if (order == 1) {
    if (d == 1) return Real("2.42") / sqrt(n);
    if (d == 2) return (Real("0.73") * log(n) + 1) / sqrt(n);
    return fournier_constant(d, 1) * pow(n, Real(-1) / d);
  }
  if (d <= 3) return Real(d == 1 ? "1.05" : d == 2 ? "1.42" : "2.20") / sqrt(sqrt(n));
  if (d == 4) return sqrt(Real("0.73") * log(n) + Real("1.26")) / sqrt(sqrt(n));
  return fournier_constant(d, 2) * pow(n, Real(-1) / d);
}

TEST(LearningLimitsAccuracy, Fournier) {
  Draw random(7102);
  LearningExcess excess("fournier_bound");
  for (const Shape shape : kShapes)
    for (int k = 0; k < 300; ++k) {
      const std::int64_t d = random.chance(0.1) ? random.whole(65, 700) : any_dimension(random);
      const auto order = static_cast<int>(random.whole(1, 2));
      const Box box = random.box(shape, d, order);
      const auto total = static_cast<std::int64_t>(random.magnitude(0, 9));
      const double beta = random.beta();
      Real longest = 0;
      for (std::int64_t i = 0; i < d; ++i)
        longest = std::max(longest, Real(Real(box.upper()[i]) - box.lower()[i]));
      const Real deviation = root(sqrt(-2 * log(Real(beta)) / total), order);
      const Real exact = test::distance(box.lower().data(), box.upper().data(), d) * deviation +
                         longest * fournier_mean(d, total, order) * sqrt(Real(d));
      excess.add(shape, fournier_bound(box, total, order, beta), exact, Real("1e-300"));
    }
  excess.expect_small();
}

TEST(LearningLimitsAccuracy, StoredProbabilities) {
  Draw random(7103);
  LearningExcess excess("with_stored_probabilities");
  const Real epsilon = std::numeric_limits<double>::epsilon();
  for (const Shape shape : kShapes)
    for (int k = 0; k < 200; ++k) {
      const std::int64_t d = any_dimension(random);
      const auto order = static_cast<int>(random.whole(1, 2));
      const Box box = random.box(shape, d, order);
      const double bound = box.diameter() * (random.chance(0.1) ? 0 : random.magnitude(-12, 0));
      const Real diameter = test::distance(box.lower().data(), box.upper().data(), d);
      const Real exact =
          root(test::power(bound, order) + epsilon * test::power(diameter, order), order);
      excess.add(shape, with_stored_probabilities(bound, box, order), exact, Real("1e-300"));

      // What it is there for: stored shares n_k / N, divided by their sum, are within ε of n_k / N.
      const std::vector<std::int64_t> counts = random.counts(shape, random.whole(1, 40), 15);
      Real total = 0;
      for (const std::int64_t count : counts) total += count;
      Real stored = 0;
      for (const std::int64_t count : counts)
        stored += static_cast<double>(count) / static_cast<double>(total);
      Real moved = 0;
      for (const std::int64_t count : counts)
        moved +=
            abs(static_cast<double>(count) / static_cast<double>(total) / stored - count / total) /
            2;
      EXPECT_LE(moved, epsilon);
    }
  excess.expect_small();
}

TEST(LearningLimitsAccuracy, InequalitiesOfConcentration) {
  Draw random(7104);
  LearningExcess bernstein("empirical Bernstein");
  LearningExcess mcdiarmid("McDiarmid");
  LearningExcess supremum("Bousquet or McDiarmid");
  LearningExcess mean("empirical Bernstein of atoms");
  for (int k = 0; k < 1500; ++k) {
    const auto n = static_cast<std::int64_t>(random.magnitude(0.31, 9));
    const double beta = random.chance(0.5) ? random.beta() : random.magnitude(-200, -1);
    const double range = random.magnitude(-3, 3);
    const Real total = n;
    const double average = range * random.uniform();
    const double deviation = range * random.uniform(0, 0.5);
    bernstein.add(
        Shape::ordinary,
        bernstein_upper(Upper(average), Upper(deviation), static_cast<double>(n), range, beta)
            .value(),
        average + deviation * sqrt(2 * log(2 / Real(beta)) / total) +
            7 * range * log(2 / Real(beta)) / (3 * (total - 1)));
    // Its callers halve beta at least once: ln(1/β) near β = 1 is never asked for.
    const double half = beta / 2;
    const Real s = log(1 / Real(half));
    mcdiarmid.add(Shape::ordinary, mcdiarmid_margin(range, static_cast<double>(n), half).value(),
                  range * sqrt(s / (2 * total)));
    const double second = range * range * random.uniform();
    const Real b = 2 * Real(range);
    const Real first = sqrt(2 * s * (second + 2 * b * average) / total) + b * s / (3 * total);
    const Real other = b * sqrt(s / (2 * total));
    supremum.add(
        Shape::ordinary,
        supremum_upper({Upper(average), Upper(second), Upper(range)}, static_cast<double>(n), half)
            .value(),
        average + std::min(first, other));

    std::vector<double> values;
    const bool constant = random.chance(0.1);
    for (std::int64_t y = random.whole(1, 50); y > 0; --y)
      values.push_back(constant ? range : range * random.uniform());
    const std::vector<std::int64_t> counts =
        random.counts(Shape::ordinary, static_cast<std::int64_t>(values.size()), 9);
    Real sum = 0;
    Real all = 0;
    for (std::size_t y = 0; y < values.size(); ++y) {
      sum += Real(counts[y]) * values[y];
      all += counts[y];
    }
    Real scatter = 0;
    for (std::size_t y = 0; y < values.size(); ++y)
      scatter += counts[y] * (values[y] - sum / all) * (values[y] - sum / all);
    const Real largest = *std::max_element(values.begin(), values.end());
    mean.add(Shape::ordinary, mean_upper(values, Frequencies(counts), half).value(),
             sum / all + sqrt(scatter / (all - 1) * 2 * log(2 / Real(half)) / all) +
                 7 * largest * log(2 / Real(half)) / (3 * (all - 1)));
  }
  bernstein.expect_small();
  mcdiarmid.expect_small();
  supremum.expect_small();
  mean.expect_small();
}

}  // namespace
}  // namespace wquant
