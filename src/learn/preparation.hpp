#pragma once

#include <cstdint>
#include <optional>

#include "wquant/learn.hpp"

namespace wquant {

/// What is fixed before the samples that evaluate the bound are seen.
struct Preparation {
  Partition partition;
  RegionStatistics train;
  std::optional<SplitRule> rule;  ///< of the split bound.
};

/// Regions with `clusters` centres from the samples `makers`; statistics, and the split bound's
/// rule for `total` evaluation samples, from `judges`, which may be the same.
template <class T>
Preparation prepare(const Context& context, MatrixView<const T> makers, MatrixView<const T> judges,
                    const Box& box, std::int64_t clusters, std::int64_t total,
                    const LearnOptions& options);

/// The bound on `total` evaluation samples if they fall as the judges did; for the exact bound that
/// of the dual program.
double predicted_bound(const Context& context, const Preparation& preparation, std::int64_t total,
                       const LearnOptions& options);

/// The bound on the samples of these statistics. `samples` themselves are looked at for the betting
/// moment only, in their order.
template <class T>
LearnedBound evaluated_bound(const Context& context, const Preparation& preparation,
                             const RegionStatistics& statistics, MatrixView<const T> samples,
                             const LearnOptions& options);

double value(const LearnedBound& bound);

}  // namespace wquant
