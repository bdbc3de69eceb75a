#include "quantize/merging.hpp"

#include <algorithm>
#include <numeric>
#include <queue>

#include "common/summation.hpp"
#include "common/transfer.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kMostLloydIterations = 20;
/// Coordinate differences that polishing may cost; bisection alone is near enough for more.
constexpr std::int64_t kMostOperations = 4'000'000'000;
using Group = std::vector<std::int64_t>;

/// Spread of the means of a group about their weighted mean.
struct Spread {
  double total = 0;         // Σ w ‖μ − mean‖²
  std::int64_t widest = 0;  // the coordinate with the largest share
  double centre = 0;        // of that coordinate
};

Spread spread(const GaussianMixture& mixture, const Group& group) {
  const std::vector<double> centre = group_mean(mixture, group);
  Spread out;
  double largest = -1;
  for (std::int64_t k = 0; k < mixture.dimension(); ++k) {
    CompensatedSum sum;
    for (const std::int64_t i : group) {
      const double offset = mixture.means()(i, k) - centre[k];
      sum += mixture.weights()[i] * offset * offset;
    }
    out.total += sum.value();
    if (sum.value() > largest) {
      largest = sum.value();
      out.widest = k;
      out.centre = centre[k];
    }
  }
  return out;
}

struct Candidate {
  Spread spread;
  std::size_t group;
  bool operator<(const Candidate& other) const {
    return spread.total != other.spread.total ? spread.total < other.spread.total
                                              : group > other.group;
  }
};

std::vector<Group> bisect(const GaussianMixture& mixture, std::int64_t wanted) {
  std::vector<Group> groups(1, Group(static_cast<std::size_t>(mixture.components())));
  std::iota(groups[0].begin(), groups[0].end(), 0);
  std::priority_queue<Candidate> queue;
  queue.push({spread(mixture, groups[0]), 0});
  while (static_cast<std::int64_t>(groups.size()) < wanted && queue.top().spread.total > 0) {
    const Candidate top = queue.top();
    queue.pop();
    Group lower;
    Group upper;
    for (const std::int64_t i : groups[top.group])
      (mixture.means()(i, top.spread.widest) <= top.spread.centre ? lower : upper).push_back(i);
    if (lower.empty() || upper.empty()) {  // apart by less than rounding
      queue.push({Spread{}, top.group});
      continue;
    }
    groups[top.group] = std::move(lower);
    groups.push_back(std::move(upper));
    queue.push({spread(mixture, groups[top.group]), top.group});
    queue.push({spread(mixture, groups.back()), groups.size() - 1});
  }
  return groups;
}

}  // namespace

std::vector<double> group_mean(const GaussianMixture& mixture, const Group& group) {
  double weight = 0;
  for (const std::int64_t i : group) weight += mixture.weights()[i];
  std::vector<double> out;
  for (std::int64_t k = 0; k < mixture.dimension(); ++k) {
    CompensatedSum sum;
    for (const std::int64_t i : group)
      sum +=
          (weight > 0 ? mixture.weights()[i] / weight : 1.0 / static_cast<double>(group.size())) *
          mixture.means()(i, k);
    out.push_back(sum.value());
  }
  return out;
}

std::vector<Group> merge_components(const Context& context, const GaussianMixture& mixture,
                                    std::int64_t wanted) {
  std::vector<Group> groups = bisect(mixture, wanted);
  const std::int64_t d = mixture.dimension();
  std::vector<std::int64_t> labels(static_cast<std::size_t>(mixture.components()));
  std::vector<std::int64_t> previous;
  const auto one_pass = static_cast<double>(mixture.components()) *
                        static_cast<double>(groups.size()) * static_cast<double>(d);
  const std::int64_t passes =
      std::min(kMostLloydIterations,
               static_cast<std::int64_t>(static_cast<double>(kMostOperations) / one_pass));
  for (std::int64_t pass = 0; pass < passes && labels != previous; ++pass) {
    previous = labels;
    std::vector<double> centres;
    for (const Group& group : groups) {
      const std::vector<double> centre = group_mean(mixture, group);
      centres.insert(centres.end(), centre.begin(), centre.end());
    }
    const auto count = static_cast<std::int64_t>(groups.size());
    labels = nearest_of_each(context, mixture.means(), {centres.data(), count, d});
    std::vector<Group> next(groups.size());
    for (std::int64_t i = 0; i < mixture.components(); ++i) next[labels[i]].push_back(i);
    std::erase_if(next, [](const Group& group) { return group.empty(); });
    groups = std::move(next);
  }
  return groups;
}

}  // namespace wquant
