#include "accuracy/exact_coupling.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <variant>

namespace wquant::test {

Real RealMatrix::trace() const {
  Real sum = 0;
  for (std::size_t a = 0; a < n; ++a) sum += (*this)(a, a);
  return sum;
}

RealEigen real_eigen(RealMatrix a) {
  const std::size_t n = a.n;
  RealEigen out{RealVector(n), RealMatrix(n)};
  for (std::size_t k = 0; k < n; ++k) out.vectors(k, k) = 1;
  Real size = 0;
  for (const Real& entry : a.entries) size += abs(entry);
  for (int sweep = 0; sweep < 60; ++sweep) {
    Real off = 0;
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) off += abs(a(p, q));
    if (off <= size * Real(1e-80)) break;
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) {
        if (a(p, q) == 0) continue;
        const Real theta = (a(q, q) - a(p, p)) / (2 * a(p, q));
        const Real t = (theta >= 0 ? 1 : -1) / (abs(theta) + sqrt(theta * theta + 1));
        const Real c = 1 / sqrt(t * t + 1);
        const Real s = t * c;
        for (std::size_t k = 0; k < n; ++k) {
          const Real x = a(k, p), y = a(k, q);
          a(k, p) = c * x - s * y;
          a(k, q) = s * x + c * y;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const Real x = a(p, k), y = a(q, k);
          a(p, k) = c * x - s * y;
          a(q, k) = s * x + c * y;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const Real x = out.vectors(k, p), y = out.vectors(k, q);
          out.vectors(k, p) = c * x - s * y;
          out.vectors(k, q) = s * x + c * y;
        }
      }
  }
  for (std::size_t k = 0; k < n; ++k) out.values[k] = a(k, k);
  return out;
}

RealMatrix real_covariance(const MatrixXd& sigma) {
  const auto n = static_cast<std::size_t>(sigma.rows());
  RealMatrix out(n);
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b) out(a, b) = (Real(sigma(a, b)) + sigma(b, a)) / 2;
  RealEigen eigen = real_eigen(out);
  bool positive = true;
  for (const Real& value : eigen.values) positive = positive && value >= 0;
  if (positive) return out;
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b) {
      out(a, b) = 0;
      for (std::size_t k = 0; k < n; ++k)
        if (eigen.values[k] > 0)
          out(a, b) += eigen.values[k] * eigen.vectors(a, k) * eigen.vectors(b, k);
    }
  return out;
}

LineEdge::LineEdge(const Real& x, const Real& mean, const Real& deviation)
    : z_(deviation == 0 ? (mean <= x ? Real(200) : Real(-200)) : Real((x - mean) / deviation)) {
  if (abs(z_) > 200) z_ = z_ > 0 ? 200 : -200;
  tail_ = positive_tail(abs(z_));
  density_ = density(z_);
}

LineCell line_cell(const LineEdge& a, const LineEdge& b, const Real& mean, const Real& deviation,
                   const Real& c) {
  const Real offset = mean - c;
  if (deviation == 0) {
    const Real mass = a.z() < 0 && b.z() > 0 ? 1 : 0;
    return {mass, mass * offset, mass * offset * offset};
  }
  if (!(a.z() < b.z())) return {0, 0, 0};
  const Real mass = a.z() > 0   ? Real(a.tail() - b.tail())
                    : b.z() < 0 ? Real(b.tail() - a.tail())
                                : Real(1 - a.tail() - b.tail());
  const Real first = a.density_at() - b.density_at();
  const Real second = mass + a.z() * a.density_at() - b.z() * b.density_at();
  return {mass, deviation * first + offset * mass,
          deviation * deviation * second + 2 * offset * deviation * first + offset * offset * mass};
}

std::vector<LineCell> line_cells(const RealVector& points, const RealVector& edges,
                                 const Real& mean, const Real& deviation) {
  std::vector<LineCell> out;
  LineEdge before(edges.front(), mean, deviation);
  for (std::size_t j = 0; j < points.size(); ++j) {
    LineEdge after(edges[j + 1], mean, deviation);
    out.push_back(line_cell(before, after, mean, deviation, points[j]));
    before = after;
  }
  return out;
}

