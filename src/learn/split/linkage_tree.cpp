#include "learn/split/linkage_tree.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/limits.hpp"
#include "base/pulse.hpp"

namespace wquant {
namespace {

/// Clusters live in the rows of their atoms. Merging writes one row, never a column: the distance
/// of two clusters stands in the row of the one that was merged later, and older rows are brought
/// up to date when they are next read.
class Chains {
 public:
  explicit Chains(MatrixView<double> distances)
      : distances_(distances),
        node_(distances.rows),
        seen_(distances.rows, 0),
        active_(distances.rows, true) {
    std::iota(node_.begin(), node_.end(), std::int64_t{0});
  }

  LinkageTree tree();

 private:
  const double* updated_row(std::int64_t a);
  std::int64_t nearest(std::int64_t a, std::int64_t previous);
  void merge(std::int64_t a, std::int64_t b);

  MatrixView<double> distances_;
  std::vector<std::int64_t> node_;    // of the tree, by row
  std::vector<std::int64_t> merged_;  // the row written by each merger so far
  std::vector<std::size_t> seen_;     // mergers that a row knows of
  std::vector<bool> active_;
  LinkageTree tree_;
};

const double* Chains::updated_row(std::int64_t a) {
  double* const row = distances_.row(a);
  for (; seen_[a] < merged_.size(); ++seen_[a]) {
    const std::int64_t b = merged_[seen_[a]];
    if (active_[b] && b != a) row[b] = distances_(b, a);
  }
  return row;
}

std::int64_t Chains::nearest(std::int64_t a, std::int64_t previous) {
  const double* const row = updated_row(a);
  std::int64_t best = previous;
  double least = previous >= 0 ? row[previous] : kInfinity;
  for (std::int64_t b = 0; b < distances_.rows; ++b)
    if (row[b] < least && active_[b] && b != a) {
      least = row[b];
      best = b;
    }
  return best;
}

void Chains::merge(std::int64_t a, std::int64_t b) {
  const double* const from = updated_row(a);
  updated_row(b);
  double* const into = distances_.row(b);
  const auto parent = static_cast<std::int64_t>(tree_.height.size());
  tree_.height.push_back(into[a]);
  tree_.parent.push_back(parent);
  tree_.parent[node_[a]] = tree_.parent[node_[b]] = parent;
  for (std::int64_t c = 0; c < distances_.rows; ++c) into[c] = std::max(into[c], from[c]);
  active_[a] = false;
  node_[b] = parent;
  merged_.push_back(b);
  seen_[b] = merged_.size();
}

LinkageTree Chains::tree() {
  const std::int64_t atoms = distances_.rows;
  tree_.atoms = atoms;
  tree_.parent = node_;
  tree_.height.assign(static_cast<std::size_t>(atoms), 0.0);
  std::vector<std::int64_t> chain;
  std::int64_t first = 0;
  while (static_cast<std::int64_t>(merged_.size()) < atoms - 1) {
    if (chain.empty()) {
      while (!active_[first]) ++first;
      chain.push_back(first);
    }
    for (;;) {
      Pulse::beat();
      const std::int64_t last = chain.back();
      const std::int64_t previous = chain.size() > 1 ? chain[chain.size() - 2] : -1;
      const std::int64_t next = nearest(last, previous);
      if (next == previous) break;
      chain.push_back(next);
    }
    const std::int64_t x = chain[chain.size() - 1];
    const std::int64_t y = chain[chain.size() - 2];
    chain.resize(chain.size() - 2);
    merge(std::min(x, y), std::max(x, y));
  }
  return std::move(tree_);
}

}  // namespace

LinkageTree complete_linkage(MatrixView<double> distances) { return Chains(distances).tree(); }

}  // namespace wquant
