#include "wquant/tree.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>

#include "base/limits.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

[[noreturn]] void throw_bad_split(std::size_t s, const std::string& what) {
  throw InvalidArgument("splits[" + std::to_string(s) + "]: " + what);
}

void require_leaf(const char* name, std::int64_t a, std::int64_t size) {
  if (a < 0 || a >= size)
    throw InvalidArgument(std::string(name) + ": " + std::to_string(a) + "; expected 0 to " +
                          std::to_string(size - 1));
}

}  // namespace

Tree::Tree(Axes axes, std::vector<Split> splits, MatrixView<const double> points)
    : axes_(std::move(axes)),
      splits_(std::move(splits)),
      next_(splits_.size()),
      parent_(splits_.size() + 1, -1),
      above_(splits_.size(), -1) {
  require_host("points", points.space);
  require_shape("points", {points.rows, points.cols}, {size(), axes_.rank()});
  require_finite("points", points);
  for (std::int64_t a = 0; a < points.rows; ++a)
    points_.insert(points_.end(), points.row(a), points.row(a) + points.cols);
  for (std::size_t s = 0; s < splits_.size(); ++s) {
    const Split& split = splits_[s];
    const auto number = static_cast<std::int64_t>(s);
    if (split.leaf < 0 || split.leaf > number)
      throw_bad_split(
          s, "leaf " + std::to_string(split.leaf) + "; expected 0 to " + std::to_string(number));
    if (split.dimension < 0 || split.dimension >= axes_.rank())
      throw_bad_split(s, "dimension " + std::to_string(split.dimension) + "; expected 0 to " +
                             std::to_string(axes_.rank() - 1));
    above_[s] = parent_[split.leaf];
    double lower = -kInfinity;
    double upper = kInfinity;
    std::int64_t leaf = split.leaf;
    for (std::int64_t t = above_[s]; t >= 0; t = above_[t]) {
      const bool is_upper = leaf == t + 1;
      if (splits_[t].dimension == split.dimension)
        (is_upper ? lower : upper) =
            is_upper ? std::max(lower, splits_[t].cut) : std::min(upper, splits_[t].cut);
      if (is_upper) leaf = splits_[t].leaf;
    }
    if (!(split.cut > lower && split.cut < upper))
      throw_bad_split(s, "cut " + number_text(split.cut) + "; expected more than " +
                             number_text(lower) + " and less than " + number_text(upper));
    if (const std::int64_t t = above_[s]; t >= 0)
      (split.leaf == t + 1 ? next_[t].upper : next_[t].lower) = number;
    parent_[split.leaf] = number;
    parent_[s + 1] = number;
  }
}

Cell Tree::cell(std::int64_t a) const {
  require_leaf("cell", a, size());
  std::vector<double> lower(axes_.scales().size(), -kInfinity);
  std::vector<double> upper(axes_.scales().size(), kInfinity);
  for (std::int64_t t = parent_[a]; t >= 0; t = above_[t]) {
    const auto& [leaf, k, cut] = splits_[t];
    if (a == t + 1) {
      lower[k] = std::max(lower[k], cut);
      a = leaf;
    } else {
      upper[k] = std::min(upper[k], cut);
    }
  }
  return {axes_, std::move(lower), std::move(upper)};
}

std::vector<double> Tree::location(std::int64_t a) const {
  require_leaf("location", a, size());
  const double* const z = points_.data() + a * axes_.rank();
  return axes_.from_local({z, z + axes_.rank()});
}

std::int64_t Tree::find(const std::vector<double>& x) const {
  require_finite("x", VectorView<const double>{x.data(), static_cast<std::int64_t>(x.size())});
  const std::vector<double> z = axes_.to_local(x);
  std::int64_t leaf = 0;
  for (std::int64_t s = splits_.empty() ? -1 : 0; s >= 0;) {
    const bool is_upper = z[splits_[s].dimension] > splits_[s].cut;
    leaf = is_upper ? s + 1 : splits_[s].leaf;
    s = is_upper ? next_[s].upper : next_[s].lower;
  }
  return leaf;
}

std::ostream& operator<<(std::ostream& out, const Tree& tree) {
  out << "tree of " << tree.size() << (tree.size() == 1 ? " leaf" : " leaves") << ", rank "
      << tree.axes().rank();
  if (tree.axes().rank() > 0) out << ", scales";
  for (const double s : tree.axes().scales()) out << ' ' << s;
  return out;
}

}  // namespace wquant
