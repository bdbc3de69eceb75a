#include "quantize/mixture/merging.hpp"

#include <algorithm>

#include "backend/transfer.hpp"
#include "base/pulse.hpp"
#include "base/summation.hpp"
#include "cluster/bisection.hpp"
#include "cluster/nearest_labels.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kMostLloydIterations = 20;
/// Coordinate differences that polishing may cost; bisection alone is near enough for more.
constexpr std::int64_t kMostOperations = 4'000'000'000;
using Group = std::vector<std::int64_t>;

std::vector<Group> as_lists(const Groups& groups) {
  std::vector<Group> out;
  for (std::int64_t j = 0; j < groups.count(); ++j)
    out.emplace_back(groups.group(j), groups.group(j) + groups.size(j));
  return out;
}

}  // namespace

std::vector<double> group_mean(const GaussianMixture& mixture, const Group& group) {
  double weight = 0;
  for (const std::int64_t i : group) weight += mixture.weights()[i];
  std::vector<double> out;
  for (std::int64_t k = 0; k < mixture.dimension(); ++k) {
    Pulse::beat();
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
  std::vector<Group> groups = as_lists(bisect(mixture.means(), mixture.weights(), wanted));
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
    labels = nearest_labels(context, mixture.means(), {centres.data(), count, d});
    std::vector<Group> next(groups.size());
    for (std::int64_t i = 0; i < mixture.components(); ++i) next[labels[i]].push_back(i);
    std::erase_if(next, [](const Group& group) { return group.empty(); });
    groups = std::move(next);
  }
  return groups;
}

}  // namespace wquant
