#include "wquant/split_bound.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "base/pulse.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "learn/regions/scaled_statistics.hpp"
#include "learn/split/discrete_rule.hpp"
#include "learn/split/moment_limits.hpp"
#include "learn/split/names.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kLargestTotal = std::int64_t{1} << 53;
constexpr double kLeastBeta = 1e-200;

std::int64_t total_of(const std::vector<std::int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

void validate(std::int64_t total, const SplitOptions& options) {
  if (total < 2 || total > kLargestTotal)
    throw InvalidArgument("total: " + std::to_string(total) + "; expected 2 to 2^53");
  if (!(options.beta >= kLeastBeta && options.beta < 1))
    throw_bad_value("beta", {}, options.beta, "a number in [1e-200, 1)");
  require_enumerator(options.moment);
  require_enumerator(options.discrete);
  require_at_least("neighbours", options.neighbours, 0);
}

void require_partition(const RegionStatistics& statistics, const std::string& name,
                       std::uint64_t fingerprint, std::int64_t regions, int order,
                       std::int64_t least) {
  if (statistics.partition != fingerprint)
    throw InvalidArgument(name + ": of another partition; expected that of the rule");
  if (statistics.order != order)
    throw InvalidArgument(name + ": of order " + std::to_string(statistics.order) +
                          "; expected that of the rule, " + std::to_string(order));
  const auto size = [](const auto& v) { return static_cast<std::int64_t>(v.size()); };
  require_shape(name,
                {size(statistics.count), size(statistics.sum), size(statistics.square),
                 size(statistics.farthest)},
                {regions, regions, regions, regions});
  const std::int64_t total = total_of(statistics.count);
  if (total < least || total > kLargestTotal)
    throw InvalidArgument(name + ": " + std::to_string(total) + " samples; expected " +
                          std::to_string(least) + " to 2^53");
}

/// Training masses, each count raised a little so that none is 0.
std::vector<double> masses(const std::vector<std::int64_t>& counts) {
  constexpr double kPseudoCount = 1e-3;
  double sum = 0;
  std::vector<double> out;
  for (const std::int64_t count : counts) {
    out.push_back(static_cast<double>(count) + kPseudoCount);
    sum += out.back();
  }
  for (double& mass : out) mass /= sum;
  return out;
}

}  // namespace

std::string_view name(Moment moment) { return name_of(moment); }
std::string_view name(DiscreteTerm term) { return name_of(term); }

struct SplitRule::Parts {
  SplitOptions options;
  int order;
  std::uint64_t fingerprint;
  MomentLimits moments;
  DiscreteRule discrete;
  SplitBound predicted;

  SplitBound bound(const RegionStatistics& statistics, const std::vector<std::int64_t>& counts,
                   VectorView<const double> inside) const;
};

/// `statistics` tell the moments, `counts` how many samples there are and where.
SplitBound SplitRule::Parts::bound(const RegionStatistics& statistics,
                                   const std::vector<std::int64_t>& counts,
                                   VectorView<const double> inside) const {
  const double half = options.beta / 2;
  const Upper moment =
      moments.upper(options.moment, statistics, total_of(counts), counts.back(), half, inside);
  const DiscreteRule::Limit limit = discrete.limit(counts, half);
  SplitBound out;
  out.moment = root(moment, order).value();
  out.discrete = limit.distance.value();
  out.bound = (root(moment, order) + limit.distance).value();
  out.routed = limit.routed;
  out.capacity = limit.capacity.value();
  return out;
}

SplitRule::SplitRule(const Context& context, const Partition& partition,
                     const RegionStatistics& train, std::int64_t total,
                     const SplitOptions& options) {
  const Pulse pulse(options.progress);
  validate(total, options);
  if (train.order != 1 && train.order != 2)
    throw InvalidArgument("train: of order " + std::to_string(train.order) + "; expected 1 or 2");
  require_partition(train, "train", partition.fingerprint(), partition.regions(), train.order, 1);
  const MomentLimits moments(partition, train.order);
  moments.require_consistent(train);
  const std::vector<double> mass = masses(train.count);
  const std::vector<std::int64_t> counts = proportional(mass, total);
  parts_ = std::make_unique<Parts>(
      Parts{options,
            train.order,
            partition.fingerprint(),
            moments,
            DiscreteRule(context, partition.locations(), mass, counts, train.order, options),
            {}});
  parts_->predicted = parts_->bound(train, counts, {});
}

SplitRule::~SplitRule() = default;
SplitRule::SplitRule(SplitRule&&) noexcept = default;
SplitRule& SplitRule::operator=(SplitRule&&) noexcept = default;

SplitBound SplitRule::bound(const RegionStatistics& evaluation,
                            VectorView<const double> inside) const {
  const Pulse pulse(parts_->options.progress);
  const auto regions = static_cast<std::int64_t>(parts_->moments.regions());
  require_partition(evaluation, "evaluation", parts_->fingerprint, regions, parts_->order, 2);
  parts_->moments.require_consistent(evaluation);
  if (parts_->options.moment == Moment::betting)
    parts_->moments.require_consistent(evaluation, inside);
  Pulse::report("split bound", 0);
  return parts_->bound(evaluation, evaluation.count, inside);
}

const SplitBound& SplitRule::predicted() const { return parts_->predicted; }

}  // namespace wquant
