#include "learn/split/tree_routing.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/parallel.hpp"
#include "base/upper.hpp"
#include "learn/confidence/concentration.hpp"
#include "wquant/confidence.hpp"

namespace wquant {
namespace {

/// sqrt(p (1 − p)) at the Clopper–Pearson limit of each count, or its largest value.
std::vector<double> deviations(int threads, const std::vector<std::int64_t>& counts,
                               std::int64_t total, double level) {
  std::vector<std::int64_t> distinct = counts;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<double> of_distinct(distinct.size());
  constexpr std::int64_t kCountsPerChunk = 32;
  parallel_chunks(threads, static_cast<std::int64_t>(distinct.size()), kCountsPerChunk,
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t n = begin; n < end; ++n) {
                      const double p =
                          2 * distinct[n] >= total
                              ? 0.5
                              : std::min(0.5, clopper_pearson_upper(distinct[n], total, level));
                      of_distinct[n] = std::sqrt(p * (1 - p));
                    }
                  });
  std::vector<double> out;
  out.reserve(counts.size());
  for (const std::int64_t count : counts)
    out.push_back(
        of_distinct[std::lower_bound(distinct.begin(), distinct.end(), count) - distinct.begin()]);
  return out;
}

}  // namespace

TreeRouting::TreeRouting(int threads, LinkageTree tree, std::int64_t dimension, int order)
    : threads_(threads), tree_(std::move(tree)), order_(order) {
  const auto root = static_cast<std::int64_t>(tree_.height.size()) - 1;
  diameter_ = distance_above(tree_.height[root], dimension).value();
  const auto height = [&](std::int64_t node) {
    return node < tree_.atoms ? 0 : distance_above(tree_.height[node], dimension).value();
  };
  for (std::int64_t node = 0; node < root; ++node) {
    const double own = height(node);
    const double above = height(tree_.parent[node]);
    // h↑² − h² as a product: nothing cancels but h↑ − h, which is rounded once.
    const double sum = order_ == 2 ? above / diameter_ + own / diameter_ : 1;
    cost_.push_back((above - own) / diameter_ * sum / 2);
  }
}

std::vector<std::int64_t> TreeRouting::node_counts(const std::vector<std::int64_t>& counts) const {
  std::vector<std::int64_t> out = counts;
  out.resize(tree_.height.size(), 0);
  for (std::size_t node = 0; node + 1 < out.size(); ++node) out[tree_.parent[node]] += out[node];
  return out;
}

RoutingLimit TreeRouting::limit(const std::vector<std::int64_t>& counts, double beta) const {
  std::vector<std::int64_t> nodes = node_counts(counts);
  const std::int64_t total = nodes.back();
  nodes.pop_back();
  if (nodes.empty()) return {};
  const double level = beta / 2 / static_cast<double>(nodes.size());
  const std::vector<double> deviation = deviations(threads_, nodes, total, level);
  const auto n = static_cast<double>(total);
  double expected = 0;
  for (std::size_t node = 0; node < nodes.size(); ++node)
    expected += cost_[node] * (deviation[node] / std::sqrt(n));
  const auto operations = static_cast<std::int64_t>(nodes.size()) + 24;
  const Upper cost = Upper::rounded(expected, operations) + mcdiarmid_margin(1, n, beta / 2);
  return {Upper(diameter_) * root(cost, order_), Upper()};
}

}  // namespace wquant
