#pragma once

#include <cstdint>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// Gaussians as points of a Euclidean space: (μ, √λ) where a mixture stores one basis for all
/// components, else (μ, R) with the symmetric root R = Σ^{1/2}, its entries below the diagonal
/// times √2. For Σ = FFᵀ and Σ' = GGᵀ the coupling μ + Fz, μ' + Gz, z ~ N(0, I), gives
///     W₂²(N(μ, Σ), N(μ', Σ')) ≤ ‖μ − μ'‖² + ‖F − G‖_F²,
/// so with points x and x'
///     W₂ ≤ stretch ‖x − x'‖ + error + error',
/// an equality up to rounding where the covariances commute.
class RootEmbedding {
 public:
  RootEmbedding(const Context& context, const GaussianMixture& mixture);

  MatrixView<const double> points() const { return {points_.data(), count_, width_}; }
  double error(std::int64_t i) const { return errors_[i]; }
  double stretch() const { return stretch_; }

 private:
  std::int64_t count_, width_;
  double stretch_ = 1;
  std::vector<double> points_, errors_;
};

/// The Gaussians N(μ, V diag(eigenvalues) Vᵀ) that points of the space stand for: at x, W₂ to a
/// component i is at most stretch ‖x − x_i‖ + error + error_i.
struct EmbeddedGaussians {
  std::vector<double> eigenvalues;   // count × d
  std::vector<double> eigenvectors;  // count × d × d, or none where the basis is shared
  std::vector<double> errors;        // count
};
EmbeddedGaussians gaussians_at(const Context& context, const GaussianMixture& mixture,
                               MatrixView<const double> points);

}  // namespace wquant
