#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wquant/certificate.hpp"
#include "wquant/context.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/export.hpp"
#include "wquant/gaussian_mixture.hpp"
#include "wquant/progress.hpp"
#include "wquant/scheme.hpp"

namespace wquant {

/// Families of schemes that `make_scheme` can build.
enum class SchemeFamily {
  automatic,      ///< the family with the smallest certificate.
  grid,           ///< one grid shared by all components.
  per_component,  ///< one grid a component, the budget allocated by marginal gain.
};

/// "auto", "grid" or "per-component".
WQUANT_API std::string_view name(SchemeFamily family);

struct QuantizeOptions {
  std::int64_t support = 100;                     ///< at most this many points, 1 … 10⁹.
  SchemeFamily scheme = SchemeFamily::automatic;  ///< which family to use.
  double rank_tolerance = -1;  ///< eigenvalues ≤ this · λ_max get no grid dimension; < 0: d·ε.
  std::uint64_t seed = 0;      ///< of the random combination that finds a common eigenbasis.
  ProgressCallback progress = {};  ///< may be empty.
};

/// One family that was built, and what it certified.
struct SchemeTrial {
  SchemeFamily family;
  std::int64_t support;
  double w2;
};

struct QuantizeStatistics {
  double scheme_seconds = 0;
  double apply_seconds = 0;
  SchemeFamily family = SchemeFamily::automatic;  ///< the one used.
  std::vector<SchemeTrial> tried;
};

/// The result of quantize.
struct Quantization {
  DiscreteDistribution distribution;
  Certificate certificate;
  Scheme scheme;
  QuantizeStatistics statistics;
};

/// The result of apply.
struct AppliedScheme {
  DiscreteDistribution distribution;
  Certificate certificate;
};

/// Chooses where the points go; `statistics`, if given, receives what was tried.
/// Throws InvalidArgument, OutOfMemory (points beyond the workspace limit), Cancelled.
WQUANT_API Scheme make_scheme(const Context& context, const GaussianMixture& mixture,
                              const QuantizeOptions& options,
                              QuantizeStatistics* statistics = nullptr);

/// The bound on W₂(mixture, discrete distribution of the scheme), without making the points: any
/// scheme with the mixture's number of components and dimension, made for it or not (§3, §10).
WQUANT_API Certificate certify(const Context& context, const Scheme& scheme,
                               const GaussianMixture& mixture);

/// The discrete distribution that the scheme makes of the mixture, with its certificate.
WQUANT_API AppliedScheme apply(const Context& context, const Scheme& scheme,
                               const GaussianMixture& mixture,
                               const ProgressCallback& progress = {});

/// A discrete distribution of at most `options.support` points within `certificate.w2` of the
/// mixture in W₂: make_scheme, then apply.
WQUANT_API Quantization quantize(const Context& context, const GaussianMixture& mixture,
                                 const QuantizeOptions& options);

}  // namespace wquant
