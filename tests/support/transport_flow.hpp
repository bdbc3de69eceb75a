#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace wquant::test {

/// max Σ g_ij f_ij with Σ_j f_ij ≤ supply_i, Σ_i f_ij ≤ demand_j, by best augmenting paths
/// (Bellman–Ford) in long double: slow, short, and nothing in common with the library's solvers.
class TransportFlow {
 public:
  TransportFlow(std::vector<long double> supply, std::vector<long double> demand,
                std::vector<long double> gains)
      : supply_(std::move(supply)),
        demand_(std::move(demand)),
        gains_(std::move(gains)),
        flow_(gains_.size(), 0.0L) {
    while (augment()) {
    }
  }

  long double value() const {
    long double sum = 0;
    for (std::size_t e = 0; e < flow_.size(); ++e) sum += flow_[e] * gains_[e];
    return sum;
  }

 private:
  static constexpr long double kNothing = 1e-18L;

  bool augment() {
    const std::size_t n = supply_.size();
    const std::size_t m = demand_.size();
    std::vector<long double> at_row(n, -HUGE_VALL);
    std::vector<long double> at_column(m, -HUGE_VALL);
    std::vector<std::size_t> row_from(n, m);
    std::vector<std::size_t> column_from(m, n);
    for (std::size_t i = 0; i < n; ++i)
      if (supply_[i] > kNothing) at_row[i] = 0;
    for (std::size_t round = 0; round < n + m; ++round)
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < m; ++j) {
          const std::size_t e = i * m + j;
          if (at_row[i] + gains_[e] > at_column[j] + kNothing) {
            at_column[j] = at_row[i] + gains_[e];
            column_from[j] = i;
          }
          if (flow_[e] > kNothing && at_column[j] - gains_[e] > at_row[i] + kNothing) {
            at_row[i] = at_column[j] - gains_[e];
            row_from[i] = j;
          }
        }
    std::size_t end = m;
    for (std::size_t j = 0; j < m; ++j)
      if (demand_[j] > kNothing && at_column[j] > kNothing &&
          (end == m || at_column[j] > at_column[end]))
        end = j;
    if (end == m) return false;
    push(end, column_from, row_from);
    return true;
  }

  void push(std::size_t end, const std::vector<std::size_t>& column_from,
            const std::vector<std::size_t>& row_from) {
    const std::size_t m = demand_.size();
    long double amount = demand_[end];
    std::size_t i = column_from[end];
    while (row_from[i] != m) {
      amount = std::min(amount, flow_[i * m + row_from[i]]);
      i = column_from[row_from[i]];
    }
    amount = std::min(amount, supply_[i]);
    supply_[i] -= amount;
    demand_[end] -= amount;
    std::size_t j = end;
    for (i = column_from[j];; i = column_from[j]) {
      flow_[i * m + j] += amount;
      if (row_from[i] == m) return;
      j = row_from[i];
      flow_[i * m + j] -= amount;
    }
  }

  std::vector<long double> supply_, demand_, gains_, flow_;
};

}  // namespace wquant::test
