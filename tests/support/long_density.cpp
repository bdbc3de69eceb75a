#include "support/long_density.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace wquant::test {
namespace {

/// f'(0) within O(h⁴) by central differences.
template <class Function>
long double derivative(const Function& f, long double h) {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

}  // namespace

LongDensity::LongDensity(const PlainMixture& mixture) : mixture_(mixture) {
  for (const MatrixXd& sigma : mixture.covariances)
    roots_.emplace_back(LongMatrix(sigma.cast<long double>()).llt().matrixL());
}

long double LongDensity::operator()(const LongVector& x) const {
  const long double log_two_pi = std::log(2 * std::acos(-1.0L));
  std::vector<long double> terms;
  for (std::size_t i = 0; i < roots_.size(); ++i) {
    const LongVector offset = x - mixture_.means[i].cast<long double>();
    const LongVector z = roots_[i].triangularView<Eigen::Lower>().solve(offset);
    long double log_root = 0;
    for (Eigen::Index k = 0; k < x.size(); ++k) log_root += std::log(roots_[i](k, k));
    terms.push_back(std::log(static_cast<long double>(mixture_.weights[i])) - log_root -
                    (static_cast<long double>(x.size()) * log_two_pi + z.squaredNorm()) / 2);
  }
  const long double largest = *std::max_element(terms.begin(), terms.end());
  long double sum = 0;
  for (const long double term : terms) sum += std::exp(term - largest);
  return largest + std::log(sum);
}

LongVector gradient(const LongDensity& f, const LongVector& x, long double h) {
  LongVector out(x.size());
  for (Eigen::Index a = 0; a < x.size(); ++a)
    out[a] = derivative([&](long double t) { return f(x + t * LongVector::Unit(x.size(), a)); }, h);
  return out;
}

LongMatrix hessian_matrix(const LongDensity& f, const LongVector& x, long double h) {
  const Eigen::Index d = x.size();
  LongMatrix out(d, d);
  for (Eigen::Index a = 0; a < d; ++a)
    for (Eigen::Index b = 0; b < d; ++b) {
      const auto slope_along_a = [&](long double s) {
        const LongVector y = x + s * LongVector::Unit(d, b);
        return derivative([&](long double t) { return f(y + t * LongVector::Unit(d, a)); }, h);
      };
      out(b, a) = derivative(slope_along_a, h);
    }
  return out;
}

}  // namespace wquant::test
