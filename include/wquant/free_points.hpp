#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "wquant/export.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Points anywhere (quantization.md §8). What goes to a point is made of the cells of a fine grid
/// scheme, one grid a component, whose locations are nearest to it; the certificate is exact for
/// that assignment.
class WQUANT_API FreePoints {
 public:
  /// locations: N × d, finite, host memory. fine_support: points of the fine scheme; 0 stands for
  /// 64 N, but at least 4096 and at most 10⁶ (or N, if that is more). Throws InvalidArgument.
  explicit FreePoints(MatrixView<const double> locations, std::int64_t fine_support = 0);

  /// What fine_support = 0 stands for.
  static std::int64_t automatic_fine_support(std::int64_t points);

  /// N.
  std::int64_t size() const { return static_cast<std::int64_t>(locations_.size()) / dimension_; }
  std::int64_t dimension() const { return dimension_; }  ///< d.
  /// N × d, host memory; valid as long as the points.
  MatrixView<const double> locations() const { return {locations_.data(), size(), dimension_}; }
  std::int64_t fine_support() const { return fine_support_; }  ///< never 0.

 private:
  std::vector<double> locations_;
  std::int64_t dimension_;
  std::int64_t fine_support_;
};

/// "12 free points"
WQUANT_API std::ostream& operator<<(std::ostream& out, const FreePoints& points);

}  // namespace wquant
