#include "quantize/tolerance.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "backend/checked.hpp"
#include "common/progress.hpp"
#include "common/validation.hpp"
#include "quantize/families.hpp"
#include "quantize/rate_distortion.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kLargestSupport = 1'000'000'000;
/// Smaller supports are tried one by one where certificates need not fall monotonically.
constexpr std::int64_t kTriedOneByOne = 256;
constexpr std::int64_t kTriedBelow = 16;
constexpr std::int64_t kMostTriedBelow = 65'536;
/// Points whose certificate is stated where no support within the workspace can do.
constexpr std::int64_t kSample = 1'000'000;
/// More than the rounding of least_distortion.
constexpr double kRounding = 1e-9;

std::int64_t most_points(const Context& context, std::int64_t dimension) {
  const std::size_t bytes_per_point = sizeof(double) * static_cast<std::size_t>(dimension + 1);
  return std::clamp<std::int64_t>(
      static_cast<std::int64_t>(context.workspace_limit() / bytes_per_point), 1, kLargestSupport);
}

/// The families that may be used. For each budget they are asked one after the other, the one with
/// the last success first, whether they meet the tolerance.
class Search {
 public:
  Search(const Context& context, const GaussianMixture& mixture, const QuantizeOptions& options)
      : context_(context), mixture_(mixture), options_(options) {
    for (const SchemeFamily family : families_to_try(mixture, options))
      trials_.emplace_back(family);
    if (options.scheme == SchemeFamily::automatic)  // the likelier ones first
      std::stable_partition(trials_.begin(), trials_.end(), [](const Trial& trial) {
        return trial.best.family == SchemeFamily::per_component;
      });
  }

  /// From a guess with growing steps to a budget that meets the tolerance and one that does not,
  /// then bisection.
  Scheme smallest(std::int64_t most) {
    const std::int64_t least = least_support(most);
    if (least > most) {
      meets(std::min(most, kSample));
      throw_not_reached(most);
    }
    const std::int64_t tried = std::min(most, last_of_other_radii());
    for (std::int64_t support = least; support <= tried; ++support)
      if (meets(support)) return *std::move(scheme_);
    if (tried == most) throw_not_reached(most);
    const std::int64_t first = std::max(least, tried + 1);
    std::int64_t works = std::clamp(guess(most), first, most);
    std::int64_t fails = first - 1;
    std::int64_t step = 1;
    while (!meets(works)) {
      if (works == most) throw_not_reached(most);
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
    return *std::move(scheme_);
  }

  void report_to(QuantizeStatistics& statistics) const {
    for (const Trial& trial : trials_)
      if (std::isfinite(trial.best.w2)) statistics.tried.push_back(trial.best);
    statistics.family = family_;
  }

 private:
  struct Trial {
    explicit Trial(SchemeFamily family) : best{family, 0, INFINITY} {}
    SchemeTrial best;  // the last one that met the tolerance, else the smallest certificate
  };

  /// No smaller support can do, whatever the scheme; most + 1 if even that many points cannot.
  std::int64_t least_support(std::int64_t most) const {
    const double target = options_.tolerance * options_.tolerance * (1 + kRounding);
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
    const bool foreseen = options_.scheme == SchemeFamily::automatic ||
                          options_.scheme == SchemeFamily::per_component ||
                          (options_.scheme == SchemeFamily::grid && mixture_.components() == 1);
    return foreseen ? guess_support(context_, mixture_, options_, most) : 1;
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

  /// Keeps the scheme if it meets the tolerance. One that does not fit the workspace does not.
  bool meets(std::int64_t support, SchemeTrial& best) {
    QuantizeOptions options = options_;
    options.support = support;
    options.progress = {};
    if (best.family == SchemeFamily::cross && options_.scheme == SchemeFamily::automatic &&
        cross_lower_bound(mixture_, options) > options_.tolerance)
      return false;
    try {
      Scheme scheme = make(options, best.family);
      const double w2 = certify(context_, scheme, mixture_).w2;
      const bool met = w2 <= options_.tolerance;
      if (met || w2 < best.w2) best = {best.family, scheme.support(), w2};
      if (!met) return false;
      scheme_ = std::move(scheme);
      family_ = best.family;
      may_rise_ = may_rise_ || may_rise(best.family);
      return true;
    } catch (const OutOfMemory&) {
      if (support == 1) throw;
      return false;
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

  [[noreturn]] void throw_not_reached(std::int64_t most) const {
    const auto best =
        std::min_element(trials_.begin(), trials_.end(),
                         [](const Trial& a, const Trial& b) { return a.best.w2 < b.best.w2; });
    throw OutOfMemory("tolerance: " + number_text(options_.tolerance) +
                      " is not reached with the " + std::to_string(most) +
                      " points that fit the workspace limit of " +
                      human_bytes(static_cast<double>(context_.workspace_limit())) +
                      "; the best certificate is " + number_text(best->best.w2) + " with " +
                      std::to_string(best->best.support));
  }

  const Context& context_;
  const GaussianMixture& mixture_;
  const QuantizeOptions& options_;
  std::vector<Trial> trials_;
  std::optional<std::vector<ModeGroup>> groups_;
  std::optional<Scheme> scheme_;  // of the last budget that met the tolerance
  SchemeFamily family_ = SchemeFamily::automatic;
  bool may_rise_ = false;
  double fraction_ = 0;
};

}  // namespace

Scheme smallest_scheme(const Context& context, const GaussianMixture& mixture,
                       const QuantizeOptions& options, QuantizeStatistics& statistics) {
  Search search(context, mixture, options);
  Scheme scheme = search.smallest(most_points(context, mixture.dimension()));
  search.report_to(statistics);
  return scheme;
}

}  // namespace wquant
