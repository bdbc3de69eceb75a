#include "wquant/compress.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/lengths.hpp"
#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/summation.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/certificate_parts.hpp"
#include "wquant/kmeans.hpp"

namespace wquant {
namespace {

/// A partition of the points; labels of points without probability mean nothing.
struct Clusters {
  std::vector<std::int64_t> labels;
  std::int64_t count = 0;
};

bool same_location(const Array<double>& x, std::int64_t a, std::int64_t b) {
  return std::equal(&x(a, 0), &x(a, 0) + x.cols(), &x(b, 0));
}

/// One cluster a location that has probability, in the order of the locations.
Clusters coincident(const DiscreteDistribution& d) {
  const Array<double>& x = d.locations();
  std::vector<std::int64_t> order(static_cast<std::size_t>(d.size()));
  std::iota(order.begin(), order.end(), 0);
  std::erase_if(order, [&](std::int64_t a) { return d.probabilities()(a) == 0; });
  ShortSteps steps;
  std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    steps.beat();
    const double* const u = &x(a, 0);
    const double* const v = &x(b, 0);
    const auto [at, other] = std::mismatch(u, u + x.cols(), v);
    return at == u + x.cols() ? a < b : *at < *other;
  });
  Clusters out{std::vector<std::int64_t>(static_cast<std::size_t>(d.size())), 0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || !same_location(x, order[i - 1], order[i])) ++out.count;
    out.labels[order[i]] = out.count - 1;
  }
  return out;
}

/// What the clusters become, and what that cost.
struct Merged {
  std::vector<double> locations;
  std::vector<double> probabilities;
  Upper moved;                   // ≥ k
  Upper mean_rounding;           // ≥ (Σ_j p_j ‖location − mean of the cluster‖²)^{1/2}
  double probability_error = 0;  // relative, of the sums
};

/// Clusters as lists of points: those of cluster j are order[begin[j]] … order[begin[j + 1]].
struct Members {
  std::vector<std::int64_t> order, begin;
};

Members members(const DiscreteDistribution& d, const Clusters& clusters) {
  Members out{{}, std::vector<std::int64_t>(static_cast<std::size_t>(clusters.count) + 1)};
  for (std::int64_t a = 0; a < d.size(); ++a)
    if (d.probabilities()(a) > 0) ++out.begin[clusters.labels[a] + 1];
  std::partial_sum(out.begin.begin(), out.begin.end(), out.begin.begin());
  out.order.resize(static_cast<std::size_t>(out.begin.back()));
  std::vector<std::int64_t> next = out.begin;
  for (std::int64_t a = 0; a < d.size(); ++a)
    if (d.probabilities()(a) > 0) out.order[next[clusters.labels[a]]++] = a;
  return out;
}

Merged merge(const DiscreteDistribution& d, const Clusters& clusters) {
  const Array<double>& x = d.locations();
  const std::int64_t dimension = d.dimension();
  const double unit = power_of_two_unit(x.view());
  const Members lists = members(d, clusters);
  CompensatedSum total;
  for (std::int64_t a = 0; a < d.size(); ++a) total += d.probabilities()(a);
  RootMeanSquare moved(dimension, unit);
  RootMeanSquare averaged(dimension, unit);  // of the lengths that means were taken of
  Merged out;
  for (std::int64_t j = 0; j < clusters.count; ++j) {
    Pulse::beat();
    const auto begin = lists.order.begin() + lists.begin[j];
    const auto end = lists.order.begin() + lists.begin[j + 1];
    if (begin == end) continue;
    CompensatedSum mass;
    std::for_each(begin, end, [&](std::int64_t a) { mass += d.probabilities()(a); });
    out.probabilities.push_back(mass.value());
    if (end - begin > 1) out.probability_error = 4 * kEpsilon;
    std::vector<double> centre(&x(*begin, 0), &x(*begin, 0) + dimension);
    if (!std::all_of(begin, end, [&](std::int64_t a) { return same_location(x, *begin, a); })) {
      for (std::int64_t k = 0; k < dimension; ++k) {
        CompensatedSum sum;
        std::for_each(begin, end, [&](std::int64_t a) {
          sum += d.probabilities()(a) / mass.value() * (x(a, k) / unit);
        });
        centre[k] = sum.value() * unit;
      }
      std::for_each(begin, end, [&](std::int64_t a) {
        moved.add(d.probabilities()(a), &x(a, 0), centre.data());
        averaged.add(d.probabilities()(a), &x(a, 0));
      });
    }
    out.locations.insert(out.locations.end(), centre.begin(), centre.end());
  }
  out.moved = moved.above(total.value());
  // Per coordinate Σ (p_a / p) x_a is off by at most 8 ε Σ (p_a / p) |x_a|.
  out.mean_rounding = 8 * kEpsilon * averaged.above(total.value());
  return out;
}

