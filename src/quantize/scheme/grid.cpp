#include "wquant/grid.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>

#include "base/limits.hpp"
#include "base/validation.hpp"
#include "numerics/midpoints.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kMostPoints = std::int64_t{1} << 62;

void require_edges(const std::vector<double>& edges, std::int64_t k, std::int64_t points) {
  require_shape("edges[" + std::to_string(k) + "]", {static_cast<std::int64_t>(edges.size())},
                {points + 1});
  for (std::int64_t j = 0; j <= points; ++j) {
    const bool open_end =
        (j == 0 && edges[j] == -kInfinity) || (j == points && edges[j] == kInfinity);
    if ((!open_end && !std::isfinite(edges[j])) || (j > 0 && !(edges[j] > edges[j - 1])))
      throw_bad_value("edges", {k, j}, edges[j], "ascending edges, infinite at the ends at most");
  }
}

}  // namespace

Cell::Cell(Axes axes, std::vector<double> lower, std::vector<double> upper)
    : axes_(std::move(axes)), lower_(std::move(lower)), upper_(std::move(upper)) {
  require_shape("lower", {static_cast<std::int64_t>(lower_.size())}, {axes_.rank()});
  require_shape("upper", {static_cast<std::int64_t>(upper_.size())}, {axes_.rank()});
  for (std::int64_t k = 0; k < axes_.rank(); ++k)
    if (!(lower_[k] < upper_[k]) || lower_[k] == kInfinity || upper_[k] == -kInfinity)
      throw_bad_value("upper", {k}, upper_[k], "more than lower, " + number_text(lower_[k]));
}

bool Cell::is_bounded() const {
  return std::any_of(lower_.begin(), lower_.end(), [](double x) { return x > -kInfinity; }) ||
         std::any_of(upper_.begin(), upper_.end(), [](double x) { return x < kInfinity; });
}

bool Cell::contains(const std::vector<double>& x) const {
  const std::vector<double> z = axes_.to_local(x);
  for (std::size_t k = 0; k < z.size(); ++k)
    if (!(z[k] > lower_[k] && z[k] <= upper_[k])) return false;
  return true;
}

Grid::Grid(Axes axes, std::vector<std::vector<double>> points)
    : axes_(std::move(axes)), points_(std::move(points)) {
  require_shape("points", {static_cast<std::int64_t>(points_.size())}, {axes_.rank()});
  for (std::int64_t k = 0; k < axes_.rank(); ++k) {
    const auto count = static_cast<std::int64_t>(points_[k].size());
    if (count == 0)
      throw InvalidArgument("points[" + std::to_string(k) +
                            "]: empty; expected at least one point");
    for (std::int64_t j = 0; j < count; ++j)
      if (!std::isfinite(points_[k][j]) || (j > 0 && !(points_[k][j] > points_[k][j - 1])))
        throw_bad_value("points", {k, j}, points_[k][j], "finite points in ascending order");
    if (boxes_ > kMostPoints / count)
      throw InvalidArgument("points: the grid has more than 2^62 locations");
    boxes_ *= count;
  }
}

Grid::Grid(Axes axes, std::vector<std::vector<double>> points,
           std::vector<std::vector<double>> edges, std::vector<double> outside)
    : Grid(std::move(axes), std::move(points)) {
  require_shape("edges", {static_cast<std::int64_t>(edges.size())}, {axes_.rank()});
  edges_ = std::move(edges);
  for (std::int64_t k = 0; k < axes_.rank(); ++k) {
    require_edges(edges_[k], k, static_cast<std::int64_t>(points_[k].size()));
    has_outside_ =
        has_outside_ || std::isfinite(edges_[k].front()) || std::isfinite(edges_[k].back());
  }
  if (!has_outside_) return;
  outside_ = outside.empty() ? std::vector<double>(points_.size()) : std::move(outside);
  require_shape("outside", {static_cast<std::int64_t>(outside_.size())}, {axes_.rank()});
  require_finite("outside", VectorView<const double>{outside_.data(), axes_.rank()});
}

Grid Grid::within(const std::vector<double>& lower, const std::vector<double>& upper,
                  std::vector<double> outside) const {
  require_shape("lower", {static_cast<std::int64_t>(lower.size())}, {axes_.rank()});
  require_shape("upper", {static_cast<std::int64_t>(upper.size())}, {axes_.rank()});
  std::vector<std::vector<double>> cut;
  for (std::int64_t k = 0; k < axes_.rank(); ++k) {
    cut.push_back(edges(k));
    cut[k].front() = std::max(cut[k].front(), lower[k]);
    cut[k].back() = std::min(cut[k].back(), upper[k]);
  }
  return Grid(axes_, points_, std::move(cut), std::move(outside));
}

