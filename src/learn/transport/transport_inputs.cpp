#include "learn/transport/transport_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "backend/backend.hpp"
#include "backend/workspace_limit.hpp"
#include "base/limits.hpp"
#include "base/parallel.hpp"
#include "base/simd.hpp"
#include "base/summation.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "learn/transport/names.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

void validate(const Partition& partition, const RegionStatistics& statistics,
              const TransportOptions& options) {
  const std::string defect = statistics_defect(partition, statistics);
  if (!defect.empty()) throw InvalidArgument(defect);
  if (!(options.beta > 0 && options.beta < 1))
    throw_bad_value("beta", {}, options.beta, "a number in (0, 1)");
  if (!(options.time_limit >= 0))
    throw_bad_value("time_limit", {}, options.time_limit, "a number of seconds >= 0");
  require_enumerator(options.costs);
}

/// squares[j] += (c_ik − c_jk)², farthest[j] += the farthest of the k-th side of box(Ξ ∩ ball_i)
/// from c_jk, squared: the larger of min(c_j − lo, c_j − c_i + θ) and min(hi − c_j, c_i − c_j + θ).
WQUANT_SIMD_CLONES
void add_dimension(double own, const double* others, double lower, double upper, double radius,
                   std::int64_t count, double* squares, double* farthest) {
  for (std::int64_t j = 0; j < count; ++j) {
    const double difference = others[j] - own;
    squares[j] += difference * difference;
    const double below = others[j] - lower;
    const double above = upper - others[j];
    const double left = difference + radius;
    const double right = radius - difference;
    const double to_lower = below < left ? below : left;
    const double to_upper = above < right ? above : right;
    const double far = to_lower > to_upper ? to_lower : to_upper;
    farthest[j] += far * far;
  }
}

/// Costs of one region to all, rounded upwards by at most (4d + 40) ε relative. A ball holds what
/// lies in it by the computed distance, and so reaches a little beyond its radius.
class CostRows {
 public:
  CostRows(const Partition& partition, int order, Costs costs)
      : partition_(partition), order_(order), costs_(costs) {
    const auto locations = partition.locations();
    columns_.resize(static_cast<std::size_t>(locations.rows * locations.cols));
    for (std::int64_t j = 0; j < locations.rows; ++j)
      for (std::int64_t k = 0; k < locations.cols; ++k)
        columns_[k * locations.rows + j] = locations(j, k);
  }

  void row(std::int64_t i, double* costs) const {
    const std::int64_t m = partition_.regions();
    const std::int64_t d = partition_.dimension();
    // The box of the outer region is Ξ, whatever its radius.
    const bool outer = i == m - 1;
    const Upper radius =
        outer ? Upper(partition_.radii()[i]) : distance_above(partition_.radii()[i], d);
    const double reach = outer ? kInfinity : radius.value();
    std::vector<double> squares(m, 0.0);
    std::vector<double> farthest(m, 0.0);
    for (std::int64_t k = 0; k < d; ++k)
      add_dimension(columns_[k * m + i], columns_.data() + k * m, partition_.box().lower()[k],
                    partition_.box().upper()[k], reach, m, squares.data(), farthest.data());
    for (std::int64_t j = 0; j < m; ++j) {
      const Upper distance = sqrt(Upper::rounded(squares[j], d + 4));
      Upper cost = power(i == j ? radius : distance + radius, order_);
      if (costs_ == Costs::tight) {
        const Upper square = Upper::rounded(farthest[j], d + 12);
        cost = std::min(cost, order_ == 2 ? square : sqrt(square));
      }
      costs[j] = cost.value();
    }
  }

  /// A lower bound on the exact value of a cost of `row`.
  double lower(double cost) const { return lower_bound_of(cost, 8 * partition_.dimension() + 94); }

 private:
  const Partition& partition_;
  int order_;
  Costs costs_;
  std::vector<double> columns_;  // d × M
};

