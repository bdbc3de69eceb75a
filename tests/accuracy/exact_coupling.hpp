#pragma once

#include <algorithm>
#include <cmath>
#include <variant>
#include <vector>

#include "accuracy/multiprecision.hpp"
#include "support/mixtures.hpp"

namespace wquant::test {

/// What the certificates of schemes bound, from the numbers as the caller gave them, in 100 digits:
/// nothing here is shared with the library but the scheme's own doubles.

using RealVector = std::vector<Real>;

/// Square, row-major.
struct RealMatrix {
  explicit RealMatrix(std::size_t size) : n(size), entries(size * size) {}
  Real& operator()(std::size_t a, std::size_t b) { return entries[a * n + b]; }
  const Real& operator()(std::size_t a, std::size_t b) const { return entries[a * n + b]; }
  Real trace() const {
    Real sum = 0;
    for (std::size_t a = 0; a < n; ++a) sum += (*this)(a, a);
    return sum;
  }
  std::size_t n;
  RealVector entries;
};

struct RealEigen {
  RealVector values;
  RealMatrix vectors;  ///< columns
};

/// Cyclic Jacobi to 1e-80 of the trace.
inline RealEigen real_eigen(RealMatrix a) {
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

/// The positive part of the symmetric part.
inline RealMatrix real_covariance(const MatrixXd& sigma) {
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

/// N(mean, deviation²) on (lower, upper] about a point c: P, E[x − c; cell], E[(x − c)²; cell].
struct LineCell {
  Real mass, first, second;
};

/// One edge, with what all cells that it bounds need of it.
class LineEdge {
 public:
  LineEdge(const Real& x, const Real& mean, const Real& deviation)
      : z_(deviation == 0 ? (mean <= x ? Real(200) : Real(-200)) : Real((x - mean) / deviation)) {
    if (abs(z_) > 200) z_ = z_ > 0 ? 200 : -200;
    tail_ = positive_tail(abs(z_));
    density_ = density(z_);
  }
  const Real& z() const { return z_; }
  const Real& density_at() const { return density_; }
  /// P(Z beyond |z|).
  const Real& tail() const { return tail_; }

 private:
  static Real density(const Real& z) { return test::density(z); }
  Real z_, tail_, density_;
};

inline LineCell line_cell(const LineEdge& a, const LineEdge& b, const Real& mean,
                          const Real& deviation, const Real& c) {
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

/// edges: one more than points; infinities are far_away().
inline std::vector<LineCell> line_cells(const RealVector& points, const RealVector& edges,
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

inline const Real& far_away() {
  static const Real far("1e400");
  return far;
}

inline RealVector real_edges(const std::vector<double>& edges, const Real& scale) {
  RealVector out;
  for (const double e : edges)
    out.push_back(std::isinf(e) ? Real(e > 0 ? 1 : -1) * far_away() : Real(scale * e));
  return out;
}

inline RealVector scaled(const std::vector<double>& points, const Real& scale) {
  RealVector out;
  for (const double c : points) out.push_back(scale * c);
  return out;
}

/// The orthonormal polar factor of the stored directions, by Newton and Schulz: columns.
inline std::vector<RealVector> polar_columns(MatrixView<const double> basis) {
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

/// One component seen along axes: marginal means and variances, and what lies across.
struct AlongAxes {
  RealVector mean, deviation;
  Real across = 0;
};

inline AlongAxes along(const Axes& axes, const VectorXd& mean, const RealMatrix& sigma) {
  const auto d = static_cast<std::size_t>(axes.dimension());
  AlongAxes out;
  RealVector from(d);
  out.across = sigma.trace();
  for (std::size_t a = 0; a < d; ++a) {
    from[a] = Real(mean[static_cast<Eigen::Index>(a)]) - axes.offset()[a];
    out.across += from[a] * from[a];
  }
  for (const RealVector& q : polar_columns(axes.basis())) {
    Real centre = 0, variance = 0;
    for (std::size_t a = 0; a < d; ++a) {
      centre += q[a] * from[a];
      for (std::size_t b = 0; b < d; ++b) variance += q[a] * sigma(a, b) * q[b];
    }
    out.mean.push_back(centre);
    out.deviation.push_back(variance > 0 ? Real(sqrt(variance)) : Real(0));
    out.across -= variance + centre * centre;
  }
  if (out.across < 0) out.across = 0;
  return out;
}

/// E‖X − its point‖² over a grid that fills the space: it depends on marginals alone, since every
/// coordinate goes by itself. Where boxes are bounded by midpoints, no distribution on the grid's
/// points is nearer to the component, whatever its probabilities.
inline Real exact_cost(const Grid& grid, const VectorXd& mean, const RealMatrix& sigma) {
  const AlongAxes at = along(grid.axes(), mean, sigma);
  Real sum = at.across;
  for (std::size_t k = 0; k < at.mean.size(); ++k) {
    const Real scale = grid.axes().scales()[k];
    const RealVector edges = real_edges(grid.edges(static_cast<std::int64_t>(k)), scale);
    for (const LineCell& cell :
         line_cells(scaled(grid.points()[k], scale), edges, at.mean[k], at.deviation[k]))
      sum += cell.second;
  }
  return sum;
}

/// The same where boxes leave something out and the coordinates along the axes are independent.
inline Real exact_bounded_cost(const Grid& grid, const VectorXd& mean, const RealMatrix& sigma) {
  const AlongAxes at = along(grid.axes(), mean, sigma);
  const std::size_t r = at.mean.size();
  RealVector inside(r), cost(r), about_outside(r), whole(r);
  for (std::size_t k = 0; k < r; ++k) {
    const Real scale = grid.axes().scales()[k];
    const RealVector points = scaled(grid.points()[k], scale);
    const RealVector edges = real_edges(grid.edges(static_cast<std::int64_t>(k)), scale);
    const Real out = grid.has_outside() ? Real(scale * grid.outside()[k]) : Real(0);
    for (const LineCell& cell : line_cells(points, edges, at.mean[k], at.deviation[k])) {
      inside[k] += cell.mass;
      cost[k] += cell.second;
    }
    const RealVector ends{edges.front(), edges.back()};
    about_outside[k] = line_cells({out}, ends, at.mean[k], at.deviation[k])[0].second;
    const Real offset = at.mean[k] - out;
    whole[k] = at.deviation[k] * at.deviation[k] + offset * offset;
  }
  Real sum = at.across;
  for (std::size_t k = 0; k < r; ++k) {
    Real others = 1;
    for (std::size_t l = 0; l < r; ++l)
      if (l != k) others *= inside[l];
    sum += cost[k] * others + (grid.has_outside() ? whole[k] - about_outside[k] * others : Real(0));
  }
  return sum;
}

/// The same for the boxes of a tree.
inline Real exact_cost(const Tree& tree, const VectorXd& mean, const RealMatrix& sigma) {
  const AlongAxes at = along(tree.axes(), mean, sigma);
  Real sum = at.across;
  for (std::int64_t a = 0; a < tree.size(); ++a) {
    const Cell box = tree.cell(a);
    std::vector<LineCell> cells;
    for (std::size_t k = 0; k < at.mean.size(); ++k) {
      const Real scale = tree.axes().scales()[k];
      const RealVector ends = real_edges({box.lower()[k], box.upper()[k]}, scale);
      const RealVector point{scale * tree.points()(a, static_cast<std::int64_t>(k))};
      cells.push_back(line_cells(point, ends, at.mean[k], at.deviation[k])[0]);
    }
    for (std::size_t k = 0; k < cells.size(); ++k) {
      Real term = cells[k].second;
      for (std::size_t l = 0; l < cells.size(); ++l)
        if (l != k) term *= cells[l].mass;
      sum += term;
    }
  }
  return sum;
}

/// (Σ_i w_i E‖X_i − its point‖² / Σ_i w_i)^{1/2} for layers of grids and trees.
inline Real exact_distance(const Scheme& scheme, const PlainMixture& mixture) {
  Real sum = 0;
  Real total = 0;
  for (const double w : mixture.weights) total += w;
  for (const Layer& layer : scheme.layers())
    for (const std::int64_t i : layer.components) {
      if (mixture.weights[i] == 0) continue;
      const RealMatrix sigma = real_covariance(mixture.covariances[i]);
      const Real cost = std::holds_alternative<Tree>(layer.pattern)
                            ? exact_cost(std::get<Tree>(layer.pattern), mixture.means[i], sigma)
                        : std::get<Grid>(layer.pattern).has_outside()
                            ? exact_bounded_cost(std::get<Grid>(layer.pattern), mixture.means[i],
                                                 sigma)
                            : exact_cost(std::get<Grid>(layer.pattern), mixture.means[i], sigma);
      sum += mixture.weights[i] * cost;
    }
  return sqrt(sum / total);
}

}  // namespace wquant::test
