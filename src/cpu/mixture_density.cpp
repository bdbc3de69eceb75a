#include <algorithm>
#include <cmath>
#include <vector>

#include "base/limits.hpp"
#include "base/parallel.hpp"
#include "cpu/cpu_backend.hpp"
#include "numerics/density_terms.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kWork = 1 << 16;  // component coordinates per chunk, about

double largest_magnitude(const double* x, std::int64_t d) {
  double largest = 0;
  for (std::int64_t a = 0; a < d; ++a) largest = std::max(largest, std::fabs(x[a]));
  return largest;
}

/// One component seen from one point.
class Component {
 public:
  explicit Component(const MixtureDensity& mixture)
      : mixture_(mixture), coordinates_(mixture.components.means.cols) {}

  /// Whether the affine span of component i holds x.
  bool look(std::int64_t i, const double* x, double largest) {
    i_ = i;
    deviations_ = mixture_.components.deviations.row(i);
    turn(x);
    double off = 0;
    for (std::int64_t k = 0; k < d(); ++k) {
      if (deviations_[k] > 0)
        coordinates_[k] /= deviations_[k];
      else
        off = std::max(off, std::fabs(coordinates_[k]));
    }
    if (off == 0) return true;
    double tolerance = mixture_.tolerance[i_] * (largest + mixture_.reach[i_]);
    if (off <= tolerance) return true;
    for (std::int64_t k = 0; k < d(); ++k)
      tolerance += mixture_.slack[i_] * std::fabs(steepness(k));
    return off <= tolerance;
  }

  /// l_i(x).
  double log_term() const {
    double square = 0;
    for (std::int64_t k = 0; k < d(); ++k)
      if (deviations_[k] > 0) square += coordinates_[k] * coordinates_[k];
    return mixture_.log_factors[i_] - square / 2;
  }

  /// out = g_i.
  void gradient(std::vector<double>& out) const {
    std::fill(out.begin(), out.end(), 0.0);
    for (std::int64_t k = 0; k < d(); ++k) {
      if (!(deviations_[k] > 0)) continue;
      const double slope = -steepness(k);
      for (std::int64_t a = 0; a < d(); ++a) out[a] += slope * vector(a, k);
    }
  }

  /// The lower triangle of out += factor Σ_i⁺.
  void add_precision(double factor, double* out) const {
    for (std::int64_t k = 0; k < d(); ++k) {
      if (!(deviations_[k] > 0)) continue;
      const double root = precision_root(deviations_[k]);
      const double scaled = factor * root * root;
      for (std::int64_t a = 0; a < d(); ++a)
        for (std::int64_t b = 0; b <= a; ++b)
          out[a * d() + b] += scaled * vector(a, k) * vector(b, k);
    }
  }

 private:
  std::int64_t d() const { return static_cast<std::int64_t>(coordinates_.size()); }

  double vector(std::int64_t a, std::int64_t k) const {
    return vectors_ ? vectors_[a * mixture_.components.eigenvectors.row_stride + k] : a == k;
  }

  /// v_kᵀ(x − μ_i) / s_k², 0 in null directions.
  double steepness(std::int64_t k) const {
    return deviations_[k] > 0 ? wquant::steepness(coordinates_[k], deviations_[k]) : 0;
  }

  /// coordinates = V_iᵀ(x − μ_i).
  void turn(const double* x) {
    const TensorView<const double>& all = mixture_.components.eigenvectors;
    const double* const mean = mixture_.components.means.row(i_);
    vectors_ = all.count == 0 ? nullptr : all.data + (all.count > 1 ? i_ * all.matrix_stride : 0);
    if (!vectors_) {
      for (std::int64_t a = 0; a < d(); ++a) coordinates_[a] = x[a] - mean[a];
      return;
    }
    std::fill(coordinates_.begin(), coordinates_.end(), 0.0);
    for (std::int64_t a = 0; a < d(); ++a) {
      const double offset = x[a] - mean[a];
      const double* const row = vectors_ + a * all.row_stride;
      for (std::int64_t k = 0; k < d(); ++k) coordinates_[k] += row[k] * offset;
    }
  }

