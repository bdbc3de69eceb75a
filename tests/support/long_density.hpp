#pragma once

#include <vector>

#include "support/mixtures.hpp"

namespace wquant::test {

using LongVector = Eigen::Matrix<long double, Eigen::Dynamic, 1>;
using LongMatrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

/// log Σ_i w_i N(x; μ_i, Σ_i) by Cholesky factors in long double; covariances of full rank.
class LongDensity {
 public:
  explicit LongDensity(const PlainMixture& mixture);
  long double operator()(const LongVector& x) const;

 private:
  PlainMixture mixture_;
  std::vector<LongMatrix> roots_;
};

/// ∇f(x) within O(h⁴) by central differences.
LongVector gradient(const LongDensity& f, const LongVector& x, long double h);

/// ∇²f(x), column by column.
LongMatrix hessian_matrix(const LongDensity& f, const LongVector& x, long double h);

}  // namespace wquant::test
