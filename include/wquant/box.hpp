#pragma once

#include <cstdint>
#include <vector>

#include "wquant/export.hpp"

namespace wquant {

/// The box Ξ = Π_k [lower_k, upper_k] that holds the support of the unknown distribution.
class WQUANT_API Box {
 public:
  /// d ≥ 1 bounds each, finite, up to 1e150 in magnitude, lower_k ≤ upper_k.
  /// Throws InvalidArgument.
  Box(std::vector<double> lower, std::vector<double> upper);
  /// [lower, upper]^d.
  static Box cube(std::int64_t dimension, double lower, double upper);

  /// d.
  std::int64_t dimension() const { return static_cast<std::int64_t>(lower_.size()); }
  const std::vector<double>& lower() const { return lower_; }  ///< d.
  const std::vector<double>& upper() const { return upper_; }  ///< d.

  /// (lower + upper) / 2 (d), to rounding.
  std::vector<double> centre() const;
  /// ‖upper − lower‖₂, rounded upwards.
  double diameter() const;
  /// max_k (upper_k − lower_k), rounded upwards.
  double longest_side() const;
  /// Whether lower_k ≤ point_k ≤ upper_k for all k; point: d numbers.
  bool contains(const double* point) const;
  /// sup ‖x − point‖₂ over x in Ξ: the distance of the farthest corner, rounded upwards.
  double farthest_corner(const double* point) const;

 private:
  std::vector<double> lower_, upper_;
};

}  // namespace wquant
