#include "quantize/search/per_component.hpp"

#include "quantize/mixture/component_tables.hpp"
#include "quantize/points/component_grids.hpp"

namespace wquant {

Scheme make_per_component_scheme(const Context& context, const GaussianMixture& mixture,
                                 const QuantizeOptions& options) {
  return component_grids(context, mixture, options.support,
                         rank_tolerance_or_default(options.rank_tolerance, mixture.dimension()));
}

}  // namespace wquant
