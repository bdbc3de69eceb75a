#pragma once

#include <bit>
#include <cmath>
#include <compare>
#include <cstdint>

#include "base/limits.hpp"

namespace wquant {

/// A double that is never below the number ≥ 0 it stands for (mag_t of FLINT in small). Operations
/// go to the next double, which is above the exact result whatever was rounded; an exact 0 stays 0,
/// and so does any sum that is exact.
/// A plain double becomes an Upper by saying how it came about, and is one again by value(), so
/// that no rounding is left uncharged in between.
class Upper {
 public:
  /// 0.
  constexpr Upper() = default;
  /// x ≥ 0 itself.
  constexpr explicit Upper(double x) : value_(x) {}
  /// What at most `operations` rounded operations made x ≥ 0 of; none of them cancelled: each errs
  /// by ε / 2 relative or by a subnormal.
  static Upper rounded(double x, std::int64_t operations) {
    const auto n = static_cast<double>(operations + 2);
    return Upper(x * (1 + n * kEpsilon) + n * kSmallestPositive);
  }
  /// The same where nothing that matters was subnormal, so that 0 is 0.
  static Upper relative(double x, std::int64_t operations) {
    return Upper(x * (1 + static_cast<double>(operations + 2) * kEpsilon));
  }

  constexpr double value() const { return value_; }
  friend constexpr bool operator==(Upper a, Upper b) { return a.value_ == b.value_; }
  friend constexpr auto operator<=>(Upper a, Upper b) { return a.value_ <=> b.value_; }

  friend Upper operator+(Upper a, Upper b) {
    const double sum = a.value_ + b.value_;
    const double part = sum - a.value_;  // what rounding took is exact (Knuth's two-sum)
    const double lost = (a.value_ - (sum - part)) + (b.value_ - part);
    return lost > 0 ? next(sum) : Upper(sum);
  }
  friend Upper operator*(Upper a, Upper b) {
    return a.value_ == 0 || b.value_ == 0 ? Upper() : next(a.value_ * b.value_);
  }
  friend Upper operator*(double a, Upper b) { return Upper(a) * b; }
  /// b > 0, exactly or from below.
  friend Upper operator/(Upper a, double b) { return a.value_ == 0 ? a : next(a.value_ / b); }
  Upper& operator+=(Upper other) { return *this = *this + other; }
  Upper& operator*=(Upper other) { return *this = *this * other; }

  friend Upper sqrt(Upper x) { return above(std::sqrt(x.value_)); }
  /// (a² + b²)^{1/2}; glibc's is off by an ulp.
  friend Upper hypot(Upper a, Upper b) {
    return above(above(std::hypot(a.value_, b.value_)).value_);
  }
  /// x · 2^exponent: exact but where it becomes subnormal.
  friend Upper ldexp(Upper x, int exponent) {
    const double y = std::ldexp(x.value_, exponent);
    return y < kSmallestNormal && x.value_ != 0 ? next(y) : Upper(y);
  }
  /// In other units.
  Upper scaled(double power_of_two) const { return ldexp(*this, std::ilogb(power_of_two)); }

 private:
  static Upper above(double x) { return x == 0 ? Upper() : next(x); }
  static Upper next(double x) {
    return Upper(x < kInfinity ? std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) + 1) : x);
  }

  double value_ = 0;
};

inline Upper square(Upper x) { return x * x; }
/// x^order and x^{1/order}, order 1 or 2.
inline Upper power(Upper x, int order) { return order == 1 ? x : square(x); }
inline Upper root(Upper x, int order) { return order == 1 ? x : sqrt(x); }

/// The Euclidean distance that `computed` = (Σ_k (x_k − c_k)²)^{1/2} stands for. Each square below
/// the smallest normal number may be off by 2⁻¹⁰⁷⁵, and its root by 2⁻⁵³⁷. Also a bound on the
/// distance of any point that lies in a ball of radius `computed` by the computed distance.
inline Upper distance_above(double computed, std::int64_t dimension) {
  const auto d = static_cast<double>(dimension);
  return Upper::rounded(computed, dimension + 4) + Upper::rounded(std::sqrt(d + 1) * 0x1p-537, 2);
}

/// A lower bound where `operations` rounded operations made x ≥ 0, none of which cancelled.
inline double lower_bound_of(double x, std::int64_t operations) {
  const auto n = static_cast<double>(operations + 2);
  const double below = x * (1 - n * kEpsilon) - n * kSmallestPositive;
  return below > 0 ? below : 0;
}

}  // namespace wquant
