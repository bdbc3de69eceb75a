#pragma once

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <vector>

namespace wquant::test {

/// 50 digits for results, 100 for the differences that cancel on the way.
using Real = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<100>>;

Real density(const Real& x);

/// P(Z > x) for x ≥ 0: ½ − φ(x) Σ x^{2n+1}/(2n+1)!! near the origin, Laplace's continued fraction
/// φ(x)/(x + 1/(x + 2/(x + 3/…))) beyond; n terms leave about e^{−2x√(2n)}.
Real positive_tail(const Real& x);

/// Infinite ends are given as any |x| ≥ 200: what lies beyond is below 1e-8000.
Real upper_tail(const Real& x);

struct RealMoments {
  Real mass, mean, variance;
};

/// N(0,1) on (a, b), by the textbook formulas.
RealMoments real_cell(const Real& a, const Real& b);

/// ∫ over the cells bounded by midpoints of (z − c_j)² dN(mean, deviation²), for ascending points.
Real grid_error(const std::vector<double>& points, const Real& mean, const Real& deviation);

}  // namespace wquant::test
