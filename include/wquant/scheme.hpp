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

/// Locations in R^d, and a rule that assigns every point of the space to one of them.
using Pattern = std::variant<Grid, Cross, FreePoints, Tree>;

/// The number of locations of a pattern.
WQUANT_API std::int64_t size(const Pattern& pattern);
/// The dimension d of the space that a pattern lies in.
WQUANT_API std::int64_t dimension(const Pattern& pattern);

/// A pattern and the components of a mixture that it quantises.
struct Layer {
  Pattern pattern;                       ///< The locations of the layer.
  std::vector<std::int64_t> components;  ///< Indices of components, ascending, at least one.
};

/// A plan by which each part of a mixture goes to a location: every component belongs to one layer,
/// whose pattern quantises it (quantization.md §5). A scheme holds no mixture: it serves any that
/// has its number of components and its dimension.
///
/// \code
/// const Context context = Context::best();
/// const double mean[] = {0, 0}, covariance[2][2] = {{1, 0}, {0, 4}};
/// const auto normal = GaussianMixture::gaussian(context, mean, covariance);
/// const Scheme scheme = Scheme::cross(Cross::unscented(Axes::standard({0, 0})), 1);
/// const CertifiedDistribution points = apply(context, scheme, normal);
/// std::printf("%ld points, W2 <= %.4f\n", scheme.support(), points.certificate.w2);
/// \endcode
class WQUANT_API Scheme {
 public:
  /// A scheme with all of `components` ≥ 1 components on one grid. Throws InvalidArgument.
  static Scheme grid(Grid grid, std::int64_t components);
  /// A scheme with all components on one cross. Throws InvalidArgument.
  static Scheme cross(Cross cross, std::int64_t components);
  /// A scheme with all components on the same free points. Throws InvalidArgument.
  static Scheme free(FreePoints points, std::int64_t components);
  /// A scheme with all components on one tree. Throws InvalidArgument.
  static Scheme tree(Tree tree, std::int64_t components);

  /// A scheme of layers. Every component index 0 … K − 1 must stand in exactly one layer, and all
  /// layers must have the same dimension. Throws InvalidArgument.
  static Scheme layered(std::vector<Layer> layers);

  const std::vector<Layer>& layers() const { return layers_; }  ///< The layers, at least one.
  std::int64_t components() const { return components_; }  ///< K, how many components it serves.
  /// d.
  std::int64_t dimension() const { return wquant::dimension(layers_.front().pattern); }
  /// The number of locations of all layers.
  std::int64_t support() const { return support_; }

 private:
  explicit Scheme(std::vector<Layer> layers);

  std::vector<Layer> layers_;
  std::int64_t components_ = 0;
  std::int64_t support_ = 0;
};

/// Writes one line for the scheme and one for each layer, with its pattern and its number of
/// components.
WQUANT_API std::ostream& operator<<(std::ostream& out, const Scheme& scheme);

}  // namespace wquant
