#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "wquant/axes.hpp"
#include "wquant/export.hpp"

namespace wquant {

/// Sigma points: ±r_j on each of n axes (quantization.md §4). In local coordinates z goes to the
/// axis and sign of its largest coordinate, and to the radius that its shell belongs to.
class WQUANT_API Cross {
 public:
  /// What decides to which radius of its half-axis z goes.
  enum class Shells {
    largest_coordinate,  ///< by max |z_k|, split at midpoints of the radii: the nearest point.
    norm,                ///< by ‖z‖, split at midpoints of the radii: the paper's weights.
  };

  /// axes: of rank n ≥ 1; radii: at least one, positive, strictly ascending. Throws
  /// InvalidArgument.
  Cross(Axes axes, std::vector<double> radii, Shells shells = Shells::largest_coordinate);

  /// The unscented transform's symmetric set: one radius √n.
  static Cross unscented(Axes axes);

  /// The same locations in other axes, whose directions are the old ones up to order and sign and
  /// whose scales are all the same multiple of the old ones (match_axes).
  Cross rebase(const Axes& axes) const;

  const Axes& axes() const { return axes_; }                   ///< of rank n.
  const std::vector<double>& radii() const { return radii_; }  ///< m, ascending.
  Shells shells() const { return shells_; }                    ///< as constructed.
  /// 2nm locations: those of the first axis first, on it +r_1 … +r_m, then −r_1 … −r_m.
  std::int64_t size() const { return 2 * axes_.rank() * static_cast<std::int64_t>(radii_.size()); }
  /// Location (d) a of them.
  std::vector<double> location(std::int64_t a) const;

 private:
  Axes axes_;
  std::vector<double> radii_;
  Shells shells_;
};

/// "cross of 3 axes, radii 1 2, scales 1 1 0.5"
WQUANT_API std::ostream& operator<<(std::ostream& out, const Cross& cross);

}  // namespace wquant
