#include "quantize/search/tolerance.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/checked.hpp"
#include "base/validation.hpp"
#include "quantize/search/bisect_support.hpp"
#include "quantize/search/families.hpp"
#include "quantize/search/grow_tree.hpp"
#include "quantize/search/interpolate_support.hpp"
#include "quantize/search/support_probe.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

/// The points that fit the workspace.
std::int64_t most_points(const Context& context, std::int64_t dimension) {
  const std::size_t bytes_per_point = sizeof(double) * static_cast<std::size_t>(dimension + 1);
  return std::clamp<std::int64_t>(
      static_cast<std::int64_t>(context.workspace_limit() / bytes_per_point), 1, kLargestSupport);
}

/// Finds the scheme with the fewest points that meets the tolerance, if `most` points suffice.
void search(SupportProbe& probe, std::int64_t most) {
  Pulse::report("search", 0);
  switch (probe.options().family) {
    case SchemeFamily::tree:
      if (!grow_tree(probe, most)) bisect_support(probe, most);
      return;
    case SchemeFamily::lloyd:
      return interpolate_support(probe, most);
    default:
      return bisect_support(probe, most);
  }
}

SchemeTrial best_trial(const SupportProbe& probe) {
  const auto trials = probe.trials();
  return *std::min_element(trials.begin(), trials.end(),
                           [](const auto& a, const auto& b) { return a.w2 < b.w2; });
}

/// After a search in vain.
[[noreturn]] void throw_not_reached(SupportProbe& probe, std::int64_t most) {
  constexpr std::int64_t kSample = 1'000'000;  // points that are tried where none were
  if (!std::isfinite(best_trial(probe).w2)) {
    const HeldStage held("search", 0);
    probe.try_support(std::min(most, kSample));
  }
  const SchemeTrial best = best_trial(probe);
  throw OutOfMemory("tolerance: " + number_text(probe.options().tolerance) +
                    " is not reached with the " + std::to_string(most) +
                    " points that fit the workspace limit of " +
                    human_bytes(static_cast<double>(probe.context().workspace_limit())) +
                    "; the best certificate is " + number_text(best.w2) + " with " +
                    std::to_string(best.support));
}

/// Puts a scheme of another family with fewer points in the place of `best`, if one is found before
/// the deadline. False if nothing was found by then.
bool find_fewer(const Context& context, const GaussianMixture& mixture,
                const QuantizeOptions& options, double reduction, const Deadline& deadline,
                Scheme& best, QuantizeStatistics& statistics) {
  SupportProbe probe(context, mixture, options, reduction);
  bool finished = true;
  try {
    const TimeLimit limit(deadline);
    if (best.support() > 1) search(probe, best.support() - 1);
  } catch (const DeadlinePassed&) {
    finished = false;
  }
  probe.report_to(statistics);
  if (!probe.found()) return finished;
  best = *std::move(probe.found());
  return true;
}

}  // namespace

Scheme smallest_scheme(const Context& context, const GaussianMixture& mixture,
                       const QuantizeOptions& options, double reduction, const Deadline& deadline,
                       QuantizeStatistics& statistics) {
  const std::int64_t most = most_points(context, mixture.dimension());
  SupportProbe probe(context, mixture, options, reduction);
  search(probe, most);
  if (!probe.found()) throw_not_reached(probe, most);
  probe.report_to(statistics);
  Scheme best = *std::move(probe.found());
  if (options.family != SchemeFamily::automatic || !deadline.limited()) return best;
  for (const SchemeFamily family : kByTime) {
    if (!needs_time(family, mixture)) continue;
    QuantizeOptions one = options;
    one.family = family;
    if (deadline.passed() ||
        !find_fewer(context, mixture, one, reduction, deadline, best, statistics))
      statistics.left_out.push_back(family);
  }
  return best;
}

}  // namespace wquant
