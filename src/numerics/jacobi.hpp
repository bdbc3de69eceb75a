#pragma once

#include <cmath>

#include "base/host_device.hpp"

namespace wquant {

/// The rotation (cosine, sine) that annihilates a_pq of a symmetric 2 × 2 block
/// (Golub & Van Loan, Matrix Computations, §8.5.2: the smaller of the two angles).
struct JacobiRotation {
  double cosine;
  double sine;
  double tangent;
};

WQUANT_HOST_DEVICE inline JacobiRotation jacobi_rotation(double a_pp, double a_qq, double a_pq) {
  const double theta = (a_qq - a_pp) / (2 * a_pq);
  const double magnitude = std::fabs(theta);
  const double tangent = magnitude > 1e150
                             ? 1 / (2 * theta)
                             : std::copysign(1 / (magnitude + std::sqrt(theta * theta + 1)), theta);
  const double cosine = 1 / std::sqrt(tangent * tangent + 1);
  return {cosine, tangent * cosine, tangent};
}

/// Cyclic Jacobi for a symmetric kSize × kSize matrix: on return the diagonal of `a` holds the
/// eigenvalues and the columns of `v` the eigenvectors. One rotation is the closed form for 2 × 2.
template <int kSize>
WQUANT_HOST_DEVICE inline void jacobi_eigh(double (&a)[kSize][kSize], double (&v)[kSize][kSize]) {
  constexpr int kMostSweeps = 30;  // convergence is quadratic; random matrices need four
  for (int i = 0; i < kSize; ++i)
    for (int j = 0; j < kSize; ++j) v[i][j] = i == j ? 1 : 0;
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    bool rotated = false;
    for (int p = 0; p < kSize; ++p) {
      for (int q = p + 1; q < kSize; ++q) {
        const double a_pq = a[p][q];
        if (a_pq == 0) continue;
        const JacobiRotation r = jacobi_rotation(a[p][p], a[q][q], a_pq);
        rotated = rotated || a[p][p] - r.tangent * a_pq != a[p][p] ||
                  a[q][q] + r.tangent * a_pq != a[q][q] || std::fabs(r.sine) > 0x1p-53;
        a[p][p] -= r.tangent * a_pq;
        a[q][q] += r.tangent * a_pq;
        a[p][q] = a[q][p] = 0;
        for (int k = 0; k < kSize; ++k) {
          if (k != p && k != q) {
            const double a_kp = a[k][p];
            const double a_kq = a[k][q];
            a[k][p] = a[p][k] = r.cosine * a_kp - r.sine * a_kq;
            a[k][q] = a[q][k] = r.sine * a_kp + r.cosine * a_kq;
          }
          const double v_kp = v[k][p];
          const double v_kq = v[k][q];
          v[k][p] = r.cosine * v_kp - r.sine * v_kq;
          v[k][q] = r.sine * v_kp + r.cosine * v_kq;
        }
      }
    }
    if (!rotated) return;
  }
}

}  // namespace wquant
