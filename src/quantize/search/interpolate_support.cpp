#include "quantize/search/interpolate_support.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "quantize/search/rate_distortion.hpp"
#include "quantize/search/support_guess.hpp"

namespace wquant {
namespace {

/// Supports are found to within one in so many, in at most so many trials.
constexpr std::int64_t kSlack = 64;
constexpr int kTrials = 12;

/// A support that was tried, or one beyond those that can be.
struct Tried {
  std::int64_t support;
  double w2;
};

/// Where W₂ = tolerance, on the line through both in log W₂ and log N. Its slope is −1/d where only
/// one of them has a certificate. A little beyond that on the other side of the tolerance from
/// `last`, so that the two come close.
double crossing(const Tried& fails, const Tried& works, const Tried& last, bool met,
                double tolerance, std::int64_t dimension) {
  constexpr double kStep = 0.5 / kSlack;
  double exponent = static_cast<double>(dimension);
  if (std::isfinite(fails.w2) && works.w2 > 0)
    exponent = std::log(static_cast<double>(works.support) / static_cast<double>(fails.support)) /
               std::log(fails.w2 / works.w2);
  return static_cast<double>(last.support) * std::pow(last.w2 / tolerance, exponent) *
         (met ? 1 - kStep : 1 + kStep);
}

}  // namespace

void interpolate_support(SupportProbe& probe, std::int64_t most) {
  const std::int64_t least = least_support(probe.mixture(), probe.tolerance(), most);
  if (least > most) return;
  Tried fails{least - 1, kInfinity};
  Tried works{most + 1, 0};
  const std::int64_t guess =
      guess_support(probe.context(), probe.mixture(), probe.options(), probe.tolerance(), most);
  std::int64_t support = std::clamp(guess, least, most);
  double fraction = 0;
  for (int trial = 0; trial < kTrials || works.support > most; ++trial) {
    const HeldStage held("search", fraction);
    fraction += (1 - fraction) / 4;
    const auto [met, w2] = probe.try_only_family(support);
    if (!met && support == most) return;
    const Tried last{support, w2};
    (met ? works : fails) = last;
    if (works.support - fails.support <= std::max<std::int64_t>(1, works.support / kSlack)) return;
    const double next =
        crossing(fails, works, last, met, probe.tolerance(), probe.mixture().dimension());
    support = next < static_cast<double>(works.support) ? static_cast<std::int64_t>(next)
                                                        : works.support - 1;
    support = std::clamp(support, fails.support + 1, std::min(works.support - 1, most));
  }
}

}  // namespace wquant
