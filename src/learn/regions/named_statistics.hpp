#pragma once

#include <string>

#include "wquant/region_statistics.hpp"

namespace wquant {

/// region_statistics, with what errors call the points.
template <class T>
RegionStatistics named_statistics(const Context& context, const Partition& partition,
                                  const std::string& name, MatrixView<const T> points, int order);

}  // namespace wquant
