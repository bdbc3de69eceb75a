#include "wquant/normal_quantizer.hpp"

#include <array>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <string>

#include "backend/normal_cell.hpp"
#include "quantize/optimal_points.hpp"
#include "quantize/rounding.hpp"
#include "quantize/summation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kLargestOptimal = 10'000;
constexpr std::int64_t kLargest = 1'000'000'000;
constexpr int kLargestTabulated = 256;
/// Newton converges quadratically: after a move of 1e-10 what is left is rounding.
constexpr double kNewtonTolerance = 1e-10;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

CellMoments cell(const std::vector<double>& edges, std::size_t j) {
  const double lower = j == 0 ? -kInfinity : edges[j - 1];
  const double upper = j == edges.size() ? kInfinity : edges[j];
  return normal_cell(lower, upper, upper - lower);
}

CentroidTerms normal_terms(const std::vector<double>& points) {
  const std::vector<double> edges = midpoints(points);
  CentroidTerms terms;
  for (std::size_t j = 0; j < points.size(); ++j) {
    const CellMoments moments = cell(edges, j);
    terms.mass.push_back(moments.mass);
    terms.first_moment.push_back(moments.mass * moments.mean);
  }
  for (const double v : edges) terms.edge_density.push_back(normal_density(v));
  return terms;
}

/// Companding for squared error: quantiles of the density ∝ φ^{1/3}, which is N(0, 3).
std::vector<double> companding_points(std::int64_t n) {
  std::vector<double> points(static_cast<std::size_t>(n));
  for (std::int64_t j = 0; j < n / 2; ++j) {
    const double level = (static_cast<double>(j) + 0.5) / static_cast<double>(n);
    const double x = std::sqrt(6.0) * boost::math::erfc_inv(2 * level);
    points[j] = -x;
    points[n - 1 - j] = x;
  }
  return points;
}

/// Exact symmetry about 0, which rounding may have broken.
void symmetrise(std::vector<double>& points) {
  const std::size_t n = points.size();
  for (std::size_t j = 0; j < n / 2; ++j) {
    const double half = (points[n - 1 - j] - points[j]) / 2;
    points[j] = -half;
    points[n - 1 - j] = half;
  }
  if (n % 2 == 1) points[n / 2] = 0;
}

/// Masses and Σ_j P_j (v_j + (m_j − c_j)²), every term non-negative, rounded up by the proven
/// errors of normal_cell; the error of m_j − c_j enters as a distance.
void measure(NormalQuantizer& quantizer) {
  const std::vector<double> edges = midpoints(quantizer.points);
  CompensatedSum sum;
  for (std::size_t j = 0; j < quantizer.points.size(); ++j) {
    const CellMoments moments = cell(edges, j);
    const double mean_error = (kCellMeanError + kEpsilon) * std::max(1.0, std::fabs(moments.mean));
    const double offset = std::fabs(moments.mean - quantizer.points[j]) + mean_error;
    quantizer.masses.push_back(moments.mass);
    sum += moments.mass * (moments.variance + offset * offset);
  }
  quantizer.distortion = sum.value() * (1 + kCellMassError + kCellVarianceError + 8 * kEpsilon);
}

std::shared_ptr<const NormalQuantizer> make_quantizer(std::int64_t n) {
  auto quantizer = std::make_shared<NormalQuantizer>();
  quantizer->points = companding_points(n);
  if (n <= kLargestOptimal) {
    quantizer->points = stationary_points(quantizer->points, normal_terms, kNewtonTolerance, 60);
    symmetrise(quantizer->points);
  }
  measure(*quantizer);
  return quantizer;
}

/// e(n) (n + a)² → √3π/2: the Panter–Dite limit with a first-order correction a fitted to the two
/// largest computed values.
struct Asymptote {
  double numerator;
  double shift;
};

Asymptote fit_asymptote() {
  const double n1 = kLargestTabulated / 2;
  const double n2 = kLargestTabulated;
  const double r1 = std::sqrt(normal_distortion(kLargestTabulated / 2));
  const double r2 = std::sqrt(normal_distortion(kLargestTabulated));
  const double shift = (r2 * n2 - r1 * n1) / (r1 - r2);
  return {r2 * r2 * (n2 + shift) * (n2 + shift), shift};
}

}  // namespace

std::shared_ptr<const NormalQuantizer> normal_quantizer(std::int64_t n) {
  if (n < 1 || n > kLargest)
    throw InvalidArgument("n: " + std::to_string(n) + " points; expected 1 to " +
                          std::to_string(kLargest));
  if (n > kLargestOptimal) return make_quantizer(n);
  static std::mutex mutex;
  static std::map<std::int64_t, std::shared_ptr<const NormalQuantizer>> cache;
  {
    const std::lock_guard lock(mutex);
    if (const auto found = cache.find(n); found != cache.end()) return found->second;
  }
  auto made = make_quantizer(n);  // outside the lock: two threads may make the same bits twice
  const std::lock_guard lock(mutex);
  return cache.emplace(n, std::move(made)).first->second;
}

double normal_distortion(std::int64_t n) {
  if (n < 1) throw InvalidArgument("n: " + std::to_string(n) + " points; expected at least 1");
  if (n <= kLargestTabulated) return normal_quantizer(n)->distortion;
  static const Asymptote asymptote = fit_asymptote();
  const double scaled = static_cast<double>(n) + asymptote.shift;
  return asymptote.numerator / (scaled * scaled);
}

}  // namespace wquant
