#pragma once

#include <cstdint>
#include <vector>

#include "wquant/view.hpp"

namespace wquant {

/// A binary tree on M ≥ 1 atoms. Nodes 0 … M − 1 are the atoms, node 2M − 2 is the root, children
/// come before their parents.
struct LinkageTree {
  std::int64_t atoms = 0;
  std::vector<std::int64_t> parent;  ///< 2M − 1; the root's is itself.
  std::vector<double> height;  ///< 2M − 1: the largest distance of two atoms below; 0 for one.
};

/// Complete linkage by chains of nearest neighbours (Murtagh 1983): O(M²) time, ties to the
/// chain's last but one, then to the lowest index. The symmetric M × M distances are overwritten.
LinkageTree complete_linkage(MatrixView<double> distances);

}  // namespace wquant
