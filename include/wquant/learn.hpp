#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "wquant/box.hpp"
#include "wquant/context.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/export.hpp"
#include "wquant/partition.hpp"
#include "wquant/progress.hpp"
#include "wquant/region_statistics.hpp"
#include "wquant/split_bound.hpp"
#include "wquant/transport_bounds.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// How W_ρ(P, P̂) is bounded.
enum class BoundMethod {
  split,     ///< moment and discrete term apart: the smallest by far.
  dual,      ///< Theorem 3.1 without integers, with a certificate that anyone can check.
  exact,     ///< Theorem 3.1 by branch and bound.
  vertex,    ///< Proposition 3.2.
  fournier,  ///< without regions, for the empirical distribution.
};

/// "split", "dual", "exact", "vertex" or "fournier".
WQUANT_API std::string_view name(BoundMethod method);
/// "tight" or "paper".
WQUANT_API std::string_view name(Costs costs);
/// "stratified", "bernstein" or "betting".
WQUANT_API std::string_view name(Moment moment);

/// The samples that choose the number of clusters.
enum class SelectOn {
  train,       ///< those that make the regions: costs no confidence.
  evaluation,  ///< those that evaluate the bound: beta is divided by the number of candidates.
};

/// What `learn` is asked for.
struct LearnOptions {
  int order = 2;       ///< ρ of W_ρ, 1 or 2.
  double beta = 1e-6;  ///< the bound may fail with this probability, in (0, 1).
  BoundMethod method = BoundMethod::split;  ///< how the distance is bounded.
  /// Candidates for K, each ≥ 1. One: that; several: the one with the smallest predicted bound;
  /// none: 1, 2, 5, 10, 20, 50, … up to a fifth of the training samples.
  std::vector<std::int64_t> clusters = {100};
  SelectOn select_on = SelectOn::train;             ///< of several candidates for K.
  Moment moment = Moment::stratified;               ///< of the split bound.
  DiscreteTerm discrete = DiscreteTerm::automatic;  ///< of the split bound.
  Costs costs = Costs::tight;                       ///< of the dual, exact and vertex bounds.
  double time_limit = 60;                           ///< seconds of each of their programs.
  double radius_factor = 1.5;                       ///< of the partition.
  double neighbour_fraction = 0.05;                 ///< of the partition.
  std::uint64_t seed = 0;                           ///< of k-means++.
  std::int64_t iterations = 100;                    ///< of Lloyd's method, at most.
  ProgressCallback progress = {};                   ///< may be empty.
};

/// Fournier's bound for P_N.
struct FournierBound {
  double bound = 0;  ///< on W_ρ(P, P_N).
};

/// The bound of the method that was chosen, with its parts.
using LearnedBound = std::variant<SplitBound, DualBound, ExactBound, VertexBound, FournierBound>;

/// A candidate for the number of clusters, and the bound predicted or, with SelectOn::evaluation,
/// found for it.
struct ClusterTrial {
  std::int64_t clusters = 0;  ///< K.
  double bound = 0;           ///< on W_ρ.
};

/// Where the time of `learn` went: sums over all candidates for K.
struct LearnSeconds {
  double partition = 0;   ///< k-means, the choice of K with it.
  double statistics = 0;  ///< of the samples that evaluate the bound.
  double bound = 0;       ///< of the bound itself.
};

/// P̂ with Pr[W_ρ(P, P̂) ≤ bound] ≥ 1 − beta over the evaluation samples, whatever P on the box is.
struct LearnedDistribution {
  DiscreteDistribution distribution;  ///< P̂: the locations of regions with samples (host memory).
  double bound = 0;                   ///< that of `parts` and the rounding of the probabilities.
  double beta = 1e-6;                 ///< as asked for.
  LearnedBound parts;                 ///< before that rounding.
  Partition partition;                ///< the regions.
  RegionStatistics train;             ///< of the samples that made them.
  RegionStatistics evaluation;        ///< of the samples that the bound rests on.
  std::vector<ClusterTrial> tried;    ///< in ascending order of K; one without a choice.
  LearnSeconds seconds;               ///< where the time went.
};

/// Learns the unknown distribution P on the box from independent samples of it: regions from
/// `train` (N_T × d), probabilities and confidence from `evaluation` (N × d, N ≥ 2), which must be
/// other, independent samples (Figueiredo, Adams & Laurenti, 2026; design/learning.md). Both in
/// host memory or the context's. With BoundMethod::fournier P̂ is the empirical distribution.
/// Throws InvalidArgument (shapes, NaN, samples outside the box, options), OutOfMemory, Cancelled.
WQUANT_API LearnedDistribution learn(const Context& context, MatrixView<const double> train,
                                     MatrixView<const double> evaluation, const Box& box,
                                     const LearnOptions& options = {});
/// The same for samples in float.
WQUANT_API LearnedDistribution learn(const Context& context, MatrixView<const float> train,
                                     MatrixView<const float> evaluation, const Box& box,
                                     const LearnOptions& options = {});

/// A bound on W_ρ(P, Σ (n_k / N) δ_{c_k}), raised to one for the probabilities as they are stored:
/// rounding moves at most ε of the mass by at most diam(Ξ), so W_ρ^ρ grows by ε diam(Ξ)^ρ at most.
/// `learn` has done so to `LearnedDistribution::bound`, not to its `parts`.
WQUANT_API double with_stored_probabilities(double bound, const Box& box, int order);

}  // namespace wquant
