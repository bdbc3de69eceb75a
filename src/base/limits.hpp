#pragma once

#include <limits>

namespace wquant {

/// Distance from 1 to the next double: twice the unit roundoff u of Higham, Accuracy and Stability
/// of Numerical Algorithms, so that n·kEpsilon bounds his γ_n generously.
inline constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
/// 2⁻¹⁰²²: results below it may have lost digits, or vanished.
inline constexpr double kSmallestNormal = std::numeric_limits<double>::min();
/// 2⁻¹⁰⁷⁴: the spacing of the doubles below kSmallestNormal.
inline constexpr double kSmallestPositive = std::numeric_limits<double>::denorm_min();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace wquant
