#pragma once

#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "accuracy/multiprecision.hpp"
#include "wquant/wquant.hpp"

namespace wquant::test {

/// What the boxes, regions and counts are like that learned bounds are tested on.
enum class Shape {
  ordinary,
  tiny,       ///< lengths of 1e-150, or 1e-100 where they are squared twice.
  huge,       ///< lengths of 1e149, or 1e65 where they are squared twice.
  far,        ///< a box at 1e8, of sides from a few ulp to 1.
  twins,      ///< centres that coincide or differ by 1e-9 to 1e-15 of the box.
  flat,       ///< sides and radii of length 0; boxes of one point.
  one_sided,  ///< all samples in one region, the others empty.
};
inline constexpr std::array kShapes = {Shape::ordinary, Shape::tiny, Shape::huge,     Shape::far,
                                       Shape::twins,    Shape::flat, Shape::one_sided};

const char* name(Shape shape);

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}

  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  double magnitude(double low, double high) { return std::pow(10, uniform(low, high)); }
  std::int64_t whole(std::int64_t low, std::int64_t high);
  bool chance(double p) { return uniform() < p; }

  Box box(Shape shape, std::int64_t d, int order);
  std::vector<double> point_of(const Box& box);
  Partition partition(Shape shape, std::int64_t clusters, std::int64_t d, int order);

  /// Of `regions`, 1 to 10^digits in all.
  std::vector<std::int64_t> counts(Shape shape, std::int64_t regions, double digits);
  double beta();

 private:
  std::mt19937_64 engine_;
};

RegionStatistics statistics_of(const Partition& partition, const std::vector<std::int64_t>& counts,
                               int order);

Real power(const Real& x, int order);
Real root(const Real& x, int order);
Real distance(const double* x, const double* y, std::int64_t d);

/// sup ‖x − point‖ over the box.
Real farthest(const Box& box, const double* point);

/// Bounds beside the exact values: never below, and how far above, relative to those.
class LearningExcess {
 public:
  explicit LearningExcess(std::string claim) : claim_(std::move(claim)) {}

  /// noise: what the excess may have on top.
  void add(Shape shape, double bound, const Real& exact, const Real& noise = 0);

  void expect_small(double ordinary = 1e-9, double others = 1e-6) const;

  void report() const;

 private:
  std::string claim_;
  int instances_ = 0;
  double ordinary_ = 0;
  double others_ = 0;
};

}  // namespace wquant::test
