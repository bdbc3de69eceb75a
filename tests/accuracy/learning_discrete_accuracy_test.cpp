#include <gtest/gtest.h>

#include "accuracy/exact_program.hpp"
#include "support/routing.hpp"

namespace wquant {
namespace {

using test::AtomProblem;
using test::Draw;
using test::kShapes;
using test::LearningExcess;
using test::Real;
using test::root;
using test::Shape;

AtomProblem atoms(Draw& random, Shape shape, std::int64_t most, std::int64_t d, int order) {
  const Partition partition = random.partition(shape, random.whole(1, most - 1), d, order);
  const double* const first = partition.locations().data;
  std::vector<double> mass =
      test::training_masses(random.counts(Shape::ordinary, partition.regions(), 5));
  return {{first, first + partition.regions() * d}, static_cast<std::size_t>(d), std::move(mass)};
}

/// Σ_k p_k = 1 exactly.
std::vector<Real> distribution(Draw& random, std::int64_t size) {
  std::vector<Real> out;
  Real sum = 0;
  for (std::int64_t k = 0; k < size; ++k) {
    out.emplace_back(random.chance(0.2) ? 0 : random.magnitude(-3, 0));
    if (k == 0) out.back() += 1e-3;
    sum += out.back();
  }
  for (Real& p : out) p /= sum;
  return out;
}

std::vector<Real> shares(const std::vector<std::int64_t>& counts) {
  Real total = 0;
  for (const std::int64_t count : counts) total += count;
  std::vector<Real> out;
  for (const std::int64_t count : counts) out.push_back(count / total);
  return out;
}

Real transport(const AtomProblem& problem, const std::vector<Real>& from,
               const std::vector<Real>& to, int order) {
  const std::size_t m = from.size();
  std::vector<std::vector<Real>> cost(m, std::vector<Real>(m));
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j)
      cost[i][j] =
          test::power(test::distance(problem.atoms.data() + i * problem.d,
                                     problem.atoms.data() + j * problem.d, problem.dimension()),
                      order);
  return test::transport_optimum(cost, from, to);
}

/// Of each node of a tree: the largest distance of two atoms below, and a sum over these atoms.
struct ExactTree {
  ExactTree(const AtomProblem& problem, const LinkageTree& linkage) : tree(linkage) {
    const std::size_t nodes = tree.parent.size();
    std::vector<std::vector<std::size_t>> below(nodes);
    for (std::size_t a = 0; a < problem.mass.size(); ++a) below[a] = {a};
    height.assign(nodes, Real(0));
    for (std::size_t node = 0; node < nodes; ++node) {
      for (const std::size_t a : below[node])
        for (const std::size_t b : below[node])
          height[node] = std::max(height[node], test::distance(problem.atoms.data() + a * problem.d,
                                                               problem.atoms.data() + b * problem.d,
                                                               problem.dimension()));
      if (node + 1 == nodes) break;
      auto& up = below[tree.parent[node]];
      up.insert(up.end(), below[node].begin(), below[node].end());
    }
  }

  template <class T>
  std::vector<T> sums(std::vector<T> of_atoms) const {
    of_atoms.resize(tree.parent.size(), T(0));
    for (std::size_t node = 0; node + 1 < of_atoms.size(); ++node)
      of_atoms[tree.parent[node]] += of_atoms[node];
    return of_atoms;
  }

