#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wquant/confidence.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/partition.hpp"
#include "wquant/progress.hpp"
#include "wquant/region_statistics.hpp"

namespace wquant {

/// The costs c_ij ≥ sup over region i of ‖x − c_j‖^ρ. In them the radius θ_i is raised by the error
/// of computed distances to c_i.
enum class Costs {
  tight,  ///< The smaller of the paper's cost and that of the farthest corner of box(Ξ ∩ ball_i).
  paper,  ///< (‖c_i − c_j‖ + θ_i)^ρ, and θ_i^ρ for i = j.
};

/// The name of a kind of costs: "tight" or "paper".
WQUANT_API std::string_view name(Costs costs);

/// Options of the bounds of Theorem 3.1 and Proposition 3.2.
struct TransportOptions {
  double beta = 1e-6;          ///< The bound may fail with this probability, in (0, 1).
  Costs costs = Costs::tight;  ///< The costs c_ij.
  double time_limit = 60;      ///< Seconds ≥ 0, after which the best valid bound so far is taken.
  ProgressCallback progress = {};  ///< Called now and then; may be empty.
};

/// Everything that is needed to check an upper bound on Theorem 3.1. There are source and sink
/// capacities a_i = u_i − p̂_i and b_j = p̂_j − l_j, and gains g_ij = c_ij − c_jj. By weak duality
/// any y ≥ 0 with y_i / a_i + y_j / b_j ≥ g_ij for all sources i (a_i > 0) and sinks j ≠ i (b_j >
/// 0) proves bound^ρ = Σ p̂_i c_ii + Σ y_i (design/learning.md B1).
struct DualCertificate {
  Partition partition;         ///< The regions.
  int order = 1;               ///< The order ρ, 1 or 2.
  double beta = 1e-6;          ///< The bound may fail with this probability.
  Costs costs = Costs::tight;  ///< The costs c_ij.
  ProbabilityBox limits;       ///< The limits l and u for the probabilities of the regions.
  std::vector<double> y;       ///< The M dual variables.
  double bound = 0;            ///< The bound on W_ρ(P, P̂).
};

/// The result of a check of a certificate.
struct Verification {
  bool valid = false;  ///< Whether everything was right.
  std::string reason;  ///< The first fault, with its place and values; empty if valid.
  double bound = 0;    ///< (Σ p̂_i c_ii + Σ y_i)^{1/ρ} of the y given, evaluated anew.
};

/// Checks a certificate against the statistics of the samples that evaluate it, in long double and
/// without the code that made it: the confidence limits by their binomial tails, the costs from the
/// partition, all M² inequalities, and the sum. Time is O(M² d), memory O(M). Any fault of the
/// certificate, such as another partition, becomes a reason and never an exception.
///
/// What a valid certificate says: if the samples are independent, none of them chose the partition,
/// beta or the costs, and P lives in the box, then W_ρ(P, P̂) ≤ certificate.bound for
/// P̂ = Σ p̂_k δ(c_k), with probability ≥ 1 − beta over the samples.
WQUANT_API Verification verify(const DualCertificate& certificate,
                               const RegionStatistics& statistics);

/// A bound by the linear program of Theorem 3.1 (Figueiredo, Adams & Laurenti, 2026), that is
/// without its integers.
struct DualBound {
  double bound = 0;  ///< W_ρ(P, P̂) ≤ bound with probability ≥ 1 − beta.
  double lower = 0;  ///< A lower bound on the value of Theorem 3.1 with these costs, from a plan.
  DualCertificate certificate;  ///< The proof of `bound`.
  std::int64_t rounds = 0;      ///< The number of rounds of column generation.
  bool optimal = false;         ///< Whether the program was solved to the end, to CLP's tolerance.
};
/// Computes the dual bound by column generation, with O(M²) memory. Throws InvalidArgument,
/// OutOfMemory, Cancelled.
WQUANT_API DualBound dual_bound(const Context& context, const Partition& partition,
                                const RegionStatistics& statistics,
                                const TransportOptions& options = {});

/// A bound by the integer program of Theorem 3.1.
struct ExactBound {
  double bound = 0;      ///< W_ρ(P, P̂) ≤ bound, optimal or not; never above the dual bound.
  double lower = 0;      ///< The value of the best feasible plan.
  bool optimal = false;  ///< Whether the program was solved to the end within the time limit.
};
/// Computes the exact bound by branch and bound. Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API ExactBound exact_bound(const Context& context, const Partition& partition,
                                  const RegionStatistics& statistics,
                                  const TransportOptions& options = {});

/// The bound of Proposition 3.2, moment + discrete. Beyond the time limit each part is still an
/// upper bound on its optimum, but no longer near it.
struct VertexBound {
  double bound = 0;     ///< W_ρ(P, P̂) ≤ bound with probability ≥ 1 − beta.
  double moment = 0;    ///< A^{1/ρ}, the part from P to the nearest vertex of the confidence box.
  double discrete = 0;  ///< B^{1/ρ}, the part from that vertex to P̂.
};
/// Computes the vertex bound. Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API VertexBound vertex_bound(const Context& context, const Partition& partition,
                                    const RegionStatistics& statistics,
                                    const TransportOptions& options = {});

/// A bound on W_ρ(P, P_N) for the empirical distribution P_N of `total` samples, which holds with
/// probability ≥ 1 − beta (Fournier, 2023, Tables 1–4). The constants, of which the larger is taken
/// between two dimensions of the tables, are carried over to the box by its diameter and longest
/// side. Throws InvalidArgument.
WQUANT_API double fournier_bound(const Box& box, std::int64_t total, int order, double beta);

}  // namespace wquant
