#pragma once

#include <cstdint>
#include <vector>

#include "wquant/array.hpp"
#include "wquant/export.hpp"

namespace wquant {

/// D = Σ_a p_a δ_{x_a}: N locations in R^d and their probabilities.
/// Where Σ p_a differs from 1 by rounding, D means the normalised distribution.
class WQUANT_API DiscreteDistribution {
 public:
  /// locations: N × d, probabilities: N. Values in host memory are checked: finite locations,
  /// probabilities ≥ 0 that sum to 1 within 1e-9. Throws InvalidArgument.
  DiscreteDistribution(Array<double> locations, Array<double> probabilities);

  std::int64_t size() const { return locations_.rows(); }                ///< N.
  std::int64_t dimension() const { return locations_.cols(); }           ///< d.
  const Array<double>& locations() const { return locations_; }          ///< N × d.
  const Array<double>& probabilities() const { return probabilities_; }  ///< N × 1.

  /// A copy in host memory.
  DiscreteDistribution to_host() const;

  /// Σ p_a x_a (d). Host memory only.
  std::vector<double> mean() const;
  /// Σ p_a (x_a − mean)(x_a − mean)ᵀ (d × d, row-major). Host memory only.
  std::vector<double> covariance() const;

 private:
  Array<double> locations_;
  Array<double> probabilities_;
};

}  // namespace wquant
