#pragma once

#include <cstdint>
#include <vector>

#include "quantize/certificate/layers.hpp"
#include "quantize/certificate/local_gaussian.hpp"
#include "wquant/tree.hpp"

namespace wquant {

/// A tree laid over its components: boxes in multiples of the job's unit, and who is in them. On
/// its way down, a component that has less than 1e-16 of a box's mass goes no further: all of it
/// that is in the box is sent to the leaf that has the box's number, which is a coupling too.
struct TreeLayout {
  TreeLayout(const PlacedLayer<Tree>& layer, int threads);

  const Tree* tree;
  std::vector<std::int64_t> components;  // of the layer, in canonical_order
  LocalFrame frame;
  std::vector<LocalGaussian> locals;        // one for each component
  std::vector<double> points;               // leaves × rank
  std::vector<double> cuts;                 // one for each split
  std::vector<std::int64_t> leaf;           // of each box
  std::vector<double> lower, upper, about;  // boxes × rank
  std::vector<std::int64_t> members;        // among the components, box after box
  std::vector<std::int64_t> members_end;    // of each box
};

/// Trees with the moments of their boxes (quantization.md §7), all in one pass of the kernel.
template <>
class LayersOf<Tree> : public LayerList<Tree> {
 public:
  static double largest_length(const Tree& tree);
  void prepare(const Context& context);
  EvaluatedLayer evaluated(std::int64_t l, const AffineImage* image) const;

 private:
  void lay_out(int threads);
  void evaluate_boxes(const Context& context);
  LayerTotals totals(std::int64_t l, std::vector<double>& probabilities) const;

  std::vector<TreeLayout> layouts_;
  std::vector<std::int64_t> first_box_, first_end_;
  std::vector<double> mass_, first_, second_;
};

}  // namespace wquant
