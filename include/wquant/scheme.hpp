#pragma once

#include <cstdint>
#include <iosfwd>
#include <variant>
#include <vector>

#include "wquant/cross.hpp"
#include "wquant/export.hpp"
#include "wquant/free_points.hpp"
#include "wquant/grid.hpp"
#include "wquant/tree.hpp"

namespace wquant {

/// Where the points of a layer lie, and what goes to each of them.
using Pattern = std::variant<Grid, Cross, FreePoints, Tree>;

/// Number of locations.
WQUANT_API std::int64_t size(const Pattern& pattern);
/// The dimension d that they lie in.
WQUANT_API std::int64_t dimension(const Pattern& pattern);

/// A pattern and the components of the mixture that it quantises.
struct Layer {
  Pattern pattern;                       ///< its points.
  std::vector<std::int64_t> components;  ///< ascending, non-empty
};

/// Which point each part of a mixture goes to: layers of patterns over a partition of the
/// components (quantization.md §5). A scheme holds no mixture: it serves any that has its number of
/// components and its dimension.
class WQUANT_API Scheme {
 public:
  /// All of `components` ≥ 1 components on one shared grid. Throws InvalidArgument.
  static Scheme grid(Grid grid, std::int64_t components);
  /// All on one cross. Throws InvalidArgument.
  static Scheme cross(Cross cross, std::int64_t components);
  /// All on the same free points. Throws InvalidArgument.
  static Scheme free(FreePoints points, std::int64_t components);
  /// All on one tree. Throws InvalidArgument.
  static Scheme tree(Tree tree, std::int64_t components);

  /// Every component index 0 … K − 1 must stand in exactly one layer, and all layers in one
  /// dimension. Throws InvalidArgument.
  static Scheme layered(std::vector<Layer> layers);

  const std::vector<Layer>& layers() const { return layers_; }  ///< at least one.
  std::int64_t components() const { return components_; }       ///< K.
  /// d.
  std::int64_t dimension() const { return wquant::dimension(layers_.front().pattern); }
  /// Number of locations over all layers.
  std::int64_t support() const { return support_; }

 private:
  explicit Scheme(std::vector<Layer> layers);

  std::vector<Layer> layers_;
  std::int64_t components_ = 0;
  std::int64_t support_ = 0;
};

/// One line, and one more a layer: its pattern and its number of components.
WQUANT_API std::ostream& operator<<(std::ostream& out, const Scheme& scheme);

}  // namespace wquant
