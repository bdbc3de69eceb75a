#include "support/split.hpp"

#include <algorithm>
#include <cmath>

namespace wquant::test {

RegionStatistics empty_statistics(const Partition& partition, int order) {
  const auto m = static_cast<std::size_t>(partition.regions());
  return {order,
          partition.fingerprint(),
          std::vector<std::int64_t>(m, 0),
          std::vector<DoubleDouble>(m),
          std::vector<DoubleDouble>(m),
          std::vector<double>(m, 0.0)};
}

void set_moments(RegionStatistics& statistics, std::size_t region, double mean, double variance,
                 double total) {
  statistics.sum[region].high = total * mean;
  statistics.square[region].high = (total - 1) * variance + total * mean * mean;
}

std::vector<std::int64_t> multinomial(const std::vector<double>& p, std::int64_t total,
                                      std::mt19937_64& engine) {
  std::vector<std::int64_t> counts;
  double left = 1;
  for (std::size_t k = 0; k < p.size(); ++k) {
    const bool last = k + 1 == p.size();
    const double share = last ? 1 : std::min(1.0, std::max(0.0, p[k] / left));
    counts.push_back(total == 0 ? 0
                                : std::binomial_distribution<std::int64_t>(total, share)(engine));
    total -= counts.back();
    left -= p[k];
  }
  return counts;
}

}  // namespace wquant::test
