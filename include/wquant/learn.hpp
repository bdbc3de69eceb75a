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

/// The method that bounds W_ρ(P, P̂).
enum class BoundMethod {
  split,     ///< A bound on the moment plus one on the discrete term: the smallest by far.
  dual,      ///< Theorem 3.1 without integers, with a certificate that anyone can check.
  exact,     ///< Theorem 3.1 by branch and bound.
  vertex,    ///< Proposition 3.2.
  fournier,  ///< Fournier's bound for the empirical distribution, which needs no regions.
};

/// The name of a method: "split", "dual", "exact", "vertex" or "fournier".
WQUANT_API std::string_view name(BoundMethod method);

/// The samples that choose the number of clusters.
enum class SelectOn {
  train,       ///< The samples that make the regions; this costs no confidence.
  evaluation,  ///< The samples that evaluate the bound; beta is divided by the candidates' number.
};

/// The name of the samples that choose: "train" or "eval".
WQUANT_API std::string_view name(SelectOn samples);

/// Options of `learn`.
struct LearnOptions {
  int order = 2;       ///< The order ρ of the distance W_ρ, 1 or 2.
  double beta = 1e-6;  ///< The bound may fail with this probability, in (0, 1).
  BoundMethod method = BoundMethod::split;  ///< The method that bounds the distance.
  /// Candidates for the number of clusters K, each ≥ 1. Of several candidates the one with the
  /// smallest predicted bound is taken. An empty list stands for 1, 2, 5, 10, 20, 50, … up to a
  /// fifth of the training samples.
  std::vector<std::int64_t> clusters = {100};
  SelectOn select_on = SelectOn::train;  ///< The samples that choose among several candidates.
  Moment moment = Moment::stratified;    ///< How the split bound bounds its moment.
  /// How the split bound bounds its discrete term.
  DiscreteTerm discrete = DiscreteTerm::automatic;
  Costs costs = Costs::tight;        ///< The costs in the dual, exact and vertex bounds.
  double time_limit = 60;            ///< Seconds for each program of the dual, exact, vertex bound.
  double radius_factor = 1.5;        ///< As in PartitionOptions.
  double neighbour_fraction = 0.05;  ///< As in PartitionOptions.
  /// The seed of k-means++, and of the shuffle if one set of samples is to be split.
  std::uint64_t seed = 0;
  std::int64_t iterations = 100;  ///< The most steps of Lloyd's method.
  /// How many samples make the regions if one set of samples is to be split; the others evaluate
  /// the bound. 0 stands for automatic_train_samples. Must be 0 if the samples are split already.
  std::int64_t train_samples = 0;
  ProgressCallback progress = {};  ///< Called now and then; may be empty.
};

/// Fournier's bound for the empirical distribution P_N.
struct FournierBound {
  double bound = 0;  ///< The bound on W_ρ(P, P_N).
};

/// The bound of the method that was chosen, with its parts.
using LearnedBound = std::variant<SplitBound, DualBound, ExactBound, VertexBound, FournierBound>;

/// A candidate for the number of clusters. Its bound was predicted from the training samples, or
/// found on the evaluation samples with SelectOn::evaluation.
struct ClusterTrial {
  std::int64_t clusters = 0;  ///< The candidate, K.
  double bound = 0;           ///< The bound on W_ρ.
};

/// The time that the steps of `learn` took, in seconds, summed over all candidates for K.
struct LearnSeconds {
  double partition = 0;   ///< Making the regions, with the choice of K.
  double statistics = 0;  ///< Looking up the samples that evaluate the bound.
  double bound = 0;       ///< Evaluating the bound itself.
};

/// A learned distribution P̂ with Pr[W_ρ(P, P̂) ≤ bound] ≥ 1 − beta over the evaluation samples,
/// whatever the distribution P on the box is.
struct LearnedDistribution {
  DiscreteDistribution distribution;  ///< P̂ on the locations of regions, in host memory.
  double bound = 0;                   ///< The bound, with the rounding of the probabilities.
  double beta = 1e-6;                 ///< The probability with which it may fail, from the options.
  LearnedBound parts;                 ///< The bound before that rounding, with its parts.
  Partition partition;                ///< The regions.
  RegionStatistics train;             ///< The statistics of the samples that made the regions.
  RegionStatistics evaluation;        ///< The statistics of the samples that the bound rests on.
  std::vector<ClusterTrial> tried;    ///< The candidates for K, ascending; one if K was given.
  LearnSeconds seconds;               ///< The time that each step took.
};

/// Learns the unknown distribution P on the box from independent samples of it (Figueiredo, Adams &
/// Laurenti, 2026; design/learning.md). The samples in `train` (N_T × d) make the regions; the
/// samples in `evaluation` (N × d, N ≥ 2), which must be others, give probabilities and confidence.
/// Both lie in host memory or the context's. With BoundMethod::fournier P̂ is the empirical
/// distribution.
/// Throws InvalidArgument (shapes, NaN, samples outside the box, options), OutOfMemory, Cancelled.
WQUANT_API LearnedDistribution learn(const Context& context, MatrixView<const double> train,
                                     MatrixView<const double> evaluation, const Box& box,
                                     const LearnOptions& options = {});
/// The same for samples in float.
WQUANT_API LearnedDistribution learn(const Context& context, MatrixView<const float> train,
                                     MatrixView<const float> evaluation, const Box& box,
                                     const LearnOptions& options = {});

/// Learns P from one set of samples (n × d, n ≥ 3): a copy of them is shuffled with options.seed,
/// the first options.train_samples make the regions and the others evaluate the bound. The rows
/// must be independent of each other; the shuffle does not make them so. The same samples and
/// options give the same bits. Throws what the other overloads throw.
///
/// \code
/// const Context context = Context::best();
/// std::mt19937_64 engine(1);
/// std::vector<double> samples(20'000);  // 10 000 points in the square [0, 1]²
/// for (double& x : samples) x = std::generate_canonical<double, 53>(engine);
/// const LearnedDistribution learned = learn(context, {samples, 2}, Box::cube(2, 0, 1));
/// std::printf("W2 <= %.4f with probability 1 - %g\n", learned.bound, learned.beta);
/// \endcode
WQUANT_API LearnedDistribution learn(const Context& context, MatrixView<const double> samples,
                                     const Box& box, const LearnOptions& options = {});
/// The same for samples in float.
WQUANT_API LearnedDistribution learn(const Context& context, MatrixView<const float> samples,
                                     const Box& box, const LearnOptions& options = {});

/// How many of n samples make the regions unless LearnOptions::train_samples says otherwise: a
/// quarter of them, but at least 1 and at most 5000.
WQUANT_API std::int64_t automatic_train_samples(std::int64_t samples);

/// A bound on W_ρ(P, Σ (n_k / N) δ_{c_k}), raised to one that holds for the probabilities as they
/// are stored. Rounding moves at most ε of the mass by at most diam(Ξ), so W_ρ^ρ grows by at most
/// ε diam(Ξ)^ρ. `learn` has raised `LearnedDistribution::bound` in this way, but not its `parts`.
WQUANT_API double with_stored_probabilities(double bound, const Box& box, int order);

}  // namespace wquant
