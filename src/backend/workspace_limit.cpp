#include "backend/workspace_limit.hpp"

#include "base/checked.hpp"
#include "wquant/error.hpp"

namespace wquant {

void require_workspace(const Context& context, const std::string& what, double bytes) {
  const auto limit = static_cast<double>(context.workspace_limit());
  if (bytes > limit)
    throw OutOfMemory(what + ": " + human_bytes(bytes) + " needed, the workspace limit is " +
                      human_bytes(limit));
}

void require_points_fit(const Context& context, std::int64_t count, std::int64_t dimension) {
  require_workspace(
      context,
      "support: " + std::to_string(count) + " points in dimension " + std::to_string(dimension),
      sizeof(double) * static_cast<double>(count) * (static_cast<double>(dimension) + 1));
}

}  // namespace wquant
