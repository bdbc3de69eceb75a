#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wquant/export.hpp"

namespace wquant {

/// The box Ξ = Π_k [lower_k, upper_k] that holds the unknown distribution, all of it.
class WQUANT_API Box {
 public:
  /// lower, upper: d ≥ 1 finite numbers each, up to 1e150 in magnitude, with lower_k ≤ upper_k.
  /// Throws InvalidArgument.
  Box(std::vector<double> lower, std::vector<double> upper);
  /// The cube [lower, upper]^d with d = `dimension`.
  static Box cube(std::int64_t dimension, double lower, double upper);

  /// d.
  std::int64_t dimension() const { return static_cast<std::int64_t>(lower_.size()); }
  const std::vector<double>& lower() const { return lower_; }  ///< The lower bounds, d numbers.
  const std::vector<double>& upper() const { return upper_; }  ///< The upper bounds, d numbers.

  /// The centre (lower + upper) / 2, d numbers, to rounding.
  std::vector<double> centre() const;
  /// The diameter ‖upper − lower‖₂, rounded upwards.
  double diameter() const;
  /// The longest side, max_k (upper_k − lower_k), rounded upwards.
  double longest_side() const;
  /// Whether lower_k ≤ point_k ≤ upper_k for all k. Throws InvalidArgument unless the point has d
  /// coordinates.
  bool contains(std::span<const double> point) const;
  /// The distance from the point to the farthest corner, sup ‖x − point‖₂ over x in Ξ, rounded
  /// upwards. Throws InvalidArgument unless the point has d coordinates.
  double farthest_corner(std::span<const double> point) const;

 private:
  std::vector<double> lower_, upper_;
};

}  // namespace wquant
