#include "cluster/bisection.hpp"

#include <algorithm>
#include <numeric>
#include <queue>

#include "base/pulse.hpp"

namespace wquant {
namespace {

/// The spread of some rows about their weighted mean.
struct Spread {
  double total = 0;         // Σ w ‖x − mean‖²
  std::int64_t widest = 0;  // the coordinate with the largest share
  double centre = 0;        // of that coordinate
};

Spread spread(MatrixView<const double> points, VectorView<const double> weights,
              const std::int64_t* begin, const std::int64_t* end) {
  const auto d = static_cast<std::size_t>(points.cols);
  double mass = 0;
  std::for_each(begin, end, [&](std::int64_t i) { mass += weights[i]; });
  if (mass == 0) return {};
  ShortSteps steps;
  std::vector<double> centre(d), share(d);
  std::for_each(begin, end, [&](std::int64_t i) {
    steps.beat();
    const double weight = weights[i] / mass;
    for (std::size_t k = 0; k < d; ++k) centre[k] += weight * points.row(i)[k];
  });
  std::for_each(begin, end, [&](std::int64_t i) {
    steps.beat();
    for (std::size_t k = 0; k < d; ++k) {
      const double offset = points.row(i)[k] - centre[k];
      share[k] += weights[i] * offset * offset;
    }
  });
  const auto widest = std::max_element(share.begin(), share.end()) - share.begin();
  return {std::accumulate(share.begin(), share.end(), 0.0), widest, centre[widest]};
}

struct Candidate {
  Spread spread;
  std::int64_t begin, end;
  bool operator<(const Candidate& other) const {
    return spread.total != other.spread.total ? spread.total < other.spread.total
                                              : begin > other.begin;
  }
};

}  // namespace

std::vector<std::int64_t> Groups::labels() const {
  std::vector<std::int64_t> out(members.size());
  for (std::int64_t j = 0; j < count(); ++j)
    std::for_each(group(j), group(j) + size(j), [&](std::int64_t i) { out[i] = j; });
  return out;
}

Groups groups_of(const std::vector<std::int64_t>& labels, std::int64_t count) {
  Groups out{std::vector<std::int64_t>(labels.size()),
             std::vector<std::int64_t>(static_cast<std::size_t>(count) + 1)};
  for (const std::int64_t label : labels) ++out.begin[label + 1];
  std::partial_sum(out.begin.begin(), out.begin.end(), out.begin.begin());
  std::vector<std::int64_t> next(out.begin.begin(), out.begin.end() - 1);
  for (std::size_t i = 0; i < labels.size(); ++i)
    out.members[next[labels[i]]++] = static_cast<std::int64_t>(i);
  out.begin.erase(std::unique(out.begin.begin(), out.begin.end()), out.begin.end());
  return out;
}

Groups bisect(MatrixView<const double> points, VectorView<const double> weights,
              std::int64_t wanted) {
  Groups out{std::vector<std::int64_t>(static_cast<std::size_t>(points.rows)), {0, points.rows}};
  std::int64_t* const members = out.members.data();
  std::iota(members, members + points.rows, 0);
  const auto candidate = [&](std::int64_t begin, std::int64_t end) {
    return Candidate{spread(points, weights, members + begin, members + end), begin, end};
  };
  std::priority_queue<Candidate> queue;
  queue.push(candidate(0, points.rows));
  while (out.count() < wanted && queue.top().spread.total > 0) {
    Pulse::beat();
    const Candidate top = queue.top();
    queue.pop();
    const std::int64_t cut =
        std::stable_partition(
            members + top.begin, members + top.end,
            [&](std::int64_t i) { return points(i, top.spread.widest) <= top.spread.centre; }) -
        members;
    if (cut == top.begin || cut == top.end) {  // apart by less than rounding
      queue.push({{}, top.begin, top.end});
      continue;
    }
    out.begin.push_back(cut);
    queue.push(candidate(top.begin, cut));
    queue.push(candidate(cut, top.end));
  }
  std::sort(out.begin.begin(), out.begin.end());
  return out;
}

}  // namespace wquant
