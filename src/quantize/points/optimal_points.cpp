#include "quantize/points/optimal_points.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace wquant {
namespace {

std::vector<double> residual(const std::vector<double>& points, const CentroidTerms& terms) {
  std::vector<double> out(points.size());
  for (std::size_t j = 0; j < points.size(); ++j)
    out[j] = points[j] * terms.mass[j] - terms.first_moment[j];
  return out;
}

double squared_norm(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return sum;
}

/// The step of (M − θE)⁻¹ gradient, by Thomas elimination: M − E, M = diag(P_j), is the Hessian,
/// P_j − e_{j−1} − e_j on the diagonal, −e_j beside it, e_j = f(v_j)(c_{j+1} − c_j)/4. θ = 1 is
/// Newton's step, θ = 0 Lloyd's. Nothing if M − θE is not positive definite.
std::optional<std::vector<double>> newton_step(const std::vector<double>& points,
                                               const CentroidTerms& terms,
                                               std::vector<double> gradient, double theta) {
  const std::size_t n = points.size();
  std::vector<double> upper(n);
  double previous_edge = 0;
  for (std::size_t j = 0; j < n; ++j) {
    const double edge =
        j + 1 < n ? theta * terms.edge_density[j] * (points[j + 1] - points[j]) / 4 : 0;
    double pivot = terms.mass[j] - edge - previous_edge;
    if (j > 0) {
      pivot += previous_edge * upper[j - 1];
      gradient[j] += previous_edge * gradient[j - 1];
    }
    if (!(pivot > 0)) return std::nullopt;
    upper[j] = -edge / pivot;
    gradient[j] /= pivot;
    previous_edge = edge;
  }
  for (std::size_t j = n - 1; j-- > 0;) gradient[j] -= upper[j] * gradient[j + 1];
  return gradient;
}

/// Σ P_j c_j² − 2 c_j F_j: the distortion, but for E X².
double merit(const std::vector<double>& points, const CentroidTerms& terms) {
  double sum = 0;
  for (std::size_t j = 0; j < points.size(); ++j)
    sum += points[j] * (terms.mass[j] * points[j] - 2 * terms.first_moment[j]);
  return sum;
}

/// The distortion falls; or, where that is lost in its rounding, the residual does.
bool improves(const std::vector<double>& from, const CentroidTerms& terms,
              const std::vector<double>& to, const CentroidTerms& to_terms) {
  constexpr double kRounding = 1e-13;
  const double before = merit(from, terms);
  const double after = merit(to, to_terms);
  return after < before - kRounding * std::fabs(before) ||
         (after <= before + kRounding * std::fabs(before) &&
          squared_norm(residual(to, to_terms)) <= squared_norm(residual(from, terms)));
}

bool ascending(const std::vector<double>& points) {
  return std::adjacent_find(points.begin(), points.end(), std::greater_equal<>()) == points.end();
}

/// Every point to the mean of its cell; a cell without mass keeps its point.
std::vector<double> lloyd_step(const std::vector<double>& points, const CentroidTerms& terms) {
  std::vector<double> out = points;
  for (std::size_t j = 0; j < points.size(); ++j)
    if (terms.mass[j] > 0) out[j] = terms.first_moment[j] / terms.mass[j];
  return ascending(out) ? out : points;
}

double largest_move(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t j = 0; j < a.size(); ++j) largest = std::max(largest, std::fabs(a[j] - b[j]));
  return largest;
}

}  // namespace

std::vector<double> stationary_points(std::vector<double> points,
                                      const CentroidEvaluation& evaluate, double tolerance,
                                      int most_iterations) {
  CentroidTerms terms = evaluate(points);
  std::vector<double> gradient = residual(points, terms);
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    std::vector<double> next;
    CentroidTerms next_terms;
    bool accepted = false;
    for (const double theta : {1.0, 0.9, 0.7, 0.4}) {
      const auto step = newton_step(points, terms, gradient, theta);
      if (!step) continue;
      next = points;
      for (std::size_t j = 0; j < points.size(); ++j) next[j] -= (*step)[j];
      if (!ascending(next)) continue;
      next_terms = evaluate(next);
      accepted = improves(points, terms, next, next_terms);
      if (accepted) break;
    }
    if (!accepted) {
      next = lloyd_step(points, terms);
      next_terms = evaluate(next);
    }
    const double moved = largest_move(points, next);
    points = std::move(next);
    terms = std::move(next_terms);
    gradient = residual(points, terms);
    if (moved <= tolerance * std::max(std::fabs(points.front()), std::fabs(points.back()))) break;
  }
  return points;
}

}  // namespace wquant
