#include "quantize/search/tolerance.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/checked.hpp"
#include "base/heartbeat.hpp"
#include "base/progress.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/certificate_parts.hpp"
#include "quantize/search/cross_scheme.hpp"
#include "quantize/search/families.hpp"
#include "quantize/search/per_mode.hpp"
#include "quantize/search/rate_distortion.hpp"
#include "quantize/search/support_guess.hpp"
#include "quantize/search/tree_scheme.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

/// Smaller supports are tried one by one where certificates need not fall monotonically.
constexpr std::int64_t kTriedOneByOne = 256;
constexpr std::int64_t kTriedBelow = 16;
constexpr std::int64_t kMostTriedBelow = 65'536;
/// Points whose certificate is stated where no support within the workspace can do.
constexpr std::int64_t kSample = 1'000'000;
/// Supports of free points are found to within one in so many, in at most so many trials.
constexpr std::int64_t kFreeSlack = 64;
constexpr int kFreeTrials = 12;
/// More than the rounding of least_distortion.
constexpr double kRounding = 1e-9;

std::int64_t most_points(const Context& context, std::int64_t dimension) {
  const std::size_t bytes_per_point = sizeof(double) * static_cast<std::size_t>(dimension + 1);
  return std::clamp<std::int64_t>(
      static_cast<std::int64_t>(context.workspace_limit() / bytes_per_point), 1, kLargestSupport);
}

[[noreturn]] void throw_not_reached(const Context& context, const QuantizeOptions& options,
                                    std::int64_t most, const SchemeTrial& best) {
  throw OutOfMemory("tolerance: " + number_text(options.tolerance) + " is not reached with the " +
                    std::to_string(most) + " points that fit the workspace limit of " +
                    human_bytes(static_cast<double>(context.workspace_limit())) +
                    "; the best certificate is " + number_text(best.w2) + " with " +
                    std::to_string(best.support));
}

/// The families that may be used. For each budget they are asked one after the other, the one with
/// the last success first, whether they meet the tolerance.
class Search {
 public:
  Search(const Context& context, const GaussianMixture& mixture, const QuantizeOptions& options,
         double reduction)
      : context_(context), mixture_(mixture), options_(options), reduction_(reduction) {
    for (const SchemeFamily family : families_to_try(mixture, options))
      trials_.emplace_back(family);
    if (options.family == SchemeFamily::automatic)  // the likelier ones first
      std::stable_partition(trials_.begin(), trials_.end(), [](const Trial& trial) {
        return trial.best.family == SchemeFamily::per_component;
      });
  }

