#include "quantize/certificate/tree_layers.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "backend/resident.hpp"
#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/eigen.hpp"
#include "base/limits.hpp"
#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "numerics/normal_cell.hpp"
#include "quantize/certificate/component_totals.hpp"
#include "quantize/mixture/component_order.hpp"

namespace wquant {
namespace {

using Eigen::VectorXd;

/// Share of a box's mass below which a component goes no further.
constexpr double kSmallestShare = 1e-16;
constexpr std::int64_t kComponentsPerChunk = 16;
constexpr std::int64_t kNodesPerChunk = 4;

/// A node on the way down: its box, and the components that came so far with their masses there.
struct Node {
  std::int64_t split;  // that cuts it, −1 for a leaf
  std::int64_t leaf;   // its number
  std::vector<double> lower, upper;
  std::vector<std::int64_t> members;
  std::vector<double> mass;
};

/// What becomes of a node: its halves, and the members that end in it.
struct Descent {
  std::vector<Node> halves;
  std::vector<std::int64_t> ended;
};

/// What a component has on the two sides of a cut of an interval, to a common factor; by the
/// textbook differences of tails, since it only decides how far the component goes.
struct Sides {
  double below, above;
};

Sides sides(double mean, double deviation, double lower, double cut, double upper) {
  if (deviation == 0) return mean <= cut ? Sides{1, 0} : Sides{0, 1};
  const double unit = deviation * 1.41421356237309504880;
  const double a = (lower - mean) / unit;
  const double t = (cut - mean) / unit;
  const double b = (upper - mean) / unit;
  const double tail = std::erfc(std::fabs(t));
  Sides out;
  out.below = t <= 0   ? tail - std::erfc(-a)
              : a >= 0 ? std::erfc(a) - tail
                       : 2 - tail - std::erfc(-a);
  out.above = t >= 0   ? tail - std::erfc(b)
              : b <= 0 ? std::erfc(-b) - tail
                       : 2 - tail - std::erfc(b);
  return out.below + out.above > 0 ? out : Sides{1, 1};
}

class Descending {
 public:
  Descending(const TreeLayout& layout) : layout_(layout), tree_(*layout.tree) {
    ShortSteps steps;
    for (const LocalGaussian& local : layout.locals) {
      steps.beat();
      deviations_.push_back(local.variance.cwiseSqrt());
    }
  }

  Descent operator()(const Node& node) const {
    if (node.split < 0) return {{}, node.members};
    const Tree::Split& split = tree_.splits()[node.split];
    const Tree::Next next = tree_.next()[node.split];
    Descent out;
    out.halves = {{next.lower, split.leaf, node.lower, node.upper, {}, {}},
                  {next.upper, node.split + 1, node.lower, node.upper, {}, {}}};
    out.halves[0].upper[split.dimension] = layout_.cuts[node.split];
    out.halves[1].lower[split.dimension] = layout_.cuts[node.split];
    double total = 0;
    for (const double m : node.mass) total += m;
    ShortSteps steps;
    for (std::size_t j = 0; j < node.members.size(); ++j) {
      steps.beat();
      if (node.mass[j] < kSmallestShare * total)
        out.ended.push_back(node.members[j]);
      else
        share_out(node.members[j], node.mass[j], split.dimension, out.halves);
    }
    return out;
  }

 private:
  void share_out(std::int64_t c, double mass, std::int64_t k, std::vector<Node>& halves) const {
    const Sides at = sides(layout_.locals[c].mean[k], deviations_[c][k], halves[0].lower[k],
                           halves[0].upper[k], halves[1].upper[k]);
    for (const bool upper : {false, true}) {
      const double part = mass * ((upper ? at.above : at.below) / (at.below + at.above));
      if (!(part > 0)) continue;  // below the smallest double
      halves[upper].members.push_back(c);
      halves[upper].mass.push_back(part);
    }
  }

