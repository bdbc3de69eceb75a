#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "wquant/export.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Points that may lie anywhere (quantization.md §8). A fine scheme, with one grid per component,
/// cuts the space into small cells, and each cell belongs to the free point that is nearest to its
/// location. The certificate is exact for that assignment.
class WQUANT_API FreePoints {
 public:
  /// locations: N × d, finite, in host memory. fine_support: the number of cells of the fine
  /// scheme; 0 stands for automatic_fine_support(N). Throws InvalidArgument.
  explicit FreePoints(MatrixView<const double> locations, std::int64_t fine_support = 0);

  /// The number of cells for N points unless it is chosen by hand: 64 N, but at least 4096 and at
  /// most 10⁶ (or N, if that is more).
  static std::int64_t automatic_fine_support(std::int64_t points);

  /// N, how many points there are.
  std::int64_t size() const { return static_cast<std::int64_t>(locations_.size()) / dimension_; }
  std::int64_t dimension() const { return dimension_; }  ///< d.
  /// The locations, N × d, in host memory; valid as long as the points.
  MatrixView<const double> locations() const { return {locations_.data(), size(), dimension_}; }
  /// The number of cells of the fine scheme, never 0.
  std::int64_t fine_support() const { return fine_support_; }

 private:
  std::vector<double> locations_;
  std::int64_t dimension_;
  std::int64_t fine_support_;
};

/// Writes "12 free points".
WQUANT_API std::ostream& operator<<(std::ostream& out, const FreePoints& points);

}  // namespace wquant