  LinkageTree tree;
  std::vector<Real> height;
};

TEST(LearningDiscreteAccuracy, TreesBoundTransportAndTheirLimitIsThatOfTheInequalities) {
  Draw random(7301);
  LearningExcess limits("tree, limit");
  for (const Shape shape : kShapes)
    for (int k = 0; k < 200; ++k) {
      const auto order = static_cast<int>(random.whole(1, 2));
      const std::int64_t d = random.chance(0.5) ? random.whole(1, 3) : random.whole(1, 64);
      const AtomProblem problem = atoms(random, shape, 6, d, order);
      const TreeRouting routing = problem.tree(order);
      const ExactTree exact(problem, routing.tree());
      std::vector<std::int64_t> counts =
          random.counts(shape, problem.size(), random.chance(0.3) ? 9 : 4);
      const double beta = random.beta() / 2;
      const std::vector<std::int64_t> nodes = exact.sums(counts);
      const Real total = nodes.back();
      const double level = beta / 2 / static_cast<double>(nodes.size() - 1);
      Real expected = 0;
      for (std::size_t node = 0; node + 1 < nodes.size(); ++node) {
        const Real p = 2 * nodes[node] >= nodes.back()
                           ? 0.5
                           : std::min(0.5, clopper_pearson_upper(nodes[node], nodes.back(), level));
        expected += (test::power(exact.height[exact.tree.parent[node]], order) -
                     test::power(exact.height[node], order)) /
                    2 * sqrt(p * (1 - p) / total);
      }
      const Real margin =
          test::power(exact.height.back(), order) * sqrt(log(2 / Real(beta)) / (2 * total));
      limits.add(shape, routing.limit(counts, beta).distance.value(),
                 root(expected + margin, order), Real("1e-150"));

      // T ≥ W_ρ^ρ(p, p̂) whatever p and p̂.
      const std::vector<Real> p = distribution(random, problem.size());
      const std::vector<Real> q = shares(counts);
      std::vector<Real> difference;
      for (std::size_t a = 0; a < p.size(); ++a) difference.push_back(p[a] - q[a]);
      difference = exact.sums(difference);
      Real cost = 0;
      for (std::size_t node = 0; node + 1 < difference.size(); ++node)
        cost += Real(routing.cost()[node]) * abs(difference[node]);
      cost *= test::power(routing.diameter(), order);
      EXPECT_GE(cost * (1 + Real(4e-16)) + Real("1e-90") * test::power(exact.height.back(), order),
                transport(problem, p, q, order))
          << name(shape) << k;
    }
  limits.expect_small();
}

/// The flows r_e(y) that the routing stores, and what the numbers say about them.
struct ExactFlow {
  explicit ExactFlow(const NeighbourRouting& routing, const NeighbourGraph& of)
      : graph(of), nodes(graph.mass.size()) {
    std::vector<double> row(nodes);
    for (std::size_t e = 0; e < graph.graph.edges.size(); ++e) {
      routing.flow().through(static_cast<std::int64_t>(e), 0, static_cast<std::int64_t>(nodes),
                             row.data());
      flow.emplace_back(row.begin(), row.end());
    }
  }

  /// max_y ‖e_y − m − Σ_e ±r_e(y)‖₁.
  Real residual() const {
    Real worst = 0;
    for (std::size_t y = 0; y < nodes; ++y) {
      std::vector<Real> left;
      for (std::size_t i = 0; i < nodes; ++i)
        left.push_back((i == y ? 1 : 0) - Real(graph.mass[i]));
      for (std::size_t e = 0; e < flow.size(); ++e) {
        left[graph.graph.edges[e].from] -= flow[e][y];
        left[graph.graph.edges[e].to] += flow[e][y];
      }
      Real sum = 0;
      for (const Real& x : left) sum += abs(x);
      worst = std::max(worst, sum);
    }
    return worst;
  }

  NeighbourGraph graph;
  std::size_t nodes;
  std::vector<std::vector<Real>> flow;
};

/// Maurer & Pontil on the mean of values(Y).
Real mean_limit(const std::vector<Real>& values, const std::vector<Real>& p, const Real& n,
                const Real& beta) {
  Real mean = 0;
  Real variance = 0;
  Real largest = 0;
  for (std::size_t y = 0; y < p.size(); ++y) mean += p[y] * values[y];
  for (std::size_t y = 0; y < p.size(); ++y) {
    variance += p[y] * (values[y] - mean) * (values[y] - mean) * n / (n - 1);
    largest = std::max(largest, values[y]);
  }
  const Real t = log(2 / beta);
  return mean + sqrt(2 * variance * t / n) + 7 * largest * t / (3 * (n - 1));
}

/// Atoms of a problem in the nodes of its graph, and counts of samples in them.
struct NodeCounts {
  NodeCounts(const NeighbourGraph& graph, const std::vector<std::int64_t>& drawn)
      : first(graph.mass.size()), counts(graph.mass.size()) {
    for (std::size_t a = graph.node.size(); a > 0; --a) first[graph.node[a - 1]] = a - 1;
    for (std::size_t a = 0; a < drawn.size(); ++a) counts[graph.node[a]] += drawn[a];
  }

