#pragma once

#include "wquant/certificate.hpp"
#include "wquant/discrete_distribution.hpp"

namespace wquant {

/// A discrete distribution D and the bound on its distance from the P that it stands for.
struct CertifiedDistribution {
  DiscreteDistribution distribution;  ///< D.
  Certificate certificate;            ///< W₂(P, D) ≤ certificate.w2.
};

}  // namespace wquant
