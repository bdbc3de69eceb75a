#pragma once

#include <cmath>

namespace wquant {

/// Neumaier's compensated sum: error ≤ 2ε|Σx| + O(nε²)Σ|x|, so for non-negative terms a relative
/// error below 3ε for any practical n.
class CompensatedSum {
 public:
  CompensatedSum& operator+=(double x) {
    const double next = sum_ + x;
    compensation_ += std::fabs(sum_) >= std::fabs(x) ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
    return *this;
  }
  double value() const { return sum_ + compensation_; }

 private:
  double sum_ = 0;
  double compensation_ = 0;
};

}  // namespace wquant