const Real& far_away() {
  static const Real far("1e400");
  return far;
}

RealVector real_edges(const std::vector<double>& edges, const Real& scale) {
  RealVector out;
  for (const double e : edges)
    out.push_back(std::isinf(e) ? Real(e > 0 ? 1 : -1) * far_away() : Real(scale * e));
  return out;
}

RealVector scaled(const std::vector<double>& points, const Real& scale) {
  RealVector out;
  for (const double c : points) out.push_back(scale * c);
  return out;
}

std::vector<RealVector> polar_columns(MatrixView<const double> basis) {
  const auto d = static_cast<std::size_t>(basis.rows);
  const auto r = static_cast<std::size_t>(basis.cols);
  std::vector<RealVector> q(r, RealVector(d));
  for (std::size_t k = 0; k < r; ++k)
    for (std::size_t a = 0; a < d; ++a) q[k][a] = basis(a, k);
  for (int step = 0; step < 5; ++step) {
    std::vector<RealVector> next = q;
    for (std::size_t k = 0; k < r; ++k)
      for (std::size_t a = 0; a < d; ++a) next[k][a] = Real(1.5) * q[k][a];
    for (std::size_t k = 0; k < r; ++k)
      for (std::size_t l = 0; l < r; ++l) {
        Real gram = 0;
        for (std::size_t a = 0; a < d; ++a) gram += q[k][a] * q[l][a];
        for (std::size_t a = 0; a < d; ++a) next[k][a] -= gram * q[l][a] / 2;
      }
    q = std::move(next);
  }
  return q;
}

AlongAxes along(const Axes& axes, const VectorXd& mean, const RealMatrix& sigma) {
  const auto d = static_cast<std::size_t>(axes.dimension());
  const auto r = static_cast<std::size_t>(axes.rank());
  AlongAxes out{polar_columns(axes.basis()), {}, {}, RealMatrix(r), sigma.trace(), 0};
  RealVector from(d);
  for (std::size_t a = 0; a < d; ++a) {
    from[a] = Real(mean[static_cast<Eigen::Index>(a)]) - axes.offset()[a];
    out.mean_across += from[a] * from[a];
  }
  for (std::size_t k = 0; k < r; ++k) {
    const RealVector& q = out.directions[k];
    Real centre = 0;
    for (std::size_t a = 0; a < d; ++a) centre += q[a] * from[a];
    for (std::size_t l = 0; l < r; ++l)
      for (std::size_t a = 0; a < d; ++a)
        for (std::size_t b = 0; b < d; ++b)
          out.covariance(k, l) += q[a] * sigma(a, b) * out.directions[l][b];
    const Real& variance = out.covariance(k, k);
    out.mean.push_back(centre);
    out.deviation.push_back(variance > 0 ? Real(sqrt(variance)) : Real(0));
    out.variance_across -= variance;
    out.mean_across -= centre * centre;
  }
  if (out.variance_across < 0) out.variance_across = 0;
  if (out.mean_across < 0) out.mean_across = 0;
  return out;
}

RealMatrix real_root(const RealMatrix& a) {
  const RealEigen eigen = real_eigen(a);
  RealMatrix out(a.n);
  for (std::size_t k = 0; k < a.n; ++k) {
    if (!(eigen.values[k] > 0)) continue;
    const Real root = sqrt(eigen.values[k]);
    for (std::size_t i = 0; i < a.n; ++i)
      for (std::size_t j = 0; j < a.n; ++j)
        out(i, j) += root * eigen.vectors(i, k) * eigen.vectors(j, k);
  }
  return out;
}

