#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>
#include <vector>

#include "wquant/axes.hpp"
#include "wquant/export.hpp"

namespace wquant {

/// Sigma points: locations at ±r_j on each of n axes (quantization.md §4). A point with local
/// coordinates z belongs to the half-axis of its largest coordinate in magnitude. Which location on
/// it stands for the point depends on the shell that the point lies in.
class WQUANT_API Cross {
 public:
  /// The shells into which the space is cut; shell j belongs to radius r_j. They end half-way
  /// between neighbouring radii.
  enum class Shells {
    largest_coordinate,  ///< Shells of max |z_k|: each point goes to the nearest location.
    norm,                ///< Shells of ‖z‖, which give the weights of the paper.
  };

  /// axes: of rank n ≥ 1; radii: at least one, positive, strictly ascending. Throws
  /// InvalidArgument.
  Cross(Axes axes, std::vector<double> radii, Shells shells = Shells::largest_coordinate);

  /// The symmetric set of the unscented transform, with one radius √n.
  static Cross unscented(Axes axes);

  /// The same locations in other axes, whose directions are the old ones up to order and sign and
  /// whose scales are all the same multiple of the old ones. The axes have the same
  /// offset up to rounding. Throws InvalidArgument otherwise.
  Cross rebase(const Axes& axes) const;

  const Axes& axes() const { return axes_; }                   ///< The axes, of rank n.
  const std::vector<double>& radii() const { return radii_; }  ///< The m radii, ascending.
  Shells shells() const { return shells_; }                    ///< The shells, as constructed.
  /// The number of locations, 2nm. Those of the first axis come first, in the order
  /// +r_1 … +r_m, −r_1 … −r_m.
  std::int64_t size() const { return 2 * axes_.rank() * static_cast<std::int64_t>(radii_.size()); }
  /// Location a, d numbers.
  std::vector<double> location(std::int64_t a) const;

 private:
  Axes axes_;
  std::vector<double> radii_;
  Shells shells_;
};

/// The name of a kind of shells: "largest-coordinate" or "norm".
WQUANT_API std::string_view name(Cross::Shells shells);

/// Writes "cross of 3 axes, radii 1 2, scales 1 1 0.5".
WQUANT_API std::ostream& operator<<(std::ostream& out, const Cross& cross);

}  // namespace wquant
