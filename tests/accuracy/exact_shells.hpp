#pragma once

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/expm1.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <cmath>
#include <vector>

#include "accuracy/multiprecision.hpp"

namespace wquant::test {

/// What certificates are compared with: quantization.md §4 as it stands, in 100 digits.
struct ExactShells {
  std::vector<Real> mass;
  std::vector<Real> first;  ///< E[M; shell j].
  Real factor;
  Real gap;
};

inline void finish(ExactShells& shells, std::int64_t n, const std::vector<double>& radii) {
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
inline std::vector<double> shell_edges(const std::vector<double>& radii, double end) {
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
    return -boost::math::expm1(n_ * boost::math::log1p(-2 * upper_tail(t)));
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
    const std::vector<double> ends = shell_edges(radii, 150);
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
    return t < 1e-10 ? 2 * density(0) * t * (1 - t * t / 6) : 1 - 2 * upper_tail(t);
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
inline Real norm_mass(std::int64_t n, double a, double b) {
  const Real half = Real(n) / 2;
  const Real low = Real(a) * a / 2;
  const Real high = Real(b) * b / 2;
  return low > half ? boost::math::gamma_q(half, low) - boost::math::gamma_q(half, high)
                    : boost::math::gamma_p(half, high) - boost::math::gamma_p(half, low);
}

/// Shells of R: t times the density of χ_n is E[R] times that of χ_{n+1}.
inline ExactShells exact_norm_shells(std::int64_t n, const std::vector<double>& radii,
                                     const Real& mean) {
  const std::vector<double> ends = shell_edges(radii, std::sqrt(static_cast<double>(n)) + 60);
  ExactShells out;
  for (std::size_t j = 0; j < radii.size(); ++j) {
    out.mass.push_back(norm_mass(n, ends[j], ends[j + 1]));
    out.first.push_back(mean * norm_mass(n + 1, ends[j], ends[j + 1]));
  }
  finish(out, n, radii);
  return out;
}

}  // namespace wquant::test
