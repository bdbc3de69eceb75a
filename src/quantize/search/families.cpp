#include "quantize/search/families.hpp"

#include <algorithm>
#include <iterator>

#include "quantize/search/cross_scheme.hpp"
#include "quantize/search/grid_scheme.hpp"
#include "quantize/search/lloyd_scheme.hpp"
#include "quantize/search/per_component.hpp"
#include "quantize/search/per_mode.hpp"
#include "quantize/search/tree_scheme.hpp"
#include "wquant/error.hpp"

namespace wquant {

std::vector<SchemeFamily> families_to_try(const GaussianMixture& mixture,
                                          const QuantizeOptions& options) {
  if (options.family != SchemeFamily::automatic) return {options.family};
  std::vector<SchemeFamily> families{SchemeFamily::grid};
  if (mixture.components() > 1) families.push_back(SchemeFamily::per_component);
  // A cross on a line is a grid that has no middle point.
  if (mixture.dimension() > 1) families.push_back(SchemeFamily::cross);
  if (options.seconds == 0 || options.tolerance > 0) return families;
  std::copy_if(std::begin(kFamilies), std::end(kFamilies), std::back_inserter(families),
               [&](SchemeFamily family) { return needs_time(family, mixture); });
  return families;
}

bool needs_time(SchemeFamily family, const GaussianMixture& mixture) {
  return family == SchemeFamily::tree || family == SchemeFamily::lloyd ||
         (family == SchemeFamily::per_mode && mixture.components() > 1);
}

Scheme make_family_scheme(const Context& context, const GaussianMixture& mixture,
                          const QuantizeOptions& options, SchemeFamily family) {
  switch (family) {
    case SchemeFamily::grid:
      return make_grid_scheme(context, mixture, options);
    case SchemeFamily::per_component:
      return make_per_component_scheme(context, mixture, options);
    case SchemeFamily::cross:
      return make_cross_scheme(context, mixture, options);
    case SchemeFamily::per_mode:
      return make_per_mode_scheme(context, mixture, options,
                                  mode_groups(context, mixture, options));
    case SchemeFamily::tree:
      return make_tree_scheme(context, mixture, options);
    case SchemeFamily::lloyd:
      return make_lloyd_scheme(context, mixture, options);
    case SchemeFamily::automatic:
      break;
  }
  throw InvalidArgument("family: automatic stands for several");
}

}  // namespace wquant
