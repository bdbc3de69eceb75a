#pragma once

#include <cstdint>
#include <vector>

#include "wquant/array.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/export.hpp"

namespace wquant {

/// B discrete distributions of different sizes, all in dimension d. Their points are stored one
/// after the other: those of distribution b are the rows begin[b] … begin[b + 1] − 1 of the arrays.
struct DistributionBatch {
  Array<double> locations;          ///< The locations of all distributions, ΣN × d.
  Array<double> probabilities;      ///< The probabilities of all distributions, ΣN × 1.
  std::vector<std::int64_t> begin;  ///< B + 1 row numbers, from 0 to ΣN.

  /// B, how many distributions there are.
  std::int64_t count() const { return static_cast<std::int64_t>(begin.size()) - 1; }
  /// The number of points of distribution b.
  std::int64_t size(std::int64_t b) const { return begin[b + 1] - begin[b]; }

  /// The locations of distribution b (size(b) × d), in the memory of the batch.
  MatrixView<const double> locations_of(std::int64_t b) const {
    MatrixView<const double> rows = locations.view();
    rows.data += begin[b] * rows.row_stride;
    rows.rows = size(b);
    return rows;
  }
  /// The probabilities of distribution b (size(b) numbers), in the memory of the batch.
  VectorView<const double> probabilities_of(std::int64_t b) const {
    return {probabilities.data() + begin[b], size(b), probabilities.space()};
  }

  /// A copy of distribution b; host memory only.
  WQUANT_API DiscreteDistribution distribution(std::int64_t b) const;
};

}  // namespace wquant
