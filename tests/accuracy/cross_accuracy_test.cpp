#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/expm1.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <cmath>
#include <vector>

#include "accuracy/multiprecision.hpp"
#include "quantize/cross_radii.hpp"
#include "quantize/cross_shells.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::Real;

/// What certificates are compared with: quantization.md §4 as it stands, in 100 digits.
struct ExactShells {
  std::vector<Real> mass;
  std::vector<Real> first;  ///< E[M; shell j].
  Real factor;
  Real gap;
};

void finish(ExactShells& shells, std::int64_t n, const std::vector<double>& radii) {
  shells.factor = 1;
  shells.gap = 0;
  for (std::size_t j = 0; j < radii.size(); ++j) {
    const Real r = radii[j];
    shells.factor += r * (r * shells.mass[j] - 2 * shells.first[j]) / n;
    if (shells.mass[j] < 1e-60) continue;  // E[M; shell] is good to about 1e-95
    const Real offset = shells.first[j] / shells.mass[j] - r;
    shells.gap += shells.mass[j] * offset * offset / n;
  }
}

/// Edges of the shells as the library rounds them, from 0 to `end` in place of infinity.
std::vector<double> edges(const std::vector<double>& radii, double end) {
  std::vector<double> out = {0};
  for (std::size_t j = 0; j + 1 < radii.size(); ++j) out.push_back(radii[j] / 2 + radii[j + 1] / 2);
  out.push_back(std::max(end, out.back()));
  return out;
}

/// P(M > t) and its integrals from 0, by 30-point panels of width 1/8 up to 24, where
/// P(M > 24) < 1e-120.
class LargestCoordinate {
 public:
  explicit LargestCoordinate(std::int64_t n) : n_(n) {
    for (int panel = 0; panel < kPanels; ++panel)
      integrals_.push_back(integrals_.back() + integral(panel * kWidth, (panel + 1) * kWidth));
  }

  Real above(const Real& t) const {
    if (t < 4) return 1 - below(t);
    return -boost::math::expm1(n_ * boost::math::log1p(-2 * test::upper_tail(t)));
  }

  Real below(const Real& t) const { return pow(central(t), static_cast<int>(n_)); }

  Real integral_to(double t) const {
    if (t >= kEnd) return integrals_.back();
    const int panel = static_cast<int>(t / kWidth);
    return integrals_[panel] + integral(panel * kWidth, t);
  }

  Real mean() const { return integrals_.back(); }

  /// ∫ t dF = [−t (1 − F)] + ∫ (1 − F).
  ExactShells shells(const std::vector<double>& radii) const {
    const std::vector<double> ends = edges(radii, 150);
    ExactShells out;
    for (std::size_t j = 0; j < radii.size(); ++j) {
      const Real a = ends[j];
      const Real b = ends[j + 1];
      out.mass.push_back(above(b) > 0.5 ? below(b) - below(a) : above(a) - above(b));
      out.first.push_back(a * above(a) - b * above(b) + integral_to(ends[j + 1]) -
                          integral_to(ends[j]));
    }
    finish(out, n_, radii);
    return out;
  }

 private:
  static constexpr double kWidth = 0.125;
  static constexpr int kPanels = 192;
  static constexpr double kEnd = kWidth * kPanels;

  /// P(|Z| ≤ t), near 0 by its series up to a relative 1e-42.
  static Real central(const Real& t) {
    return t < 1e-10 ? 2 * test::density(0) * t * (1 - t * t / 6) : 1 - 2 * test::upper_tail(t);
  }

  Real integral(const Real& a, const Real& b) const {
    if (a == b) return 0;
    return boost::math::quadrature::gauss<Real, 30>::integrate(
        [this](const Real& t) { return above(t); }, a, b);
  }

  std::int64_t n_;
  std::vector<Real> integrals_ = {0};
};

/// P(χ_n in (a, b)), by the tail in which the interval lies.
Real norm_mass(std::int64_t n, double a, double b) {
  const Real half = Real(n) / 2;
  const Real low = Real(a) * a / 2;
  const Real high = Real(b) * b / 2;
  return low > half ? boost::math::gamma_q(half, low) - boost::math::gamma_q(half, high)
                    : boost::math::gamma_p(half, high) - boost::math::gamma_p(half, low);
}

/// Shells of R: t times the density of χ_n is E[R] times that of χ_{n+1}.
ExactShells exact_norm_shells(std::int64_t n, const std::vector<double>& radii, const Real& mean) {
  const std::vector<double> ends = edges(radii, std::sqrt(static_cast<double>(n)) + 60);
  ExactShells out;
  for (std::size_t j = 0; j < radii.size(); ++j) {
    out.mass.push_back(norm_mass(n, ends[j], ends[j + 1]));
    out.first.push_back(mean * norm_mass(n + 1, ends[j], ends[j + 1]));
  }
  finish(out, n, radii);
  return out;
}

struct Excess {
  double factor = 0, gap = 0, mass = 0;  ///< the last relative to what is stated.
};

void expect_enclosed(const CrossShells& found, const ExactShells& exact, Excess& worst) {
  EXPECT_GE(Real(found.factor), exact.factor);
  EXPECT_GE(Real(found.centroid_gap), exact.gap);
  worst.factor =
      std::max(worst.factor, static_cast<double>((found.factor - exact.factor) / exact.factor));
  worst.gap =
      std::max(worst.gap, static_cast<double>((found.centroid_gap - exact.gap) / exact.factor));
  for (std::size_t j = 0; j < exact.mass.size(); ++j)
    worst.mass = std::max(
        worst.mass, static_cast<double>(abs(found.mass[j] - exact.mass[j])) / found.mass_error[j]);
}

