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

/// Writes f of every row of `in` (N × d) to the same row of `out` (N × m); host memory.
using RowFunction = std::function<void(MatrixView<const double> in, MatrixView<double> out)>;

/// A function f : R^d → R^m with ‖f(x) − f(y)‖ ≤ lipschitz ‖x − y‖ for all x and y.
struct LipschitzMap {
  RowFunction function;               ///< f, for rows.
  std::int64_t output_dimension = 0;  ///< m ≥ 1.
  double lipschitz = 0;               ///< ≥ 0, for Euclidean norms, on all of R^d.
  double evaluation_error = 0;        ///< ≥ ‖computed f(x) − f(x)‖ at every location.
};

/// x ↦ A x + b.
struct AffineMap {
  MatrixView<const double> matrix;       ///< A, m × d, host memory.
  VectorView<const double> offset = {};  ///< b, m, host memory; empty stands for 0.
};

/// ≥ ‖A‖₂, above it by rounding only: the root of the largest eigenvalue of AAᵀ or AᵀA.
/// Throws InvalidArgument unless A has entries, all finite.
WQUANT_API double spectral_norm_bound(const Context& context, MatrixView<const double> matrix);

/// The certificate of f#D for whoever evaluates f, a function as in LipschitzMap, on its own: in a
/// kernel, for instance. Throws InvalidArgument.
WQUANT_API Certificate push_forward(const Certificate& certificate, double lipschitz,
                                    double evaluation_error = 0);

/// f#D as a certified approximation of f#P (quantization.md §11): W₂(f#P, f#D) ≤ L W₂(P, D). Every
/// part is scaled, the evaluation error stands in `rounding`, and `centroid_gap` is w2: means of
/// cells do not follow a nonlinear f.
/// Throws InvalidArgument (arguments, values of f that are not finite, bounds beyond 1e150),
/// OutOfMemory.
WQUANT_API CertifiedDistribution push_forward(const Context& context,
                                              const CertifiedDistribution& distribution,
                                              const LipschitzMap& map);

/// The same for x ↦ Ax + b, with L = ‖A‖₂ and the rounding of the computed locations. Means of
/// cells follow: centroid_gap' = L centroid_gap + rounding.
WQUANT_API CertifiedDistribution push_forward(const Context& context,
                                              const CertifiedDistribution& distribution,
                                              const AffineMap& map);

/// The same with what is known of P, so that only the directions count in which P and D differ:
/// with orthonormal columns B for the directions in which components vary and for the differences
/// between their means and points,
///
///     ‖A(X − c)‖ ≤ ‖AB‖₂ ‖X − c‖ + ‖A‖₂ ‖(I − BBᵀ)(X − c)‖.
///
/// The last term is bounded from the mixture's parameters and stands in `rounding`. Never more than
/// without the mixture. `distribution` must be a quantisation of `mixture`.
WQUANT_API CertifiedDistribution push_forward(const Context& context,
                                              const CertifiedDistribution& distribution,
                                              const GaussianMixture& mixture, const AffineMap& map);

/// The image of what apply makes of scheme and mixture, its certificate recomputed from the cells,
/// Σ_a p_a E[‖A(X − x_a)‖² | cell a], for layers of grids that fill the space; other layers cost
/// what they cost under ‖A‖₂. Tighter than ‖A‖₂ W₂ where A stretches what is known well; never more
/// than push_forward of the distribution and the mixture; where it is less, all squared distances
/// stand in `cells`. Entries of A up to 1e150.
WQUANT_API CertifiedDistribution push_forward(const Context& context, const Scheme& scheme,
                                              const GaussianMixture& mixture, const AffineMap& map);

}  // namespace wquant
