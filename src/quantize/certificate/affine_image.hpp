#pragma once

#include <Eigen/Core>
#include <span>

#include "quantize/certificate/local_gaussian.hpp"
#include "quantize/certificate/measured_mixture.hpp"
#include "quantize/certificate/totals.hpp"

namespace wquant {

/// A linear map under which distances are measured: ‖Ax‖ instead of ‖x‖ (quantization.md §11). A is
/// scaled by a power of two, so that no square overflows that matters.
struct AffineImage {
  Eigen::MatrixXd matrix;  ///< A / scale, m × d
  double scale = 1;
  double norm = 0;       ///< ≥ ‖A‖₂ / scale
  double frobenius = 0;  ///< ≥ ‖A‖_F / scale
};

/// What holds of a layer under any such map: squared distances grow by at most norm².
void stretch(LayerTotals& totals, double norm);

/// Cost Σ_j P_j (v_j + (m_j − c_j)²) and bias Σ_j P_j (m_j − c_j) of one coordinate.
struct CoordinateError {
  double cost = 0;
  double bias = 0;
};

/// ≥ E‖A(X − point)‖² for one component, or its stand-in, on a grid that fills the space. With ε
/// the errors of the coordinates, independent of each other, R what is across the axes and r its
/// mean:
///     E‖AQε‖² = Σ_k ‖A q_k‖² cost_k + Σ_{k≠l} ⟨A q_k, A q_l⟩ bias_k bias_l,
///     E‖AR‖² = tr A (I − QQᵀ) Σ (I − QQᵀ) Aᵀ + ‖A r‖²,
///     E⟨AQε, AR⟩ ≤ ‖AQ bias‖ ‖A r‖ + (E‖AQε‖²)^{1/2} ‖A‖ regression^{1/2}.
double image_cost(const AffineImage& image, const MeasuredMixture& measured, std::int64_t component,
                  const LocalFrame& frame, const LocalGaussian& local,
                  std::span<const CoordinateError> errors);

}  // namespace wquant
