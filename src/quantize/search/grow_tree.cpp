#include "quantize/search/grow_tree.hpp"

#include <optional>
#include <utility>

#include "quantize/search/tree_scheme.hpp"

namespace wquant {

bool grow_tree(SupportProbe& probe, std::int64_t most) {
  QuantizeOptions options = probe.options();
  options.tolerance = probe.tolerance();
  std::optional<Scheme> tree = grow_tree_scheme(probe.context(), probe.mixture(), options, most);
  if (!tree) return false;
  probe.offer(*std::move(tree));
  return true;
}

}  // namespace wquant
