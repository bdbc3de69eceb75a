#pragma once

#include <cstdint>
#include <functional>

#include "wquant/certified_distribution.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/scheme.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Writes f of every row of `in` (N × d) to the same row of `out` (N × m); both in host memory.
using RowFunction = std::function<void(MatrixView<const double> in, MatrixView<double> out)>;

/// A function f : R^d → R^m with ‖f(x) − f(y)‖ ≤ lipschitz ‖x − y‖ for all x and y.
struct LipschitzMap {
  RowFunction function;               ///< Evaluates f for many rows at once.
  std::int64_t output_dimension = 0;  ///< m ≥ 1.
  double lipschitz = 0;               ///< The constant ≥ 0, for Euclidean norms, on all of R^d.
  double evaluation_error = 0;  ///< A bound on ‖computed f(x) − f(x)‖ at every location.
};

/// The affine function x ↦ A x + b.
struct AffineMap {
  MatrixView<const double> matrix;       ///< A, m × d, in host memory.
  VectorView<const double> offset = {};  ///< b, m numbers in host memory; empty stands for 0.
};

/// An upper bound on ‖A‖₂, which exceeds it by rounding only: the root of the largest eigenvalue of
/// AAᵀ or AᵀA. Throws InvalidArgument unless A has entries, all of them finite.
WQUANT_API double spectral_norm_bound(const Context& context, MatrixView<const double> matrix);

/// The certificate of f#D where the caller evaluates f, a function as in LipschitzMap; in a kernel
/// of a GPU, for instance. Throws InvalidArgument.
WQUANT_API Certificate push_forward(const Certificate& certificate, double lipschitz,
                                    double evaluation_error = 0);

/// The image f#D as a certified approximation of f#P (quantization.md §11): with the Lipschitz
/// constant L, W₂(f#P, f#D) ≤ L W₂(P, D). Every part of the certificate is multiplied by L. The
/// evaluation error is added to `rounding`. `centroid_gap` becomes w2, since the means of cells do
/// not follow a nonlinear f.
/// Throws InvalidArgument (arguments, values of f that are not finite, bounds beyond 1e150),
/// OutOfMemory.
///
/// \code
/// const Context context = Context::best();
/// const double mean[] = {0, 0}, covariance[2][2] = {{2, 1}, {1, 2}};
/// const auto normal = GaussianMixture::gaussian(context, mean, covariance);
/// const Quantization x = quantize(context, normal, {.support = 100});
/// const double a[2][2] = {{1, 0.1}, {0, 1}}, b[] = {0.5, 0};
/// const CertifiedDistribution image = push_forward(context, x, normal, {a, b});
/// std::printf("Ax + b: W2 <= %.4f\n", image.certificate.w2);
/// \endcode
WQUANT_API CertifiedDistribution push_forward(const Context& context,
                                              const CertifiedDistribution& distribution,
                                              const LipschitzMap& map);

/// The image of D under x ↦ Ax + b. As for a Lipschitz map with L = ‖A‖₂, where the evaluation
/// error is the rounding of the computed locations; but the means of cells follow, so that
/// centroid_gap' = L centroid_gap + rounding.
WQUANT_API CertifiedDistribution push_forward(const Context& context,
                                              const CertifiedDistribution& distribution,
                                              const AffineMap& map);

/// The image of a quantisation D of `mixture` under x ↦ Ax + b. Here only the directions count in
/// which P and D differ. Let the orthonormal columns of B span the directions in which components
/// vary and the differences between their means and points; then
///
///     ‖A(X − c)‖ ≤ ‖AB‖₂ ‖X − c‖ + ‖A‖₂ ‖(I − BBᵀ)(X − c)‖.
///
/// The last term is bounded from the mixture's parameters and added to `rounding`. The bound is
/// never more than without the mixture.
WQUANT_API CertifiedDistribution push_forward(const Context& context,
                                              const CertifiedDistribution& distribution,
                                              const GaussianMixture& mixture, const AffineMap& map);

/// The image under x ↦ Ax + b of what apply makes of the scheme and the mixture. The certificate is
/// computed anew from the cells, as Σ_a p_a E[‖A(X − x_a)‖² | cell a], for layers of grids that
/// fill the space; other layers cost what they cost under ‖A‖₂. This is tighter than ‖A‖₂ W₂ where
/// A stretches directions of small error, and never more than push_forward of the distribution and
/// the mixture. Where it is less, all squared distances are in `cells`. Entries of A may be up to
/// 1e150.
WQUANT_API CertifiedDistribution push_forward(const Context& context, const Scheme& scheme,
                                              const GaussianMixture& mixture, const AffineMap& map);

}  // namespace wquant
