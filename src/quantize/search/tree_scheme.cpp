#include "quantize/search/tree_scheme.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "backend/backend.hpp"
#include "backend/workspace_limit.hpp"
#include "base/eigen.hpp"
#include "base/lengths.hpp"
#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/random.hpp"
#include "quantize/mixture/common_basis.hpp"
#include "quantize/mixture/component_order.hpp"
#include "quantize/mixture/marginals.hpp"
#include "quantize/points/component_grids.hpp"
#include "quantize/search/tree_growth.hpp"

namespace wquant {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Group = std::vector<std::int64_t>;

/// Components that one tree serves, and its axes.
struct TreeGroup {
  Group components;
  MatrixXd basis;
  std::vector<double> centre;
};

TreeGroup group_on(const GaussianMixture& mixture, Group components, MatrixXd basis) {
  const double weight =
      std::accumulate(components.begin(), components.end(), 0.0,
                      [&](double sum, std::int64_t i) { return sum + mixture.weights()[i]; });
  const std::vector<double> centre =
      weight > 0 ? mixture.select(components).mean()
                 : std::vector<double>(mixture.means().row(components[0]),
                                       mixture.means().row(components[0]) + mixture.dimension());
  return {std::move(components), std::move(basis), centre};
}

/// The same for all matrices with the same eigenvectors, in whatever order and of whatever signs:
/// Σ_j (v_jᵀu)⁴ for one direction u.
double basis_mark(const MatrixXd& v) {
  VectorXd u(v.rows());
  for (Eigen::Index k = 0; k < u.size(); ++k)
    u[k] = uniform(0, static_cast<std::uint64_t>(k)) - 0.5;
  return (v.transpose() * u.normalized()).array().pow(4).sum();
}

/// Groups of components that have a common eigenbasis. Those of equal eigenvalues may be found
/// apart, which costs some points and nothing else.
std::vector<TreeGroup> commuting_groups(const GaussianMixture& mixture) {
  constexpr double kSame = 1e-9;
  const Eigenbases bases(mixture);
  const auto basis_of = [&](std::int64_t i) {
    return MatrixXd(
        Eigen::Map<const RowMajor>(bases[i].data, mixture.dimension(), mixture.dimension()));
  };
  std::vector<std::pair<double, std::int64_t>> marks;
  for (std::int64_t i = 0; i < mixture.components(); ++i)
    marks.emplace_back(basis_mark(basis_of(i)), i);
  std::sort(marks.begin(), marks.end());
  std::vector<TreeGroup> groups;
  Group members;
  const auto close = [&] {
    if (members.empty()) return;
    std::sort(members.begin(), members.end());
    const MatrixXd basis = basis_of(members[0]);
    Group fitting;
    for (const std::int64_t i : members)
      if (i == members[0] || diagonalises(mixture, i, basis))
        fitting.push_back(i);
      else
        groups.push_back(group_on(mixture, {i}, basis_of(i)));
    groups.push_back(group_on(mixture, std::move(fitting), basis));
    members.clear();
  };
  for (std::size_t n = 0; n < marks.size(); ++n) {
    if (n > 0 && marks[n].first - marks[n - 1].first > kSame) close();
    members.push_back(marks[n].second);
  }
  close();
  std::sort(groups.begin(), groups.end(),
            [](const TreeGroup& a, const TreeGroup& b) { return a.components < b.components; });
  return groups;
}

double largest_length(const GaussianMixture& mixture) {
  double largest = largest_magnitude(mixture.means());
  return std::max(largest, std::sqrt(largest_magnitude(mixture.eigenvalues())));
}

/// Trees over groups that share out the components of a mixture, as they grow.
class TreeScheme {
 public:
  TreeScheme(const Context& context, const GaussianMixture& mixture, std::vector<TreeGroup> groups)
      : groups_(std::move(groups)),
        unit_(power_of_two_unit(largest_length(mixture))),
        forest_(context, products(mixture)) {}

  GrowingForest& forest() { return forest_; }
  double unit() const { return unit_; }

  Scheme at(std::int64_t leaves) const {
    const std::vector<GrowingForest::Shape> shapes = forest_.shapes(leaves);
    std::vector<Layer> layers;
    for (std::size_t g = 0; g < groups_.size(); ++g)
      layers.push_back({tree(g, shapes[g]), groups_[g].components});
    return Scheme::layered(std::move(layers));
  }

 private:
  std::vector<ProductMixture> products(const GaussianMixture& mixture) {
    std::vector<ProductMixture> out;
    for (const TreeGroup& group : groups_) {
      std::vector<double> weights;
      for (const std::int64_t i : group.components) weights.push_back(mixture.weights()[i]);
      Marginals along = marginals(mixture, group.components, group.basis, group.centre);
      out.push_back({std::move(weights), along.means / unit_, along.deviations / unit_});
      reach_.push_back(out.back().means.cwiseAbs().colwise().maxCoeff());
    }
    return out;
  }

