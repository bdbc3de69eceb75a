#pragma once

#include <cmath>
#include <cstdint>

#include "base/host_device.hpp"

namespace wquant {

/// b ← M⁻¹ b for a symmetric d × d matrix M, row-major in `m`, by its Cholesky factor, which takes
/// its lower triangle's place. False, with b as it was, unless every pivot exceeds `least` times
/// its diagonal entry of M. Matrix, Vector: anything with [].
template <class Matrix, class Vector>
WQUANT_HOST_DEVICE bool cholesky_solve(std::int64_t d, Matrix& m, Vector& b, double least) {
  for (std::int64_t j = 0; j < d; ++j) {
    double pivot = m[j * d + j];
    const double smallest = least * pivot;
    for (std::int64_t k = 0; k < j; ++k) pivot -= m[j * d + k] * m[j * d + k];
    if (!(pivot > smallest)) return false;
    const double root = std::sqrt(pivot);
    const double inverse = 1 / root;
    m[j * d + j] = root;
    for (std::int64_t i = j + 1; i < d; ++i) {
      double sum = m[i * d + j];
      for (std::int64_t k = 0; k < j; ++k) sum -= m[i * d + k] * m[j * d + k];
      m[i * d + j] = sum * inverse;
    }
  }
  for (std::int64_t i = 0; i < d; ++i) {
    double sum = b[i];
    for (std::int64_t k = 0; k < i; ++k) sum -= m[i * d + k] * b[k];
    b[i] = sum / m[i * d + i];
  }
  for (std::int64_t i = d; i-- > 0;) {
    double sum = b[i];
    for (std::int64_t k = i + 1; k < d; ++k) sum -= m[k * d + i] * b[k];
    b[i] = sum / m[i * d + i];
  }
  return true;
}

}  // namespace wquant
