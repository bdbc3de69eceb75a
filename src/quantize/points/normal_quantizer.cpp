#include "wquant/normal_quantizer.hpp"

#include <array>
#include <atomic>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <map>
#include <mutex>
#include <string>

#include "base/limits.hpp"
#include "base/summation.hpp"
#include "base/validation.hpp"
#include "numerics/midpoints.hpp"
#include "numerics/normal_cell.hpp"
#include "quantize/points/optimal_points.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kLargestOptimal = 10'000;
constexpr std::int64_t kLargest = 1'000'000'000;
constexpr int kLargestTabulated = 256;
/// Newton converges quadratically: after a move of 1e-10 what is left is rounding.
constexpr double kNewtonTolerance = 1e-10;

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

/// Companding for squared error: quantiles of the density ∝ φ^{1/3}, which is N(0, 3), at the
/// levels j / (n + 1). (At (j − ½) / n the outermost points lie too far out, and Newton takes
/// longer.)
std::vector<double> companding_points(std::int64_t n) {
  std::vector<double> points(static_cast<std::size_t>(n));
  for (std::int64_t j = 0; j < n / 2; ++j) {
    const double level = static_cast<double>(j + 1) / static_cast<double>(n + 1);
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

/// Masses and Σ_j P_j (v_j + (m_j − c_j)²), every term non-negative, rounded up by the stated
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

/// e(n) (n + a(n))² = √3π/2, the Panter–Dite limit, with a(n) ≈ a_∞ − b / log n fitted to two
/// computed values.
struct Asymptote {
  double limit_shift;
  double slope;
};

constexpr double kPanterDite = 2.7206990463513268;  // √3π/2

Asymptote fit_asymptote() {
  const auto shift = [](int n) { return std::sqrt(kPanterDite / normal_distortion(n)) - n; };
  const double low = 1 / std::log(kLargestTabulated / 2.0);
  const double high = 1 / std::log(kLargestTabulated);
  const double slope = (shift(kLargestTabulated) - shift(kLargestTabulated / 2)) / (low - high);
  return {shift(kLargestTabulated) + slope * high, slope};
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
  require_at_least("n", n, 1);
  if (n <= kLargestTabulated) {
    static std::array<std::atomic<double>, kLargestTabulated + 1> table{};
    // cppcheck-suppress containerOutOfBounds  // counts the array without its + 1
    double value = table[n].load(std::memory_order_relaxed);
    if (value == 0) {
      value = normal_quantizer(n)->distortion;
      table[n].store(value, std::memory_order_relaxed);
    }
    return value;
  }
  static const Asymptote asymptote = fit_asymptote();
  const auto points = static_cast<double>(n);
  const double shifted = points + asymptote.limit_shift - asymptote.slope / std::log(points);
  return kPanterDite / (shifted * shifted);
}

}  // namespace wquant
