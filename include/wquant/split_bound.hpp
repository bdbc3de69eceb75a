#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/partition.hpp"
#include "wquant/progress.hpp"
#include "wquant/region_statistics.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// How the moment E‖X − q(X)‖^ρ is bounded, with q(X) the location of the region that holds X.
enum class Moment {
  stratified,  ///< Empirical Bernstein within the balls, Clopper–Pearson for the outer region.
  bernstein,   ///< One empirical Bernstein bound for all regions.
  betting,     ///< Betting within the balls (Waudby-Smith & Ramdas, 2024), else as stratified.
};

/// The name of a way to bound the moment: "stratified", "bernstein" or "betting".
WQUANT_API std::string_view name(Moment moment);

/// How the discrete term W_ρ(q#P, P̂) is bounded.
enum class DiscreteTerm {
  automatic,  ///< The way that the training samples predict to give the smallest bound.
  tree,       ///< Through a complete-linkage tree of the locations.
  routed,  ///< Along chains of neighbours, or through the tree where their capacity is too small.
};

/// The name of a way to bound the discrete term: "auto", "tree" or "routed".
WQUANT_API std::string_view name(DiscreteTerm term);

/// Options of the split bound.
struct SplitOptions {
  double beta = 1e-6;  ///< The bound may fail with this probability, in [1e-200, 1).
  Moment moment = Moment::stratified;               ///< How the moment is bounded.
  DiscreteTerm discrete = DiscreteTerm::automatic;  ///< How the discrete term is bounded.
  /// Neighbours of each location in the routing graph; 0: the training samples choose the number.
  std::int64_t neighbours = 0;
  ProgressCallback progress = {};  ///< Called now and then; may be empty.
};

/// The split bound and its parts.
struct SplitBound {
  double bound = 0;  ///< W_ρ(P, P̂) ≤ bound = moment + discrete with probability ≥ 1 − beta.
  double moment = 0;    ///< A bound on (E‖X − q(X)‖^ρ)^{1/ρ}, which may fail with beta / 2.
  double discrete = 0;  ///< A bound on W_ρ(q#P, P̂), which may fail with beta / 2.
  bool routed = false;  ///< Whether the discrete term comes from the routing, not from the tree.
  /// The largest load of a location in the routing, as a multiple of what it can send; the routing
  /// serves if this is at most 1. It is 0 without a routing, and infinite if a location that would
  /// pass mass on was never seen.
  double capacity = 0;
};

/// The split bound (design/learning.md B3, B6), in two steps, so that the samples that evaluate it
/// choose nothing. First the rule (tree, routing, and which of them to use) is fixed from the
/// partition and the training samples. Then it is applied to the statistics of other samples.
///
/// \code
/// const Context context = Context::best();
/// const double train[][1] = {{0.1}, {0.3}, {0.7}, {0.8}}, others[][1] = {{0.2}, {0.4}, {0.6}};
/// const Partition partition = make_partition(context, train, Box::cube(1, 0, 1), {.clusters = 2});
/// const SplitRule rule(context, partition, region_statistics(context, partition, train, 2), 3);
/// const SplitBound split = rule.bound(region_statistics(context, partition, others, 2));
/// std::printf("W2 <= %.4f = %.4f + %.4f\n", split.bound, split.moment, split.discrete);
/// \endcode
class WQUANT_API SplitRule {
 public:
  /// train: the statistics of the samples that made the partition, or of others, but not of those
  /// that will evaluate the bound. total: how many samples will evaluate it; only choices depend on
  /// this number. Time is O(M² d) for the tree and up to O(M³) for a routing in many dimensions;
  /// memory is O(M²). Throws InvalidArgument, OutOfMemory, Cancelled.
  SplitRule(const Context& context, const Partition& partition, const RegionStatistics& train,
            std::int64_t total, const SplitOptions& options = {});
  ~SplitRule();
  /// Afterwards the other rule can only be assigned to or destroyed.
  SplitRule(SplitRule&&) noexcept;
  /// Afterwards the other rule can only be assigned to or destroyed.
  SplitRule& operator=(SplitRule&&) noexcept;

  /// The bound from the statistics of at least 2 evaluation samples. `inside` is for betting only:
  /// Z = ‖x − q(x)‖^ρ of each sample in the order drawn, with 0 for samples in the outer region.
  /// Throws InvalidArgument, Cancelled.
  SplitBound bound(const RegionStatistics& evaluation, VectorView<const double> inside = {}) const;

  /// The bound that the training samples predict for `total` other samples. For betting, which
  /// needs the order of the samples, it is predicted as for stratified.
  const SplitBound& predicted() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace wquant
