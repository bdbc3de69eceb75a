#include "support/routing.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

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
                     distance_above(diameter, dimension()).value()};
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

AtomProblem random_problem(std::size_t m, std::size_t d, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-0.5, 0.5);
  std::vector<double> atoms;
  for (std::size_t k = 0; k < m * d; ++k) atoms.push_back(uniform(engine));
  return {atoms, d, std::vector<double>(m, 1 / static_cast<double>(m))};
}

AtomProblem plane_problem(std::size_t m, std::uint64_t seed, double twin) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-0.5, 0.5);
  std::vector<double> atoms;
  for (std::size_t k = 0; k < 2 * m; ++k) atoms.push_back(uniform(engine));
  if (twin >= 0)
    for (std::size_t k = 0; k < 4; k += 2)
      for (std::size_t i = 0; i < 2; ++i) atoms[2 * k + 2 + i] = atoms[2 * k + i] + twin;
  std::vector<double> mass;
  double sum = 0;
  for (std::size_t k = 0; k < m; ++k) {
    const double square = atoms[2 * k] * atoms[2 * k] + atoms[2 * k + 1] * atoms[2 * k + 1];
    mass.push_back(std::exp(-square / 0.32));
    sum += mass.back();
  }
  for (double& x : mass) x /= sum;
  return {atoms, 2, mass};
}

std::vector<std::vector<double>> all_flows(const ElectricalFlow& flow) {
  std::vector<std::vector<double>> out;
  for (std::int64_t e = 0; e < flow.edges(); ++e) {
    out.emplace_back(flow.nodes());
    flow.through(e, 0, flow.nodes(), out.back().data());
  }
  return out;
}

std::vector<std::vector<std::int64_t>> members(const LinkageTree& tree) {
  std::vector<std::vector<std::int64_t>> out(tree.height.size());
  for (std::int64_t a = 0; a < tree.atoms; ++a) out[a] = {a};
  for (std::size_t node = 0; node + 1 < out.size(); ++node) {
    auto& above = out[tree.parent[node]];
    above.insert(above.end(), out[node].begin(), out[node].end());
  }
  return out;
}

}  // namespace wquant::test
