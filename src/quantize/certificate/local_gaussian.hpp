#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "wquant/axes.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// A component N(μ, Σ) seen from r orthonormal directions Q and an offset o: the product Gaussian
/// that stands for it there, and what standing in for it costs (quantization.md §10).
struct LocalGaussian {
  Eigen::VectorXd mean;      ///< Qᵀ(μ − o), r.
  Eigen::VectorXd variance;  ///< of the stand-in, r: the diagonal of QᵀΣQ.
  double basis = 0;          ///< ≥ W₂(N(Qᵀμ, QᵀΣQ), N(Qᵀμ, diag variance)).
  double dropped = 0;  ///< tr Σ − tr QᵀΣQ + ‖(I − QQᵀ)(μ − o)‖², rounded up.
  double mean_rounding = 0;  ///< ≥ distance by which rounding may have moved the mean, in or off Q.
  double trace = 0;          ///< tr Σ.
  double distance = 0;       ///< ‖μ − o‖.
  double dropped_mean = 0;  ///< ‖(I − QQᵀ)(μ − o)‖².
  double regression = 0;    ///< ≥ the variance across Q that the coordinates along Q explain.
};

/// Directions are given as stored (d × r) with ≥ ‖QᵀQ − I‖_F; what is proven holds for the
/// orthonormal polar factor of the stored matrix, at most that far from it in the spectral norm.
struct LocalFrame {
  Eigen::MatrixXd directions;
  Eigen::VectorXd offset;
  double orthogonality = 0;
};

/// The frame of all the axes, its offset in multiples of `unit`.
LocalFrame frame_of(const Axes& axes, double unit);

/// Lengths of the result, and the frame's offset, are in multiples of `unit`, a power of two.
/// stand_in: other variances (r) for the product Gaussian than the diagonal of QᵀΣQ.
LocalGaussian project(const GaussianMixture& mixture, std::int64_t component,
                      const LocalFrame& frame, double unit,
                      const Eigen::VectorXd* stand_in = nullptr);

/// ≥ ‖A^{1/2} − B^{1/2}‖_F for positive semi-definite A = B + E + F with B = diag(b),
/// |E_kl| ≤ error(k, l) and ‖F‖_F ≤ extra; `difference` is E as computed.
double root_distance(const Eigen::VectorXd& b, const Eigen::MatrixXd& difference,
                     const Eigen::MatrixXd& error, double extra);

}  // namespace wquant