  const MixtureDensity& mixture_;
  std::vector<double> coordinates_;  // divided by the deviations where those are positive
  const double* deviations_ = nullptr;
  const double* vectors_ = nullptr;
  std::int64_t i_ = 0;
};

/// Log-density, score and Hessian at one point after another.
class PointDensity {
 public:
  explicit PointDensity(const MixtureDensity& mixture)
      : mixture_(mixture), component_(mixture), gradient_(mixture.components.means.cols) {}

  double look(const double* x) {
    x_ = x;
    largest_ = largest_magnitude(x, d());
    LogSum sum;
    if (largest_ <= kMostDistant)
      for (std::int64_t i = 0; i < mixture_.ranks.size; ++i)
        if (mixture_.ranks[i] <= sum.rank() && component_.look(i, x, largest_))
          sum.add(mixture_.ranks[i], component_.log_term());
    rank_ = sum.rank();
    log_density_ = sum.value();
    return log_density_;
  }

  /// out = Σ r_i g_i.
  void score(double* out) {
    std::fill(out, out + d(), 0.0);
    for_each_responsible([&](double responsibility) {
      component_.gradient(gradient_);
      for (std::int64_t a = 0; a < d(); ++a) out[a] += responsibility * gradient_[a];
    });
  }

  /// out = −Σ r_i Σ_i⁺ + Σ r_i (g_i − g)(g_i − g)ᵀ.
  void hessian(const double* score, double* out) {
    std::fill(out, out + d() * d(), 0.0);
    for_each_responsible([&](double responsibility) {
      component_.gradient(gradient_);
      for (std::int64_t a = 0; a < d(); ++a) gradient_[a] -= score[a];
      for (std::int64_t a = 0; a < d(); ++a)
        for (std::int64_t b = 0; b <= a; ++b)
          out[a * d() + b] += responsibility * (gradient_[a] * gradient_[b]);
      component_.add_precision(-responsibility, out);
    });
    for (std::int64_t a = 0; a < d(); ++a)
      for (std::int64_t b = 0; b < a; ++b) out[b * d() + a] = out[a * d() + b];
  }

 private:
  std::int64_t d() const { return static_cast<std::int64_t>(gradient_.size()); }

  /// body(r_i) for the components with r_i > 0, with `component_` at i.
  template <class Body>
  void for_each_responsible(const Body& body) {
    if (log_density_ == -kInfinity) return;
    for (std::int64_t i = 0; i < mixture_.ranks.size; ++i) {
      if (mixture_.ranks[i] != rank_ || !component_.look(i, x_, largest_)) continue;
      const double responsibility = std::exp(component_.log_term() - log_density_);
      if (responsibility > 0) body(responsibility);
    }
  }

  const MixtureDensity& mixture_;
  Component component_;
  std::vector<double> gradient_;
  const double* x_ = nullptr;
  double largest_ = 0;
  std::int64_t rank_ = 0;
  double log_density_ = -kInfinity;
};

}  // namespace

void CpuBackend::mixture_density(MatrixView<const double> points, const MixtureDensity& mixture,
                                 VectorView<double> log_densities, MatrixView<double> scores,
                                 MatrixView<double> hessians) {
  const std::int64_t per_point = mixture.ranks.size * points.cols;
  const std::int64_t chunk = std::max<std::int64_t>(1, kWork / per_point);
  parallel_chunks(threads_, points.rows, chunk, [&](std::int64_t begin, std::int64_t end) {
    PointDensity density(mixture);
    for (std::int64_t s = begin; s < end; ++s) {
      log_densities[s] = density.look(points.row(s));
      if (scores.data) density.score(scores.row(s));
      if (hessians.data) density.hessian(scores.row(s), hessians.row(s));
    }
  });
}

}  // namespace wquant
