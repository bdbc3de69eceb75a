#pragma once

#include <optional>
#include <vector>

#include "wquant/quantize.hpp"

namespace wquant {

/// All families, in the order in which they are tried; of equal certificates the first one wins.
inline constexpr SchemeFamily kFamilies[] = {SchemeFamily::grid,  SchemeFamily::per_component,
                                             SchemeFamily::cross, SchemeFamily::per_mode,
                                             SchemeFamily::tree,  SchemeFamily::lloyd};

/// The same, the one first that any number of components takes least time for.
inline constexpr decltype(kFamilies) kByTime = {SchemeFamily::per_component, SchemeFamily::grid,
                                                SchemeFamily::cross,         SchemeFamily::per_mode,
                                                SchemeFamily::tree,          SchemeFamily::lloyd};

/// What the options ask for: one family, or under `automatic` all that may serve the mixture.
std::vector<SchemeFamily> families_to_try(const GaussianMixture& mixture,
                                          const QuantizeOptions& options);

/// Whether `automatic` tries this family for the mixture only where `seconds` gives it time.
bool needs_time(SchemeFamily family, const GaussianMixture& mixture);

/// A scheme of this family, not automatic, with at most `options.support` points.
Scheme make_family_scheme(const Context& context, const GaussianMixture& mixture,
                          const QuantizeOptions& options, SchemeFamily family);

/// Where a Gaussian lies that stands for a mixture.
struct LocalCovariance {
  std::vector<double> centre;      // d
  std::vector<double> covariance;  // d × d
};

/// One grid for all components, on the axes of common_basis: shape by optimal_grid_shape on the
/// variances of the marginals, points by the centroid equations of the marginal mixtures. local:
/// gives the shape and the start of the points in place of the mixture's mean and covariance.
Scheme make_grid_scheme(const Context& context, const GaussianMixture& mixture,
                        const QuantizeOptions& options, const LocalCovariance* local = nullptr);

/// One grid a component on its own eigenvectors, the budget shared by allocate_budget; one point a
/// group of merge_components where the budget is below the number of components.
Scheme make_per_component_scheme(const Context& context, const GaussianMixture& mixture,
                                 const QuantizeOptions& options);

/// One cross a component on its own leading eigenvectors, the budget shared as for grids; a
/// component whose share is one point gets that. Few points for many components are merged groups.
Scheme make_cross_scheme(const Context& context, const GaussianMixture& mixture,
                         const QuantizeOptions& options);

/// The components around each mode.
struct ModeGroup {
  std::vector<std::int64_t> components;  // ascending
  std::optional<LocalCovariance> local;  // the mode and (−Hessian of log p)⁻¹, if positive definite
};
std::vector<ModeGroup> mode_groups(const Context& context, const GaussianMixture& mixture,
                                   const QuantizeOptions& options);

/// For each group a grid, or what serves the group better, the budget shared by allocate_budget;
/// groups of near modes are joined where it is below their number.
Scheme make_per_mode_scheme(const Context& context, const GaussianMixture& mixture,
                            const QuantizeOptions& options, const std::vector<ModeGroup>& groups);

/// Boxes cut one after the other where that lowers the cost most (quantization.md §7): one tree for
/// components with a common eigenbasis, and as many trees as there are such bases, all grown from
/// one heap. Where a single tree on a basis that suits none of them quite, or few points for many
/// components, certify less, they are taken. The same for any order of the components.
Scheme make_tree_scheme(const Context& context, const GaussianMixture& mixture,
                        const QuantizeOptions& options);

/// The first of the trees that `support` runs through whose certificate is at most
/// `options.tolerance`, or the last one of at most `most` points; nothing where the components have
/// no common eigenbasis.
std::optional<Scheme> grow_tree_scheme(const Context& context, const GaussianMixture& mixture,
                                       const QuantizeOptions& options, std::int64_t most);

/// Free points (quantization.md §8): centres of weighted k-means on the cells of fine_scheme, whose
/// number grows until what is lost within them is next to nothing, or as far as time allows.
Scheme make_lloyd_scheme(const Context& context, const GaussianMixture& mixture,
                         const QuantizeOptions& options);

/// About how many points the best family but crosses needs for this certificate, `most` at most:
/// for one Gaussian by shapes, else by one grid a component.
std::int64_t guess_support(const Context& context, const GaussianMixture& mixture,
                           const QuantizeOptions& options, std::int64_t most);

/// Below every certificate that make_cross_scheme can reach.
double cross_lower_bound(const GaussianMixture& mixture, const QuantizeOptions& options);

/// One point for each of at most `support` groups of merge_components.
Scheme make_merged_scheme(const Context& context, const GaussianMixture& mixture,
                          std::int64_t support);

/// The eigenvectors of every component as a matrix, also where the mixture stores none.
class Eigenbases {
 public:
  explicit Eigenbases(const GaussianMixture& mixture);
  MatrixView<const double> operator[](std::int64_t i) const {
    return unit_.empty()
               ? mixture_.eigenvectors(i)
               : MatrixView<const double>{unit_.data(), mixture_.dimension(), mixture_.dimension()};
  }

 private:
  const GaussianMixture& mixture_;
  std::vector<double> unit_;
};

/// K × d eigenvalues with those that get no grid dimension set to 0.
std::vector<double> kept_variances(const GaussianMixture& mixture, double tolerance);

/// Eigenvalues up to this fraction of the largest get no grid dimension.
double rank_tolerance(const QuantizeOptions& options, std::int64_t dimension);

/// The grid of this shape on the leading directions of N(offset, V diag(variances) Vᵀ): dimensions
/// with one point are left out. basis: d × d.
Grid gaussian_grid(MatrixView<const double> basis, VectorView<const double> variances,
                   const std::vector<std::int64_t>& shape, std::vector<double> offset);

}  // namespace wquant
