#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// How far an input may be from what it should be and still be taken for rounding.
struct MixtureTolerances {
  double weight_sum = 1e-9;  ///< |Σ weights − 1|; the weights are normalised when within.
  double asymmetry = 1e-8;  ///< |Σ_ab − Σ_ba| relative to max |Σ|; the symmetric part is used.
  double negative = 1e-8;   ///< −λ_min relative to λ_max; the positive part of Σ is used.
  double orthogonality = 1e-6;  ///< ‖VᵀV − I‖_F of given eigenvectors.
};

/// A mixture P = Σ_i w_i N(μ_i, Σ_i) of K Gaussians in R^d, with Σ_i symmetric positive
/// semi-definite, possibly singular. Validated once, on construction; immutable afterwards.
///
/// Inputs lie in the memory of the host or of the context. Covariances in device memory are checked
/// and decomposed there, in the order of the context's stream, and never leave it; the mixture
/// itself (weights, means, factors), from which the host chooses schemes, is kept on the host.
///
/// Covariances are kept in factored form Σ_i ≈ V_i diag(λ_i) V_iᵀ together with proven bounds on
/// the rounding of that factorisation, which every certificate charges (quantization.md §10).
/// Where a given Σ_i has slightly negative eigenvalues, P is the mixture of the positive parts and
/// `clipped_variance()` says how much was removed.
class WQUANT_API GaussianMixture {
 public:
  /// weights: K, means: K × d, covariances: K × d × d.
  /// Throws InvalidArgument (shape, NaN, infinity, weights, asymmetry) or NotPositiveSemidefinite.
  static GaussianMixture full(const Context& context, VectorView<const double> weights,
                              MatrixView<const double> means, TensorView<const double> covariances,
                              const MixtureTolerances& tolerances = {});

  /// B mixtures in one dimension, one behind the other: sizes: B numbers of components, weights: ΣK
  /// (those of each mixture sum to 1), means: ΣK × d, covariances: ΣK × d × d, decomposed all in
  /// one pass. Messages name the mixture, then the place in it. Throws what full throws.
  static std::vector<GaussianMixture> full_batch(const Context& context,
                                                 std::span<const std::int64_t> sizes,
                                                 VectorView<const double> weights,
                                                 MatrixView<const double> means,
                                                 TensorView<const double> covariances,
                                                 const MixtureTolerances& tolerances = {});

  /// weights: K, means: K × d, variances: K × d (the diagonals of the covariances).
  static GaussianMixture diagonal(const Context& context, VectorView<const double> weights,
                                  MatrixView<const double> means,
                                  MatrixView<const double> variances,
                                  const MixtureTolerances& tolerances = {});

  /// weights: K, means: K × d, eigenvalues: K × d, eigenvectors: K × d × d, or 1 × d × d when all
  /// components share them; column j of a matrix belongs to eigenvalue j. Σ_i is the product
  /// V_i diag(λ_i) V_iᵀ of the numbers given.
  static GaussianMixture eigen(const Context& context, VectorView<const double> weights,
                               MatrixView<const double> means, MatrixView<const double> eigenvalues,
                               TensorView<const double> eigenvectors,
                               const MixtureTolerances& tolerances = {});

  /// K.
  std::int64_t components() const { return static_cast<std::int64_t>(weights_.size()); }
  std::int64_t dimension() const { return dimension_; }  ///< d.

  /// K weights ≥ 0, normalised.
  VectorView<const double> weights() const;
  /// K × d.
  MatrixView<const double> means() const;
  /// K × d, all ≥ 0; row i in the order of component i's eigenvectors.
  MatrixView<const double> eigenvalues() const;

  /// How the eigenvectors are stored.
  enum class Basis {
    identity,  ///< the unit vectors: covariances are diagonal.
    shared,    ///< one matrix for all components.
    separate,  ///< one matrix a component.
  };
  Basis basis() const { return basis_; }  ///< of this mixture.
  /// The d × d eigenvectors (columns) of component i; only where basis() is not identity.
  MatrixView<const double> eigenvectors(std::int64_t i) const;

  /// ≥ ‖Σ_i⁺ − V_i diag(λ_i) V_iᵀ‖_F for V_i and λ_i as stored; 0 for mixtures given as
  /// diagonals or eigenpairs, which are taken at their word.
  double factor_error(std::int64_t i) const { return factor_error_.empty() ? 0 : factor_error_[i]; }

  /// ≥ the relative error of weights() against the given weights divided by their sum.
  double weight_error() const { return weight_error_; }

  /// ≥ the sum over any one component of |λ| over the negative eigenvalues set to zero.
  double clipped_variance() const { return clipped_variance_; }

  /// d × d row-major: V_i diag(λ_i) V_iᵀ.
  std::vector<double> covariance(std::int64_t i) const;
  /// Σ_i w_i μ_i.
  std::vector<double> mean() const;
  /// d × d row-major: covariance of the whole mixture, by the law of total variance.
  std::vector<double> total_covariance() const;

  /// The mixture conditional on these components, in this order, their weights renormalised.
  /// Throws InvalidArgument: none, an index out of range or repeated, weights that sum to 0.
  GaussianMixture select(std::span<const std::int64_t> indices) const;

  /// Components with the same mean and stored covariance, bit for bit, become one with the sum of
  /// their weights, at the place of the first.
  GaussianMixture merge_duplicates() const;

 private:
  friend struct MixtureParts;

  GaussianMixture() = default;
  GaussianMixture(VectorView<const double> weights, MatrixView<const double> means,
                  const MixtureTolerances& tolerances);
  /// Means, covariances and their errors of these components; no weights yet.
  GaussianMixture without_weights(std::span<const std::int64_t> indices) const;
  /// full and full_batch.
  static std::vector<GaussianMixture> with_covariances(
      const Context& context, std::span<const std::int64_t> sizes, VectorView<const double> weights,
      MatrixView<const double> means, TensorView<const double> covariances,
      const MixtureTolerances& tolerances, bool batch);
  /// Takes over the diagonals (K × d) of covariances that have nothing else.
  void take_diagonals(const double* diagonals, const MixtureTolerances& tolerances);
  /// Takes over the results of eigh for all components.
  void take_factors(MatrixView<const double> values, TensorView<const double> vectors,
                    VectorView<const double> residual, VectorView<const double> orthogonality,
                    const MixtureTolerances& tolerances);

  std::int64_t dimension_ = 0;
  Basis basis_ = Basis::identity;
  std::vector<double> weights_;
  std::vector<double> means_;
  std::vector<double> eigenvalues_;
  std::vector<double> eigenvectors_;  // empty, d·d or K·d·d
  std::vector<double> factor_error_;  // empty or K
  double weight_error_ = 0;
  double clipped_variance_ = 0;
};

}  // namespace wquant
