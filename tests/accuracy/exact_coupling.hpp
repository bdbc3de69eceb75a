#pragma once

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
  Real trace() const;
  std::size_t n;
  RealVector entries;
};

struct RealEigen {
  RealVector values;
  RealMatrix vectors;  ///< columns
};

/// Cyclic Jacobi to 1e-80 of the trace.
RealEigen real_eigen(RealMatrix a);

/// The positive part of the symmetric part.
RealMatrix real_covariance(const MatrixXd& sigma);

/// N(mean, deviation²) on (lower, upper] about a point c: P, E[x − c; cell], E[(x − c)²; cell].
struct LineCell {
  Real mass, first, second;
};

/// One edge, with what all cells that it bounds need of it.
class LineEdge {
 public:
  LineEdge(const Real& x, const Real& mean, const Real& deviation);
  const Real& z() const { return z_; }
  const Real& density_at() const { return density_; }
  /// P(Z beyond |z|).
  const Real& tail() const { return tail_; }

 private:
  Real z_, tail_, density_;
};

LineCell line_cell(const LineEdge& a, const LineEdge& b, const Real& mean, const Real& deviation,
                   const Real& c);

/// edges: one more than points; infinities are far_away().
std::vector<LineCell> line_cells(const RealVector& points, const RealVector& edges,
                                 const Real& mean, const Real& deviation);

const Real& far_away();
RealVector real_edges(const std::vector<double>& edges, const Real& scale);
RealVector scaled(const std::vector<double>& points, const Real& scale);

/// The orthonormal polar factor of the stored directions, by Newton and Schulz: columns.
std::vector<RealVector> polar_columns(MatrixView<const double> basis);

/// One component seen along axes: marginals, and variance and squared mean across.
struct AlongAxes {
  std::vector<RealVector> directions;
  RealVector mean, deviation;
  RealMatrix covariance;  ///< QᵀΣQ
  Real variance_across = 0;
  Real mean_across = 0;
};

AlongAxes along(const Axes& axes, const VectorXd& mean, const RealMatrix& sigma);

RealMatrix real_root(const RealMatrix& a);

/// ‖A^{1/2} − (diag A)^{1/2}‖_F² over the given rows and columns.
Real root_mismatch(const RealMatrix& a, const std::vector<std::size_t>& kept);

/// The squares that a certificate is made of.
struct ExactParts {
  Real cells = 0, off_span = 0, mismatch = 0;
  void add(const Real& weight, const ExactParts& other);
  /// Of the coupling that sends every cell to its point.
  Real distance() const;
  /// For products in place of components whose covariances the axes do not diagonalise.
  Real bound() const;
};

/// E‖X − its point‖² over a grid that fills the space: it depends on marginals alone, since every
/// coordinate goes by itself. Where boxes are bounded by midpoints, no distribution on the grid's
/// points is nearer to the component, whatever its probabilities.
ExactParts exact_parts(const Grid& grid, const VectorXd& mean, const RealMatrix& sigma);

/// The same where boxes leave something out and the coordinates along the axes are independent.
ExactParts exact_bounded_parts(const Grid& grid, const VectorXd& mean, const RealMatrix& sigma);

/// The same for the boxes of a tree.
ExactParts exact_parts(const Tree& tree, const VectorXd& mean, const RealMatrix& sigma);

Real total_weight(const PlainMixture& mixture);
bool has_grids_and_trees_only(const Scheme& scheme);

/// Weighted over all components, for layers of grids and trees.
ExactParts exact_parts(const Scheme& scheme, const PlainMixture& mixture);

/// A cell of one component on a grid along the coordinate axes, by its moments in R^d.
struct ExactCell {
  Real mass;
  RealVector mean, variance;

  Real cost(const RealVector& point) const;
};

/// In the order of the grid's locations. Directions must be unit vectors.
std::vector<ExactCell> exact_cells(const Grid& grid, const VectorXd& mean, const RealMatrix& sigma);

RealVector real_vector(const double* x, std::int64_t d);

}  // namespace wquant::test
