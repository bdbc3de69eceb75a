#pragma once

#include <cstdint>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// The index of the nearest row of `centres` for each row of `points`, both on the host or the
/// context.
std::vector<std::int64_t> nearest_labels(const Context& context, MatrixView<const double> points,
                                         MatrixView<const double> centres);

}  // namespace wquant
