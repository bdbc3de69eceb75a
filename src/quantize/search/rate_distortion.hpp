#pragma once

#include <cstdint>

#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// D(R): the least mean squared error of any description of N(0, diag λ) in R nats, by reverse
/// water-filling (Cover & Thomas, Elements of Information Theory, theorem 10.3.3). variances ≥ 0,
/// any order.
double gaussian_distortion(VectorView<const double> variances, double nats);

/// ≤ W₂² between the mixture and any distribution on `support` points: sending X to a point tells
/// at most log N nats of it, and knowing its component as well, Σ_i w_i D_i(log N) is still needed.
/// To rounding; for bounding searches.
double least_distortion(const GaussianMixture& mixture, std::int64_t support);

/// More than the relative rounding of such bounds.
inline constexpr double kBoundRounding = 1e-9;

/// No smaller support can be within `distance` of the mixture, whatever the scheme; most + 1 if
/// even `most` points cannot.
std::int64_t least_support(const GaussianMixture& mixture, double distance, std::int64_t most);

}  // namespace wquant
