#pragma once

#include <cstdint>
#include <vector>

#include "wquant/array.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/export.hpp"

namespace wquant {

/// B discrete distributions in one dimension d, of different sizes, one behind the other: those of
/// distribution b are rows begin[b] … begin[b + 1] of the locations (ΣN × d) and probabilities
/// (ΣN).
struct DistributionBatch {
  Array<double> locations;          ///< ΣN × d.
  Array<double> probabilities;      ///< ΣN × 1.
  std::vector<std::int64_t> begin;  ///< B + 1, from 0 to ΣN.

  /// B.
  std::int64_t count() const { return static_cast<std::int64_t>(begin.size()) - 1; }
  /// Number of points of distribution b.
  std::int64_t size(std::int64_t b) const { return begin[b + 1] - begin[b]; }

  /// The locations of distribution b (size(b) × d), where they lie.
  MatrixView<const double> locations_of(std::int64_t b) const {
    MatrixView<const double> rows = locations.view();
    rows.data += begin[b] * rows.row_stride;
    rows.rows = size(b);
    return rows;
  }
  /// The probabilities of distribution b (size(b)), where they lie.
  VectorView<const double> probabilities_of(std::int64_t b) const {
    return {probabilities.data() + begin[b], size(b), probabilities.space()};
  }

  /// A copy of distribution b; host memory only.
  WQUANT_API DiscreteDistribution distribution(std::int64_t b) const;
};

}  // namespace wquant
