#pragma once

#include "wquant/array.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// What is taken for zero in log_density, score and hessian.
struct DensityOptions {
  double rank_tolerance = -1;  ///< eigenvalues ≤ this · λ_max are zero; < 0: d·ε.
  double span_tolerance =
      -1;  ///< distance to a span taken for rounding, relative as in log_density; < 0: 16·d·ε.
  ProgressCallback progress = {};  ///< may be empty.
};

/// The logarithm of the density p of a mixture, components with singular covariances included.
///
/// A component of rank r has its density with respect to the r-dimensional Hausdorff measure of its
/// affine span μ_i + range Σ_i: w_i (2π)^(−r/2) Π λ_k^(−1/2) exp(−½ (x − μ_i)ᵀ Σ_i⁺ (x − μ_i)),
/// the product over the r positive eigenvalues (Rao, Linear Statistical Inference and Its
/// Applications, 8a.4). At x count the components of least rank among those whose span holds x:
/// beside them those of higher rank are negligible. A point mass has rank 0 and log-density log
/// w_i. Components with weight 0 never count. Where no span holds x, and where log p would be
/// below −1.8e308, it is −infinity.
///
/// x lies on the span of a component if each coordinate of x − μ_i along a null direction v is
/// at most
///   (span_tolerance + √d ‖VᵀV − I‖) (max|x| + max|μ_i| + √λ_max) + (F + λ₀) ‖Σ_i⁺(x − μ_i)‖₁,
/// that is the rounding of x, μ_i and V as stored, and how far the covariance meant may turn the
/// span: F is factor_error(i), λ₀ the largest eigenvalue that rank_tolerance takes for zero.
/// Eigenvectors V are taken for orthonormal; ones that miss it by η (MixtureTolerances) change
/// Σ_i⁺(x − μ_i) by a factor 1 + O(η).
///
/// log p at each of n points (n × d, in host memory or the context's): n values, each finite or
/// −infinity. Throws InvalidArgument (shape, points that are not finite, options), OutOfMemory,
/// Cancelled.
WQUANT_API Array<double> log_density(const Context& context, const GaussianMixture& mixture,
                                     MatrixView<const double> points,
                                     const DensityOptions& options = {});

/// ∇ log p at each point, along the spans that count (n × d); 0 where log p is −infinity. With
/// r_i = p_i / p and g_i = −Σ_i⁺(x − μ_i) it is g = Σ r_i g_i. Always finite: coordinates of g_i
/// along eigenvectors beyond 1e150 count as 1e150. Throws what log_density throws.
WQUANT_API Array<double> score(const Context& context, const GaussianMixture& mixture,
                               MatrixView<const double> points, const DensityOptions& options = {});

/// The Hessian of log p at each point, along the spans that count: n × d², row s the d × d
/// matrix, row-major, symmetric; 0 where log p is −infinity. It is
/// Σ r_i (g_i g_iᵀ − Σ_i⁺) − g gᵀ, evaluated as −Σ r_i Σ_i⁺ + Σ r_i (g_i − g)(g_i − g)ᵀ, which does
/// not cancel. Always finite, as score; 1 / λ beyond 1e300 counts as 1e300. Throws what
/// log_density throws.
WQUANT_API Array<double> hessian(const Context& context, const GaussianMixture& mixture,
                                 MatrixView<const double> points,
                                 const DensityOptions& options = {});

}  // namespace wquant
