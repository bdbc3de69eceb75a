#pragma once

#include <cstdint>
#include <vector>

#include "support/golden.hpp"
#include "wquant/transport_bounds.hpp"

namespace wquant::test {

/// A partition and the counts of samples in its regions.
struct TransportCase {
  Partition partition;
  RegionStatistics statistics;
};

/// centres: K × d; counts: K + 1.
TransportCase transport_case(const Box& box, std::vector<double> centres, std::vector<double> radii,
                             std::vector<std::int64_t> counts, int order);

/// One of learning_golden().
TransportCase golden_case(const nlohmann::json& json);

/// Random centres in [0, 1]^d; a few regions may be empty, coincide, or have radius 0.
class RandomCases {
 public:
  explicit RandomCases(std::uint64_t seed) : state_(seed) {}

  double uniform() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state_ >> 11) * 0x1p-53;
  }
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(uniform() * static_cast<double>(n));
  }

  TransportCase draw(std::int64_t clusters, std::int64_t dimension, int order,
                     std::int64_t most = 1000);

 private:
  std::uint64_t state_;
};

std::int64_t total(const RegionStatistics& statistics);

/// sup-cost c_ij of design/learning.md A4 and B2 in long double.
long double exact_cost(const Partition& partition, int order, Costs costs, std::int64_t i,
                       std::int64_t j);

/// By how much y misses its worst inequality, relative to the largest gain; and ≤ 0 if none.
long double worst_violation(const DualCertificate& c, const RegionStatistics& s);

}  // namespace wquant::test
