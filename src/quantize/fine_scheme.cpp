#include "quantize/fine_scheme.hpp"

#include "quantize/families.hpp"

namespace wquant {

Scheme fine_scheme(const Context& context, const GaussianMixture& mixture, std::int64_t support) {
  return make_per_component_scheme(context, mixture, {.support = support});
}

}  // namespace wquant
