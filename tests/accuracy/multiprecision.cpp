#include "accuracy/multiprecision.hpp"

#include <boost/math/constants/constants.hpp>

namespace wquant::test {

Real density(const Real& x) {
  return exp(-x * x / 2) / sqrt(2 * boost::math::constants::pi<Real>());
}

Real positive_tail(const Real& x) {
  if (x < 4) {
    Real term = x;
    Real sum = x;
    for (int n = 1; term > 1e-110 * sum; ++n) {
      term *= x * x / (2 * n + 1);
      sum += term;
    }
    return Real(0.5) - density(x) * sum;
  }
  const double root = 125 / static_cast<double>(x);
  Real fraction = x;
  for (int n = static_cast<int>(root * root / 2) + 20; n > 0; --n) fraction = x + n / fraction;
  return density(x) / fraction;
}

Real upper_tail(const Real& x) { return x >= 0 ? positive_tail(x) : 1 - positive_tail(-x); }

RealMoments real_cell(const Real& a, const Real& b) {
  const Real mass = a > 0   ? upper_tail(a) - upper_tail(b)
                    : b < 0 ? upper_tail(-b) - upper_tail(-a)
                            : 1 - upper_tail(-a) - upper_tail(b);
  const Real mean = (density(a) - density(b)) / mass;
  const Real second = 1 + (a * density(a) - b * density(b)) / mass;
  return {mass, mean, second - mean * mean};
}

Real grid_error(const std::vector<double>& points, const Real& mean, const Real& deviation) {
  Real sum = 0;
  for (std::size_t j = 0; j < points.size(); ++j) {
    const Real lower =
        j == 0 ? Real(-200) : ((Real(points[j - 1]) + points[j]) / 2 - mean) / deviation;
    const Real upper = j + 1 == points.size()
                           ? Real(200)
                           : ((Real(points[j]) + points[j + 1]) / 2 - mean) / deviation;
    if (lower > 190 || upper < -190) continue;
    const RealMoments cell =
        real_cell(lower < -200 ? Real(-200) : lower, upper > 200 ? Real(200) : upper);
    const Real offset = mean + deviation * cell.mean - points[j];
    sum += cell.mass * (deviation * deviation * cell.variance + offset * offset);
  }
  return sum;
}

}  // namespace wquant::test
