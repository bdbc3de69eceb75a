#pragma once

#include <cstdint>
#include <string>

#include "wquant/context.hpp"

namespace wquant {

/// Throws OutOfMemory if `bytes` exceed the workspace limit: "what needs 3 GiB, limit 1 GiB".
void require_workspace(const Context& context, const std::string& what, double bytes);

/// The same for `count` locations in R^d with their probabilities.
void require_points_fit(const Context& context, std::int64_t count, std::int64_t dimension);

}  // namespace wquant
