#include "support/transport_cases.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wquant::test {

TransportCase transport_case(const Box& box, std::vector<double> centres, std::vector<double> radii,
                             std::vector<std::int64_t> counts, int order) {
  TransportCase out{Partition(box, std::move(centres), std::move(radii)), {}};
  out.statistics.order = order;
  out.statistics.partition = out.partition.fingerprint();
  out.statistics.count = std::move(counts);
  return out;
}

TransportCase golden_case(const nlohmann::json& json) {
  std::vector<double> centres = flatten(json["locations"]);
  std::vector<double> radii = flatten(json["radii"]);
  const auto lower = json["lo"].get<std::vector<double>>();
  centres.resize(centres.size() - lower.size());
  radii.pop_back();
  // k-means of scikit-learn left one centre outside, by rounding.
  const Box box(lower, json["hi"]);
  for (std::size_t e = 0; e < centres.size(); ++e)
    centres[e] =
        std::clamp(centres[e], box.lower()[e % lower.size()], box.upper()[e % lower.size()]);
  return transport_case(box, centres, radii, json["counts"], json["rho"]);
}

TransportCase RandomCases::draw(std::int64_t clusters, std::int64_t dimension, int order,
                                std::int64_t most) {
  std::vector<double> centres;
  std::vector<double> radii;
  std::vector<std::int64_t> counts;
  for (std::int64_t k = 0; k < clusters; ++k) {
    const bool copy = k > 0 && below(6) == 0;
    for (std::int64_t i = 0; i < dimension; ++i)
      centres.push_back(copy ? centres[(k - 1) * dimension + i] : uniform());
    radii.push_back(below(5) == 0 ? 0 : uniform() * 0.6);
    counts.push_back(below(5) == 0 ? 0 : below(most));
  }
  counts.push_back(1 + below(5));
  return transport_case(Box::cube(dimension, 0, 1), centres, radii, counts, order);
}

std::int64_t total(const RegionStatistics& statistics) {
  return std::accumulate(statistics.count.begin(), statistics.count.end(), std::int64_t{0});
}

long double exact_cost(const Partition& partition, int order, Costs costs, std::int64_t i,
                       std::int64_t j) {
  const auto x = partition.locations();
  const long double radius = partition.radii()[i];
  const bool outer = i + 1 == partition.regions();
  long double square = 0;
  long double corner = 0;
  for (std::int64_t k = 0; k < x.cols; ++k) {
    const long double own = x(i, k);
    const long double other = x(j, k);
    const long double lo = partition.box().lower()[k];
    const long double hi = partition.box().upper()[k];
    const long double left = outer ? lo : std::max(lo, own - radius);
    const long double right = outer ? hi : std::min(hi, own + radius);
    const long double far = std::max(std::fabs(left - other), std::fabs(right - other));
    square += (own - other) * (own - other);
    corner += far * far;
  }
  long double cost = std::sqrt(square) + radius;
  if (costs == Costs::tight) cost = std::min(cost, std::sqrt(corner));
  return order == 2 ? cost * cost : cost;
}

long double worst_violation(const DualCertificate& c, const RegionStatistics& s) {
  const auto m = static_cast<std::int64_t>(c.y.size());
  const long double total = static_cast<long double>(test::total(s));
  long double worst = -1;
  long double largest = 1e-300L;
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < m; ++j) {
      if (i == j) continue;
      const long double a = c.limits.upper[i] - static_cast<long double>(s.count[i]) / total;
      const long double b = static_cast<long double>(s.count[j]) / total - c.limits.lower[j];
      if (s.count[i] == test::total(s) || s.count[j] == 0) continue;
      const long double gain = exact_cost(c.partition, c.order, c.costs, i, j) -
                               exact_cost(c.partition, c.order, c.costs, j, j);
      largest = std::max(largest, std::fabs(gain));
      worst = std::max(worst, gain - c.y[i] / a - c.y[j] / b);
    }
  return worst / largest;
}

}  // namespace wquant::test
