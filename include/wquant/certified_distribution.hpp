#pragma once

#include "wquant/certificate.hpp"
#include "wquant/discrete_distribution.hpp"

namespace wquant {

/// A discrete distribution D and a proven bound on its distance from the distribution P that it
/// approximates.
struct CertifiedDistribution {
  DiscreteDistribution distribution;  ///< D.
  Certificate certificate;            ///< W₂(P, D) ≤ certificate.w2.
};

}  // namespace wquant
