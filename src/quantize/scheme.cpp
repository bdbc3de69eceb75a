#include "wquant/scheme.hpp"

#include <numeric>
#include <ostream>
#include <string>

#include "wquant/error.hpp"

namespace wquant {

Scheme Scheme::grid(Grid grid, std::int64_t components) {
  if (components < 1)
    throw InvalidArgument("components: " + std::to_string(components) + "; expected at least 1");
  std::vector<std::int64_t> all(static_cast<std::size_t>(components));
  std::iota(all.begin(), all.end(), 0);
  std::vector<Layer> layers;
  layers.push_back({std::move(grid), std::move(all)});
  return Scheme(std::move(layers));
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
    if (layers_[l].grid.axes().dimension() != dimension())
      throw InvalidArgument(place + ": dimension " +
                            std::to_string(layers_[l].grid.axes().dimension()) + "; expected " +
                            std::to_string(dimension()));
    for (const std::int64_t i : layers_[l].components) {
      if (i < 0 || i >= components_ || seen[static_cast<std::size_t>(i)])
        throw InvalidArgument(place + ": component " + std::to_string(i) +
                              "; expected each of 0 to " + std::to_string(components_ - 1) +
                              " exactly once over all layers");
      seen[static_cast<std::size_t>(i)] = true;
    }
    if (__builtin_add_overflow(support_, layers_[l].grid.size(), &support_))
      throw InvalidArgument("layers: more than 2^63 locations");
  }
}

std::ostream& operator<<(std::ostream& out, const Scheme& scheme) {
  out << "scheme: " << scheme.support() << " points in dimension " << scheme.dimension() << ", "
      << scheme.layers().size() << " layer(s) over " << scheme.components() << " component(s)\n";
  for (const Layer& layer : scheme.layers()) {
    out << "  grid ";
    const std::vector<std::int64_t> shape = layer.grid.shape();
    if (shape.empty()) out << "of one point";
    for (std::size_t k = 0; k < shape.size(); ++k) out << (k ? " x " : "") << shape[k];
    out << ", scales";
    for (const double s : layer.grid.axes().scales()) out << ' ' << s;
    out << ", " << layer.components.size() << " component(s)\n";
  }
  return out;
}

}  // namespace wquant
