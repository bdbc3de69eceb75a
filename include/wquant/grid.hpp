#pragma once

#include <cstdint>
#include <vector>

#include "wquant/export.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Local coordinates z = diag(1/s) Vᵀ(x − o): r orthonormal directions V (d × r, r ≤ d), positive
/// scales s, an offset o (quantization.md §3).
class WQUANT_API Axes {
 public:
  /// basis: d × r, scales: r, offset: d. Throws InvalidArgument if VᵀV differs from I by more
  /// than 1e-6, a scale is not positive and finite, or shapes disagree.
  Axes(MatrixView<const double> basis, std::vector<double> scales, std::vector<double> offset);

  std::int64_t dimension() const { return static_cast<std::int64_t>(offset_.size()); }
  std::int64_t rank() const { return static_cast<std::int64_t>(scales_.size()); }
  MatrixView<const double> basis() const { return {basis_.data(), dimension(), rank()}; }
  const std::vector<double>& scales() const { return scales_; }
  const std::vector<double>& offset() const { return offset_; }

 private:
  std::vector<double> basis_;
  std::vector<double> scales_;
  std::vector<double> offset_;
};

/// A product grid in local coordinates. Its locations are o + V diag(s) c for all combinations c of
/// `points()`, the last dimension running fastest; its cells are the boxes bounded by midpoints.
class WQUANT_API Grid {
 public:
  /// points: for each of the axes' r dimensions at least one strictly ascending finite number.
  /// Throws InvalidArgument, also when the number of locations exceeds 2⁶².
  Grid(Axes axes, std::vector<std::vector<double>> points);

  const Axes& axes() const { return axes_; }
  const std::vector<std::vector<double>>& points() const { return points_; }
  std::vector<std::int64_t> shape() const;
  /// Number of locations, Π shape.
  std::int64_t size() const { return size_; }

 private:
  Axes axes_;
  std::vector<std::vector<double>> points_;
  std::int64_t size_;
};

}  // namespace wquant
