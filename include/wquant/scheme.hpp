#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "wquant/export.hpp"
#include "wquant/grid.hpp"

namespace wquant {

/// One grid and the components of the mixture that it quantises.
struct Layer {
  Grid grid;
  std::vector<std::int64_t> components;  ///< ascending, non-empty
};

/// Which point each part of a mixture goes to: layers of grids over a partition of the components
/// (quantization.md §5). One layer is the plain grid scheme.
class WQUANT_API Scheme {
 public:
  /// All of `components` components on one shared grid.
  static Scheme grid(Grid grid, std::int64_t components);

  /// Every component index 0 … K − 1 must stand in exactly one layer, and all layers in one
  /// dimension. Throws InvalidArgument.
  static Scheme layered(std::vector<Layer> layers);

  const std::vector<Layer>& layers() const { return layers_; }
  std::int64_t components() const { return components_; }
  std::int64_t dimension() const { return layers_.front().grid.axes().dimension(); }
  /// Number of locations over all layers.
  std::int64_t support() const { return support_; }

 private:
  explicit Scheme(std::vector<Layer> layers);

  std::vector<Layer> layers_;
  std::int64_t components_ = 0;
  std::int64_t support_ = 0;
};

/// One line a layer: shape of its grid, scales, number of components.
WQUANT_API std::ostream& operator<<(std::ostream& out, const Scheme& scheme);

}  // namespace wquant
