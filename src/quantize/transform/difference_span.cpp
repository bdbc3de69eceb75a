#include "quantize/transform/difference_span.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "base/eigen.hpp"
#include "base/lengths.hpp"
#include "base/limits.hpp"
#include "base/orthogonality.hpp"
#include "base/summation.hpp"
#include "base/upper.hpp"

namespace wquant {
namespace {

using Eigen::VectorXd;
/// Differences smaller than this, relative to what they are differences of, are rounding.
double noise(std::int64_t d) { return 64 * static_cast<double>(d) * kEpsilon; }

/// Both distributions in multiples of a power of two, seen from one of the points.
class Differences {
 public:
  Differences(const GaussianMixture& mixture, const DiscreteDistribution& distribution)
      : mixture_(mixture), distribution_(distribution), d_(mixture.dimension()) {
    double largest = std::max(largest_magnitude(mixture.means()),
                              largest_magnitude(distribution.locations().view()));
    for (std::int64_t i = 0; i < mixture.components(); ++i)
      for (std::int64_t k = 0; k < d_; ++k)
        largest = std::max(largest, std::sqrt(mixture.eigenvalues()(i, k)));
    unit_ = power_of_two_unit(largest);
    std::int64_t first = 0;
    while (distribution.probabilities()(first) == 0) ++first;
    origin_ = scaled(&distribution.locations()(first, 0));
  }

  double unit() const { return unit_; }
  VectorXd mean(std::int64_t i) const { return scaled(mixture_.means().row(i)) - origin_; }
  VectorXd point(std::int64_t a) const {
    return scaled(&distribution_.locations()(a, 0)) - origin_;
  }
  /// Of the order of what mean(i) or point(a) are differences of.
  double magnitude(const VectorXd& difference) const {
    return difference.norm() + 2 * origin_.norm();
  }
  double deviation(std::int64_t i, std::int64_t k) const {
    return std::sqrt(mixture_.eigenvalues()(i, k)) / unit_;
  }
  VectorXd eigenvector(std::int64_t i, std::int64_t k) const {
    if (mixture_.basis() == GaussianMixture::Basis::identity) return VectorXd::Unit(d_, k);
    VectorXd v(d_);
    for (std::int64_t a = 0; a < d_; ++a) v[a] = mixture_.eigenvectors(i)(a, k);
    return v;
  }
  /// ≥ ‖Σ_i − V diag(λ) Vᵀ‖_F in squared units.
  double factor_error(std::int64_t i) const { return mixture_.factor_error(i) / unit_ / unit_; }

 private:
  VectorXd scaled(const double* x) const { return Eigen::Map<const VectorXd>(x, d_) / unit_; }

  const GaussianMixture& mixture_;
  const DiscreteDistribution& distribution_;
  std::int64_t d_;
  double unit_ = 1;
  VectorXd origin_;
};

/// Orthonormal rows, grown by Gram–Schmidt, twice.
class Span {
 public:
  explicit Span(std::int64_t d) : rows_(d, d) {}

  std::int64_t rank() const { return rank_; }
  bool full() const { return rank_ == rows_.cols(); }
  auto rows() const { return rows_.topRows(rank_); }

  VectorXd across(const VectorXd& z) const { return z - rows().transpose() * VectorXd(rows() * z); }

  /// Takes the direction of z unless what is new in it is below `negligible`.
  void add(const VectorXd& z, double negligible) {
    if (full()) return;
    const VectorXd left = across(z);
    if (!(left.norm() > negligible)) return;
    const VectorXd again = across(left.normalized());
    if (again.norm() < 0.5) return;  // nothing but rounding
    rows_.row(rank_) = again.normalized();
    ++rank_;
  }

