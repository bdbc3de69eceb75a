#include "learn/transport/greedy_plan.hpp"

#include <algorithm>
#include <queue>
#include <utility>

#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/summation.hpp"

namespace wquant {
namespace {

/// The best sink left for a source.
struct Offer {
  double gain;
  std::int64_t source, sink;
  bool operator<(const Offer& other) const {
    if (gain != other.gain) return gain < other.gain;
    return source != other.source ? source > other.source : sink > other.sink;
  }
};

Offer best_offer(const std::vector<double>& gains, const std::vector<double>& sink_left,
                 std::int64_t source) {
  const auto m = static_cast<std::int64_t>(sink_left.size());
  Offer best{0, source, -1};
  for (std::int64_t j = 0; j < m; ++j)
    if (j != source && sink_left[j] > 0 && gains[source * m + j] > best.gain)
      best = {gains[source * m + j], source, j};
  return best;
}

}  // namespace

std::vector<Move> greedy_plan(const std::vector<double>& gains, const Capacities& capacities) {
  Capacities left = capacities;
  const auto m = static_cast<std::int64_t>(left.source.size());
  std::priority_queue<Offer> offers;
  const auto offer = [&](std::int64_t i) {
    Pulse::beat();
    if (left.source[i] <= 0) return;
    const Offer best = best_offer(gains, left.sink, i);
    if (best.sink >= 0) offers.push(best);
  };
  for (std::int64_t i = 0; i < m; ++i) offer(i);
  std::vector<Move> plan;
  while (!offers.empty()) {
    const auto [gain, i, j] = offers.top();
    offers.pop();
    if (left.source[i] > 0 && left.sink[j] > 0) {
      const double flow = std::min(left.source[i], left.sink[j]);
      plan.push_back({i, j, flow});
      left.source[i] -= flow;
      left.sink[j] -= flow;
      left.sink[i] = 0;
      left.source[j] = 0;
    }
    offer(i);
  }
  return plan;
}

double plan_value(const std::vector<double>& gains, const Capacities& capacities,
                  const std::vector<Move>& plan) {
  const std::size_t m = capacities.source.size();
  std::vector<double> gained(m, 0.0);
  std::vector<double> lost(m, 0.0);
  for (const Move& move : plan) {
    gained[move.source] += std::max(move.flow, 0.0);
    lost[move.sink] += std::max(move.flow, 0.0);
  }
  const auto excess = [](double used, double capacity) {
    return used > capacity ? used / capacity : 1.0;
  };
  CompensatedSum value;
  for (const Move& move : plan) {
    if (gained[move.sink] > 0 && lost[move.sink] > 0) return 0;
    if (!(move.flow > 0)) continue;
    const double scale = std::max(excess(gained[move.source], capacities.source[move.source]),
                                  excess(lost[move.sink], capacities.sink[move.sink]));
    value += move.flow / scale * gains[move.source * m + move.sink];
  }
  const double slack = 8 * static_cast<double>(m) * kEpsilon;
  return std::max(0.0, value.value() * (1 - slack));
}

Capacities larger_roles(const Capacities& capacities, const std::vector<Move>& plan) {
  Capacities out = capacities;
  std::vector<double> gained(out.source.size(), 0.0);
  for (const Move& move : plan) {
    gained[move.source] += move.flow;
    gained[move.sink] -= move.flow;
  }
  for (std::size_t k = 0; k < gained.size(); ++k) (gained[k] >= 0 ? out.sink : out.source)[k] = 0;
  return out;
}

}  // namespace wquant
