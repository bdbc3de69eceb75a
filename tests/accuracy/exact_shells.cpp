#include "accuracy/exact_shells.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/expm1.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <cmath>

namespace wquant::test {
namespace {

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

}  // namespace

std::vector<double> shell_edges(const std::vector<double>& radii, double end) {
  std::vector<double> out = {0};
  for (std::size_t j = 0; j + 1 < radii.size(); ++j) out.push_back(radii[j] / 2 + radii[j + 1] / 2);
  out.push_back(std::max(end, out.back()));
  return out;
}

LargestCoordinate::LargestCoordinate(std::int64_t n) : n_(n) {
  for (int panel = 0; panel < kPanels; ++panel)
    integrals_.push_back(integrals_.back() + integral(panel * kWidth, (panel + 1) * kWidth));
}

Real LargestCoordinate::above(const Real& t) const {
  if (t < 4) return 1 - below(t);
  return -boost::math::expm1(n_ * boost::math::log1p(-2 * upper_tail(t)));
}

Real LargestCoordinate::below(const Real& t) const { return pow(central(t), static_cast<int>(n_)); }

Real LargestCoordinate::integral_to(double t) const {
  if (t >= kEnd) return integrals_.back();
  const int panel = static_cast<int>(t / kWidth);
  return integrals_[panel] + integral(panel * kWidth, t);
}

ExactShells LargestCoordinate::shells(const std::vector<double>& radii) const {
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

Real LargestCoordinate::central(const Real& t) {
  return t < 1e-10 ? 2 * density(0) * t * (1 - t * t / 6) : 1 - 2 * upper_tail(t);
}

Real LargestCoordinate::integral(const Real& a, const Real& b) const {
  if (a == b) return 0;
  return boost::math::quadrature::gauss<Real, 30>::integrate(
      [this](const Real& t) { return above(t); }, a, b);
}

Real norm_mass(std::int64_t n, double a, double b) {
  const Real half = Real(n) / 2;
  const Real low = Real(a) * a / 2;
  const Real high = Real(b) * b / 2;
  return low > half ? boost::math::gamma_q(half, low) - boost::math::gamma_q(half, high)
                    : boost::math::gamma_p(half, high) - boost::math::gamma_p(half, low);
}

ExactShells exact_norm_shells(std::int64_t n, const std::vector<double>& radii, const Real& mean) {
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
