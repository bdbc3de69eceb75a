#include "learn/regions/scaled_statistics.hpp"

#include <cmath>
#include <numeric>

namespace wquant {

std::vector<std::int64_t> proportional(const std::vector<double>& mass, std::int64_t total) {
  const double sum = std::accumulate(mass.begin(), mass.end(), 0.0);
  std::vector<std::int64_t> out;
  double cumulative = 0;
  std::int64_t before = 0;
  for (const double m : mass) {
    cumulative += m;
    const auto after =
        static_cast<std::int64_t>(std::llround(static_cast<double>(total) * (cumulative / sum)));
    out.push_back(after - before);
    before = after;
  }
  return out;
}

RegionStatistics scaled(const RegionStatistics& statistics, std::int64_t total) {
  const double factor = static_cast<double>(total) / static_cast<double>(statistics.total());
  RegionStatistics out = statistics;
  out.count = proportional({statistics.count.begin(), statistics.count.end()}, total);
  for (auto* const sums : {&out.sum, &out.square})
    for (DoubleDouble& sum : *sums) sum = {sum.high * factor, sum.low * factor};
  return out;
}

}  // namespace wquant
