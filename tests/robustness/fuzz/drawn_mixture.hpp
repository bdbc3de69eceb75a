#pragma once

#include <cstdint>
#include <vector>

#include "byte_source.hpp"
#include "line.hpp"
#include "wquant/context.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant::fuzz {

/// A mixture as plain numbers, good or bad, and what is known of it without the library.
class DrawnMixture {
 public:
  explicit DrawnMixture(ByteSource& source);

  std::int64_t components() const { return components_; }
  std::int64_t dimension() const { return dimension_; }

  /// Throws what the library throws.
  GaussianMixture build(const Context& context) const;

  /// Σ w_i μ_i / Σ w_i.
  std::vector<long double> mean() const;
  /// Σ w_i (‖μ_i − point‖² + tr Σ_i) / Σ w_i.
  long double second_moment(const std::vector<long double>& point) const;
  /// Coordinate k less centre_k. Variances below 0 are 0.
  Line marginal(std::int64_t k, long double centre) const;

 private:
  enum class Kind { diagonal, full, eigen };

  void draw_covariances(ByteSource& source);
  long double variance(std::int64_t i, std::int64_t k) const;

  std::int64_t components_;
  std::int64_t dimension_;
  Kind kind_;
  std::vector<double> weights_;
  std::vector<double> means_;
  std::vector<double> covariances_;   // K × d × d; K × d of diagonals and eigenvalues
  std::vector<double> eigenvectors_;  // d × d or K × d × d
};

}  // namespace wquant::fuzz
