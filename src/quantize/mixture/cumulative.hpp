#pragma once

#include <vector>

#include "backend/backend.hpp"

namespace wquant {

/// Probabilities, ≥ 0 and not all 0, summed up for drawing. They are divided by their sum; an index
/// of probability 0 is never drawn. Every entry is within 4 ε of the exact one.
class Cumulative {
 public:
  explicit Cumulative(VectorView<const double> probabilities);

  CumulativeTable view() const;

  /// What a table of this many probabilities takes.
  static double bytes(std::int64_t count);

 private:
  std::vector<double> cumulative_;
  std::vector<std::int64_t> guide_;
};

}  // namespace wquant
