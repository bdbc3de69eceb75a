#pragma once

#include "base/summation.hpp"
#include "wquant/certificate.hpp"

namespace wquant {

/// What a layer adds to each part of its mixture's Certificate, under the same names: squares,
/// summed over its components with weights w_i, in the unit of the job.
struct LayerTotals {
  double cells = 0;              ///< squared distances within the spans of the patterns
  double dropped = 0;            ///< squared distances to the spans
  double centroid_gap = 0;       ///< squared distances between points and means of cells
  double basis = 0;              ///< squared distances between components and their stand-ins
  double rounding = 0;           ///< squares of distances that rounding may add
  double spread = 0;             ///< E‖X − mean of the mixture‖²
  double within = 0;             ///< E‖X − offset of the layer‖²
  double probability_error = 0;  ///< relative, of points
  double layer_error = 0;        ///< relative, of the layer's share
};

/// The sums over all layers of a job.
class Totals {
 public:
  void add(const LayerTotals& layer);

  /// quantization.md §10 and docs/certificates.md. weight_error: relative, of the mixture's
  /// weights; unit: of the lengths, a power of two.
  Certificate certificate(double weight_error, double unit) const;

 private:
  CompensatedSum cells_, dropped_, centroid_gap_, basis_, rounding_, spread_, within_;
  double probability_error_ = 0;
  double layer_error_ = 0;
  int layers_ = 0;
};

}  // namespace wquant
