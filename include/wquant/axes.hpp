#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "wquant/export.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Local coordinates z = diag(1/s) Vᵀ(x − o): r orthonormal directions V (d × r, r ≤ d), positive
/// scales s and an offset o (quantization.md §3).
class WQUANT_API Axes {
 public:
  /// basis: d × r, scales: r, offset: d. Throws InvalidArgument if VᵀV differs from I by more
  /// than 1e-6, a scale is not positive and finite, or shapes disagree.
  Axes(MatrixView<const double> basis, std::vector<double> scales, std::vector<double> offset);

  /// The coordinates of R^d themselves, moved to `offset` (d numbers).
  static Axes standard(std::vector<double> offset);

  /// d, the dimension of the space.
  std::int64_t dimension() const { return static_cast<std::int64_t>(offset_.size()); }
  /// r, the number of directions.
  std::int64_t rank() const { return static_cast<std::int64_t>(scales_.size()); }
  /// V, d × r, in host memory; valid as long as the axes.
  MatrixView<const double> basis() const { return {basis_.data(), dimension(), rank()}; }
  const std::vector<double>& scales() const { return scales_; }  ///< s, r numbers.
  const std::vector<double>& offset() const { return offset_; }  ///< o, d numbers.

  /// The local coordinates z (r numbers) of a point x (d numbers). Throws InvalidArgument for
  /// another length.
  std::vector<double> to_local(const std::vector<double>& x) const;
  /// The point o + V diag(s) z (d numbers) with the local coordinates z (r numbers). Throws
  /// InvalidArgument for another length.
  std::vector<double> from_local(const std::vector<double>& z) const;

 private:
  std::vector<double> basis_;
  std::vector<double> scales_;
  std::vector<double> offset_;
};

/// How coordinate k of some axes follows from a coordinate of others that have the same directions
/// up to order and sign: z_k = sign_k (s_from z_from + shift_k) / s_k.
struct AxisMatch {
  std::int64_t from = 0;  ///< The index of the other coordinate.
  double sign = 1;        ///< 1 if v_k and v_from point the same way, −1 if opposite.
  double shift = 0;       ///< v_from · (o_from − o).
};

/// The match in `from` of every direction of `to`. Throws InvalidArgument unless the directions of
/// one are those of the other up to order and sign (within 1e-9) and the offsets differ along them
/// only (within 1e-9 of their size).
WQUANT_API std::vector<AxisMatch> match_axes(const Axes& from, const Axes& to);

/// Writes "rank 2 in dimension 3, scales 1 0.5, offset 0 0 0".
WQUANT_API std::ostream& operator<<(std::ostream& out, const Axes& axes);

}  // namespace wquant
