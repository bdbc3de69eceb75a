#pragma once

#include "quantize/certificate/layers.hpp"
#include "wquant/context.hpp"
#include "wquant/free_points.hpp"

namespace wquant {

/// Free points (quantization.md §8): the components' fine per-component grids, every fine point
/// sent to the free point nearest to it.
template <>
class LayersOf<FreePoints> : public LayerList<FreePoints> {
 public:
  static double largest_length(const FreePoints& points);
  /// Keeps the context, in which the fine grids are evaluated.
  void prepare(const Context& context) { context_ = &context; }
  EvaluatedLayer evaluated(std::int64_t l, const AffineImage* image) const;

 private:
  const Context* context_ = nullptr;
};

}  // namespace wquant
