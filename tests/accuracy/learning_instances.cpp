#include "accuracy/learning_instances.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <sstream>

namespace wquant::test {

const char* name(Shape shape) {
  constexpr std::array names = {"ordinary", "tiny", "huge", "far", "twins", "flat", "one_sided"};
  return names[static_cast<std::size_t>(shape)];
}

std::int64_t Draw::whole(std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(uniform() * static_cast<double>(high - low + 1));
}

Box Draw::box(Shape shape, std::int64_t d, int order) {
  const double scale = shape == Shape::tiny   ? (order == 2 ? 1e-100 : 1e-150)
                       : shape == Shape::huge ? (order == 2 ? 1e65 : 1e149)
                       : shape == Shape::far  ? magnitude(-7, 0)
                                              : 1;
  const double offset = shape == Shape::far ? 1e8 : 0;
  const bool point = shape == Shape::flat && chance(0.2);
  std::vector<double> lower;
  std::vector<double> upper;
  for (std::int64_t k = 0; k < d; ++k) {
    lower.push_back(offset * uniform(0.5, 1) + scale * uniform(-1, 0));
    const bool side = !point && !(shape == Shape::flat && chance(0.5));
    upper.push_back(side ? lower.back() + scale * uniform(0.1, 1) : lower.back());
  }
  return {lower, upper};
}

std::vector<double> Draw::point_of(const Box& box) {
  std::vector<double> out;
  for (std::int64_t k = 0; k < box.dimension(); ++k) {
    const double low = box.lower()[k];
    const double high = box.upper()[k];
    // A quarter of the coordinates is extreme.
    const double t = chance(0.25) ? static_cast<double>(whole(0, 1)) : uniform();
    out.push_back(std::min(std::max(low + (high - low) * t, low), high));
  }
  return out;
}

Partition Draw::partition(Shape shape, std::int64_t clusters, std::int64_t d, int order) {
  const Box box = this->box(shape, d, order);
  std::vector<double> centres;
  std::vector<double> radii;
  for (std::int64_t k = 0; k < clusters; ++k) {
    std::vector<double> centre = point_of(box);
    if (shape == Shape::twins && k > 0)
      for (std::int64_t i = 0; i < d; ++i) {
        const double side = box.upper()[i] - box.lower()[i];
        const double moved = chance(0.5) ? 0 : side * magnitude(-15, -9);
        centre[i] = std::min(centres[(k - 1) * d + i] + moved, box.upper()[i]);
      }
    centres.insert(centres.end(), centre.begin(), centre.end());
    const bool none = (shape == Shape::flat && chance(0.5)) || chance(0.05);
    radii.push_back(none ? 0 : box.diameter() * uniform(0.01, 0.6));
  }
  return {box, centres, radii};
}

std::vector<std::int64_t> Draw::counts(Shape shape, std::int64_t regions, double digits) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(regions), 0);
  const auto total = static_cast<std::int64_t>(magnitude(0.3, digits));
  if (shape == Shape::one_sided) {
    out[whole(0, regions - 1)] = total;
    return out;
  }
  for (std::int64_t& count : out) {
    if (chance(0.2)) continue;
    const double share = magnitude(-2, 0);
    count = static_cast<std::int64_t>(share * static_cast<double>(total) /
                                      static_cast<double>(regions));
  }
  out[whole(0, regions - 1)] += 2;
  return out;
}

double Draw::beta() {
  constexpr std::array values = {1e-6, 0.5, 0.05, 1e-12, 1e-30, 1 - 1e-12};
  return values[static_cast<std::size_t>(whole(0, values.size() - 1))];
}

RegionStatistics statistics_of(const Partition& partition, const std::vector<std::int64_t>& counts,
                               int order) {
  RegionStatistics out = no_statistics(partition, order);
  out.count = counts;
  return out;
}

Real power(const Real& x, int order) { return order == 1 ? x : x * x; }

Real root(const Real& x, int order) { return order == 1 ? x : sqrt(x); }

Real distance(const double* x, const double* y, std::int64_t d) {
  Real sum = 0;
  for (std::int64_t k = 0; k < d; ++k) sum += (Real(x[k]) - y[k]) * (Real(x[k]) - y[k]);
  return sqrt(sum);
}

Real farthest(const Box& box, const double* point) {
  Real sum = 0;
  for (std::int64_t k = 0; k < box.dimension(); ++k) {
    const Real below = abs(Real(point[k]) - box.lower()[k]);
    const Real above = abs(Real(box.upper()[k]) - point[k]);
    sum += below > above ? below * below : above * above;
  }
  return sqrt(sum);
}

void LearningExcess::add(Shape shape, double bound, const Real& exact, const Real& noise) {
  ++instances_;
  EXPECT_GE(Real(bound), exact) << claim_ << ' ' << test::name(shape) << ' ' << instances_;
  const Real above = Real(bound) - exact - noise;
  double& largest = shape == Shape::ordinary ? ordinary_ : others_;
  if (above > 0)
    largest = std::max(largest, exact > 0 ? static_cast<double>(above / exact) : INFINITY);
}

void LearningExcess::expect_small(double ordinary, double others) const {
  report();
  EXPECT_LE(ordinary_, ordinary) << claim_;
  EXPECT_LE(others_, others) << claim_;
}

void LearningExcess::report() const {
  std::ostringstream line;
  line << instances_ << " instances, excess " << ordinary_ << " in ordinary cases, " << others_
       << " in others";
  std::cout << claim_ << ": " << line.str() << '\n';
  ::testing::Test::RecordProperty(claim_, line.str());
}

}  // namespace wquant::test
