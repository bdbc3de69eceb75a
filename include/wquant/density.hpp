#pragma once

#include "wquant/array.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Options of log_density, score and hessian.
struct DensityOptions {
  /// Eigenvalues up to this multiple of λ_max are taken for zero; a negative number stands for d·ε.
  double rank_tolerance = -1;
  /// A point is taken to lie on the span of a component if its distance is at most this, relative
  /// as described at log_density; a negative number stands for 16·d·ε.
  double span_tolerance = -1;
  ProgressCallback progress = {};  ///< Called now and then; may be empty.
};

/// The logarithm of the density p of a mixture, whose covariances may be singular.
///
/// A component of rank r has its density with respect to the r-dimensional Hausdorff measure of its
/// affine span μ_i + range Σ_i: w_i (2π)^(−r/2) Π λ_k^(−1/2) exp(−½ (x − μ_i)ᵀ Σ_i⁺ (x − μ_i)),
/// with the product over the r positive eigenvalues (Rao, Linear Statistical Inference and Its
/// Applications, 8a.4). The components that count at x are those of least rank among the ones whose
/// span holds x, since those of higher rank are negligible beside them. A point mass has rank 0 and
/// log-density log w_i. Components with weight 0 never count. Where no span holds x, or log p would
/// be below −1.8e308, the result is −infinity.
///
/// A point x lies on the span of a component if each coordinate of x − μ_i along a null direction v
/// is at most
///   (span_tolerance + √d ‖VᵀV − I‖) (max|x| + max|μ_i| + √λ_max) + (F + λ₀) ‖Σ_i⁺(x − μ_i)‖₁.
/// This allows for the rounding of x, μ_i and V as stored, and for how far the covariance that was
/// meant may turn the span: F is factor_error(i), λ₀ the largest eigenvalue that rank_tolerance
/// takes for zero. Eigenvectors V are assumed to be orthonormal; if they miss that by η
/// (MixtureTolerances), Σ_i⁺(x − μ_i) changes by a factor 1 + O(η).
///
/// points: n × d, in host memory or the context's. The result holds log p at each of them (n × 1),
/// finite or −infinity. Throws InvalidArgument (shape, points that are not finite, options),
/// OutOfMemory, Cancelled.
///
/// \code
/// const Context context = Context::best();
/// const double mean[] = {0, 0}, covariance[2][2] = {{2, 1}, {1, 2}};
/// const auto normal = GaussianMixture::gaussian(context, mean, covariance);
/// const double points[][2] = {{0, 0}, {1, -1}};
/// const Array<double> log_p = log_density(context, normal, points).to_host();
/// const Array<double> gradients = score(context, normal, points).to_host();
/// std::printf("log p = %.4f, slope (%.4f, %.4f)\n", log_p(1), gradients(1, 0), gradients(1, 1));
/// \endcode
WQUANT_API Array<double> log_density(const Context& context, const GaussianMixture& mixture,
                                     MatrixView<const double> points,
                                     const DensityOptions& options = {});

/// The gradient ∇ log p at each point (n × d), along the spans that count; 0 where log p is
/// −infinity. With r_i = p_i / p and g_i = −Σ_i⁺(x − μ_i) it is g = Σ r_i g_i. It is always finite,
/// since a coordinate of g_i along an eigenvector counts as 1e150 if it is beyond that.
/// Throws what log_density throws.
WQUANT_API Array<double> score(const Context& context, const GaussianMixture& mixture,
                               MatrixView<const double> points, const DensityOptions& options = {});

/// The Hessian of log p at each point, along the spans that count; 0 where log p is −infinity. Row
/// s of the result (n × d²) is the symmetric d × d matrix of point s, row-major. The Hessian is Σ
/// r_i (g_i g_iᵀ − Σ_i⁺) − g gᵀ, with r_i and g_i as for the score. It is evaluated as −Σ r_i Σ_i⁺
/// + Σ r_i (g_i − g)(g_i − g)ᵀ, where nothing cancels. It is always finite, since g_i is limited as
/// for the score and 1 / λ counts as 1e300 if it is beyond that. Throws what log_density throws.
WQUANT_API Array<double> hessian(const Context& context, const GaussianMixture& mixture,
                                 MatrixView<const double> points,
                                 const DensityOptions& options = {});

}  // namespace wquant
