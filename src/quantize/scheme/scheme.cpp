#include "wquant/scheme.hpp"

#include <numeric>
#include <ostream>
#include <string>

#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

std::vector<Layer> one_layer(Pattern pattern, std::int64_t components) {
  require_at_least("components", components, 1);
  std::vector<std::int64_t> all(static_cast<std::size_t>(components));
  std::iota(all.begin(), all.end(), 0);
  std::vector<Layer> layers;
  layers.push_back({std::move(pattern), std::move(all)});
  return layers;
}

}  // namespace

std::int64_t size(const Pattern& pattern) {
  return std::visit([](const auto& p) { return p.size(); }, pattern);
}

std::int64_t dimension(const Pattern& pattern) {
  return std::visit(
      [](const auto& p) {
        if constexpr (requires { p.axes(); })
          return p.axes().dimension();
        else
          return p.dimension();
      },
      pattern);
}

Scheme Scheme::grid(Grid grid, std::int64_t components) {
  return Scheme(one_layer(std::move(grid), components));
}

Scheme Scheme::cross(Cross cross, std::int64_t components) {
  return Scheme(one_layer(std::move(cross), components));
}

Scheme Scheme::free(FreePoints points, std::int64_t components) {
  return Scheme(one_layer(std::move(points), components));
}

Scheme Scheme::tree(Tree tree, std::int64_t components) {
  return Scheme(one_layer(std::move(tree), components));
}

Scheme Scheme::layered(std::vector<Layer> layers) { return Scheme(std::move(layers)); }

Scheme::Scheme(std::vector<Layer> layers) : layers_(std::move(layers)) {
  if (layers_.empty()) throw InvalidArgument("layers: none; expected at least one");
  for (const Layer& layer : layers_)
    components_ += static_cast<std::int64_t>(layer.components.size());
  std::vector<bool> seen(static_cast<std::size_t>(components_));
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const std::string place = "layers[" + std::to_string(l) + "]";
    if (layers_[l].components.empty())
      throw InvalidArgument(place + ": no components; expected at least one");
    if (wquant::dimension(layers_[l].pattern) != dimension())
      throw InvalidArgument(place + ": dimension " +
                            std::to_string(wquant::dimension(layers_[l].pattern)) + "; expected " +
                            std::to_string(dimension()));
    for (const std::int64_t i : layers_[l].components) {
      if (i < 0 || i >= components_ || seen[static_cast<std::size_t>(i)])
        throw InvalidArgument(place + ": component " + std::to_string(i) +
                              "; expected each of 0 to " + std::to_string(components_ - 1) +
                              " exactly once over all layers");
      seen[static_cast<std::size_t>(i)] = true;
    }
    if (__builtin_add_overflow(support_, size(layers_[l].pattern), &support_))
      throw InvalidArgument("layers: more than 2^63 locations");
  }
}

std::ostream& operator<<(std::ostream& out, const Scheme& scheme) {
  out << "scheme: " << scheme.support() << " points in dimension " << scheme.dimension() << ", "
      << scheme.layers().size() << " layer(s) over " << scheme.components() << " component(s)\n";
  for (const Layer& layer : scheme.layers()) {
    out << "  ";
    std::visit([&](const auto& pattern) { out << pattern; }, layer.pattern);
    out << ", " << layer.components.size() << " component(s)\n";
  }
  return out;
}

}  // namespace wquant
