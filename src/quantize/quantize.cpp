#include "wquant/quantize.hpp"

#include <chrono>
#include <optional>

#include "quantize/component_tables.hpp"
#include "quantize/evaluation.hpp"
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
  require_rank_tolerance(options.rank_tolerance);
  require_points_fit(context, options.support, mixture.dimension());
}

Scheme build(const Context& context, const GaussianMixture& mixture, const QuantizeOptions& options,
             SchemeFamily family) {
  return family == SchemeFamily::grid ? make_grid_scheme(context, mixture, options)
                                      : make_per_component_scheme(context, mixture, options);
}

/// A scheme that was built, laid over its mixture.
struct Candidate {
  Candidate(const Context& context, const GaussianMixture& mixture, SchemeFamily of, Scheme built)
      : family(of), scheme(std::move(built)), evaluation(context, scheme, mixture) {}

  SchemeFamily family;
  Scheme scheme;
  Evaluation evaluation;
};

Candidate best_candidate(const Context& context, const GaussianMixture& mixture,
                         const QuantizeOptions& options, QuantizeStatistics& statistics) {
  validate(context, mixture, options);
  std::vector<SchemeFamily> families{options.scheme};
  if (options.scheme == SchemeFamily::automatic) {
    families = {SchemeFamily::grid};
    if (mixture.components() > 1) families.push_back(SchemeFamily::per_component);
  }
  std::optional<Candidate> best;
  for (const SchemeFamily family : families) {
    Candidate candidate(context, mixture, family, build(context, mixture, options, family));
    const double w2 = candidate.evaluation.certificate.w2;
    statistics.tried.push_back({family, candidate.scheme.support(), w2});
    if (!best || w2 < best->evaluation.certificate.w2) best.emplace(std::move(candidate));
  }
  statistics.family = best->family;
  return *std::move(best);
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
  QuantizeStatistics unwanted;
  return best_candidate(context, mixture, options, statistics ? *statistics : unwanted).scheme;
}

Quantization quantize(const Context& context, const GaussianMixture& mixture,
                      const QuantizeOptions& options) {
  QuantizeStatistics statistics;
  const auto start = std::chrono::steady_clock::now();
  Candidate candidate = best_candidate(context, mixture, options, statistics);
  statistics.scheme_seconds = seconds_since(start);
  const auto middle = std::chrono::steady_clock::now();
  DiscreteDistribution distribution = materialise(context, candidate.evaluation, options.progress);
  statistics.apply_seconds = seconds_since(middle);
  return {std::move(distribution), candidate.evaluation.certificate, std::move(candidate.scheme),
          std::move(statistics)};
}

}  // namespace wquant
