#include "drawn_mixture.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace wquant::fuzz {
namespace {

constexpr std::int64_t kMostComponents = 6;
constexpr std::int64_t kMostDimensions = 5;

std::vector<double> draw_weights(ByteSource& source, std::int64_t count) {
  if (source.one_in(16)) return source.numbers(count);
  std::vector<double> weights(count);
  double sum = 0;
  for (double& weight : weights) {
    const int kind = source.byte();
    weight = kind >= 250 ? 0 : kind >= 244 ? 1e-300 : 1 + kind;
    sum += weight;
  }
  if (sum > 0)
    for (double& weight : weights) weight /= sum;
  return weights;
}

/// A product of plane rotations.
std::vector<double> rotation(ByteSource& source, std::int64_t d) {
  std::vector<double> out(d * d, 0.0);
  for (std::int64_t k = 0; k < d; ++k) out[k * d + k] = 1;
  for (std::int64_t j = 0; j + 1 < d; ++j) {
    const double angle = 6.3 * source.fraction();
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    for (std::int64_t row = 0; row < d; ++row) {
      const double a = out[row * d + j];
      const double b = out[row * d + j + 1];
      out[row * d + j] = c * a - s * b;
      out[row * d + j + 1] = s * a + c * b;
    }
  }
  return out;
}

/// A Aᵀ, of any rank from 0 to d.
std::vector<double> square(ByteSource& source, std::int64_t d) {
  const std::int64_t rank = source.whole(0, d);
  const std::vector<double> a = source.numbers(d * rank);
  std::vector<double> out(d * d, 0.0);
  for (std::int64_t i = 0; i < d; ++i)
    for (std::int64_t j = 0; j < d; ++j)
      for (std::int64_t r = 0; r < rank; ++r) out[i * d + j] += a[i * rank + r] * a[j * rank + r];
  return out;
}

void append(std::vector<double>& all, const std::vector<double>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

DrawnMixture::DrawnMixture(ByteSource& source)
    : components_(source.whole(1, kMostComponents)),
      dimension_(source.whole(1, kMostDimensions)),
      kind_(static_cast<Kind>(source.whole(0, 2))),
      weights_(draw_weights(source, components_)),
      means_(source.numbers(components_ * dimension_)) {
  draw_covariances(source);
}

void DrawnMixture::draw_covariances(ByteSource& source) {
  const std::int64_t d = dimension_;
  if (kind_ == Kind::full) {
    const bool any = source.one_in(16);
    for (std::int64_t i = 0; i < components_; ++i)
      append(covariances_, any ? source.numbers(d * d) : square(source, d));
    return;
  }
  covariances_ = source.numbers(components_ * d);
  if (!source.one_in(16))
    for (double& value : covariances_) value = std::abs(value);
  if (kind_ == Kind::diagonal) return;
  const std::int64_t bases = source.one_in(2) ? 1 : components_;
  for (std::int64_t i = 0; i < bases; ++i) append(eigenvectors_, rotation(source, d));
}

GaussianMixture DrawnMixture::build(const Context& context) const {
  const std::int64_t k = components_;
  const std::int64_t d = dimension_;
  const VectorView<const double> weights{weights_.data(), k};
  const MatrixView<const double> means(means_.data(), k, d);
  if (kind_ == Kind::full)
    return GaussianMixture::full(context, weights, means, {covariances_.data(), k, d, d});
  const MatrixView<const double> values(covariances_.data(), k, d);
  if (kind_ == Kind::diagonal) return GaussianMixture::diagonal(context, weights, means, values);
  const auto bases = static_cast<std::int64_t>(eigenvectors_.size()) / (d * d);
  return GaussianMixture::eigen(context, weights, means, values,
                                {eigenvectors_.data(), bases, d, d});
}

std::vector<long double> DrawnMixture::mean() const {
  std::vector<long double> out(dimension_, 0.0L);
  long double total = 0;
  for (const double weight : weights_) total += weight;
  for (std::int64_t i = 0; i < components_; ++i)
    for (std::int64_t k = 0; k < dimension_; ++k)
      out[k] += weights_[i] / total * means_[i * dimension_ + k];
  return out;
}

long double DrawnMixture::second_moment(const std::vector<long double>& point) const {
  long double total = 0;
  for (const double weight : weights_) total += weight;
  long double sum = 0;
  for (std::int64_t i = 0; i < components_; ++i) {
    long double square = 0;
    for (std::int64_t k = 0; k < dimension_; ++k) {
      square += variance(i, k);
      const long double difference = means_[i * dimension_ + k] - point[k];
      square += difference * difference;
    }
    sum += weights_[i] / total * square;
  }
  return sum;
}

Line DrawnMixture::marginal(std::int64_t k, long double centre) const {
  long double total = 0;
  for (const double weight : weights_) total += weight;
  Line out;
  for (std::int64_t i = 0; i < components_; ++i) {
    out.weights.push_back(weights_[i] / total);
    out.means.push_back(means_[i * dimension_ + k] - centre);
    out.variances.push_back(std::max(variance(i, k), 0.0L));
  }
  return out;
}

/// Of coordinate k, eigenvectors as given.
long double DrawnMixture::variance(std::int64_t i, std::int64_t k) const {
  const std::int64_t d = dimension_;
  if (kind_ == Kind::full) return covariances_[(i * d + k) * d + k];
  if (kind_ == Kind::diagonal) return covariances_[i * d + k];
  const bool shared = static_cast<std::int64_t>(eigenvectors_.size()) == d * d;
  const double* const vectors = eigenvectors_.data() + (shared ? 0 : i * d * d);
  long double sum = 0;
  for (std::int64_t j = 0; j < d; ++j)
    sum +=
        static_cast<long double>(covariances_[i * d + j]) * vectors[k * d + j] * vectors[k * d + j];
  return sum;
}

}  // namespace wquant::fuzz
