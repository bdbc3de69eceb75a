#include "accuracy/exact_program.hpp"

#include <algorithm>

namespace wquant::test {

Real simplex(std::vector<std::vector<Real>> rows, std::vector<Real> right,
             std::vector<Real> worth) {
  Real size = 0;
  for (const Real& w : worth) size = std::max(size, Real(abs(w)));
  const Real nothing = size * Real("1e-80");
  const std::size_t slacks = rows.size();
  const std::size_t columns = worth.size();
  for (auto& row : rows) row.resize(columns + slacks, Real(0));
  worth.resize(columns + slacks, Real(0));
  for (std::size_t r = 0; r < slacks; ++r) rows[r][columns + r] = 1;
  std::vector<std::size_t> basic(slacks);
  for (std::size_t r = 0; r < slacks; ++r) basic[r] = columns + r;
  Real value = 0;
  while (true) {
    std::size_t enters = 0;
    while (enters < worth.size() && !(worth[enters] > nothing)) ++enters;
    if (enters == worth.size()) return value;
    std::size_t leaves = slacks;
    for (std::size_t r = 0; r < slacks; ++r) {
      if (!(rows[r][enters] > Real("1e-80"))) continue;
      if (leaves == slacks) {
        leaves = r;
        continue;
      }
      const Real difference = right[r] * rows[leaves][enters] - right[leaves] * rows[r][enters];
      if (difference < 0 || (difference == 0 && basic[r] < basic[leaves])) leaves = r;
    }
    const Real pivot = rows[leaves][enters];
    for (Real& x : rows[leaves]) x /= pivot;
    right[leaves] /= pivot;
    basic[leaves] = enters;
    for (std::size_t r = 0; r < slacks; ++r) {
      const Real factor = rows[r][enters];
      if (r == leaves || factor == 0) continue;
      for (std::size_t v = 0; v < worth.size(); ++v) rows[r][v] -= factor * rows[leaves][v];
      right[r] -= factor * right[leaves];
      if (right[r] < 0) right[r] = 0;
    }
    const Real factor = worth[enters];
    for (std::size_t v = 0; v < worth.size(); ++v) worth[v] -= factor * rows[leaves][v];
    value += factor * right[leaves];
  }
}

Real best_plan(const std::vector<std::vector<Real>>& gain, const std::vector<Real>& source,
               const std::vector<Real>& sink) {
  const std::size_t m = source.size();
  std::vector<std::vector<Real>> rows(2 * m);
  std::vector<Real> worth;
  std::vector<Real> right = source;
  right.insert(right.end(), sink.begin(), sink.end());
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) {
      if (!(source[i] > 0 && sink[j] > 0 && gain[i][j] > 0)) continue;
      worth.push_back(gain[i][j]);
      for (std::size_t r = 0; r < 2 * m; ++r) rows[r].push_back(r == i || r == m + j ? 1 : 0);
    }
  return simplex(rows, right, worth);
}

Real transport_optimum(const std::vector<std::vector<Real>>& cost, const std::vector<Real>& from,
                       const std::vector<Real>& to) {
  Real largest = 0;
  Real mass = 0;
  for (const auto& row : cost)
    for (const Real& c : row) largest = std::max(largest, c);
  for (const Real& p : from) mass += p;
  if (largest == 0) return 0;
  // So dear that nothing stays behind.
  const Real reward = largest * (4 * cost.size());
  auto gain = cost;
  for (auto& row : gain)
    for (Real& c : row) c = reward - c;
  return reward * mass - best_plan(gain, from, to);
}

ExactProgram::ExactProgram(const Partition& partition, const RegionStatistics& statistics,
                           const ProbabilityBox& limits, Costs costs)
    : m(static_cast<std::size_t>(partition.regions())), order(statistics.order) {
  const auto total = statistics.total();
  for (std::size_t k = 0; k < m; ++k) {
    p.push_back(Real(statistics.count[k]) / Real(total));
    source.push_back(statistics.count[k] == total ? Real(0) : Real(limits.upper[k]) - p[k]);
    sink.push_back(statistics.count[k] == 0 ? Real(0) : p[k] - limits.lower[k]);
  }
  cost.assign(m, std::vector<Real>(m));
  gain = cost;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) cost[i][j] = sup_cost(partition, i, j, costs);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) gain[i][j] = cost[i][j] - cost[j][j];
  for (std::size_t i = 0; i < m; ++i) {
    gain[i][i] = 0;
    base += p[i] * cost[i][i];
  }
}

Real ExactProgram::sup_cost(const Partition& partition, std::size_t i, std::size_t j,
                            Costs costs) const {
  const auto x = partition.locations();
  const bool outer = i + 1 == m;
  const Real d = x.cols;
  const Real radius =
      outer ? farthest(partition.box(), x.row(static_cast<std::int64_t>(i)))
            : partition.radii()[i] * (1 + (d + 4) * Real(0x1p-53)) + sqrt(d + 1) * Real(0x1p-537);
  const double* const own = x.row(static_cast<std::int64_t>(i));
  const double* const other = x.row(static_cast<std::int64_t>(j));
  Real corner = 0;
  for (std::int64_t k = 0; k < x.cols; ++k) {
    Real low = partition.box().lower()[k];
    Real high = partition.box().upper()[k];
    if (!outer) {
      low = std::max(low, Real(Real(own[k]) - radius));
      high = std::min(high, Real(Real(own[k]) + radius));
    }
    const Real far = std::max(Real(abs(low - other[k])), Real(abs(high - other[k])));
    corner += far * far;
  }
  Real length = distance(own, other, x.cols) + radius;
  if (costs == Costs::tight) length = std::min(length, Real(sqrt(corner)));
  return power(length, order);
}

Real ExactProgram::relaxed() const {
  std::vector<std::vector<Real>> rows(m);
  std::vector<Real> worth;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) {
      if (i == j || !(source[i] > 0 && sink[j] > 0 && gain[i][j] > 0)) continue;
      // In units of the smaller capacity.
      const Real unit = std::min(source[i], sink[j]);
      worth.push_back(gain[i][j] * unit);
      for (std::size_t r = 0; r < m; ++r)
        rows[r].push_back(r == i ? unit / source[i] : r == j ? unit / sink[j] : Real(0));
    }
  return base + simplex(rows, std::vector<Real>(m, Real(1)), worth);
}

Real ExactProgram::integer() const {
  Real best = 0;
  for (std::size_t gaining = 0; gaining < (std::size_t{1} << m); ++gaining) {
    std::vector<Real> a = source;
    std::vector<Real> b = sink;
    for (std::size_t k = 0; k < m; ++k) ((gaining >> k & 1) != 0 ? b : a)[k] = 0;
    best = std::max(best, best_plan(gain, a, b));
  }
  return base + best;
}

bool ExactProgram::proves(const std::vector<double>& y) const {
  for (std::size_t i = 0; i < m; ++i) {
    if (!(y[i] >= 0)) return false;
    for (std::size_t j = 0; j < m; ++j) {
      if (i == j || source[i] == 0 || sink[j] == 0) continue;
      if (y[i] / source[i] + y[j] / sink[j] < gain[i][j]) return false;
    }
  }
  return true;
}

}  // namespace wquant::test