  const TreeLayout& layout_;
  const Tree& tree_;
  std::vector<VectorXd> deviations_;
};

Node root(const TreeLayout& layout, const GaussianMixture& mixture) {
  const auto rank = static_cast<std::size_t>(layout.tree->axes().rank());
  Node node{layout.tree->splits().empty() ? -1 : 0, 0,  std::vector<double>(rank, -kInfinity),
            std::vector<double>(rank, kInfinity),   {}, {}};
  for (std::size_t c = 0; c < layout.components.size(); ++c) {
    const double w = mixture.weights()[layout.components[c]];
    if (w == 0) continue;
    node.members.push_back(static_cast<std::int64_t>(c));
    node.mass.push_back(w);
  }
  return node;
}

}  // namespace

TreeLayout::TreeLayout(const PlacedLayer<Tree>& layer, int threads)
    : tree(&layer.pattern),
      components(canonical_order(layer.measured.mixture, layer.components)),
      frame(frame_of(tree->axes(), layer.measured.unit)),
      locals(components.size()) {
  const double unit = layer.measured.unit;
  const std::int64_t rank = tree->axes().rank();
  const std::vector<double>& scales = tree->axes().scales();
  const auto count = static_cast<std::int64_t>(components.size());
  parallel_chunks(threads, count, kComponentsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c)
      locals[c] = project(layer.measured.mixture, components[c], frame, unit);
  });
  for (std::int64_t a = 0; a < tree->size(); ++a)
    for (std::int64_t k = 0; k < rank; ++k)
      points.push_back(scales[k] * tree->points()(a, k) / unit);
  for (const Tree::Split& split : tree->splits())
    cuts.push_back(scales[split.dimension] * split.cut / unit);

  const Descending descending(*this);
  std::vector<Node> level{root(*this, layer.measured.mixture)};
  while (!level.empty()) {
    std::vector<Descent> descents(level.size());
    parallel_chunks(threads, static_cast<std::int64_t>(level.size()), kNodesPerChunk,
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t n = begin; n < end; ++n) descents[n] = descending(level[n]);
                    });
    std::vector<Node> below;
    for (std::size_t n = 0; n < level.size(); ++n) {
      Pulse::beat();
      for (Node& half : descents[n].halves) below.push_back(std::move(half));
      if (descents[n].ended.empty() && level[n].split >= 0) continue;
      leaf.push_back(level[n].leaf);
      lower.insert(lower.end(), level[n].lower.begin(), level[n].lower.end());
      upper.insert(upper.end(), level[n].upper.begin(), level[n].upper.end());
      const double* const point = points.data() + level[n].leaf * rank;
      about.insert(about.end(), point, point + rank);
      members.insert(members.end(), descents[n].ended.begin(), descents[n].ended.end());
      members_end.push_back(static_cast<std::int64_t>(members.size()));
    }
    level = std::move(below);
  }
}

namespace {

/// The arguments of Backend::box_moments.
struct BoxArguments {
  std::vector<std::int64_t> rank, ends_begin, members_begin{0}, components, rows_begin;
  std::vector<double> lower, upper, about, weights, means, deviations;

  void add(const TreeLayout& layout, const VectorView<const double> all_weights) {
    const std::int64_t r = layout.tree->axes().rank();
    const auto first_component = static_cast<std::int64_t>(weights.size());
    const std::int64_t first_member = members_begin.back();
    ShortSteps steps;
    for (std::size_t b = 0; b < layout.leaf.size(); ++b) {
      steps.beat();
      ends_begin.push_back(static_cast<std::int64_t>(lower.size()) +
                           static_cast<std::int64_t>(b) * r);
      rank.push_back(r);
      members_begin.push_back(first_member + layout.members_end[b]);
    }
    lower.insert(lower.end(), layout.lower.begin(), layout.lower.end());
    upper.insert(upper.end(), layout.upper.begin(), layout.upper.end());
    about.insert(about.end(), layout.about.begin(), layout.about.end());
    for (const std::int64_t c : layout.members) {
      steps.beat();
      components.push_back(first_component + c);
    }
    for (std::size_t c = 0; c < layout.components.size(); ++c) {
      steps.beat();
      weights.push_back(all_weights[layout.components[c]]);
      rows_begin.push_back(static_cast<std::int64_t>(means.size()));
      const LocalGaussian& local = layout.locals[c];
      means.insert(means.end(), local.mean.begin(), local.mean.end());
      for (const double variance : local.variance) deviations.push_back(std::sqrt(variance));
    }
  }

  BoxMembers view() const {
    return {flat_view(rank),       flat_view(ends_begin), flat_view(lower),
            flat_view(upper),      flat_view(about),      flat_view(members_begin),
            flat_view(components), flat_view(weights),    flat_view(rows_begin),
            flat_view(means),      flat_view(deviations)};
  }
};

/// size × d.
std::vector<double> locations_of(const Tree& tree) {
  std::vector<double> out;
  for (std::int64_t a = 0; a < tree.size(); ++a) {
    const std::vector<double> x = tree.location(a);
    out.insert(out.end(), x.begin(), x.end());
  }
  return out;
}

}  // namespace

double LayersOf<Tree>::largest_length(const Tree& tree) {
  double largest = largest_offset(tree.axes());
  for (std::int64_t a = 0; a < tree.size(); ++a)
    for (std::int64_t k = 0; k < tree.axes().rank(); ++k)
      largest = std::max(largest, length_along(tree.axes(), k, tree.points()(a, k)));
  for (const Tree::Split& split : tree.splits())
    largest = std::max(largest, length_along(tree.axes(), split.dimension, split.cut));
  return largest;
}

void LayersOf<Tree>::prepare(const Context& context) {
  if (layers_.empty()) return;
  lay_out(context.backend().host_threads());
  evaluate_boxes(context);
}

void LayersOf<Tree>::lay_out(int threads) {
  std::vector<std::optional<TreeLayout>> made(layers_.size());
  parallel_chunks(threads, size(), 1, [&](std::int64_t l, std::int64_t) {
    made[l].emplace(layers_[l], size() > 1 ? 1 : threads);
  });
  for (auto& layout : made) layouts_.push_back(*std::move(layout));
}

