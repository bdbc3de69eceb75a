#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wquant/confidence.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/partition.hpp"
#include "wquant/progress.hpp"
#include "wquant/region_statistics.hpp"

namespace wquant {

/// c_ij ≥ sup over region i of ‖x − c_j‖^ρ, θ_i raised by what computed distances to c_i may err.
enum class Costs {
  tight,  ///< the farthest corner of box(Ξ ∩ ball_i) where that is nearer than the paper's.
  paper,  ///< (‖c_i − c_j‖ + θ_i)^ρ, c_ii = θ_i^ρ.
};

/// How the bounds of Theorem 3.1 and Proposition 3.2 are made.
struct TransportOptions {
  double beta = 1e-6;              ///< the bound may fail with this probability, in (0, 1).
  Costs costs = Costs::tight;      ///< which c_ij.
  double time_limit = 60;          ///< seconds ≥ 0; a valid bound is returned all the same.
  ProgressCallback progress = {};  ///< may be empty.
};

/// All that it takes to check an upper bound on Theorem 3.1: with source and sink capacities
/// a_i = u_i − p̂_i, b_j = p̂_j − l_j and gains g_ij = c_ij − c_jj, any y ≥ 0 with
/// y_i / a_i + y_j / b_j ≥ g_ij for all i ≠ j (a_i = 0: i is no source; b_j = 0: j is no sink)
/// proves bound^ρ = Σ p̂_i c_ii + Σ y_i by weak duality (design/learning.md B1).
struct DualCertificate {
  Partition partition;         ///< the regions.
  int order = 1;               ///< ρ, 1 or 2.
  double beta = 1e-6;          ///< the bound may fail with this probability.
  Costs costs = Costs::tight;  ///< which c_ij.
  ProbabilityBox limits;       ///< l and u
  std::vector<double> y;       ///< M
  double bound = 0;            ///< on W_ρ(P, P̂)
};

/// What a check of a certificate found.
struct Verification {
  bool valid = false;  ///< nothing was wrong with it.
  std::string reason;  ///< of the first failure, with its place and values; empty if valid.
  double bound = 0;    ///< (Σ p̂_i c_ii + Σ y_i)^{1/ρ} of the y given, evaluated anew.
};

/// Checks a certificate against the statistics of the samples that evaluate it, in long double and
/// without the code that made it: the confidence limits by their binomial tails, the costs from the
/// partition, all M² inequalities, the sum. O(M² d) time, O(M) memory. Whatever is wrong with the
/// certificate, another partition included, is a reason and no exception.
/// A valid certificate says: if the samples are independent, none of them chose the partition, beta
/// or the costs, and P lives in the box, then W_ρ(P, P̂) ≤ certificate.bound, P̂ = Σ p̂_k δ(c_k), with
/// probability ≥ 1 − beta over the samples.
WQUANT_API Verification verify(const DualCertificate& certificate,
                               const RegionStatistics& statistics);

/// Theorem 3.1 of Figueiredo, Adams & Laurenti (2026) without integers.
struct DualBound {
  double bound = 0;  ///< W_ρ(P, P̂) ≤ bound with probability ≥ 1 − beta.
  double lower = 0;  ///< Theorem 3.1's value, with these costs, is at least this: a plan's.
  DualCertificate certificate;  ///< what proves `bound`.
  std::int64_t rounds = 0;      ///< of column generation.
  bool optimal = false;         ///< the linear program was solved to the end, to CLP's tolerance.
};
/// By column generation, with O(M²) memory. Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API DualBound dual_bound(const Context& context, const Partition& partition,
                                const RegionStatistics& statistics,
                                const TransportOptions& options = {});

/// Theorem 3.1 itself, by branch and bound.
struct ExactBound {
  double bound = 0;      ///< valid, solved to the end or not: never above the dual bound.
  double lower = 0;      ///< of the best feasible plan.
  bool optimal = false;  ///< closed within the time limit.
};
/// Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API ExactBound exact_bound(const Context& context, const Partition& partition,
                                  const RegionStatistics& statistics,
                                  const TransportOptions& options = {});

/// Proposition 3.2: bound = moment + discrete. Beyond the time limit each part is still above its
/// optimum, but no longer near it.
struct VertexBound {
  double bound = 0;     ///< W_ρ(P, P̂) ≤ bound with probability ≥ 1 − beta.
  double moment = 0;    ///< A^{1/ρ}: to the nearest vertex of the confidence box.
  double discrete = 0;  ///< B^{1/ρ}: from there to P̂.
};
/// Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API VertexBound vertex_bound(const Context& context, const Partition& partition,
                                    const RegionStatistics& statistics,
                                    const TransportOptions& options = {});

/// Fournier (2023), Tables 1–4 (between two dimensions there, the larger constant), moved to the
/// box by its diameter and longest side: a bound on W_ρ(P, P_N) for the empirical distribution of
/// `total` samples, with probability ≥ 1 − beta. Throws InvalidArgument.
WQUANT_API double fournier_bound(const Box& box, std::int64_t total, int order, double beta);

}  // namespace wquant
