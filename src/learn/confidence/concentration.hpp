#pragma once

#include <cstdint>
#include <vector>

#include "base/upper.hpp"

namespace wquant {

/// Atoms seen with frequencies p in `total` ≥ 2 independent samples.
struct Frequencies {
  explicit Frequencies(const std::vector<std::int64_t>& counts);

  std::vector<double> p;
  std::int64_t total;
};

/// Upper limit, missed with probability at most beta, on the mean of a variable in [0, range] that
/// `total` samples have with this mean and standard deviation (divisor total − 1): empirical
/// Bernstein (Maurer & Pontil 2009, Theorem 4).
Upper bernstein_upper(Upper mean, Upper deviation, double total, double range, double beta);

/// The same on the mean of values(Y) ≥ 0, Y an atom.
Upper mean_upper(const std::vector<double>& values, const Frequencies& frequencies, double beta);

/// What a function of independent samples, of which each changes it by at most range / total, is
/// above its mean with probability at most beta (McDiarmid 1989).
Upper mcdiarmid_margin(double range, double total, double beta);

/// A supremum T of averages over independent samples of functions f_s(Y) − E f_s(Y), |f_s| ≤ ψ.
struct Supremum {
  Upper expected;       ///< ≥ E T
  Upper second_moment;  ///< ≥ E ψ²
  Upper largest;        ///< ≥ ψ
};

/// Upper limit on T, missed with probability at most beta: the smaller of what Bousquet (2002,
/// Theorem 2.3) and McDiarmid give, a choice between constants.
Upper supremum_upper(const Supremum& supremum, double total, double beta);

}  // namespace wquant