  /// Finds it, if `most` points suffice: from a guess with growing steps to a budget that meets the
  /// tolerance and one that does not, then bisection.
  void run(std::int64_t most) {
    report(options_.progress, "search", 0);
    if (options_.family == SchemeFamily::tree && run_tree(most)) return;
    const std::int64_t least = least_support(most);
    if (least > most) return;
    if (options_.family == SchemeFamily::lloyd) return run_free(least, most);
    const std::int64_t tried = std::min(most, last_of_other_radii());
    for (std::int64_t support = least; support <= tried; ++support)
      if (meets(support)) return;
    if (tried == most) return;
    const std::int64_t first = std::max(least, tried + 1);
    std::int64_t works = std::clamp(guess(most), first, most);
    std::int64_t fails = first - 1;
    std::int64_t step = 1;
    while (!meets(works)) {
      if (works == most) return;
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
    if (may_rise_ && works <= kMostTriedBelow) try_fewer(least, works);
  }

  /// The scheme with the fewest points that was found so far.
  std::optional<Scheme>& found() { return scheme_; }

  void report_to(QuantizeStatistics& statistics) const {
    for (const Trial& trial : trials_)
      if (std::isfinite(trial.best.w2)) statistics.tried.push_back(trial.best);
    if (scheme_) statistics.family = family_;
  }

  [[noreturn]] void throw_not_reached(std::int64_t most) {
    const auto by_w2 = [](const Trial& a, const Trial& b) { return a.best.w2 < b.best.w2; };
    auto best = std::min_element(trials_.begin(), trials_.end(), by_w2);
    if (!std::isfinite(best->best.w2)) {
      meets(std::min(most, kSample));
      best = std::min_element(trials_.begin(), trials_.end(), by_w2);
    }
    wquant::throw_not_reached(context_, options_, most, best->best);
  }

 private:
  struct Trial {
    explicit Trial(SchemeFamily family) : best{family, 0, INFINITY} {}
    SchemeTrial best;  // the last one that met the tolerance, else the smallest certificate
  };

  /// A tree passes all budgets as it grows; false where the components have no common eigenbasis.
  bool run_tree(std::int64_t most) {
    QuantizeOptions options = options_;
    options.tolerance = left();
    std::optional<Scheme> tree = grow_tree_scheme(context_, mixture_, options, most);
    if (!tree) return false;
    certificate(*std::move(tree), trials_.front().best);
    return true;
  }

  /// A trial is a whole k-means, so supports are interpolated: log w2 is about linear in log N, of
  /// slope −1/d where only one point is known.
  void run_free(std::int64_t least, std::int64_t most) {
    constexpr double kStep = 0.5 / kFreeSlack;
    const double tolerance = left();
    std::int64_t fails = least - 1;
    std::int64_t works = most + 1;
    double above = INFINITY;  // the certificate of `fails` points
    double below = 0;         // that of `works`
    std::int64_t support = std::clamp(guess(most), least, most);
    for (int trial = 0; trial < kFreeTrials || works > most; ++trial) {
      report(options_.progress, "search", fraction_);
      fraction_ += (1 - fraction_) / 4;
      const double whole = certificate(support, trials_.front().best);
      const bool met = whole <= options_.tolerance;
      const double w2 = whole - reduction_;
      if (!met && support == most) return;
      (met ? works : fails) = support;
      (met ? below : above) = w2;
      if (works - fails <= std::max<std::int64_t>(1, works / kFreeSlack)) break;
      const auto n = static_cast<double>(support);
      double exponent = static_cast<double>(mixture_.dimension());
      if (std::isfinite(above) && below > 0)
        exponent = std::log(static_cast<double>(works) / static_cast<double>(fails)) /
                   std::log(above / below);
      const double next = n * std::pow(w2 / tolerance, exponent) * (met ? 1 - kStep : 1 + kStep);
      support = next < static_cast<double>(works) ? static_cast<std::int64_t>(next) : works - 1;
      support = std::clamp(support, fails + 1, std::min(works - 1, most));
    }
  }

  /// What the reduction leaves of the tolerance.
  double left() const { return options_.tolerance - reduction_; }

  /// No smaller support can do, whatever the scheme; most + 1 if even that many points cannot.
  std::int64_t least_support(std::int64_t most) const {
    const double target = left() * left() * (1 + kRounding);
    if (least_distortion(mixture_, most) > target) return most + 1;
    std::int64_t fails = 0;
    std::int64_t works = most;
    while (works - fails > 1) {
      const std::int64_t middle = fails + (works - fails) / 2;
      (least_distortion(mixture_, middle) <= target ? works : fails) = middle;
    }
    return works;
  }

  /// Where to begin. A shared grid of a mixture is not foreseen, nor is any other radius.
  std::int64_t guess(std::int64_t most) const {
    const bool foreseen = options_.family == SchemeFamily::automatic ||
                          options_.family == SchemeFamily::per_component ||
                          options_.family == SchemeFamily::lloyd ||
                          (options_.family == SchemeFamily::grid && mixture_.components() == 1);
    if (!foreseen) return 1;
    QuantizeOptions options = options_;
    options.tolerance = left();
    return guess_support(context_, mixture_, options, most);
  }

  bool meets(std::int64_t support) {
    report(options_.progress, "search", fraction_);
    fraction_ += (1 - fraction_) / 32;
    for (std::size_t at = 0; at < trials_.size(); ++at) {
      if (!meets(support, trials_[at].best)) continue;
      std::rotate(trials_.begin(), trials_.begin() + static_cast<std::ptrdiff_t>(at),
                  trials_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
      return true;
    }
    return false;
  }

  bool meets(std::int64_t support, SchemeTrial& best) {
    return certificate(support, best) <= options_.tolerance;
  }

  /// Keeps the scheme if it meets the tolerance.
  double certificate(Scheme scheme, SchemeTrial& best) {
    const double w2 = after_reduction(certify(context_, scheme, mixture_), reduction_).w2;
    const bool met = w2 <= options_.tolerance;
    if (met || w2 < best.w2) best = {best.family, scheme.support(), w2};
    if (!met) return w2;
    scheme_ = std::move(scheme);
    family_ = best.family;
    may_rise_ = may_rise_ || may_rise(best.family);
    return w2;
  }

  /// The same for a budget. ∞ where the scheme does not fit the workspace.
  double certificate(std::int64_t support, SchemeTrial& best) {
    QuantizeOptions options = options_;
    options.support = support;
    if (options_.progress)
      options.progress = [this](const Progress&) {
        return options_.progress({"search", fraction_});
      };
    if (best.family == SchemeFamily::cross && options_.family == SchemeFamily::automatic &&
        cross_lower_bound(mixture_, options) > left() * (1 + kRounding))
      return INFINITY;
    try {
      return certificate(make(options, best.family), best);
    } catch (const MemoryRefused&) {
      throw;
    } catch (const OutOfMemory&) {
      if (support == 1) throw;
      return INFINITY;
    }
  }

  /// Modes do not depend on the support.
  Scheme make(const QuantizeOptions& options, SchemeFamily family) {
    if (family != SchemeFamily::per_mode)
      return make_family_scheme(context_, mixture_, options, family);
    if (!groups_) groups_ = mode_groups(context_, mixture_, options);
    return make_per_mode_scheme(context_, mixture_, options, *groups_);
  }

  /// Crosses of other than optimal radii may be worst where they are largest: budgets up to the
  /// unscented sets' with all axes are tried one by one. 0 if there are no such crosses.
  std::int64_t last_of_other_radii() const {
    const bool other = std::any_of(trials_.begin(), trials_.end(), [&](const Trial& trial) {
      return trial.best.family == SchemeFamily::cross && may_rise(SchemeFamily::cross);
    });
    if (!other) return 0;
    return std::clamp(2 * mixture_.dimension() * mixture_.components(), kTriedOneByOne,
                      kMostTriedBelow);
  }

  /// Whether smaller supports are tried because certificates of the family may rise with the
  /// budget; schemes of modes take too long for that.
  bool may_rise(SchemeFamily family) const {
    if (family == SchemeFamily::per_mode) return false;
    return family == SchemeFamily::cross ? options_.radii != CrossRadii::optimal
                                         : mixture_.components() > 1;
  }

  /// What bisection may have passed over.
  void try_fewer(std::int64_t least, std::int64_t works) {
    const std::int64_t first =
        works <= kTriedOneByOne ? least : std::max(least, works - kTriedBelow);
    for (std::int64_t support = first; support < works; ++support)
      if (meets(support)) return;
  }

  const Context& context_;
  const GaussianMixture& mixture_;
  const QuantizeOptions& options_;
  double reduction_;
  std::vector<Trial> trials_;
  std::optional<std::vector<ModeGroup>> groups_;
  std::optional<Scheme> scheme_;  // of the last budget that met the tolerance
  SchemeFamily family_ = SchemeFamily::automatic;
  bool may_rise_ = false;
  double fraction_ = 0;
};

/// Puts a scheme of another family with fewer points in the place of `best`, if one is found before
/// the deadline. False if nothing was found by then.
bool find_fewer(const Context& context, const GaussianMixture& mixture,
                const QuantizeOptions& options, double reduction, const Deadline& deadline,
                Scheme& best, QuantizeStatistics& statistics) {
  const Heartbeat heartbeat(options.progress);
  Search search(context, mixture, options, reduction);
  bool finished = true;
  try {
    if (best.support() > 1) search.run(best.support() - 1);
  } catch (const Cancelled&) {
    if (!deadline.passed()) throw;
    finished = false;
  }
  search.report_to(statistics);
  if (!search.found()) return finished;
  best = *std::move(search.found());
  return true;
}

}  // namespace

Scheme smallest_scheme(const Context& context, const GaussianMixture& mixture,
                       const QuantizeOptions& options, double reduction, const Deadline& deadline,
                       QuantizeStatistics& statistics) {
  const std::int64_t most = most_points(context, mixture.dimension());
  Search search(context, mixture, options, reduction);
  search.run(most);
  if (!search.found()) search.throw_not_reached(most);
  search.report_to(statistics);
  Scheme best = *std::move(search.found());
  if (options.family != SchemeFamily::automatic || !deadline.limited()) return best;
  for (const SchemeFamily family : kByTime) {
    if (!needs_time(family, mixture)) continue;
    QuantizeOptions one = options;
    one.family = family;
    one.progress = deadline.watching(options.progress);
    if (deadline.passed() ||
        !find_fewer(context, mixture, one, reduction, deadline, best, statistics))
      statistics.left_out.push_back(family);
  }
  return best;
}

}  // namespace wquant