 private:
  RowMajor rows_;
  std::int64_t rank_ = 0;
};

Span spanned(const GaussianMixture& mixture, const DiscreteDistribution& distribution,
             const Differences& differences) {
  const std::int64_t d = mixture.dimension();
  Span span(d);
  for (std::int64_t i = 0; i < mixture.components(); ++i)
    for (std::int64_t k = 0; k < d && mixture.weights()[i] > 0; ++k)
      if (mixture.eigenvalues()(i, k) > mixture.factor_error(i))
        span.add(differences.eigenvector(i, k), noise(d));
  const auto add = [&](const VectorXd& difference) {
    span.add(difference, noise(d) * differences.magnitude(difference));
  };
  for (std::int64_t i = 0; i < mixture.components() && !span.full(); ++i)
    if (mixture.weights()[i] > 0) add(differences.mean(i));
  for (std::int64_t a = 0; a < distribution.size() && !span.full(); ++a)
    if (distribution.probabilities()(a) > 0) add(differences.point(a));
  return span;
}

/// With R = I − BBᵀ and any o, by Minkowski's inequality
///     (E‖R(X − c)‖²)^{1/2} ≤ (Σ w_i tr RΣ_iRᵀ)^{1/2} + (Σ w_i ‖R(μ_i − o)‖²)^{1/2}
///                            + (Σ p_a ‖R(x_a − o)‖²)^{1/2},
/// tr RΣRᵀ ≤ Σ_k λ_k ‖Rv_k‖² + ‖RᵀR‖_F ‖Σ − VΛVᵀ‖_F. RᵀR has d − s eigenvalues 1 and s of at most
/// δ² with δ = ‖BᵀB − I‖.
class Residual {
 public:
  Residual(const Span& span, double orthogonality) : span_(span) {
    const auto d = static_cast<double>(span.rows().cols());
    const auto s = static_cast<double>(span.rank());
    // A computed Rz: s inner products of d terms, d sums of s + 1; z itself is a difference.
    relative_ = (2 * (d + s) + 8) * (1 + std::sqrt(s)) * kEpsilon;
    frobenius_ = std::sqrt(d - s) + std::sqrt(s) * orthogonality * orthogonality;
  }

  double length(const VectorXd& z) const {
    return span_.across(z).norm() * (1 + relative_) + relative_ * z.norm();
  }
  double from_factors(double factor_error) const { return frobenius_ * factor_error; }

 private:
  const Span& span_;
  double relative_;
  double frobenius_;
};

double residual_above(const GaussianMixture& mixture, const DiscreteDistribution& distribution,
                      const Differences& differences, const Residual& residual) {
  const std::int64_t d = mixture.dimension();
  CompensatedSum variance;
  CompensatedSum means;
  CompensatedSum points;
  const auto square = [&](const VectorXd& difference) {
    const double length = residual.length(difference);
    return length * length;
  };
  for (std::int64_t i = 0; i < mixture.components(); ++i) {
    const double w = mixture.weights()[i];
    if (w == 0) continue;
    means += w * square(differences.mean(i));
    variance += w * residual.from_factors(differences.factor_error(i));
    for (std::int64_t k = 0; k < d; ++k) {
      if (mixture.eigenvalues()(i, k) == 0) continue;
      const double length =
          differences.deviation(i, k) * residual.length(differences.eigenvector(i, k));
      variance += w * length * length;
    }
  }
  for (std::int64_t a = 0; a < distribution.size(); ++a)
    if (distribution.probabilities()(a) > 0)
      points += distribution.probabilities()(a) * square(differences.point(a));
  // Weights and probabilities have sum 1 within 1e-9. What squares may have lost below the smallest
  // normal number is less than the last term.
  constexpr double kSums = 1 + 1e-8;
  return (std::sqrt(variance.value()) + std::sqrt(means.value()) + std::sqrt(points.value())) *
             kSums * (1 + static_cast<double>(d + 16) * kEpsilon) +
         static_cast<double>(d) * 1e-150;
}

}  // namespace

std::optional<DifferenceSpan> difference_span(const GaussianMixture& mixture,
                                              const DiscreteDistribution& distribution) {
  const Differences differences(mixture, distribution);
  const Span span = spanned(mixture, distribution, differences);
  if (span.full()) return std::nullopt;
  DifferenceSpan out;
  out.dimension = mixture.dimension();
  const RowMajor rows = span.rows();
  out.directions.assign(rows.data(), rows.data() + rows.size());
  const double orthogonality =
      span.rank() == 0 ? 0 : row_orthogonality_error({rows.data(), span.rank(), out.dimension});
  out.norm = span.rank() == 0 ? Upper() : sqrt(Upper(1) + Upper(orthogonality));
  out.residual =
      Upper(residual_above(mixture, distribution, differences, Residual(span, orthogonality)))
          .scaled(differences.unit());
  return out;
}

}  // namespace wquant
