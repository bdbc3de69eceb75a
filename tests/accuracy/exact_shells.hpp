#pragma once

#include <cstdint>
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

/// Edges of the shells as the library rounds them, from 0 to `end` in place of infinity.
std::vector<double> shell_edges(const std::vector<double>& radii, double end);

/// P(M > t) and its integrals from 0, by 30-point panels of width 1/8 up to 24, where
/// P(M > 24) < 1e-120.
class LargestCoordinate {
 public:
  explicit LargestCoordinate(std::int64_t n);

  Real above(const Real& t) const;
  Real below(const Real& t) const;
  Real integral_to(double t) const;
  Real mean() const { return integrals_.back(); }
  /// ∫ t dF = [−t (1 − F)] + ∫ (1 − F).
  ExactShells shells(const std::vector<double>& radii) const;

 private:
  static constexpr double kWidth = 0.125;
  static constexpr int kPanels = 192;
  static constexpr double kEnd = kWidth * kPanels;

  /// P(|Z| ≤ t), near 0 by its series up to a relative 1e-42.
  static Real central(const Real& t);
  Real integral(const Real& a, const Real& b) const;

  std::int64_t n_;
  std::vector<Real> integrals_ = {0};
};

/// P(χ_n in (a, b)), by the tail in which the interval lies.
Real norm_mass(std::int64_t n, double a, double b);

/// Shells of R: t times the density of χ_n is E[R] times that of χ_{n+1}.
ExactShells exact_norm_shells(std::int64_t n, const std::vector<double>& radii, const Real& mean);

}  // namespace wquant::test
