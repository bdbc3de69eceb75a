#pragma once

#include "quantize/certificate/local_gaussian.hpp"
#include "quantize/certificate/measured_mixture.hpp"
#include "quantize/certificate/totals.hpp"

namespace wquant {

/// What the components of a layer bring to its totals, whatever boxes its pattern has.
class ComponentTotals {
 public:
  /// rank: that of the pattern.
  ComponentTotals(const MeasuredMixture& measured, std::int64_t rank);

  void add(std::int64_t component, const LocalGaussian& local);

  /// Σ w.
  double weight() const { return weight_.value(); }
  /// dropped, basis, spread and within, and the rounding, by which means and ends of cells are
  /// off.
  LayerTotals totals() const;
  /// The rounding with that of the points o + Σ_k q_k y_k too, and of q_k stored instead of
  /// orthonormal. second_moment: Σ p ‖y‖² over the points.
  double rounding_with_points(const LocalFrame& frame, double second_moment) const;

 private:
  const MeasuredMixture& measured_;
  double rank_;
  CompensatedSum weight_, dropped_, basis_, rounding_, spread_, within_;
};

}  // namespace wquant
