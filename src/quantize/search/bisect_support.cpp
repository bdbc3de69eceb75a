#include "quantize/search/bisect_support.hpp"

#include <algorithm>
#include <optional>

#include "base/pulse.hpp"
#include "quantize/search/rate_distortion.hpp"
#include "quantize/search/support_guess.hpp"

namespace wquant {
namespace {

/// Supports up to this one, and so many below the one that was found if that is not too large, are
/// tried one by one where certificates need not fall as points are added.
constexpr std::int64_t kTriedOneByOne = 256;
constexpr std::int64_t kTriedBelow = 16;
constexpr std::int64_t kMostTriedBelow = 65'536;

/// Whether certificates of the family may rise as points are added, and smaller supports are tried
/// for that; schemes of modes take too long for it.
bool may_rise(const SupportProbe& probe, SchemeFamily family) {
  if (family == SchemeFamily::per_mode) return false;
  return family == SchemeFamily::cross ? probe.options().radii != CrossRadii::optimal
                                       : probe.mixture().components() > 1;
}

/// Crosses of other than optimal radii may be worst where they are largest: budgets up to the
/// unscented sets' with all axes are tried one by one. 0 if there are no such crosses.
std::int64_t last_of_other_radii(const SupportProbe& probe) {
  const auto trials = probe.trials();
  const bool other = std::any_of(trials.begin(), trials.end(), [&](const SchemeTrial& trial) {
    return trial.family == SchemeFamily::cross && may_rise(probe, trial.family);
  });
  if (!other) return 0;
  const GaussianMixture& mixture = probe.mixture();
  return std::clamp(2 * mixture.dimension() * mixture.components(), kTriedOneByOne,
                    kMostTriedBelow);
}

/// Where bisection may have passed over a smaller support: from this one on to `found`.
std::int64_t first_to_try_again(const SupportProbe& probe, std::int64_t least, std::int64_t found) {
  const auto trials = probe.trials();
  const bool rises = std::any_of(trials.begin(), trials.end(), [&](const SchemeTrial& trial) {
    return trial.w2 <= probe.options().tolerance && may_rise(probe, trial.family);
  });
  if (!rises || found > kMostTriedBelow) return found;
  return found <= kTriedOneByOne ? least : std::max(least, found - kTriedBelow);
}

/// The smallest support from `first` to `most` that meets the tolerance, if every larger one does:
/// from a guess with growing steps to one that does and one that does not, then bisection. Nothing
/// if `most` does not.
template <class Meets>
std::optional<std::int64_t> bisect(const Meets& meets, std::int64_t first, std::int64_t guess,
                                   std::int64_t most) {
  std::int64_t works = guess;
  std::int64_t fails = first - 1;
  std::int64_t step = 1;
  while (!meets(works)) {
    if (works == most) return std::nullopt;
    fails = works;
    works += std::min(step, most - works);
    step *= 4;
  }
  for (step = 1; works - step > fails && meets(works - step); step *= 2) works -= step;
  fails = std::max(fails, works - step);
  while (works - fails > 1) {
    const std::int64_t middle = fails + (works - fails) / 2;
    (meets(middle) ? works : fails) = middle;
  }
  return works;
}

}  // namespace

void bisect_support(SupportProbe& probe, std::int64_t most) {
  const std::int64_t least = least_support(probe.mixture(), probe.tolerance(), most);
  if (least > most) return;
  double fraction = 0;
  const auto meets = [&](std::int64_t support) {
    const HeldStage held("search", fraction);
    fraction += (1 - fraction) / 32;
    return probe.try_support(support);
  };
  const std::int64_t tried = std::min(most, last_of_other_radii(probe));
  for (std::int64_t support = least; support <= tried; ++support)
    if (meets(support)) return;
  if (tried == most) return;
  const std::int64_t first = std::max(least, tried + 1);
  const std::int64_t guess =
      guess_support(probe.context(), probe.mixture(), probe.options(), probe.tolerance(), most);
  const std::optional<std::int64_t> found =
      bisect(meets, first, std::clamp(guess, first, most), most);
  if (!found) return;
  for (std::int64_t support = first_to_try_again(probe, least, *found); support < *found; ++support)
    if (meets(support)) return;
}

}  // namespace wquant
