#include "wquant/quantize.hpp"

#include <chrono>
#include <optional>

#include "quantize/families.hpp"
#include "quantize/progress.hpp"
#include "quantize/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kLargestSupport = 1'000'000'000;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void validate(const Context& context, const GaussianMixture& mixture,
              const QuantizeOptions& options) {
  if (options.support < 1 || options.support > kLargestSupport)
    throw InvalidArgument("support: " + std::to_string(options.support) +
                          " points; expected 1 to " + std::to_string(kLargestSupport));
  if (!(options.rank_tolerance < 1))
    throw InvalidArgument("rank_tolerance: " + number_text(options.rank_tolerance) +
                          "; expected a number below 1");
  require_points_fit(context, options.support, mixture.dimension());
}

Scheme build(const Context& context, const GaussianMixture& mixture, const QuantizeOptions& options,
             SchemeFamily family) {
  return family == SchemeFamily::grid ? make_grid_scheme(context, mixture, options)
                                      : make_per_component_scheme(context, mixture, options);
}

}  // namespace

std::string_view name(SchemeFamily family) {
  switch (family) {
    case SchemeFamily::automatic:
      return "auto";
    case SchemeFamily::grid:
      return "grid";
    case SchemeFamily::per_component:
      return "per-component";
  }
  throw InvalidArgument("family: not a SchemeFamily");
}

Scheme make_scheme(const Context& context, const GaussianMixture& mixture,
                   const QuantizeOptions& options, QuantizeStatistics* statistics) {
  validate(context, mixture, options);
  std::vector<SchemeFamily> families{options.scheme};
  if (options.scheme == SchemeFamily::automatic) {
    families = {SchemeFamily::grid};
    if (mixture.components() > 1) families.push_back(SchemeFamily::per_component);
  }
  std::optional<Scheme> best;
  SchemeTrial best_trial{};
  for (const SchemeFamily family : families) {
    Scheme scheme = build(context, mixture, options, family);
    const SchemeTrial trial{family, scheme.support(), certify(context, scheme, mixture).w2};
    if (statistics) statistics->tried.push_back(trial);
    if (!best || trial.w2 < best_trial.w2) {
      best = std::move(scheme);
      best_trial = trial;
    }
  }
  if (statistics) statistics->family = best_trial.family;
  return *std::move(best);
}

Quantization quantize(const Context& context, const GaussianMixture& mixture,
                      const QuantizeOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  QuantizeStatistics statistics;
  Scheme scheme = make_scheme(context, mixture, options, &statistics);
  statistics.scheme_seconds = seconds_since(start);
  const auto middle = std::chrono::steady_clock::now();
  AppliedScheme applied = apply(context, scheme, mixture, options.progress);
  statistics.apply_seconds = seconds_since(middle);
  return {std::move(applied.distribution), applied.certificate, std::move(scheme),
          std::move(statistics)};
}

}  // namespace wquant