Real root_mismatch(const RealMatrix& a, const std::vector<std::size_t>& kept) {
  RealMatrix part(kept.size());
  for (std::size_t k = 0; k < kept.size(); ++k)
    for (std::size_t l = 0; l < kept.size(); ++l) part(k, l) = a(kept[k], kept[l]);
  const RealMatrix root = real_root(part);
  Real sum = 0;
  for (std::size_t k = 0; k < kept.size(); ++k)
    for (std::size_t l = 0; l < kept.size(); ++l) {
      Real apart = root(k, l);
      if (k == l && part(k, k) > 0) apart -= sqrt(part(k, k));
      sum += apart * apart;
    }
  return sum;
}

void ExactParts::add(const Real& weight, const ExactParts& other) {
  cells += weight * other.cells;
  off_span += weight * other.off_span;
  mismatch += weight * other.mismatch;
}

Real ExactParts::distance() const { return sqrt(cells + off_span); }

Real ExactParts::bound() const {
  const Real along = sqrt(cells) + sqrt(mismatch);
  return sqrt(along * along + off_span);
}

ExactParts exact_parts(const Grid& grid, const VectorXd& mean, const RealMatrix& sigma) {
  const AlongAxes at = along(grid.axes(), mean, sigma);
  ExactParts out{0, at.variance_across + at.mean_across, 0};
  std::vector<std::size_t> kept;
  for (std::size_t k = 0; k < at.mean.size(); ++k) {
    const Real scale = grid.axes().scales()[k];
    const RealVector edges = real_edges(grid.edges(static_cast<std::int64_t>(k)), scale);
    if (grid.points()[k].size() > 1) kept.push_back(k);
    for (const LineCell& cell :
         line_cells(scaled(grid.points()[k], scale), edges, at.mean[k], at.deviation[k]))
      (grid.points()[k].size() > 1 ? out.cells : out.off_span) += cell.second;
  }
  out.mismatch = root_mismatch(at.covariance, kept);
  return out;
}

ExactParts exact_bounded_parts(const Grid& grid, const VectorXd& mean, const RealMatrix& sigma) {
  const AlongAxes at = along(grid.axes(), mean, sigma);
  const std::size_t r = at.mean.size();
  RealVector inside(r), cost(r), about_outside(r), whole(r);
  for (std::size_t k = 0; k < r; ++k) {
    const Real scale = grid.axes().scales()[k];
    const RealVector points = scaled(grid.points()[k], scale);
    const RealVector edges = real_edges(grid.edges(static_cast<std::int64_t>(k)), scale);
    const Real out = scale * grid.outside()[k];
    for (const LineCell& cell : line_cells(points, edges, at.mean[k], at.deviation[k])) {
      inside[k] += cell.mass;
      cost[k] += cell.second;
    }
    const RealVector ends{edges.front(), edges.back()};
    about_outside[k] = line_cells({out}, ends, at.mean[k], at.deviation[k])[0].second;
    const Real offset = at.mean[k] - out;
    whole[k] = at.deviation[k] * at.deviation[k] + offset * offset;
  }
  ExactParts sum{0, at.variance_across + at.mean_across, 0};
  for (std::size_t k = 0; k < r; ++k) {
    Real others = 1;
    for (std::size_t l = 0; l < r; ++l)
      if (l != k) others *= inside[l];
    sum.cells += cost[k] * others + whole[k] - about_outside[k] * others;
  }
  return sum;
}

