#include <gtest/gtest.h>

#include <cmath>

#include "wquant/error.hpp"
#include "wquant/transport_bounds.hpp"

namespace wquant {
namespace {

TEST(Fournier, IsTheSumOfDeviationAndMean) {
  const Box box({0, 0, 0}, {2, 1, 2});
  const double n = 1000;
  EXPECT_NEAR(fournier_bound(box, 1000, 1, 0.01),
              3 * std::sqrt(2 * std::log(100) / n) + 2 * 3.72 / 10 * std::sqrt(3), 1e-12);
  EXPECT_NEAR(
      fournier_bound(box, 1000, 2, 0.01),
      3 * std::pow(2 * std::log(100) / n, 0.25) + 2 * 2.20 * std::pow(n, -0.25) * std::sqrt(3),
      1e-12);
}

/// The constant of the mean alone, by taking away the deviation.
double fournier_constant(std::int64_t d, int order) {
  const Box box = Box::cube(d, 0, 1);
  const double root = std::sqrt(static_cast<double>(d));
  const double deviation = root * std::pow(-2 * std::log(0.5), 0.5 / order);
  return (fournier_bound(box, 1, order, 0.5) - deviation) / root;
}

TEST(Fournier, TablesAndWhatLiesBetweenTheirEntries) {
  for (const auto& [d, value] : {std::pair{1, 2.42},
                                 {2, 1.0},
                                 {3, 3.72},
                                 {12, 1.82},
                                 {13, 1.84},
                                 {30, 1.95},
                                 {100, 1.98},
                                 {101, 2.0},
                                 {500, 2.0},
                                 {501, 2.0}})
    EXPECT_NEAR(fournier_constant(d, 1), value, 1e-12) << d;
  for (const auto& [d, value] : {std::pair{1, 1.05},
                                 {2, 1.42},
                                 {3, 2.20},
                                 {4, std::sqrt(1.26)},
                                 {5, 2.75},
                                 {8, 1.92},
                                 {12, 1.83},
                                 {14, 1.84},
                                 {76, 1.98},
                                 {1000, 2.0}})
    EXPECT_NEAR(fournier_constant(d, 2), value, 1e-12) << d;
}

TEST(Fournier, OfLetter) {
  // design/learning.md C: 4.27 for ρ = 1, 4.93 for ρ = 2.
  EXPECT_NEAR(fournier_bound(Box::cube(16, -0.5, 0.5), 15000, 1, 1e-6), 4.27, 0.01);
  EXPECT_NEAR(fournier_bound(Box::cube(16, -0.5, 0.5), 15000, 2, 1e-6), 4.93, 0.01);
}

TEST(Fournier, RefusesBadInput) {
  const Box box = Box::cube(2, 0, 1);
  EXPECT_THROW(fournier_bound(box, 0, 1, 0.1), InvalidArgument);
  EXPECT_THROW(fournier_bound(box, 1, 3, 0.1), InvalidArgument);
  EXPECT_THROW(fournier_bound(box, 1, 1, 0), InvalidArgument);
  EXPECT_THROW(fournier_bound(box, 1, 1, 1), InvalidArgument);
  EXPECT_THROW(fournier_bound(box, 1, 1, NAN), InvalidArgument);
}

}  // namespace
}  // namespace wquant
