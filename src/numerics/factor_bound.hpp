#pragma once

#include "base/host_device.hpp"

namespace wquant {

/// An upper bound on ‖XYᵀ − T‖_F of d × d matrices from its computed value and the computed
/// magnitude Σ_k ‖x_k‖ ‖y_k‖ ≥ ‖|X||Y|ᵀ‖_F over their columns. A computed d-term inner product is
/// off by at most d ε/2 · Σ|·||·| in any order (Higham, Accuracy and Stability, §3.1).
WQUANT_HOST_DEVICE inline double product_distance_bound(double d, double distance,
                                                        double magnitude) {
  constexpr double kEpsilon = 0x1p-52;
  return (distance + (d + 4) * kEpsilon * magnitude) * (1 + (d * d + 8) * kEpsilon);
}

}  // namespace wquant
