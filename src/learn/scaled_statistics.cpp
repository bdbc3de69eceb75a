#include "learn/scaled_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace wquant {

RegionStatistics scaled(const RegionStatistics& statistics, std::int64_t total) {
  const double factor = static_cast<double>(total) / static_cast<double>(statistics.total());
  RegionStatistics out = statistics;
  std::vector<double> missing(statistics.count.size());
  for (std::size_t k = 0; k < missing.size(); ++k) {
    const double exact = static_cast<double>(statistics.count[k]) * factor;
    out.count[k] = static_cast<std::int64_t>(exact);
    missing[k] = exact - std::floor(exact);
    for (DoubleDouble* const sum : {&out.sum[k], &out.square[k]})
      *sum = {sum->high * factor, sum->low * factor};
  }
  // The largest remainders are rounded up.
  std::vector<std::size_t> order(missing.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return missing[a] > missing[b]; });
  std::int64_t left = total - std::accumulate(out.count.begin(), out.count.end(), std::int64_t{0});
  for (std::size_t k = 0; left > 0; --left, k = (k + 1) % order.size()) ++out.count[order[k]];
  return out;
}

}  // namespace wquant
