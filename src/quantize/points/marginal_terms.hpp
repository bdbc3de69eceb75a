#pragma once

#include <cstdint>

#include "quantize/points/optimal_points.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// The centroid equations of Σ_i w_i N(m_i, s_i²), for placing points: by the textbook differences
/// of quantization.md §1, one erfc and one exp an edge, good to about 1e-15 of the whole. On
/// `threads` threads, the same bits for any number.
class MarginalTerms {
 public:
  /// weights, means, deviations: K each, kept by the caller.
  MarginalTerms(VectorView<const double> weights, VectorView<const double> means,
                VectorView<const double> deviations, int threads);

  CentroidTerms operator()(const std::vector<double>& points) const;

 private:
  void add(std::int64_t component, const std::vector<double>& edges, std::int64_t begin,
           std::int64_t end, CentroidTerms& terms) const;

  VectorView<const double> weights_, means_, deviations_;
  int threads_;
};

}  // namespace wquant
