#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wquant/region_statistics.hpp"

namespace wquant {

/// region_statistics, with what errors call the points.
template <class T>
RegionStatistics named_statistics(const Context& context, const Partition& partition,
                                  const std::string& name, MatrixView<const T> points, int order);

/// Throws InvalidArgument: `count` of `total` samples are not in the box, the first of them x,
/// which is sample number `place`.
[[noreturn]] void throw_outside(const std::string& name, const std::vector<double>& x,
                                std::int64_t place, const Box& box, std::int64_t count,
                                std::int64_t total);

}  // namespace wquant
