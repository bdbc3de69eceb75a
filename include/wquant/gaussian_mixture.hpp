#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// The largest deviations of an input that are taken for rounding. Beyond them it is an error.
struct MixtureTolerances {
  /// The largest |Σ weights − 1|. Within it the weights are normalised.
  double weight_sum = 1e-9;
  /// The largest |Σ_ab − Σ_ba| relative to max |Σ|. Within it the symmetric part is used.
  double asymmetry = 1e-8;
  /// The largest −λ_min relative to λ_max. Within it the positive part of Σ is used.
  double negative = 1e-8;
  /// The largest ‖VᵀV − I‖_F of eigenvectors that are given.
  double orthogonality = 1e-6;
};

/// A mixture P = Σ_i w_i N(μ_i, Σ_i) of K Gaussians in R^d, with Σ_i symmetric positive
/// semi-definite, possibly singular. It is validated on construction and never changes afterwards.
///
/// Inputs lie in the memory of the host or of the context. Covariances in device memory are checked
/// and decomposed there, in the order of the context's stream, and never leave it. The mixture
/// itself (weights, means, factors) is kept on the host, which chooses schemes from it.
///
/// Covariances are kept in factored form Σ_i ≈ V_i diag(λ_i) V_iᵀ together with proven bounds on
/// the rounding of that factorisation, which every certificate charges (quantization.md §10).
/// Where a given Σ_i has slightly negative eigenvalues, P is the mixture of the positive parts and
/// `clipped_variance()` says how much was removed.
///
/// \code
/// const Context context = Context::best();
/// const double weights[] = {0.7, 0.3};
/// const double means[][2] = {{0, 0}, {3, 1}};
/// const double covariances[][2][2] = {{{1, 0.5}, {0.5, 2}}, {{1, 1}, {1, 1}}};
/// const auto mixture = GaussianMixture::full(context, weights, means, covariances);
/// std::printf("the mean is (%g, %g)\n", mixture.mean()[0], mixture.mean()[1]);
/// \endcode
class WQUANT_API GaussianMixture {
 public:
  /// A mixture from its weights (K), means (K × d) and covariances (K × d × d).
  /// Throws InvalidArgument (shape, NaN, infinity, weights, asymmetry), NotPositiveSemidefinite,
  /// OutOfMemory.
  static GaussianMixture full(const Context& context, VectorView<const double> weights,
                              MatrixView<const double> means, TensorView<const double> covariances,
                              const MixtureTolerances& tolerances = {});

  /// One Gaussian, that is a mixture of one component, from its mean (d) and covariance (d × d).
  /// Messages speak of the means and covariances of the mixture. Throws what full throws.
  static GaussianMixture gaussian(const Context& context, VectorView<const double> mean,
                                  MatrixView<const double> covariance,
                                  const MixtureTolerances& tolerances = {});

  /// B mixtures in dimension d, whose components are stored one after the other: sizes holds the B
  /// numbers of components, weights (ΣK) sum to 1 within each mixture, means are ΣK × d and
  /// covariances ΣK × d × d. All covariances are decomposed in one pass. Messages name the mixture,
  /// then the place in it. Throws what full throws.
  static std::vector<GaussianMixture> full_batch(const Context& context,
                                                 std::span<const std::int64_t> sizes,
                                                 VectorView<const double> weights,
                                                 MatrixView<const double> means,
                                                 TensorView<const double> covariances,
                                                 const MixtureTolerances& tolerances = {});

  /// A mixture with diagonal covariances, from its weights (K), means (K × d) and variances
  /// (K × d), the diagonals. Throws what full throws.
  static GaussianMixture diagonal(const Context& context, VectorView<const double> weights,
                                  MatrixView<const double> means,
                                  MatrixView<const double> variances,
                                  const MixtureTolerances& tolerances = {});

  /// A mixture from its weights (K), means (K × d), eigenvalues (K × d) and eigenvectors
  /// (K × d × d, or 1 × d × d if all components share them). Column j of a matrix of eigenvectors
  /// belongs to eigenvalue j. Σ_i is the product V_i diag(λ_i) V_iᵀ of the numbers given. Throws
  /// what full throws.
  static GaussianMixture eigen(const Context& context, VectorView<const double> weights,
                               MatrixView<const double> means, MatrixView<const double> eigenvalues,
                               TensorView<const double> eigenvectors,
                               const MixtureTolerances& tolerances = {});

  /// K, how many components there are.
  std::int64_t components() const { return static_cast<std::int64_t>(weights_.size()); }
  std::int64_t dimension() const { return dimension_; }  ///< d.

  /// The K weights, each ≥ 0, normalised.
  VectorView<const double> weights() const;
  /// The means, K × d.
  MatrixView<const double> means() const;
  /// The eigenvalues, K × d, each ≥ 0; row i is in the order of component i's eigenvectors.
  MatrixView<const double> eigenvalues() const;

  /// How the eigenvectors are stored.
  enum class Basis {
    identity,  ///< They are the unit vectors: covariances are diagonal.
    shared,    ///< All components have one matrix in common.
    separate,  ///< Each component has a matrix of its own.
  };
  Basis basis() const { return basis_; }  ///< How this mixture stores its eigenvectors.
  /// The d × d eigenvectors (columns) of component i; only where basis() is not identity.
  MatrixView<const double> eigenvectors(std::int64_t i) const;

  /// An upper bound on ‖Σ_i⁺ − V_i diag(λ_i) V_iᵀ‖_F for V_i and λ_i as stored. It is 0 for
  /// mixtures that were given as diagonals or eigenpairs, which count as exact.
  double factor_error(std::int64_t i) const { return factor_error_.empty() ? 0 : factor_error_[i]; }

  /// An upper bound on the relative error of weights() against the given weights divided by their
  /// sum.
  double weight_error() const { return weight_error_; }

  /// An upper bound, which holds for each component, on the sum of |λ| over its negative
  /// eigenvalues that were set to zero.
  double clipped_variance() const { return clipped_variance_; }

  /// The stored covariance V_i diag(λ_i) V_iᵀ of component i, d × d, row-major.
  std::vector<double> covariance(std::int64_t i) const;
  /// The mean Σ_i w_i μ_i of the whole mixture.
  std::vector<double> mean() const;
  /// The covariance of the whole mixture, by the law of total variance, d × d, row-major.
  std::vector<double> total_covariance() const;

  /// The mixture conditional on these components, in this order, with renormalised weights.
  /// Throws InvalidArgument if there are none, an index is out of range or repeated, or the weights
  /// sum to 0.
  GaussianMixture select(std::span<const std::int64_t> indices) const;

  /// The same mixture with equal components merged: those whose mean and stored covariance agree
  /// bit for bit become one with the sum of their weights, at the place of the first.
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

/// The name of a way to store eigenvectors: "identity", "shared" or "separate".
WQUANT_API std::string_view name(GaussianMixture::Basis basis);

}  // namespace wquant