  /// On the dimensions along which boxes or their points differ.
  Tree tree(std::size_t g, const GrowingForest::Shape& shape) const {
    const TreeGroup& group = groups_[g];
    const Eigen::Index d = group.basis.rows();
    std::vector<std::int64_t> column(static_cast<std::size_t>(d), -1);
    for (const Tree::Split& split : shape.splits) column[split.dimension] = 0;
    std::int64_t rank = 0;
    for (Eigen::Index k = 0; k < d; ++k)
      if (column[k] == 0 || reach_[g][k] > 64 * kEpsilon) column[k] = rank++;
    RowMajor basis(d, rank);
    RowMajor points(static_cast<Eigen::Index>(shape.means.size()), rank);
    for (Eigen::Index k = 0; k < d; ++k) {
      if (column[k] < 0) continue;
      basis.col(column[k]) = group.basis.col(k);
      for (std::size_t a = 0; a < shape.means.size(); ++a)
        points(static_cast<Eigen::Index>(a), column[k]) = shape.means[a][k] * unit_;
    }
    std::vector<Tree::Split> splits;
    for (const Tree::Split& split : shape.splits)
      splits.push_back({split.leaf, column[split.dimension], split.cut * unit_});
    return Tree(Axes({basis.data(), d, rank},
                     std::vector<double>(static_cast<std::size_t>(rank), 1), group.centre),
                std::move(splits), {points.data(), points.rows(), rank});
  }

  std::vector<TreeGroup> groups_;
  double unit_;
  std::vector<VectorXd> reach_;  // how far means of components are from the centre, a dimension
  GrowingForest forest_;
};

/// A scheme for a mixture whose component i is `order[i]` of the wanted one.
Scheme relabelled(const Scheme& scheme, const Group& order) {
  std::vector<Layer> layers = scheme.layers();
  for (Layer& layer : layers) {
    for (std::int64_t& i : layer.components) i = order[i];
    std::sort(layer.components.begin(), layer.components.end());
  }
  return Scheme::layered(std::move(layers));
}

}  // namespace

Scheme make_tree_scheme(const Context& context, const GaussianMixture& mixture,
                        const QuantizeOptions& options) {
  require_workspace(
      context, "leaves of the tree",
      static_cast<double>(options.support) * GrowingForest::leaf_bytes(mixture.dimension()));
  Pulse::report("common basis", 0);
  const Group order = canonical_order(mixture, all_components(mixture));
  const GaussianMixture sorted = mixture.select(order);
  const MatrixXd basis = common_basis(context, sorted, options.seed);
  const auto grown = [&](std::vector<TreeGroup> groups) {
    TreeScheme trees(context, sorted, std::move(groups));
    trees.forest().grow(options.support, 0);
    require_workspace(context, "components in the boxes of the tree", trees.forest().bytes());
    return trees.at(trees.forest().leaves());
  };
  Scheme shared = grown({group_on(sorted, all_components(sorted), basis)});
  if (diagonalises(sorted, basis)) return relabelled(shared, order);
  std::vector<TreeGroup> groups = commuting_groups(sorted);
  Scheme apart = static_cast<std::int64_t>(groups.size()) <= options.support
                     ? grown(std::move(groups))
                     : merged_points(context, sorted, options.support);
  const bool better = certify(context, apart, sorted).w2 <= certify(context, shared, sorted).w2;
  return relabelled(better ? apart : shared, order);
}

std::optional<Scheme> grow_tree_scheme(const Context& context, const GaussianMixture& mixture,
                                       const QuantizeOptions& options, std::int64_t most) {
  const Group order = canonical_order(mixture, all_components(mixture));
  const GaussianMixture sorted = mixture.select(order);
  const MatrixXd basis = common_basis(context, sorted, options.seed);
  if (!diagonalises(sorted, basis)) return std::nullopt;
  const auto fitting = static_cast<std::int64_t>(static_cast<double>(context.workspace_limit()) /
                                                 GrowingForest::leaf_bytes(mixture.dimension()));
  most = std::clamp<std::int64_t>(fitting, 1, most);

  TreeScheme trees(context, sorted, {group_on(sorted, all_components(sorted), basis)});
  GrowingForest& forest = trees.forest();
  const auto w2_at = [&](std::int64_t leaves) {
    return certify(context, trees.at(leaves), sorted).w2;
  };
  const auto square = [&](double length) {
    return length / trees.unit() * (length / trees.unit());
  };
  double excess = 0;  // of w2² over the cost
  for (;;) {
    const bool grown = forest.grow(most, square(options.tolerance) - excess);
    std::int64_t leaves = forest.leaves();
    const double w2 = w2_at(leaves);
    if (w2 <= options.tolerance) {
      while (leaves > 1 && w2_at(leaves - 1) <= options.tolerance) --leaves;
      return relabelled(trees.at(leaves), order);
    }
    if (!grown || leaves >= most) return relabelled(trees.at(leaves), order);
    excess = square(w2) - forest.cost();
    const HeldStage held;
    forest.grow(leaves + 1, 0);
  }
}

}  // namespace wquant
