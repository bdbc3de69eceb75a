#pragma once

#include <vector>

#include "support/mixtures.hpp"

namespace wquant::test {

using LongVector = Eigen::Matrix<long double, Eigen::Dynamic, 1>;
using LongMatrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

/// log Σ_i w_i N(x; μ_i, Σ_i) by Cholesky factors in long double; covariances of full rank.
class LongDensity {
 public:
  explicit LongDensity(const PlainMixture& mixture) : mixture_(mixture) {
    for (const MatrixXd& sigma : mixture.covariances)
      roots_.emplace_back(LongMatrix(sigma.cast<long double>()).llt().matrixL());
  }

  long double operator()(const LongVector& x) const {
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

 private:
  PlainMixture mixture_;
  std::vector<LongMatrix> roots_;
};

/// f'(0) within O(h⁴) by central differences.
template <class Function>
long double derivative(const Function& f, long double h) {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

/// ∇f(x).
template <class Function>
LongVector gradient(const Function& f, const LongVector& x, long double h) {
  LongVector out(x.size());
  for (Eigen::Index a = 0; a < x.size(); ++a)
    out[a] = derivative([&](long double t) { return f(x + t * LongVector::Unit(x.size(), a)); }, h);
  return out;
}

/// ∇²f(x), column by column.
template <class Function>
LongMatrix hessian_matrix(const Function& f, const LongVector& x, long double h) {
  LongMatrix out(x.size(), x.size());
  for (Eigen::Index a = 0; a < x.size(); ++a)
    out.col(a) = gradient(
        [&](const LongVector& y) {
          return derivative([&](long double t) { return f(y + t * LongVector::Unit(x.size(), a)); },
                            h);
        },
        x, h);
  return out;
}

}  // namespace wquant::test
