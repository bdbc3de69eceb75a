#include "quantize/search/tree_growth.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>

#include "backend/backend.hpp"
#include "base/eigen.hpp"
#include "base/heartbeat.hpp"
#include "base/limits.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "numerics/row_cells.hpp"

namespace wquant {

using Eigen::VectorXd;

/// A dimension in which a box was cut: the ends of the box there, and every member's moments
/// between them.
struct CutDimension {
  std::int64_t k;
  double lower, upper;
  std::vector<CellMoments> cells;
};

/// A box and its members, the components that count in it.
struct TreeNode {
  std::int64_t tree = 0;
  std::int64_t leaf = 0;
  std::vector<std::int64_t> members;  // ascending
  std::vector<double> mass;           // of each: w_i Π_k P_ik
  std::vector<CutDimension> cuts;     // ascending by k
  double total = 0;                   // Σ mass
  VectorXd mean;

  // The best split; it gains something, or there is none and the dimension stays −1.
  double gain = 0;
  std::int64_t dimension = -1;
  double cut = 0;
  std::unique_ptr<TreeNode> lower, upper;  // the two halves, null until they are made

  double component_bytes() const {
    std::size_t bytes = members.size() * (sizeof members[0] + sizeof mass[0]);
    for (const CutDimension& in : cuts)
      bytes += sizeof(CutDimension) + in.cells.size() * sizeof in.cells[0];
    return static_cast<double>(bytes);
  }
};

namespace {

/// A component with less than this share of a box's mass is no member of the box: leaving it out
/// moves the mean of the box, which becomes its point, by less than matters.
constexpr double kSmallestShare = 1e-13;
/// Members with more than this share of a box's mass enter the estimate of what a cut gains.
constexpr double kSignificant = 1e-9;
/// Members with more than this share of a box's mass decide where the cut goes.
constexpr double kHeavy = 1e-4;
/// How many steps of Lloyd's iteration move a cut from the mean to its place.
constexpr int kLloydSteps = 2;
/// By this factor the memory of all nodes exceeds that of the nodes in use: split_ahead makes the
/// halves of up to an eighth of the leaves before they are wanted, two for each.
constexpr double kAhead = 1.25;
/// Cuts are tried in this many dimensions, those of the largest variance.
constexpr std::size_t kCandidates = 2;
/// A cut across a dimension saves at most about this share of the variance along it: 2/π for a
/// Gaussian, 3/4 for a uniform distribution.
constexpr double kMostGained = 0.8;

/// Φ(−|z|) and φ(z) at an end of a cell.
struct End {
  double z;
  double tail;
  double density;
};

End end_at(double z) {
  constexpr double kSqrtHalf = 0.70710678118654752440;
  constexpr double kInverseRootTwoPi = 0.39894228040143267794;
  if (std::fabs(z) > kBeyondDoubles) return {z, 0, 0};
  return {z, 0.5 * std::erfc(std::fabs(z) * kSqrtHalf), kInverseRootTwoPi * std::exp(-0.5 * z * z)};
}

double mass_between(const End& a, const End& b) {
  if (a.z >= 0) return a.tail - b.tail;
  if (b.z <= 0) return b.tail - a.tail;
  return 1 - a.tail - b.tail;
}

const CutDimension* find_cut(const TreeNode& node, std::int64_t k) {
  for (const CutDimension& cut : node.cuts)
    if (cut.k == k) return &cut;
  return nullptr;
}

/// The members' means and variances in the box, one row each.
struct MemberMoments {
  RowMajor mean, variance;
};

MemberMoments member_moments(const ProductMixture& mixture, const TreeNode& node) {
  const auto count = static_cast<Eigen::Index>(node.members.size());
  MemberMoments out{RowMajor(count, mixture.means.cols()), RowMajor(count, mixture.means.cols())};
  ShortSteps steps;
  for (Eigen::Index j = 0; j < count; ++j) {
    steps.beat();
    out.mean.row(j) = mixture.means.row(node.members[j]);
    out.variance.row(j) = mixture.deviations.row(node.members[j]).cwiseAbs2();
    for (const CutDimension& cut : node.cuts) {
      out.mean(j, cut.k) = cut.cells[j].mean;
      out.variance(j, cut.k) = cut.cells[j].variance;
    }
  }
  return out;
}

/// Σ_j mass_j row_j.
VectorXd weighted_sum(const std::vector<double>& mass, const RowMajor& rows) {
  VectorXd sum = VectorXd::Zero(rows.cols());
  for (Eigen::Index j = 0; j < rows.rows(); ++j) sum += mass[j] * rows.row(j).transpose();
  return sum;
}

/// Tries cuts of a box at different places in one dimension, with the members that enter the gain.
class Cutting {
 public:
  Cutting(const ProductMixture& mixture, const TreeNode& node, const MemberMoments& moments,
          std::int64_t k)
      : k_(k), mean_(VectorXd::Zero(node.mean.size())) {
    const CutDimension* const before = find_cut(node, k);
    lower_ = before ? before->lower : -kInfinity;
    upper_ = before ? before->upper : kInfinity;
    for (std::size_t j = 0; j < node.members.size(); ++j) {
      steps_.beat();
      if (!(node.mass[j] > kSignificant * node.total)) continue;
      const double m = mixture.means(node.members[j], k);
      const double s = mixture.deviations(node.members[j], k);
      const double* const mean = moments.mean.row(static_cast<Eigen::Index>(j)).data();
      members_.push_back({m, s, node.mass[j], node.mass[j] / (before ? before->cells[j].mass : 1),
                          s > 0 && before ? end_at((lower_ - m) / s) : End{-kInfinity, 0, 0}, mean,
                          0});
      total_ += node.mass[j];
      mean_ += node.mass[j] * Eigen::Map<const VectorXd>(mean, mean_.size());
    }
    mean_ /= total_;
    const auto light =
        std::stable_partition(members_.begin(), members_.end(),
                              [&](const Member& member) { return member.mass > kHeavy * total_; });
    heavy_ = {members_.data(), static_cast<std::size_t>(light - members_.begin())};
  }