ExactParts exact_parts(const Tree& tree, const VectorXd& mean, const RealMatrix& sigma) {
  const AlongAxes at = along(tree.axes(), mean, sigma);
  ExactParts out{0, at.variance_across + at.mean_across, 0};
  std::vector<std::map<double, LineEdge>> edges(at.mean.size());  // many boxes share them
  const auto edge = [&](std::size_t k, double z) -> const LineEdge& {
    const Real x = std::isinf(z) ? Real((z > 0 ? 1 : -1) * far_away())
                                 : Real(Real(tree.axes().scales()[k]) * z);
    return edges[k].try_emplace(z, x, at.mean[k], at.deviation[k]).first->second;
  };
  for (std::int64_t a = 0; a < tree.size(); ++a) {
    const Cell box = tree.cell(a);
    std::vector<LineCell> cells;
    for (std::size_t k = 0; k < at.mean.size(); ++k) {
      const Real point =
          Real(tree.axes().scales()[k]) * tree.points()(a, static_cast<std::int64_t>(k));
      cells.push_back(line_cell(edge(k, box.lower()[k]), edge(k, box.upper()[k]), at.mean[k],
                                at.deviation[k], point));
    }
    for (std::size_t k = 0; k < cells.size(); ++k) {
      Real term = cells[k].second;
      for (std::size_t l = 0; l < cells.size(); ++l)
        if (l != k) term *= cells[l].mass;
      out.cells += term;
    }
  }
  return out;
}

Real total_weight(const PlainMixture& mixture) {
  Real total = 0;
  for (const double w : mixture.weights) total += w;
  return total;
}

bool has_grids_and_trees_only(const Scheme& scheme) {
  return std::all_of(scheme.layers().begin(), scheme.layers().end(), [](const Layer& layer) {
    return std::holds_alternative<Grid>(layer.pattern) ||
           std::holds_alternative<Tree>(layer.pattern);
  });
}

ExactParts exact_parts(const Scheme& scheme, const PlainMixture& mixture) {
  ExactParts sum;
  const Real total = total_weight(mixture);
  for (const Layer& layer : scheme.layers())
    for (const std::int64_t i : layer.components) {
      const RealMatrix sigma = real_covariance(mixture.covariances[i]);
      const VectorXd& mean = mixture.means[i];
      const auto* const grid = std::get_if<Grid>(&layer.pattern);
      const ExactParts parts = !grid ? exact_parts(std::get<Tree>(layer.pattern), mean, sigma)
                               : grid->has_outside() ? exact_bounded_parts(*grid, mean, sigma)
                                                     : exact_parts(*grid, mean, sigma);
      sum.add(mixture.weights[i] / total, parts);
    }
  return sum;
}

Real ExactCell::cost(const RealVector& point) const {
  Real sum = 0;
  for (std::size_t a = 0; a < point.size(); ++a)
    sum += variance[a] + (mean[a] - point[a]) * (mean[a] - point[a]);
  return mass * sum;
}

std::vector<ExactCell> exact_cells(const Grid& grid, const VectorXd& mean,
                                   const RealMatrix& sigma) {
  const AlongAxes at = along(grid.axes(), mean, sigma);
  RealVector whole_mean, whole_variance;
  for (std::size_t a = 0; a < sigma.n; ++a) {
    whole_mean.push_back(mean[static_cast<Eigen::Index>(a)]);
    whole_variance.push_back(sigma(a, a));
  }
  std::vector<ExactCell> out{{1, whole_mean, whole_variance}};
  for (std::size_t k = 0; k < at.mean.size(); ++k) {
    const Real scale = grid.axes().scales()[k];
    const RealVector edges = real_edges(grid.edges(static_cast<std::int64_t>(k)), scale);
    const RealVector about(grid.points()[k].size(), at.mean[k]);
    std::vector<ExactCell> next;
    for (const ExactCell& cell : out)
      for (const LineCell& line : line_cells(about, edges, at.mean[k], at.deviation[k])) {
        ExactCell part = cell;
        part.mass *= line.mass;
        const Real shift = line.mass > 0 ? Real(line.first / line.mass) : Real(0);
        const Real variance =
            line.mass > 0 ? Real(line.second / line.mass - shift * shift) : Real(0);
        for (std::size_t a = 0; a < sigma.n; ++a) {
          const Real& q = at.directions[k][a];
          if (q == 0) continue;
          part.mean[a] += q * shift;
          part.variance[a] = variance;
        }
        next.push_back(std::move(part));
      }
    out = std::move(next);
  }
  return out;
}

RealVector real_vector(const double* x, std::int64_t d) { return RealVector(x, x + d); }

}  // namespace wquant::test
