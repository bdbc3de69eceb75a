#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "quantize/certificate/affine_image.hpp"
#include "quantize/certificate/measured_mixture.hpp"
#include "quantize/certificate/totals.hpp"
#include "wquant/axes.hpp"

namespace wquant {

/// A layer of a scheme over its mixture. Valid as long as scheme and mixture stay where they are.
template <class P>
struct PlacedLayer {
  const P& pattern;
  const std::vector<std::int64_t>& components;
  const MeasuredMixture& measured;
  std::int64_t row;  ///< of its first point among the points of the batch.
};

/// Locations and probabilities that the host knows, for rows `row`, … of a batch's points.
struct PointBlock {
  std::int64_t row = 0;
  std::vector<double> locations;
  std::vector<double> probabilities;
};

/// What a layer brings to the certificate of its mixture, and those of its points that no kernel
/// makes.
struct EvaluatedLayer {
  LayerTotals totals;
  PointBlock points;
};

/// The layers of a batch that have the pattern P. What a certificate asks of a pattern are the
/// members of its specialisation of this class, in a header and a source of its own; without them
/// `evaluate` does not compile. Each specialisation is a LayerList<P> and has
///
///     // The largest length that the pattern is made of, in the units of the input.
///     static double largest_length(const P& pattern);
///     // Once all layers are added: lays them out and runs the kernels, if there are any, that
///     // evaluate all of them at once. Throws OutOfMemory beyond the workspace limit.
///     void prepare(const Context& context);
///     // What layer l brings, after that; with an image, to the certificate of the image.
///     EvaluatedLayer evaluated(std::int64_t l, const AffineImage* image) const;
template <class P>
class LayersOf;

template <class P>
class LayerList {
 public:
  void add(const PlacedLayer<P>& layer) { layers_.push_back(layer); }
  std::int64_t size() const { return static_cast<std::int64_t>(layers_.size()); }

 protected:
  std::vector<PlacedLayer<P>> layers_;
};

/// |z_k| in the units of the input, 0 for an infinite one.
inline double length_along(const Axes& axes, std::int64_t k, double z) {
  return std::isfinite(z) ? std::fabs(z * axes.scales()[k]) : 0;
}

inline double largest_offset(const Axes& axes) {
  double largest = 0;
  for (const double x : axes.offset()) largest = std::max(largest, std::fabs(x));
  return largest;
}

}  // namespace wquant
