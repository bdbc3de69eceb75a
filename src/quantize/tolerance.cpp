#include "quantize/tolerance.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "backend/checked.hpp"
#include "quantize/families.hpp"
#include "quantize/progress.hpp"
#include "quantize/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kLargestSupport = 1'000'000'000;
/// Smaller supports are tried one by one where certificates need not fall monotonically.
constexpr std::int64_t kTriedOneByOne = 256;
constexpr std::int64_t kTriedBelow = 16;

std::int64_t most_points(const Context& context, std::int64_t dimension) {
  const std::size_t bytes_per_point = sizeof(double) * static_cast<std::size_t>(dimension + 1);
  return std::clamp<std::int64_t>(
      static_cast<std::int64_t>(context.workspace_limit() / bytes_per_point), 1, kLargestSupport);
}

/// Certificates of one family as a function of the budget.
class Family {
 public:
  Family(const Context& context, const GaussianMixture& mixture, const QuantizeOptions& options,
         SchemeFamily family)
      : context_(context), mixture_(mixture), options_(options), family_(family) {}

  /// The scheme for this budget if it meets the tolerance. Nothing also where it does not fit.
  std::optional<Scheme> meets(std::int64_t support) {
    report(options_.progress, "search", fraction_);
    fraction_ += (1 - fraction_) / 32;
    QuantizeOptions options = options_;
    options.support = support;
    options.progress = {};
    try {
      Scheme scheme = make_family_scheme(context_, mixture_, options, family_);
      const double w2 = certify(context_, scheme, mixture_).w2;
      if (!best_ || w2 < best_->w2) best_ = {family_, scheme.support(), w2};
      if (w2 <= options_.tolerance) {
        met_ = {family_, scheme.support(), w2};
        return scheme;
      }
    } catch (const OutOfMemory&) {
      if (support == 1) throw;
    }
    return std::nullopt;
  }

  /// The smallest of the budgets 1 … most that meets the tolerance: doubling, then bisection.
  std::optional<Scheme> smallest(std::int64_t most) {
    std::int64_t fails = 0;
    std::int64_t works = 0;
    std::optional<Scheme> scheme;
    for (std::int64_t support = 1; !scheme; support = std::min(most, 2 * support)) {
      scheme = meets(support);
      (scheme ? works : fails) = support;
      if (!scheme && support == most) return std::nullopt;
    }
    while (works - fails > 1) {
      const std::int64_t middle = fails + (works - fails) / 2;
      if (std::optional<Scheme> fewer = meets(middle)) {
        scheme = std::move(fewer);
        works = middle;
      } else {
        fails = middle;
      }
    }
    if (may_rise()) try_fewer(works, scheme);
    return scheme;
  }

  const std::optional<SchemeTrial>& best() const { return best_; }
  const std::optional<SchemeTrial>& met() const { return met_; }

 private:
  bool may_rise() const { return mixture_.components() > 1 && family_ != SchemeFamily::cross; }

  void try_fewer(std::int64_t works, std::optional<Scheme>& scheme) {
    const std::int64_t least = works <= kTriedOneByOne ? 1 : works - kTriedBelow;
    for (std::int64_t support = least; support < works; ++support)
      if (std::optional<Scheme> fewer = meets(support)) {
        scheme = std::move(fewer);
        return;
      }
  }

  const Context& context_;
  const GaussianMixture& mixture_;
  const QuantizeOptions& options_;
  SchemeFamily family_;
  std::optional<SchemeTrial> best_;
  std::optional<SchemeTrial> met_;  // the last one that did
  double fraction_ = 0;
};

}  // namespace

Scheme smallest_scheme(const Context& context, const GaussianMixture& mixture,
                       const QuantizeOptions& options, QuantizeStatistics& statistics) {
  const std::int64_t affordable = most_points(context, mixture.dimension());
  std::int64_t most = affordable;
  std::optional<Scheme> smallest;
  std::optional<SchemeTrial> best;
  for (const SchemeFamily name : families_to_try(mixture, options)) {
    Family family(context, mixture, options, name);
    // Another family must do with fewer points than the one before.
    if (smallest && !family.meets(most)) {
      statistics.tried.push_back(*family.best());
      continue;
    }
    std::optional<Scheme> found = family.smallest(most);
    if (family.best() && (!best || family.best()->w2 < best->w2)) best = family.best();
    statistics.tried.push_back(found ? *family.met() : *family.best());
    if (!found) continue;
    smallest = std::move(found);
    statistics.family = name;
    most = smallest->support() - 1;
    if (most == 0) break;
  }
  if (!smallest)
    throw OutOfMemory("tolerance: " + number_text(options.tolerance) + " is not reached with the " +
                      std::to_string(affordable) + " points that fit the workspace limit of " +
                      human_bytes(static_cast<double>(context.workspace_limit())) +
                      "; the best certificate is " + number_text(best->w2) + " with " +
                      std::to_string(best->support));
  return *std::move(smallest);
}

}  // namespace wquant
