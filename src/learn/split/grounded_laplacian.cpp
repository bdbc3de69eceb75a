#include "learn/split/grounded_laplacian.hpp"

#include <Eigen/SparseCholesky>
#include <algorithm>
#include <cmath>

namespace wquant {
namespace {

using Sparse = Eigen::SparseMatrix<double>;
using Factor = Eigen::SimplicialLLT<Sparse, Eigen::Lower, Eigen::AMDOrdering<int>>;

/// x ← x − factor · y for rows of numbers.
void subtract(double factor, const double* y, double* x) {
  for (std::int64_t c = 0; c < GroundedLaplacian::kColumns; ++c) x[c] -= factor * y[c];
}

void divide(double divisor, double* x) {
  for (std::int64_t c = 0; c < GroundedLaplacian::kColumns; ++c) x[c] /= divisor;
}

}  // namespace

GroundedLaplacian::GroundedLaplacian(std::int64_t nodes,
                                     const std::vector<Conductance>& conductances)
    : free_(nodes - 1) {
  if (free_ == 0) return;
  std::vector<double> diagonal(static_cast<std::size_t>(nodes), 0.0);
  for (const Conductance& g : conductances) {
    diagonal[g.from] += g.value;
    diagonal[g.to] += g.value;
  }
  std::vector<Eigen::Triplet<double>> entries;
  for (int i = 0; i < free_; ++i) {
    scale_.push_back(1 / std::sqrt(diagonal[i]));
    entries.emplace_back(i, i, 1.0);
  }
  for (const Conductance& g : conductances) {
    const auto [i, j] = std::minmax(g.from, g.to);
    if (j < free_)
      entries.emplace_back(static_cast<int>(j), static_cast<int>(i),
                           -g.value * scale_[i] * scale_[j]);
  }
  Sparse laplacian(free_, free_);
  laplacian.setFromTriplets(entries.begin(), entries.end());
  const Factor factor(laplacian);
  factorised_ = factor.info() == Eigen::Success;
  if (!factorised_) return;
  const Sparse lower = factor.matrixL();
  const auto& order = factor.permutationP().indices();
  place_.assign(order.data(), order.data() + free_);
  begin_.assign(lower.outerIndexPtr(), lower.outerIndexPtr() + free_ + 1);
  row_.assign(lower.innerIndexPtr(), lower.innerIndexPtr() + lower.nonZeros());
  value_.assign(lower.valuePtr(), lower.valuePtr() + lower.nonZeros());
}

void GroundedLaplacian::solve(double* currents) const {
  std::vector<double> x(static_cast<std::size_t>(free_ * kColumns));
  const auto row = [&](std::int64_t j) { return x.data() + j * kColumns; };
  for (std::int64_t i = 0; i < free_; ++i)
    for (std::int64_t c = 0; c < kColumns; ++c)
      row(place_[i])[c] = scale_[i] * currents[i * kColumns + c];
  for (std::int64_t j = 0; j < free_; ++j) {
    divide(value_[begin_[j]], row(j));
    for (int e = begin_[j] + 1; e < begin_[j + 1]; ++e) subtract(value_[e], row(j), row(row_[e]));
  }
  for (std::int64_t j = free_ - 1; j >= 0; --j) {
    for (int e = begin_[j] + 1; e < begin_[j + 1]; ++e) subtract(value_[e], row(row_[e]), row(j));
    divide(value_[begin_[j]], row(j));
  }
  for (std::int64_t i = 0; i < free_; ++i)
    for (std::int64_t c = 0; c < kColumns; ++c)
      currents[i * kColumns + c] = scale_[i] * row(place_[i])[c];
  std::fill_n(currents + free_ * kColumns, kColumns, 0.0);
}

}  // namespace wquant