  /// The cut that Lloyd's iteration reaches from the mean, and what it gains; nothing if it leaves
  /// one side empty.
  struct Result {
    double cut;
    double gain;
  };
  std::optional<Result> best() {
    const std::optional<Result> result = best_for(heavy_);
    return result || heavy_.size() == members_.size() ? result : best_for(members_);
  }

 private:
  struct Member {
    double centre, deviation;
    double mass;    // w Π P
    double others;  // w Π P over the other dimensions
    End lower;
    const double* mean;  // in the box
    double below;        // of its mass
  };

  /// The cut that suits these members.
  std::optional<Result> best_for(std::span<Member> members) {
    double mass = 0;
    double moment = 0;
    for (const Member& member : members) {
      mass += member.mass;
      moment += member.mass * member.mean[k_];
    }
    double t = moment / mass;
    for (int step = 0; step < kLloydSteps; ++step) {
      if (!cut_at(t, members, mass)) return std::nullopt;
      const double mean_below = first_ / below_;
      const double mean_above = (moment - first_) / (mass - below_);
      t = mean_below + (mean_above - mean_below) / 2;
    }
    if (!cut_at(t, members_, total_)) return std::nullopt;
    return Result{t, gain()};
  }

  /// Mass and first moment below t of members with this mass; false if t is not inside or one side
  /// has none of it.
  bool cut_at(double t, std::span<Member> members, double total) {
    if (!(t > lower_ && t < upper_)) return false;
    below_ = 0;
    first_ = 0;
    for (Member& member : members) {
      steps_.beat();
      if (member.deviation == 0) {
        member.below = member.centre <= t ? member.mass : 0;
        first_ += member.below * member.centre;
      } else {
        const End end = end_at((t - member.centre) / member.deviation);
        const double mass = mass_between(member.lower, end);
        member.below = member.others * mass;
        first_ += member.others *
                  (member.centre * mass + member.deviation * (member.lower.density - end.density));
      }
      below_ += member.below;
    }
    return below_ > 0 && below_ < total;
  }