void compute_gains(const Context& context, const CostRows& costs, TransportInputs& out) {
  constexpr std::int64_t kRowsPerChunk = 8;
  const std::int64_t m = out.regions;
  const int threads = context.backend().host_threads();
  out.gains.resize(static_cast<std::size_t>(m * m));
  out.own.resize(static_cast<std::size_t>(m));
  parallel_chunks(threads, m, kRowsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      costs.row(i, out.gains.data() + i * m);
      out.own[i] = out.gains[i * m + i];
    }
  });
  std::vector<double> lower(out.own);
  for (double& cost : lower) cost = costs.lower(cost);
  parallel_chunks(threads, m, kRowsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      for (std::int64_t j = 0; j < m; ++j) {
        const double gain = out.gains[i * m + j] - lower[j];
        out.gains[i * m + j] = i == j ? 0 : gain + (kEpsilon * std::fabs(gain) + kSmallestPositive);
      }
  });
  for (std::int64_t i = 0; i < m * m; ++i)
    if (!std::isfinite(out.gains[i]))
      throw_bad_value("costs", {i / m, i % m}, out.gains[i],
                      "lengths whose power of the order is finite");
}

Capacities capacities_of(const std::vector<std::int64_t>& counts, std::int64_t total,
                         const TransportInputs& inputs) {
  Capacities out;
  const auto upwards = [](double difference, double p) {
    return std::max(0.0, difference) * (1 + 2 * kEpsilon) + kEpsilon * p;
  };
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double p = inputs.probabilities[k];
    out.source.push_back(counts[k] == total ? 0 : upwards(inputs.limits.upper[k] - p, p));
    out.sink.push_back(counts[k] == 0 ? 0 : upwards(p - inputs.limits.lower[k], p));
  }
  return out;
}

}  // namespace

std::string_view name(Costs costs) { return name_of(costs); }

std::string statistics_defect(const Partition& partition, const RegionStatistics& statistics) {
  if (statistics.partition != partition.fingerprint())
    return "statistics partition: " + std::to_string(statistics.partition) +
           "; expected that of the partition, " + std::to_string(partition.fingerprint());
  if (statistics.order != 1 && statistics.order != 2)
    return "statistics order: " + std::to_string(statistics.order) + "; expected 1 or 2";
  if (static_cast<std::int64_t>(statistics.count.size()) != partition.regions())
    return "statistics count: " + std::to_string(statistics.count.size()) +
           " regions; expected those of the partition, " + std::to_string(partition.regions());
  constexpr std::int64_t kLargestTotal = std::int64_t{1} << 53;
  std::int64_t total = 0;
  for (std::size_t k = 0; k < statistics.count.size(); ++k) {
    if (statistics.count[k] < 0 || statistics.count[k] > kLargestTotal - total)
      return "statistics count[" + std::to_string(k) + "]: " + std::to_string(statistics.count[k]) +
             "; expected a number >= 0, and 2^53 at most in all";
    total += statistics.count[k];
  }
  return total > 0 ? "" : "statistics count: no samples; expected at least one";
}

TransportInputs transport_inputs(const Context& context, const Partition& partition,
                                 const RegionStatistics& statistics,
                                 const TransportOptions& options) {
  validate(partition, statistics, options);
  TransportInputs out;
  out.regions = partition.regions();
  const auto m = static_cast<double>(out.regions);
  require_workspace(context, "transport program", (m * m + 32 * m) * sizeof(double));
  std::int64_t total = 0;
  for (const std::int64_t count : statistics.count) total += count;
  for (const std::int64_t count : statistics.count)
    out.probabilities.push_back(static_cast<double>(count) / static_cast<double>(total));
  out.limits = clopper_pearson_box(statistics.count, options.beta);
  out.capacities = capacities_of(statistics.count, total, out);
  compute_gains(context, {partition, statistics.order, options.costs}, out);
  out.base = weighted_sum(out.probabilities, out.own);
  return out;
}

Upper weighted_sum(const std::vector<double>& weights, const std::vector<double>& values) {
  CompensatedSum sum;
  for (std::size_t k = 0; k < values.size(); ++k)
    sum += (Upper::rounded(weights[k], 1) * Upper(values[k])).value();
  return Upper::rounded(sum.value(), 8);
}

Upper sum_above(const std::vector<double>& values) {
  CompensatedSum sum;
  for (const double value : values) sum += value;
  return Upper::rounded(sum.value(), 8);
}

}  // namespace wquant
