#pragma once

#include <cstdint>
#include <vector>

#include "base/upper.hpp"

namespace wquant {

/// What a routing says of W_ρ(q#P, P̂).
struct RoutingLimit {
  Upper distance;  ///< its upper limit, if the capacity suffices.
  Upper capacity;  ///< the largest load of an atom, in what it can send; suffices up to 1.
};

/// A linear map, fixed before the samples it is applied to, that turns the demand q#P − P̂ into a
/// flow of known cost: through the hubs of a tree or from atom to atom (design/learning.md B3, B6).
class Routing {
 public:
  virtual ~Routing() = default;

  /// The limit from the counts of all atoms, at least 2 in all; missed with probability at most
  /// beta.
  virtual RoutingLimit limit(const std::vector<std::int64_t>& counts, double beta) const = 0;
};

}  // namespace wquant
