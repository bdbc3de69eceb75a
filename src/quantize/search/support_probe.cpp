#include "quantize/search/support_probe.hpp"

#include <algorithm>
#include <cmath>

#include "base/checked.hpp"
#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "quantize/certificate/certificate_parts.hpp"
#include "quantize/search/cross_scheme.hpp"
#include "quantize/search/families.hpp"
#include "quantize/search/rate_distortion.hpp"

namespace wquant {

SupportProbe::SupportProbe(const Context& context, const GaussianMixture& mixture,
                           const QuantizeOptions& options, double reduction)
    : context_(context), mixture_(mixture), options_(options), reduction_(reduction) {
  for (const SchemeFamily family : families_to_try(mixture, options))
    trials_.push_back({family, 0, kInfinity});
  if (options.family == SchemeFamily::automatic)  // the likelier ones first
    std::stable_partition(trials_.begin(), trials_.end(), [](const SchemeTrial& trial) {
      return trial.family == SchemeFamily::per_component;
    });
}

bool SupportProbe::try_support(std::int64_t support) {
  for (auto trial = trials_.begin(); trial != trials_.end(); ++trial) {
    if (certificate(support, *trial) > options_.tolerance) continue;
    std::rotate(trials_.begin(), trial, trial + 1);
    return true;
  }
  return false;
}

SupportProbe::Outcome SupportProbe::try_only_family(std::int64_t support) {
  const double w2 = certificate(support, trials_.front());
  return {w2 <= options_.tolerance, w2 - reduction_};
}

void SupportProbe::offer(Scheme scheme) { certificate(std::move(scheme), trials_.front()); }

void SupportProbe::report_to(QuantizeStatistics& statistics) const {
  for (const SchemeTrial& trial : trials_)
    if (std::isfinite(trial.w2)) statistics.tried.push_back(trial);
  if (scheme_) statistics.family = family_;
}

Scheme SupportProbe::make(const QuantizeOptions& options, SchemeFamily family) {
  if (family != SchemeFamily::per_mode)
    return make_family_scheme(context_, mixture_, options, family);
  if (!groups_) groups_ = mode_groups(context_, mixture_, options);
  return make_per_mode_scheme(context_, mixture_, options, *groups_);
}

/// Keeps the scheme if it meets the tolerance.
double SupportProbe::certificate(Scheme scheme, SchemeTrial& trial) {
  const double w2 = after_reduction(certify(context_, scheme, mixture_), reduction_).w2;
  const bool met = w2 <= options_.tolerance;
  if (met || w2 < trial.w2) trial = {trial.family, scheme.support(), w2};
  if (!met) return w2;
  scheme_ = std::move(scheme);
  family_ = trial.family;
  return w2;
}

/// The same for a budget. ∞ where the scheme does not fit the workspace.
double SupportProbe::certificate(std::int64_t support, SchemeTrial& trial) {
  QuantizeOptions options = options_;
  options.support = support;
  if (trial.family == SchemeFamily::cross && options_.family == SchemeFamily::automatic &&
      cross_lower_bound(mixture_, options) > tolerance() * (1 + kBoundRounding))
    return kInfinity;
  try {
    return certificate(make(options, trial.family), trial);
  } catch (const MemoryRefused&) {
    throw;
  } catch (const OutOfMemory&) {
    if (support == 1 || Pulse::refused()) throw;
    return kInfinity;
  }
}

}  // namespace wquant
