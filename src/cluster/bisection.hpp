#pragma once

#include <cstdint>
#include <vector>

#include "wquant/view.hpp"

namespace wquant {

/// A partition of 0 … n − 1: group j is members[begin[j]] … members[begin[j + 1]].
struct Groups {
  std::vector<std::int64_t> members;
  std::vector<std::int64_t> begin{0};

  std::int64_t count() const { return static_cast<std::int64_t>(begin.size()) - 1; }
  std::int64_t size(std::int64_t j) const { return begin[j + 1] - begin[j]; }
  const std::int64_t* group(std::int64_t j) const { return members.data() + begin[j]; }
  /// The group of each member.
  std::vector<std::int64_t> labels() const;
};

/// The groups of `count` labels, in their order, each in ascending order; those without members
/// are left out.
Groups groups_of(const std::vector<std::int64_t>& labels, std::int64_t count);

/// At most `wanted` groups of rows with small Σ w ‖x − mean of its group‖², in O(n d log wanted) as
/// a rule: the group with the largest sum is cut at its mean across its widest coordinate until
/// there are enough. Host memory; no rows apart by rounding only are parted.
Groups bisect(MatrixView<const double> points, VectorView<const double> weights,
              std::int64_t wanted);

}  // namespace wquant
