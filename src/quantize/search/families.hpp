#pragma once

#include <vector>

#include "wquant/quantize.hpp"

namespace wquant {

/// All families, in the order in which they are tried; of equal certificates the first one wins.
inline constexpr SchemeFamily kFamilies[] = {SchemeFamily::grid,  SchemeFamily::per_component,
                                             SchemeFamily::cross, SchemeFamily::per_mode,
                                             SchemeFamily::tree,  SchemeFamily::lloyd};

/// The same, the one first that any number of components takes least time for.
inline constexpr decltype(kFamilies) kByTime = {SchemeFamily::per_component, SchemeFamily::grid,
                                                SchemeFamily::cross,         SchemeFamily::per_mode,
                                                SchemeFamily::tree,          SchemeFamily::lloyd};

/// What the options ask for: one family, or under `automatic` all that may serve the mixture.
std::vector<SchemeFamily> families_to_try(const GaussianMixture& mixture,
                                          const QuantizeOptions& options);

/// Whether `automatic` tries this family for the mixture only where `seconds` gives it time.
bool needs_time(SchemeFamily family, const GaussianMixture& mixture);

/// A scheme of this family, not automatic, with at most `options.support` points.
Scheme make_family_scheme(const Context& context, const GaussianMixture& mixture,
                          const QuantizeOptions& options, SchemeFamily family);

}  // namespace wquant