void LayersOf<Tree>::evaluate_boxes(const Context& context) {
  BoxArguments arguments;
  for (std::size_t l = 0; l < layouts_.size(); ++l) {
    first_box_.push_back(static_cast<std::int64_t>(arguments.rank.size()));
    first_end_.push_back(static_cast<std::int64_t>(arguments.lower.size()));
    arguments.add(layouts_[l], layers_[l].measured.mixture.weights());
  }
  const auto boxes = static_cast<std::int64_t>(arguments.rank.size());
  const auto ends = static_cast<std::int64_t>(arguments.lower.size());
  const auto members = static_cast<std::int64_t>(arguments.components.size());
  require_workspace(context, "boxes of the trees",
                    sizeof(double) * static_cast<double>(4 * boxes + 5 * ends + 2 * members));
  Array<double> member_mass(context, members), mass(context, boxes), first(context, ends),
      second(context, ends);
  {
    const auto [boxes_there] = resident(context, arguments.view());
    context.backend().box_moments(boxes_there, {flat_view(member_mass), flat_view(mass),
                                                flat_view(first), flat_view(second)});
  }
  mass_ = host_values(context, mass);
  first_ = host_values(context, first);
  second_ = host_values(context, second);
}

EvaluatedLayer LayersOf<Tree>::evaluated(std::int64_t l, const AffineImage* image) const {
  EvaluatedLayer out{{}, {layers_[l].row, locations_of(layers_[l].pattern), {}}};
  out.totals = totals(l, out.points.probabilities);
  if (image) stretch(out.totals, image->norm);
  return out;
}

LayerTotals LayersOf<Tree>::totals(std::int64_t l, std::vector<double>& probabilities) const {
  const GaussianMixture& mixture = layers_[l].measured.mixture;
  const TreeLayout& at = layouts_[l];
  const std::int64_t rank = at.tree->axes().rank();

  // Of the cells: masses, Σ_i w_i P_i (m_i − point), costs.
  std::vector<CompensatedSum> mass(static_cast<std::size_t>(at.tree->size()));
  RowMajor first = RowMajor::Zero(at.tree->size(), rank);
  CompensatedSum cells, total_mass;
  std::int64_t most_members = 0;
  for (std::size_t b = 0; b < at.leaf.size(); ++b) {
    const double* const box_first =
        first_.data() + first_end_[l] + static_cast<std::int64_t>(b) * rank;
    const double* const box_second =
        second_.data() + first_end_[l] + static_cast<std::int64_t>(b) * rank;
    mass[at.leaf[b]] += mass_[first_box_[l] + static_cast<std::int64_t>(b)];
    for (std::int64_t k = 0; k < rank; ++k) {
      first(at.leaf[b], k) += box_first[k];
      cells += box_second[k];
    }
    most_members = std::max(most_members, at.members_end[b] - (b > 0 ? at.members_end[b - 1] : 0));
  }
  CompensatedSum gap, second_moment;
  for (std::int64_t a = 0; a < at.tree->size(); ++a) {
    const double p = mass[a].value();
    probabilities.push_back(p);
    total_mass += p;
    const double* const point = at.points.data() + a * rank;
    second_moment += p * Eigen::Map<const VectorXd>(point, rank).squaredNorm();
    if (p > 0) gap += first.row(a).squaredNorm() / p;
  }

  ComponentTotals components(layers_[l].measured, rank);
  CompensatedSum across;
  ShortSteps steps;
  for (std::size_t c = 0; c < at.components.size(); ++c) {
    steps.beat();
    const LocalGaussian& local = at.locals[c];
    components.add(at.components[c], local);
    across += mixture.weights()[at.components[c]] * (local.regression + local.dropped_mean);
  }
  LayerTotals totals = components.totals();
  const double weight = components.weight();
  if (weight == 0) return totals;

  // A mass is a product over the dimensions that are cut, summed as box_moments does.
  std::vector<bool> is_cut(static_cast<std::size_t>(rank));
  for (const Tree::Split& split : at.tree->splits()) is_cut[split.dimension] = true;
  const auto factors = static_cast<double>(std::count(is_cut.begin(), is_cut.end(), true));
  const double sums = static_cast<double>(most_members) / 32 + 16;
  const double product = factors * (kCellMassError + 2 * kEpsilon) + sums * kEpsilon;
  totals.cells = cells.value() * (1 + product);
  // What vanished below the smallest normal number: at most one term a component and box, of a
  // length below 4.
  const double terms = static_cast<double>(at.components.size()) *
                       static_cast<double>(at.leaf.size() + at.cuts.size()) *
                       static_cast<double>(mixture.dimension() + 4 * rank + 4);
  // Off means rest on the same masses: relative to Σ_i w_i P_i ‖m_i − point‖.
  const double mean_error = 2 * product * std::sqrt(totals.cells);
  const double gap_root = std::sqrt(gap.value() + across.value()) + mean_error;
  totals.centroid_gap = gap_root * gap_root;
  totals.probability_error = product + 16 * kEpsilon * factors;
  totals.layer_error = std::fabs(total_mass.value() - weight) / weight + sums * kEpsilon;
  totals.rounding = components.rounding_with_points(at.frame, second_moment.value()) +
                    16 * terms * kSmallestNormal;
  return totals;
}

}  // namespace wquant
