#include "quantize/mixture/root_embedding.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "backend/backend.hpp"
#include "backend/workspace_limit.hpp"
#include "base/eigen.hpp"
#include "base/limits.hpp"
#include "base/orthogonality.hpp"
#include "base/parallel.hpp"
#include "base/upper.hpp"
#include "quantize/mixture/factors.hpp"

namespace wquant {
namespace {

using Eigen::VectorXd;
constexpr double kRootOfTwo = 1.41421356237309504880;
/// Squares of numbers below 1e-154 lose digits: above what the root of such a square is off by.
constexpr double kVanished = 1e-161;

bool has_own_bases(const GaussianMixture& mixture) {
  return mixture.basis() == GaussianMixture::Basis::separate;
}

std::int64_t width_of(const GaussianMixture& mixture) {
  const std::int64_t d = mixture.dimension();
  return has_own_bases(mixture) ? d + d * (d + 1) / 2 : 2 * d;
}

/// Components that make a chunk of parallel work.
std::int64_t per_chunk(std::int64_t d) { return std::clamp<std::int64_t>(4096 / (d * d), 1, 1024); }

void write_triangle(const RowMajor& matrix, double* out) {
  for (Eigen::Index a = 0; a < matrix.rows(); ++a) {
    for (Eigen::Index b = 0; b < a; ++b) *out++ = kRootOfTwo * matrix(a, b);
    *out++ = matrix(a, a);
  }
}

void read_triangle(const double* from, Eigen::Map<RowMajor> matrix) {
  for (Eigen::Index a = 0; a < matrix.rows(); ++a) {
    for (Eigen::Index b = 0; b < a; ++b) matrix(a, b) = matrix(b, a) = *from++ / kRootOfTwo;
    matrix(a, a) = *from++;
  }
}

/// The root of V diag(λ) Vᵀ, V orthonormal within `orthogonality`, and what is between a coupling
/// factor of Σ and the root as stored:
/// - V diag(√λ) Uᵀ is a factor of V diag(λ) Vᵀ for the polar factor U of V, at most o = ‖VᵀV − I‖_F
///   from V; so is U diag(√λ) Uᵀ of the matrix U diag(λ) Uᵀ, at most (2 + o) o ‖λ‖ from there;
/// - ‖A^{1/2} − B^{1/2}‖_F ≤ ‖A − B‖_F / √λ_min(B), and ≤ √‖A − B‖_* (quantization.md §10), for
///   what lies between Σ and its factors;
/// - the rounding of the product and of √2.
double write_root(const GaussianMixture& mixture, std::int64_t i, double* out) {
  const std::int64_t d = mixture.dimension();
  const Eigen::Map<const VectorXd> lambda(mixture.eigenvalues().row(i), d);
  const MatrixView<const double> stored = mixture.eigenvectors(i);
  const Eigen::Map<const RowMajor> v(stored.data, d, d);
  const VectorXd root = lambda.cwiseSqrt();
  write_triangle(v * root.asDiagonal() * v.transpose(), out);

  const double o = column_orthogonality_error(stored);
  const double rounding = static_cast<double>(d + 8) * kEpsilon * (1 + o) * root.sum();
  const double turned = o * (2 + o) * root.norm() + static_cast<double>(d) * kVanished;
  const double given = mixture.factor_error(i);
  if (given == 0) return Upper::relative(rounding + turned, 14).value();
  const double apart = Upper::relative(given + o * (2 + o) * lambda.stableNorm(), 14).value();
  const double by_nuclear_norm = std::sqrt(std::sqrt(static_cast<double>(d)) * apart);
  const double least = std::sqrt(lambda.minCoeff());
  return Upper::relative(rounding + turned +
                             (apart < least * by_nuclear_norm ? apart / least : by_nuclear_norm),
                         14)
      .value();
}

}  // namespace

RootEmbedding::RootEmbedding(const Context& context, const GaussianMixture& mixture)
    : count_(mixture.components()), width_(width_of(mixture)) {
  require_workspace(context, "roots of the covariances",
                    sizeof(double) * static_cast<double>(count_) * static_cast<double>(width_ + 1));
  points_.resize(static_cast<std::size_t>(count_ * width_));
  errors_.resize(static_cast<std::size_t>(count_));
  const std::int64_t d = mixture.dimension();
  if (mixture.basis() == GaussianMixture::Basis::shared)
    stretch_ = 1 + column_orthogonality_error(mixture.eigenvectors(0));
  const auto write = [&](std::int64_t i) {
    double* const point = points_.data() + i * width_;
    std::copy_n(mixture.means().row(i), d, point);
    if (has_own_bases(mixture)) {
      errors_[i] = write_root(mixture, i, point + d);
      return;
    }
    Eigen::Map<VectorXd> root(point + d, d);
    root = Eigen::Map<const VectorXd>(mixture.eigenvalues().row(i), d).cwiseSqrt();
    errors_[i] = kEpsilon * stretch_ * root.norm();
  };
  parallel_chunks(context.backend().host_threads(), count_, per_chunk(d),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t i = begin; i < end; ++i) write(i);
                  });
}

/// Where bases differ, with R ≈ V diag(r) Vᵀ by eigh and r⁺ the positive part of r, the factor
/// V diag(r⁺) Uᵀ of V diag(r⁺²) Vᵀ is at most residual + (1 + o)² (‖r − r⁺‖ + o ‖r⁺‖) from R.
EmbeddedGaussians gaussians_at(const Context& context, const GaussianMixture& mixture,
                               MatrixView<const double> points) {
  const std::int64_t d = mixture.dimension();
  const std::int64_t count = points.rows;
  EmbeddedGaussians out{std::vector<double>(static_cast<std::size_t>(count * d)),
                        {},
                        std::vector<double>(static_cast<std::size_t>(count))};
  const auto eigenvalues = [&](std::int64_t j) {
    return Eigen::Map<VectorXd>(out.eigenvalues.data() + j * d, d);
  };
  const double vanished = static_cast<double>(d) * kVanished;
  if (!has_own_bases(mixture)) {
    for (std::int64_t j = 0; j < count; ++j) {
      const Eigen::Map<const VectorXd> root(points.row(j) + d, d);
      eigenvalues(j) = root.cwiseAbs2();
      out.errors[j] = Upper::relative(2 * kEpsilon * root.norm() + vanished, 14).value();
    }
    return out;
  }
  std::vector<double> roots(static_cast<std::size_t>(count * d * d));
  for (std::int64_t j = 0; j < count; ++j)
    read_triangle(points.row(j) + d, {roots.data() + j * d * d, d, d});
  const Factors factors(context, {roots.data(), count, d, d});
  for (std::int64_t j = 0; j < count; ++j) {
    const Eigen::Map<const VectorXd> root(factors.values(j, 1).data, d);
    eigenvalues(j) = root.cwiseMax(0).cwiseAbs2();
    const double o = factors.orthogonality(j, 1)[0];
    out.errors[j] = Upper::relative(factors.residual(j, 1)[0] +
                                        (1 + o) * (1 + o) *
                                            (root.cwiseMin(0).norm() +
                                             (o + 4 * kEpsilon) * root.norm() + vanished),
                                    14)
                        .value();
  }
  out.eigenvectors.assign(factors.vectors(0, count).data,
                          factors.vectors(0, count).data + count * d * d);
  return out;
}

}  // namespace wquant
