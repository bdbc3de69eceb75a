#pragma once

#include "quantize/certificate/layers.hpp"
#include "wquant/cross.hpp"

namespace wquant {

/// Crosses (quantization.md §4).
template <>
class LayersOf<Cross> : public LayerList<Cross> {
 public:
  static double largest_length(const Cross& cross);
  void prepare(const Context&) {}
  EvaluatedLayer evaluated(std::int64_t l, const AffineImage* image) const;
};

}  // namespace wquant
