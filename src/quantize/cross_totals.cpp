#include "quantize/cross_totals.hpp"

#include "quantize/families.hpp"
#include "wquant/error.hpp"
namespace wquant {
LayerTotals cross_totals(const Cross&, const std::vector<std::int64_t>&, const GaussianMixture&,
                         const std::vector<double>&, double, PointBlock&) {
  throw NotCompiled("x");
}
Scheme make_cross_scheme(const Context& context, const GaussianMixture& mixture,
                         const QuantizeOptions& options) {
  return make_grid_scheme(context, mixture, options);
}
}  // namespace wquant
