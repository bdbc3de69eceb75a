#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wquant/array.hpp"
#include "wquant/export.hpp"

namespace wquant {

/// One point of a discrete distribution.
struct WeightedPoint {
  std::span<const double> location;  ///< Its d coordinates.
  double probability = 0;            ///< The probability of exactly this location.
};

namespace detail {

/// The points of a distribution where they lie, in host memory.
struct WeightedPoints {
  const double* locations = nullptr;
  const double* probabilities = nullptr;
  std::int64_t dimension = 0;

  WeightedPoint operator[](std::int64_t a) const {
    return {{locations + a * dimension, static_cast<std::size_t>(dimension)}, probabilities[a]};
  }
};

}  // namespace detail

/// D = Σ_a p_a δ_{x_a}: N locations in R^d and their probabilities.
/// Where Σ p_a differs from 1 by rounding, D means the normalised distribution.
///
/// A distribution in host memory is a range of its points:
/// `for (const auto& [location, probability] : distribution)`.
class WQUANT_API DiscreteDistribution {
 public:
  /// locations: N × d, probabilities: N. Values in host memory are checked: locations must be
  /// finite, probabilities ≥ 0 with a sum of 1 within 1e-9. Throws InvalidArgument.
  DiscreteDistribution(Array<double> locations, Array<double> probabilities);

  std::int64_t size() const { return locations_.rows(); }                ///< N, how many points.
  std::int64_t dimension() const { return locations_.cols(); }           ///< d.
  const Array<double>& locations() const { return locations_; }          ///< N × d.
  const Array<double>& probabilities() const { return probabilities_; }  ///< N × 1.

  /// Point a; host memory only.
  WeightedPoint operator[](std::int64_t a) const { return points()[a]; }
  /// Goes through the points of a distribution.
  using Iterator = detail::IndexIterator<detail::WeightedPoints>;
  /// The first point, for loops over all of them. Throws InvalidArgument in device memory.
  Iterator begin() const;
  /// Behind the last point.
  Iterator end() const { return {points(), size()}; }

  /// A copy in host memory.
  DiscreteDistribution to_host() const;

  /// Σ p_a x_a, d numbers; host memory only.
  std::vector<double> mean() const;
  /// Σ p_a (x_a − mean)(x_a − mean)ᵀ, d × d, row-major; host memory only.
  std::vector<double> covariance() const;

 private:
  detail::WeightedPoints points() const {
    return {locations_.data(), probabilities_.data(), dimension()};
  }

  Array<double> locations_;
  Array<double> probabilities_;
};

}  // namespace wquant