/// On the mass that kept its point in D, of probability min(p_a, q_a) ≤ q_a
/// (certificate_parts.hpp),
///     E‖X' − c‖² ≤ cells + dropped + 2 Σ q_a ⟨E[X'|a] − x_a, x_a − c(a)⟩ + k²,
/// and the sum is at most k · min(centroid_gap, √(cells + dropped)) by Cauchy and Schwarz. From X
/// to its stand-in X' it is δ = stand_in_distance. Means of the merged cells: Σ_{a ∈ j} p_a E[X|a]
/// / p_j, by convexity no further than centroid_gap from the mean of the x_a with probabilities
/// p_a; that with q_a is 2ηk from there.
Certificate after_merging(const Certificate& before, const Merged& merged, Upper spread) {
  CertificateParts after(before);
  if (merged.moved > Upper()) {
    const Upper gap = std::min(after.centroid_gap, after.plain());
    const Upper added = merged.moved * (2 * gap + merged.moved);
    const double plain = std::sqrt(before.cells + before.dropped);
    after.cells += added;
    after.basis = stand_in_distance(before);
    const double roots =
        (plain + std::sqrt(after.cells.value() + before.dropped)) * (1 - 8 * kEpsilon);
    after.rounding = rounding_sent_on(before, merged.moved, added / roots);
    after.centroid_gap += merged.mean_rounding + 2 * probability_error(before) * merged.moved;
  }
  if (merged.probability_error > 0)
    after.rounding += misplacement(Upper(merged.probability_error), spread, after.w2());
  return after.certificate();
}

void validate(const Context& context, const CertifiedDistribution& input,
              const CompressOptions& options) {
  require_at_least("support", options.support, 1);
  require_at_least("iterations", options.iterations, 0);
  require_parts("certificate", input.certificate);
  require_points_fit(context, input.distribution.size(), input.distribution.dimension());
}

}  // namespace

CertifiedDistribution compress(const Context& context, const CertifiedDistribution& input,
                               const CompressOptions& options) {
  const Pulse pulse(options.progress);
  validate(context, input, options);
  const DiscreteDistribution d = input.distribution.to_host();
  const Array<double>& x = d.locations();
  const Array<double>& p = d.probabilities();
  require_lengths("locations", x.view());
  if (options.support >= d.size())
    return {{on_context(context, x.data(), d.size(), d.dimension()),
             on_context(context, p.data(), d.size(), 1)},
            input.certificate};
  Clusters clusters = coincident(d);
  if (clusters.count > options.support) {
    const KmeansResult<double> found = kmeans(context, x.view(),
                                              {.clusters = options.support,
                                               .weights = {p.data(), d.size()},
                                               .seed = options.seed,
                                               .iterations = options.iterations});
    const Array<std::int64_t> labels = found.labels.to_host();
    clusters = {{labels.data(), labels.data() + labels.size()}, found.centres.rows()};
  }
  const Merged merged = merge(d, clusters);
  const auto count = static_cast<std::int64_t>(merged.probabilities.size());
  const Upper spread = spread_above({merged.locations.data(), count, d.dimension()},
                                    {merged.probabilities.data(), count});
  return {{on_context(context, merged.locations, d.dimension()),
           on_context(context, merged.probabilities)},
          after_merging(input.certificate, merged, spread)};
}

}  // namespace wquant
