#pragma once

#include <cstdint>
#include <memory>

#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/partition.hpp"
#include "wquant/progress.hpp"
#include "wquant/region_statistics.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// How the moment E‖X − q(X)‖^ρ is bounded.
enum class Moment {
  stratified,  ///< empirical Bernstein inside, Clopper–Pearson outside.
  bernstein,   ///< one empirical Bernstein for all.
  betting,     ///< inside by betting (Waudby-Smith & Ramdas, 2024), Clopper–Pearson outside.
};

/// How W_ρ(q#P, P̂) is bounded.
enum class DiscreteTerm {
  automatic,  ///< the one that the training samples predict to be smallest.
  tree,       ///< through a complete-linkage tree.
  routed,     ///< along chains of neighbours, the tree where their capacity does not suffice.
};

/// How the split bound is made.
struct SplitOptions {
  double beta = 1e-6;  ///< the bound may fail with this probability, in [1e-200, 1).
  Moment moment = Moment::stratified;               ///< how the moment is bounded.
  DiscreteTerm discrete = DiscreteTerm::automatic;  ///< how the discrete term is bounded.
  std::int64_t neighbours = 0;     ///< of the routing graph; 0: chosen from the training samples.
  ProgressCallback progress = {};  ///< may be empty.
};

/// The split bound and its parts.
struct SplitBound {
  double bound = 0;     ///< W_ρ(P, P̂) ≤ moment + discrete with probability ≥ 1 − beta.
  double moment = 0;    ///< (E‖X − q(X)‖^ρ)^{1/ρ}, confidence beta / 2.
  double discrete = 0;  ///< W_ρ(q#P, P̂), confidence beta / 2.
  bool routed = false;  ///< discrete comes from the routing, not from the tree.
  /// The routing's largest load, in what an atom can send; suffices up to 1. 0 without routing,
  /// infinite if an atom that would pass mass on was never seen.
  double capacity = 0;
};

/// The split bound (design/learning.md B3, B6), in two steps so that nothing is chosen on the
/// samples that evaluate it: the rule — tree, routing, which of them — is fixed from the partition
/// and the training samples, then applied to the statistics of others.
class WQUANT_API SplitRule {
 public:
  /// train: statistics of the samples that made the partition, or of others, but not of those to
  /// come; total: how many are to come (only for the choice). O(M² d) time for the tree, up
  /// to O(M³) for a routing in many dimensions; O(M²) memory.
  /// Throws InvalidArgument, OutOfMemory, Cancelled.
  SplitRule(const Context& context, const Partition& partition, const RegionStatistics& train,
            std::int64_t total, const SplitOptions& options = {});
  ~SplitRule();
  /// What was moved from can only be assigned to or destroyed.
  SplitRule(SplitRule&&) noexcept;
  /// As the constructor.
  SplitRule& operator=(SplitRule&&) noexcept;

  /// The bound from evaluation statistics of at least 2 samples. `inside`, only for betting: Z of
  /// each sample in the order drawn, 0 where it lies in the outer region.
  /// Throws InvalidArgument, Cancelled.
  SplitBound bound(const RegionStatistics& evaluation, VectorView<const double> inside = {}) const;

  /// The bound that the training samples predict for `total` others (stratified for betting, which
  /// needs their order).
  const SplitBound& predicted() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace wquant