void record(const Excess& worst, std::int64_t n) {
  const std::string suffix = "_" + std::to_string(n);
  testing::Test::RecordProperty("factor" + suffix, std::to_string(worst.factor * 1e12) + "e-12");
  testing::Test::RecordProperty("gap" + suffix, std::to_string(worst.gap * 1e12) + "e-12");
  testing::Test::RecordProperty("mass" + suffix, std::to_string(worst.mass));
}

/// Ordinary radii: optimal, the paper's, random ones.
std::vector<std::vector<double>> ordinary_radii(std::int64_t n) {
  test::Random random(75);
  std::vector<std::vector<double>> out;
  for (const int m : {1, 2, 5, 20}) {
    out.push_back(optimal_cross_radii(n, m));
    out.push_back(paper_cross_radii(n, m));
    std::vector<double> radii;
    for (int j = 0; j < m; ++j) radii.push_back(random.uniform(0, 6));
    std::sort(radii.begin(), radii.end());
    out.push_back(radii);
  }
  return out;
}

/// Far out, in clusters, next to nothing, equal, 0.
std::vector<std::vector<double>> badly_placed_radii() {
  return {{10, 11, 12, 30, 35, 36, 50},
          {2, 2 + 1e-9, 2 + 2e-9, 2 + 1e-15, 2.5},
          {1e-9, 1e-8, 2e-8, 0.3},
          {1e-300, 1e-200, 1e-100},
          {0, 1, 1, 3},
          {1000, 2000},
          {1e-3},
          {0.5, 0.6, 0.7, 0.8, 37.9, 40, 42}};
}

class Cross : public testing::TestWithParam<std::int64_t> {};

TEST_P(Cross, CoordinateShellsAreEnclosed) {
  const std::int64_t n = GetParam();
  const LargestCoordinate exact(n);
  Excess worst;
  for (const auto& radii : ordinary_radii(n))
    expect_enclosed(coordinate_shells(n, radii), exact.shells(radii), worst);
  EXPECT_LT(worst.factor, 1e-12);
  EXPECT_LT(worst.gap, 1e-12);
  EXPECT_LT(worst.mass, 1);
  record(worst, n);
}

TEST_P(Cross, CoordinateShellsAreEnclosedHoweverTheRadiiLie) {
  const std::int64_t n = GetParam();
  const LargestCoordinate exact(n);
  Excess worst;
  for (auto radii : badly_placed_radii()) {
    std::sort(radii.begin(), radii.end());
    expect_enclosed(coordinate_shells(n, radii), exact.shells(radii), worst);
  }
  EXPECT_LT(worst.factor, 1e-12);
  EXPECT_LT(worst.mass, 1);
  record(worst, n);
}

TEST_P(Cross, NormShellsAreEnclosed) {
  const std::int64_t n = GetParam();
  const Real mean = LargestCoordinate(n).mean();
  Excess worst;
  auto all = ordinary_radii(n);
  all.push_back({std::sqrt(static_cast<double>(n))});
  for (const auto& radii : all)
    expect_enclosed(norm_shells(n, radii), exact_norm_shells(n, radii, mean), worst);
  EXPECT_LT(worst.factor, 1e-12);
  EXPECT_LT(worst.gap, 1e-12);
  EXPECT_LT(worst.mass, 1);
  record(worst, n);
}

TEST_P(Cross, NormShellsAreEnclosedHoweverTheRadiiLie) {
  const std::int64_t n = GetParam();
  const Real mean = LargestCoordinate(n).mean();
  Excess worst;
  for (auto radii : badly_placed_radii()) {
    std::sort(radii.begin(), radii.end());
    expect_enclosed(norm_shells(n, radii), exact_norm_shells(n, radii, mean), worst);
  }
  EXPECT_LT(worst.factor, 1e-12);
  EXPECT_LT(worst.mass, 1);
  record(worst, n);
}

INSTANTIATE_TEST_SUITE_P(Dimensions, Cross, testing::Values(1, 2, 3, 10, 64, 1000, 10'000),
                         testing::PrintToStringParamName());

/// The 100-digit side against another: on the line a cross is a grid.
TEST(ExactCross, IsTheGridsErrorOnTheLine) {
  const std::vector<double> radii = {0.25, 1.5, 2.75};
  const Real cross = LargestCoordinate(1).shells(radii).factor;
  const Real grid = test::grid_error({-2.75, -1.5, -0.25, 0.25, 1.5, 2.75}, 0, 1);
  EXPECT_LT(static_cast<double>(abs(cross - grid)), 1e-40);
}

/// Many narrow shells: what is lost to rounding must not grow with their number.
TEST(ManyRadii, OnTheLineAreEnclosedTightly) {
  const auto radii = optimal_cross_radii(1, 5000);
  std::vector<double> points;
  for (std::size_t j = radii.size(); j-- > 0;) points.push_back(-radii[j]);
  points.insert(points.end(), radii.begin(), radii.end());
  const Real exact = test::grid_error(points, 0, 1);
  const double factor = coordinate_shells(1, radii).factor;
  EXPECT_GE(Real(factor), exact);
  EXPECT_LT(static_cast<double>(factor / exact - 1), 1e-12);
}

}  // namespace
}  // namespace wquant
