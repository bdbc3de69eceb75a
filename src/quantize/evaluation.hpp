#pragma once

#include "quantize/scheme_tables.hpp"
#include "wquant/array.hpp"
#include "wquant/certificate.hpp"
#include "wquant/quantize.hpp"

namespace wquant {

/// A scheme laid over a mixture: the tables, the 1-D cell moments of every component, and the
/// certificate that follows from them.
struct Evaluation {
  Evaluation(const Context& context, const Scheme& scheme, const GaussianMixture& mixture);

  SchemeTables tables;
  Array<double> cell_mass;
  Certificate certificate;
};

/// The discrete distribution of an evaluated scheme.
DiscreteDistribution materialise(const Context& context, const Evaluation& evaluation,
                                 const ProgressCallback& progress);

}  // namespace wquant