Grid Grid::rebase(const Axes& axes) const {
  std::vector<std::vector<double>> new_points;
  std::vector<std::vector<double>> new_edges;
  std::vector<double> new_outside;
  std::int64_t k = 0;
  for (const AxisMatch& match : match_axes(axes_, axes)) {
    const auto carry = [&](double z) {
      return match.sign * (axes_.scales()[match.from] * z + match.shift) / axes.scales()[k];
    };
    const auto carry_all = [&](std::vector<double> values) {
      for (double& z : values) z = carry(z);
      if (match.sign < 0) std::reverse(values.begin(), values.end());
      return values;
    };
    new_points.push_back(carry_all(points_[match.from]));
    if (!edges_.empty()) new_edges.push_back(carry_all(edges_[match.from]));
    if (has_outside_) new_outside.push_back(carry(outside_[match.from]));
    ++k;
  }
  if (edges_.empty()) return Grid(axes, std::move(new_points));
  return Grid(axes, std::move(new_points), std::move(new_edges), std::move(new_outside));
}

std::vector<double> Grid::edges(std::int64_t k) const {
  if (!edges_.empty()) return edges_[k];
  std::vector<double> out = midpoints(points_[k]);
  out.insert(out.begin(), -kInfinity);
  out.push_back(kInfinity);
  return out;
}

std::vector<std::int64_t> Grid::shape() const {
  std::vector<std::int64_t> shape;
  for (const auto& points : points_) shape.push_back(static_cast<std::int64_t>(points.size()));
  return shape;
}

Cell Grid::domain() const {
  std::vector<double> lower;
  std::vector<double> upper;
  for (std::int64_t k = 0; k < axes_.rank(); ++k) {
    lower.push_back(edges_.empty() ? -kInfinity : edges_[k].front());
    upper.push_back(edges_.empty() ? kInfinity : edges_[k].back());
  }
  return {axes_, std::move(lower), std::move(upper)};
}

std::vector<std::int64_t> Grid::indices(std::int64_t a) const {
  std::vector<std::int64_t> out(points_.size());
  for (std::int64_t k = axes_.rank(); k-- > 0;) {
    const auto count = static_cast<std::int64_t>(points_[k].size());
    out[k] = a % count;
    a /= count;
  }
  return out;
}

Cell Grid::cell(std::int64_t a) const {
  if (a < 0 || a >= boxes_)
    throw InvalidArgument("cell: " + std::to_string(a) + "; expected 0 to " +
                          std::to_string(boxes_ - 1));
  const std::vector<std::int64_t> index = indices(a);
  std::vector<double> lower;
  std::vector<double> upper;
  for (std::int64_t k = 0; k < axes_.rank(); ++k) {
    const std::vector<double> all = edges(k);
    lower.push_back(all[index[k]]);
    upper.push_back(all[index[k] + 1]);
  }
  return {axes_, std::move(lower), std::move(upper)};
}

std::vector<double> Grid::location(std::int64_t a) const {
  if (a < 0 || a >= size())
    throw InvalidArgument("location: " + std::to_string(a) + "; expected 0 to " +
                          std::to_string(size() - 1));
  if (a == boxes_) return axes_.from_local(outside_);
  const std::vector<std::int64_t> index = indices(a);
  std::vector<double> z;
  for (std::size_t k = 0; k < points_.size(); ++k) z.push_back(points_[k][index[k]]);
  return axes_.from_local(z);
}

std::ostream& operator<<(std::ostream& out, const Cell& cell) {
  if (cell.lower().empty()) out << "everything";
  for (std::size_t k = 0; k < cell.lower().size(); ++k)
    out << (k ? " x (" : "(") << cell.lower()[k] << ", " << cell.upper()[k] << "]";
  return out;
}

std::ostream& operator<<(std::ostream& out, const Grid& grid) {
  out << "grid ";
  const std::vector<std::int64_t> shape = grid.shape();
  if (shape.empty()) out << "of one point";
  for (std::size_t k = 0; k < shape.size(); ++k) out << (k ? " x " : "") << shape[k];
  if (!shape.empty()) out << ", scales";
  for (const double s : grid.axes().scales()) out << ' ' << s;
  if (grid.has_outside()) out << ", domain " << grid.domain();
  return out;
}

}  // namespace wquant