  std::vector<std::size_t> first;  // atom of each node: it stands for those that coincide with it
  std::vector<std::int64_t> counts;
};

/// The limit of design/learning.md B6, with weights w_e, which may be any numbers, of the training
/// masses.
Real exact_limit(const AtomProblem& problem, const NeighbourGraph& graph, const ExactFlow& exact,
                 const NodeCounts& nodes, double beta, int order) {
  Real n = 0;
  for (const std::int64_t count : nodes.counts) n += count;
  const std::vector<Real> q = shares(nodes.counts);
  Real weights = 0;
  std::vector<Real> psi(exact.nodes);
  std::vector<Real> phi(exact.nodes);
  for (std::size_t e = 0; e < exact.flow.size(); ++e) {
    const Edge& edge = graph.graph.edges[e];
    const Real cost =
        test::power(test::distance(problem.atoms.data() + nodes.first[edge.from] * problem.d,
                                   problem.atoms.data() + nodes.first[edge.to] * problem.d,
                                   problem.dimension()),
                    order);
    Real variance = 0;
    for (std::size_t y = 0; y < exact.nodes; ++y)
      variance += graph.mass[y] * exact.flow[e][y] * exact.flow[e][y];
    const Real deviation = sqrt(std::max(variance, Real(1e-14)));
    weights += cost * deviation;
    for (std::size_t y = 0; y < exact.nodes; ++y) {
      psi[y] += cost * abs(exact.flow[e][y]);
      phi[y] += cost / deviation * exact.flow[e][y] * exact.flow[e][y];
    }
  }
  const Real share = Real(beta) / 8;
  const Real expected = sqrt(weights * mean_limit(phi, q, n, share) / n);
  std::vector<Real> squares;
  for (const Real& x : psi) squares.push_back(x * x);
  const Real second = mean_limit(squares, q, n, share);
  const Real b = 2 * *std::max_element(psi.begin(), psi.end());
  const Real t = log(4 / Real(beta));
  const Real margin =
      std::min(Real(sqrt(2 * t * (second + 2 * b * expected) / n) + b * t / (3 * n)),
               Real(b * sqrt(t / (2 * n))));
  return root(expected + margin + exact.residual() * test::power(Real(problem.diameter), order),
              order);
}

/// T + r ≥ W_ρ^ρ(p, q) where no atom sends more than it has; false if one does.
bool expect_coupling(const AtomProblem& problem, const NeighbourGraph& graph,
                     const NeighbourRouting& routing, const ExactFlow& exact,
                     const std::vector<std::size_t>& first, const std::vector<Real>& p,
                     const std::vector<Real>& q, int order) {
  const Real residual = exact.residual();
  std::vector<Real> load(exact.nodes, residual);
  Real cost = residual;
  for (std::size_t e = 0; e < exact.flow.size(); ++e) {
    Real f = 0;
    for (std::size_t y = 0; y < p.size(); ++y) f += exact.flow[e][y] * (p[y] - q[y]);
    cost += routing.cost()[e] * abs(f);
    load[graph.graph.edges[e].from] += abs(f);
    load[graph.graph.edges[e].to] += abs(f);
  }
  for (std::size_t y = 0; y < p.size(); ++y)
    if (load[y] > p[y] + q[y]) return false;
  std::vector<Real> from(problem.mass.size());
  std::vector<Real> to(problem.mass.size());
  for (std::size_t y = 0; y < first.size(); ++y) {
    from[first[y]] = p[y];
    to[first[y]] = q[y];
  }
  EXPECT_GE((cost + Real("1e-90")) * test::power(graph.diameter, order),
            transport(problem, from, to, order));
  return true;
}

TEST(LearningDiscreteAccuracy, RoutingsBoundTransportAndTheirLimitIsThatOfTheInequalities) {
  Draw random(7302);
  LearningExcess limits("routing, limit");
  int routed = 0;
  for (const Shape shape : kShapes)
    for (int k = 0; k < 150; ++k) {
      const auto order = static_cast<int>(random.whole(1, 2));
      const AtomProblem problem = atoms(random, shape, 6, random.whole(1, 4), order);
      const NeighbourGraph graph = problem.graph(random.whole(1, 4));
      if (graph.mass.size() < 2 || graph.moved > 0) continue;
      const NeighbourRouting routing(1, graph, problem.dimension(), order);
      const ExactFlow exact(routing, graph);
      EXPECT_GE(Real(routing.flow().residual()), exact.residual());
      ASSERT_LE(routing.flow().residual(), 1e-11);

      const std::vector<std::int64_t> drawn = random.counts(shape, problem.size(), 6);
      const NodeCounts nodes(graph, drawn);
      const double beta = random.beta() / 2;
      const Real expected = exact_limit(problem, graph, exact, nodes, beta, order);
      // The charged residual is what a check of it in doubles can say.
      const Real noise = root(Real(1e-13) * test::power(Real(problem.diameter), order), order);
      limits.add(shape, routing.limit(drawn, beta).distance.value(), expected * (1 - Real(1e-15)),
                 noise);

      const std::vector<Real> q = shares(nodes.counts);
      std::vector<Real> p = q;
      const std::vector<Real> other = distribution(random, static_cast<std::int64_t>(q.size()));
      const Real step = random.magnitude(-3, 0);
      for (std::size_t y = 0; y < p.size(); ++y) p[y] += step * (other[y] - p[y]);
      routed += expect_coupling(problem, graph, routing, exact, nodes.first, p, q, order);
    }
  limits.expect_small();
  EXPECT_GT(routed, 100);
}

}  // namespace
}  // namespace wquant
