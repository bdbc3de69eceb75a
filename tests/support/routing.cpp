#include "support/routing.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/distance_above.hpp"

namespace wquant::test {

std::vector<double> training_masses(const std::vector<std::int64_t>& counts) {
  std::vector<double> out;
  double sum = 0;
  for (const std::int64_t count : counts) {
    out.push_back(static_cast<double>(count) + 1e-3);
    sum += out.back();
  }
  for (double& mass : out) mass /= sum;
  return out;
}

AtomProblem::AtomProblem(std::vector<double> points, std::size_t dimension,
                         std::vector<double> masses)
    : atoms(std::move(points)), d(dimension), mass(std::move(masses)) {
  const std::size_t m = mass.size();
  distances.assign(m * m, 0.0);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < d; ++k)
        sum += (atoms[i * d + k] - atoms[j * d + k]) * (atoms[i * d + k] - atoms[j * d + k]);
      distances[i * m + j] = std::sqrt(sum);
    }
  diameter = *std::max_element(distances.begin(), distances.end());
}

NeighbourGraph AtomProblem::graph(std::int64_t neighbours) const {
  const Contraction nodes = contract(distance_view());
  NeighbourGraph out{{},
                     std::vector<double>(nodes.first.size(), 0.0),
                     nodes.node,
                     nodes.moved,
                     distance_above(diameter, dimension())};
  for (std::size_t a = 0; a < mass.size(); ++a) out.mass[nodes.node[a]] += mass[a];
  out.graph = routing_graph(distance_view(), nodes.first, out.mass, neighbours);
  return out;
}

NeighbourRouting AtomProblem::routing(std::int64_t neighbours, int order, int threads) const {
  return {threads, graph(neighbours), dimension(), order};
}

TreeRouting AtomProblem::tree(int order) const {
  std::vector<double> copy = distances;
  return {1, complete_linkage({copy.data(), size(), size()}), dimension(), order};
}

}  // namespace wquant::test