  /// p_L ‖m_L − m‖² + p_U ‖m_U − m‖² of the halves: what their own means save.
  double gain() const {
    VectorXd lower_mean = VectorXd::Zero(mean_.size());
    for (const Member& member : members_)
      lower_mean += member.below * Eigen::Map<const VectorXd>(member.mean, mean_.size());
    lower_mean /= below_;
    lower_mean[k_] = first_ / below_;
    return below_ * (total_ / (total_ - below_)) * (lower_mean - mean_).squaredNorm();
  }

  std::int64_t k_;
  double lower_, upper_;
  std::vector<Member> members_;
  std::span<Member> heavy_;  // the first of them
  double total_ = 0;
  VectorXd mean_;
  double below_ = 0;
  double first_ = 0;
  ShortSteps steps_;
};

/// Total, mean and best split of a node that has its members; returns its cost Σ p var.
double prepare(const ProductMixture& mixture, TreeNode& node) {
  const MemberMoments moments = member_moments(mixture, node);
  node.total = std::accumulate(node.mass.begin(), node.mass.end(), 0.0);
  node.mean = VectorXd::Zero(moments.mean.cols());
  if (!(node.total > 0)) return 0;
  node.mean = weighted_sum(node.mass, moments.mean) / node.total;
  VectorXd spread = VectorXd::Zero(node.mean.size());  // p var_k
  ShortSteps steps;
  for (Eigen::Index j = 0; j < moments.mean.rows(); ++j) {
    steps.beat();
    spread += node.mass[j] * (moments.variance.row(j).transpose() +
                              (moments.mean.row(j).transpose() - node.mean).cwiseAbs2());
  }
  std::vector<std::int64_t> order(static_cast<std::size_t>(spread.size()));
  std::iota(order.begin(), order.end(), 0);
  const std::size_t tried = std::min(kCandidates, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(tried), order.end(),
                    [&](std::int64_t a, std::int64_t b) {
                      return spread[a] != spread[b] ? spread[a] > spread[b] : a < b;
                    });
  for (std::size_t c = 0; c < tried; ++c) {
    if (!(kMostGained * spread[order[c]] > node.gain)) continue;
    const auto result = Cutting(mixture, node, moments, order[c]).best();
    if (!result || !(result->gain > node.gain)) continue;
    node.gain = result->gain;
    node.dimension = order[c];
    node.cut = result->cut;
  }
  return spread.sum();
}

/// The moments of a member between two ends, by the textbook differences (quantization.md §1) where
/// these cancel little.
CellMoments cell_between(double m, double s, double lower, double upper, const End& a,
                         const End& b) {
  if (s > 0 && upper - lower > 0.25 * s) {
    const double mass = mass_between(a, b);
    if (mass > 0.03 * std::max(a.tail, b.tail)) {
      const double moment_a = std::isfinite(a.z) ? a.z * a.density : 0;
      const double moment_b = std::isfinite(b.z) ? b.z * b.density : 0;
      const double mean = (a.density - b.density) / mass;
      const double variance = 1 + (moment_a - moment_b) / mass - mean * mean;
      return {mass, m + s * mean, s * s * variance};
    }
  }
  return gaussian_cell(m, s, lower, upper);
}

/// The half of a node on one side of its cut. For each member of the node, `cells` has its moments
/// along the cut dimension on that side, and `mass` its mass there.
std::unique_ptr<TreeNode> half_of(const TreeNode& node, bool is_upper,
                                  const std::vector<CellMoments>& cells,
                                  const std::vector<double>& mass) {
  auto half = std::make_unique<TreeNode>();
  half->tree = node.tree;
  const double least = kSmallestShare * std::accumulate(mass.begin(), mass.end(), 0.0);
  std::vector<std::size_t> kept;
  for (std::size_t j = 0; j < mass.size(); ++j)
    if (mass[j] > least) kept.push_back(j);
  const auto keep = [&](const auto& values) {
    std::decay_t<decltype(values)> out;
    out.reserve(kept.size());
    for (const std::size_t j : kept) out.push_back(values[j]);
    return out;
  };
  half->members = keep(node.members);
  half->mass = keep(mass);
  const CutDimension* const before = find_cut(node, node.dimension);
  const double lower = is_upper ? node.cut : before ? before->lower : -kInfinity;
  const double upper = is_upper ? (before ? before->upper : kInfinity) : node.cut;
  for (const CutDimension& other : node.cuts)
    if (other.k != node.dimension)
      half->cuts.push_back({other.k, other.lower, other.upper, keep(other.cells)});
  half->cuts.push_back({node.dimension, lower, upper, keep(cells)});
  return half;
}

/// Makes the halves of a node at its best split.
void split(const ProductMixture& mixture, TreeNode& node) {
  const std::int64_t k = node.dimension;
  const CutDimension* const before = find_cut(node, k);
  const double lower = before ? before->lower : -kInfinity;
  const double upper = before ? before->upper : kInfinity;
  const std::size_t count = node.members.size();
  std::vector<CellMoments> cells[2];
  std::vector<double> mass[2];
  for (int side : {0, 1}) {
    cells[side].resize(count);
    mass[side].resize(count);
  }
  ShortSteps steps;
  for (std::size_t j = 0; j < count; ++j) {
    steps.beat();
    const double m = mixture.means(node.members[j], k);
    const double s = mixture.deviations(node.members[j], k);
    const auto end = [&](double x) { return s > 0 ? end_at((x - m) / s) : End{0, 0, 0}; };
    const End a = end(lower);
    const End t = end(node.cut);
    const End b = end(upper);
    cells[0][j] = cell_between(m, s, lower, node.cut, a, t);
    cells[1][j] = cell_between(m, s, node.cut, upper, t, b);
    const double both = cells[0][j].mass + cells[1][j].mass;
    for (int side : {0, 1})
      mass[side][j] = both > 0 ? node.mass[j] * (cells[side][j].mass / both) : 0;
  }
  node.lower = half_of(node, false, cells[0], mass[0]);
  node.upper = half_of(node, true, cells[1], mass[1]);
  prepare(mixture, *node.lower);
  prepare(mixture, *node.upper);
}

std::unique_ptr<TreeNode> whole_space(const ProductMixture& mixture, std::int64_t tree) {
  auto node = std::make_unique<TreeNode>();
  node->tree = tree;
  const double total = std::accumulate(mixture.weights.begin(), mixture.weights.end(), 0.0);
  for (std::size_t i = 0; i < mixture.weights.size(); ++i) {
    if (!(mixture.weights[i] > kSmallestShare * total)) continue;
    node->members.push_back(static_cast<std::int64_t>(i));
    node->mass.push_back(mixture.weights[i]);
  }
  return node;
}

}  // namespace

bool GrowingForest::ByGain::operator()(const TreeNode* a, const TreeNode* b) const {
  if (a->gain != b->gain) return a->gain > b->gain;
  return a->tree != b->tree ? a->tree < b->tree : a->leaf < b->leaf;
}

GrowingForest::GrowingForest(const Context& context, std::vector<ProductMixture> mixtures)
    : context_(context), threads_(context.backend().host_threads()) {
  const auto count = static_cast<std::int64_t>(mixtures.size());
  std::vector<double> costs(mixtures.size());
  std::vector<std::unique_ptr<TreeNode>> roots(mixtures.size());
  parallel_chunks(threads_, count, 1, [&](std::int64_t t, std::int64_t) {
    roots[t] = whole_space(mixtures[t], t);
    costs[t] = prepare(mixtures[t], *roots[t]);
  });
  for (std::int64_t t = 0; t < count; ++t) {
    cost_ += costs[t];
    trees_.push_back({std::move(mixtures[t]), roots[t]->mean, {}, {}, {}});
    heap_.insert(roots[t].get());
    whole_.insert(roots[t].get());
    bytes_ += roots[t]->component_bytes();
    nodes_.push_back(std::move(roots[t]));
  }
}

GrowingForest::~GrowingForest() = default;

/// Makes the halves of the leaves that will likely be cut next. Whether a leaf is cut is decided by
/// its gain alone, so that work done ahead changes no result.
void GrowingForest::split_ahead(std::int64_t leaves) {
  const std::int64_t most =
      std::min(leaves - this->leaves(), std::max(std::int64_t{4} * threads_, this->leaves() / 8));
  std::vector<TreeNode*> ahead;
  while (static_cast<std::int64_t>(ahead.size()) < most && !whole_.empty() &&
         (*whole_.begin())->gain > 0)
    ahead.push_back(whole_.extract(whole_.begin()).value());
  parallel_chunks(
      threads_, static_cast<std::int64_t>(ahead.size()), 1,
      [&](std::int64_t n, std::int64_t) { split(trees_[ahead[n]->tree].mixture, *ahead[n]); });
}

void GrowingForest::take(TreeNode* node) {
  heap_.erase(node);
  Growing& tree = trees_[node->tree];
  node->lower->leaf = node->leaf;
  node->upper->leaf = static_cast<std::int64_t>(tree.splits.size()) + 1;
  tree.splits.push_back({node->leaf, node->dimension, node->cut});
  tree.lower.push_back(node->lower->mean);
  tree.upper.push_back(node->upper->mean);
  order_.push_back(node->tree);
  cost_ = std::max(0.0, cost_ - node->gain);
  for (auto* half : {&node->lower, &node->upper}) {
    heap_.insert(half->get());
    whole_.insert(half->get());
    bytes_ += leaf_bytes(node->mean.size()) + (*half)->component_bytes();
    nodes_.push_back(std::move(*half));
  }
  bytes_ -= node->component_bytes();
  node->members = {};
  node->mass = {};
  node->cuts = {};
}

bool GrowingForest::grow(std::int64_t leaves, double cost, const ProgressCallback& progress) {
  const std::int64_t from = this->leaves();
  while (this->leaves() < leaves && cost_ > cost) {
    Heartbeat::beat();
    TreeNode* const first = *heap_.begin();
    if (!(first->gain > 0) || bytes() > static_cast<double>(context_.workspace_limit()))
      return false;
    if (!first->lower) {
      report(progress, "tree",
             static_cast<double>(this->leaves() - from) / static_cast<double>(leaves - from));
      split_ahead(leaves);
    }
    take(first);
  }
  return true;
}

double GrowingForest::bytes() const { return kAhead * bytes_; }

double GrowingForest::leaf_bytes(std::int64_t dimension) {
  return 512 + 4 * sizeof(double) * static_cast<double>(dimension);
}

std::vector<GrowingForest::Shape> GrowingForest::shapes(std::int64_t leaves) const {
  std::vector<Shape> out;
  for (const Growing& tree : trees_) out.push_back({{}, {tree.mean}});
  const std::size_t cuts = static_cast<std::size_t>(leaves) - trees_.size();
  for (std::size_t n = 0; n < cuts; ++n) {
    const Growing& tree = trees_[order_[n]];
    Shape& shape = out[order_[n]];
    const std::size_t s = shape.splits.size();
    shape.splits.push_back(tree.splits[s]);
    shape.means[tree.splits[s].leaf] = tree.lower[s];
    shape.means.push_back(tree.upper[s]);
  }
  return out;
}

}  // namespace wquant
