#include "wquant/gaussian_mixture.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "backend/backend.hpp"
#include "backend/checked.hpp"
#include "common/summation.hpp"
#include "common/validation.hpp"
#include "quantize/rounding.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

/// The symmetric part of every covariance. Throws InvalidArgument where it is further from the
/// given matrix than rounding.
std::vector<double> symmetric_parts(TensorView<const double> covariances, double tolerance) {
  const std::int64_t d = covariances.rows;
  std::vector<double> out(static_cast<std::size_t>(covariances.count * d * d));
  for (std::int64_t i = 0; i < covariances.count; ++i) {
    const MatrixView<const double> sigma = covariances[i];
    double largest = 0;
    for (std::int64_t a = 0; a < d; ++a)
      for (std::int64_t b = 0; b < d; ++b) largest = std::max(largest, std::fabs(sigma(a, b)));
    for (std::int64_t a = 0; a < d; ++a)
      for (std::int64_t b = 0; b <= a; ++b) {
        if (std::fabs(sigma(a, b) - sigma(b, a)) > tolerance * largest)
          throw_bad_value("covariances", {i, a, b}, sigma(a, b),
                          "its mirror image " + number_text(sigma(b, a)) + " (symmetry within " +
                              number_text(tolerance) + " of the largest entry)");
        const double mean = sigma(a, b) / 2 + sigma(b, a) / 2;
        out[(i * d + a) * d + b] = out[(i * d + b) * d + a] = mean;
      }
  }
  return out;
}

bool all_diagonal(TensorView<const double> covariances) {
  for (std::int64_t i = 0; i < covariances.count; ++i)
    for (std::int64_t a = 0; a < covariances.rows; ++a)
      for (std::int64_t b = 0; b < covariances.cols; ++b)
        if (a != b && covariances[i](a, b) != 0) return false;
  return true;
}

/// Multiples of 2⁻⁵² below 2: any sum of them is exact.
bool sum_is_exact(VectorView<const double> weights) {
  return std::all_of(weights.begin(), weights.end(), [](double w) {
    const double scaled = w * 0x1p52;
    return scaled == std::floor(scaled);
  });
}

void require_representable(const std::string& name, std::int64_t i, double largest_eigenvalue) {
  if (largest_eigenvalue > kLargestLength * kLargestLength)
    throw_bad_value(name, {i}, largest_eigenvalue,
                    "eigenvalues of at most " + number_text(kLargestLength * kLargestLength));
}

/// Sets small negative eigenvalues to zero and returns the sum of what was cut off.
double take_positive_part(const std::string& name, std::int64_t i, double* values, std::int64_t d,
                          double tolerance) {
  const double largest = *std::max_element(values, values + d);
  require_representable(name, i, largest);
  const double least = *std::min_element(values, values + d);
  if (least < 0 && -least > tolerance * largest)
    throw NotPositiveSemidefinite(
        name + "[" + std::to_string(i) +
        "]: not positive semi-definite; the most negative eigenvalue is " + number_text(least) +
        ", the largest " + number_text(largest));
  double clipped = 0;
  for (std::int64_t k = 0; k < d; ++k)
    if (values[k] < 0) {
      clipped -= values[k];
      values[k] = 0;
    }
  return clipped;
}

void check_covariances(const Context& context, TensorView<const double> covariances,
                       std::int64_t count, std::int64_t d) {
  require_host("covariances", covariances.space);
  require_shape("covariances", {covariances.count, covariances.rows, covariances.cols},
                {count, d, d});
  require_workspace(context, "covariances",
                    2.0 * sizeof(double) * static_cast<double>(count) * static_cast<double>(d * d));
  require_finite("covariances", covariances);
}

void check_sizes(std::span<const std::int64_t> sizes, std::int64_t components) {
  std::int64_t sum = 0;
  for (std::size_t b = 0; b < sizes.size(); ++b) {
    if (sizes[b] < 1 || sizes[b] > components - sum)
      throw InvalidArgument("sizes[" + std::to_string(b) + "]: " + std::to_string(sizes[b]) +
                            "; expected 1 to the " + std::to_string(components - sum) +
                            " components left");
    sum += sizes[b];
  }
  if (sum != components)
    throw InvalidArgument("sizes: the sum is " + std::to_string(sum) + "; expected " +
                          std::to_string(components) + ", the number of weights");
}

/// Puts "mixtures[b]: " before the messages of what `body` throws.
template <class Body>
void naming_mixture(std::size_t b, const Body& body) {
  const std::string prefix = "mixtures[" + std::to_string(b) + "]: ";
  try {
    body();
  } catch (const NotPositiveSemidefinite& error) {
    throw NotPositiveSemidefinite(prefix + error.what());
  } catch (const InvalidArgument& error) {
    throw InvalidArgument(prefix + error.what());
  }
}

/// Eigenpairs of many symmetric d × d matrices, with eigh's bounds on their errors.
struct Factors {
  Factors(const Context& context, std::vector<double> symmetric, std::int64_t dimension)
      : d(dimension), vectors(symmetric.size()) {
    const auto count = static_cast<std::int64_t>(symmetric.size()) / (d * d);
    values.resize(static_cast<std::size_t>(count * d));
    residual.resize(static_cast<std::size_t>(count));
    orthogonality.resize(static_cast<std::size_t>(count));
    if (count == 0) return;
    context.backend().eigh({symmetric.data(), count, d, d}, {values.data(), count, d},
                           {vectors.data(), count, d, d}, {residual.data(), count},
                           {orthogonality.data(), count});
  }
  MatrixView<const double> values_of(std::int64_t begin, std::int64_t count) const {
    return {values.data() + begin * d, count, d};
  }
  TensorView<const double> vectors_of(std::int64_t begin, std::int64_t count) const {
    return {vectors.data() + begin * d * d, count, d, d};
  }

  std::int64_t d;
  std::vector<double> values, vectors, residual, orthogonality;
};

/// Σ_k v_ak λ_k v_bk.
void add_covariance(const GaussianMixture& mixture, std::int64_t i, double weight,
                    std::vector<double>& out) {
  const std::int64_t d = mixture.dimension();
  const double* const lambda = mixture.eigenvalues().row(i);
  if (mixture.basis() == GaussianMixture::Basis::identity) {
    for (std::int64_t a = 0; a < d; ++a) out[a * d + a] += weight * lambda[a];
    return;
  }
  const MatrixView<const double> v = mixture.eigenvectors(i);
  for (std::int64_t a = 0; a < d; ++a)
    for (std::int64_t b = 0; b < d; ++b) {
      double sum = 0;
      for (std::int64_t k = 0; k < d; ++k) sum += v(a, k) * lambda[k] * v(b, k);
      out[a * d + b] += weight * sum;
    }
}

}  // namespace

GaussianMixture::GaussianMixture(VectorView<const double> weights, MatrixView<const double> means,
                                 const MixtureTolerances& tolerances)
    : dimension_(means.cols) {
  require_host("weights", weights.space);
  require_host("means", means.space);
  if (weights.size < 1) throw InvalidArgument("weights: no components; expected at least one");
  if (means.cols < 1) throw InvalidArgument("means: dimension 0; expected at least 1");
  require_shape("means", {means.rows, means.cols}, {weights.size, means.cols});
  require_probabilities("weights", weights, tolerances.weight_sum);
  require_finite("means", means);
  for (std::int64_t i = 0; i < means.rows; ++i)
    for (std::int64_t k = 0; k < means.cols; ++k)
      if (std::fabs(means(i, k)) > kLargestLength)
        throw_bad_value("means", {i, k}, means(i, k),
                        "a magnitude of at most " + number_text(kLargestLength));

  CompensatedSum sum;
  for (const double w : weights) sum += w;
  for (const double w : weights) weights_.push_back(w / sum.value());
  weight_error_ = sum.value() == 1 && sum_is_exact(weights) ? 0 : 4 * kEpsilon;
  means_.reserve(static_cast<std::size_t>(means.rows * means.cols));
  for (std::int64_t i = 0; i < means.rows; ++i)
    means_.insert(means_.end(), means.row(i), means.row(i) + means.cols);
}

GaussianMixture GaussianMixture::full(const Context& context, VectorView<const double> weights,
                                      MatrixView<const double> means,
                                      TensorView<const double> covariances,
                                      const MixtureTolerances& tolerances) {
  GaussianMixture mixture(weights, means, tolerances);
  check_covariances(context, covariances, mixture.components(), mixture.dimension());
  if (mixture.take_diagonals(covariances, tolerances)) return mixture;
  const Factors factors(context, symmetric_parts(covariances, tolerances.asymmetry),
                        mixture.dimension());
  mixture.take_factors(factors.values_of(0, mixture.components()),
                       factors.vectors_of(0, mixture.components()),
                       {factors.residual.data(), mixture.components()},
                       {factors.orthogonality.data(), mixture.components()}, tolerances);
  return mixture;
}

std::vector<GaussianMixture> GaussianMixture::full_batch(const Context& context,
                                                         std::span<const std::int64_t> sizes,
                                                         VectorView<const double> weights,
                                                         MatrixView<const double> means,
                                                         TensorView<const double> covariances,
                                                         const MixtureTolerances& tolerances) {
  check_sizes(sizes, weights.size);
  require_shape("means", {means.rows, means.cols}, {weights.size, means.cols});
  check_covariances(context, covariances, weights.size, means.cols);
  std::vector<GaussianMixture> mixtures;
  mixtures.reserve(sizes.size());
  std::vector<std::size_t> with_factors;
  std::vector<double> symmetric;
  std::int64_t begin = 0;
  for (std::size_t b = 0; b < sizes.size(); ++b) {
    naming_mixture(b, [&] {
      TensorView<const double> own = covariances;
      own.data += begin * covariances.matrix_stride;
      own.count = sizes[b];
      mixtures.push_back(GaussianMixture(
          {weights.data + begin, sizes[b], weights.space},
          {means.row(begin), sizes[b], means.cols, means.row_stride, means.space}, tolerances));
      if (mixtures[b].take_diagonals(own, tolerances)) return;
      with_factors.push_back(b);
      const std::vector<double> parts = symmetric_parts(own, tolerances.asymmetry);
      symmetric.insert(symmetric.end(), parts.begin(), parts.end());
    });
    begin += sizes[b];
  }
  const Factors factors(context, std::move(symmetric), means.cols);
  std::int64_t at = 0;
  for (const std::size_t b : with_factors) {
    naming_mixture(b, [&] {
      mixtures[b].take_factors(factors.values_of(at, sizes[b]), factors.vectors_of(at, sizes[b]),
                               {factors.residual.data() + at, sizes[b]},
                               {factors.orthogonality.data() + at, sizes[b]}, tolerances);
    });
    at += sizes[b];
  }
  return mixtures;
}

void GaussianMixture::take_factors(MatrixView<const double> values,
                                   TensorView<const double> vectors,
                                   VectorView<const double> residual,
                                   VectorView<const double> orthogonality,
                                   const MixtureTolerances& tolerances) {
  const std::int64_t d = dimension_;
  basis_ = Basis::separate;
  eigenvalues_.assign(values.data, values.data + values.rows * d);
  eigenvectors_.assign(vectors.data, vectors.data + vectors.count * d * d);
  for (std::int64_t i = 0; i < components(); ++i) {
    if (!std::isfinite(residual[i]))
      throw Error("covariances[" + std::to_string(i) + "]: no convergence of its eigenvalues");
    const double clipped =
        take_positive_part("covariances", i, eigenvalues_.data() + i * d, d, tolerances.negative);
    // The positive part is the nearest positive semi-definite matrix, so it is no further from
    // V diag(λ⁺) Vᵀ than Σ is: residual + ‖V diag(λ⁻) Vᵀ‖_F (projections do not expand).
    factor_error_.push_back(round_up(residual[i] + clipped * (1 + orthogonality[i])));
    clipped_variance_ = std::max(clipped_variance_, clipped);
  }
}

bool GaussianMixture::take_diagonals(TensorView<const double> covariances,
                                     const MixtureTolerances& tolerances) {
  if (!all_diagonal(covariances)) return false;
  eigenvalues_.resize(static_cast<std::size_t>(components() * dimension_));
  for (std::int64_t i = 0; i < components(); ++i) {
    double* const values = eigenvalues_.data() + i * dimension_;
    for (std::int64_t k = 0; k < dimension_; ++k) values[k] = covariances[i](k, k);
    clipped_variance_ =
        std::max(clipped_variance_,
                 take_positive_part("covariances", i, values, dimension_, tolerances.negative));
  }
  return true;
}

GaussianMixture GaussianMixture::diagonal(const Context& context, VectorView<const double> weights,
                                          MatrixView<const double> means,
                                          MatrixView<const double> variances,
                                          const MixtureTolerances& tolerances) {
  (void)context;
  GaussianMixture mixture(weights, means, tolerances);
  const std::int64_t d = mixture.dimension();
  require_host("variances", variances.space);
  require_shape("variances", {variances.rows, variances.cols}, {mixture.components(), d});
  require_finite("variances", variances);
  for (std::int64_t i = 0; i < variances.rows; ++i) {
    mixture.eigenvalues_.insert(mixture.eigenvalues_.end(), variances.row(i), variances.row(i) + d);
    require_representable("variances", i,
                          *std::max_element(variances.row(i), variances.row(i) + d));
    for (std::int64_t k = 0; k < d; ++k)
      if (variances(i, k) < 0)
        throw NotPositiveSemidefinite("variances[" + std::to_string(i) + "][" + std::to_string(k) +
                                      "]: " + number_text(variances(i, k)) +
                                      "; expected a number >= 0");
  }
  return mixture;
}

GaussianMixture GaussianMixture::eigen(const Context& context, VectorView<const double> weights,
                                       MatrixView<const double> means,
                                       MatrixView<const double> eigenvalues,
                                       TensorView<const double> eigenvectors,
                                       const MixtureTolerances& tolerances) {
  GaussianMixture mixture(weights, means, tolerances);
  const std::int64_t count = mixture.components();
  const std::int64_t d = mixture.dimension();
  require_host("eigenvalues", eigenvalues.space);
  require_host("eigenvectors", eigenvectors.space);
  require_shape("eigenvalues", {eigenvalues.rows, eigenvalues.cols}, {count, d});
  require_shape("eigenvectors", {eigenvectors.count, eigenvectors.rows, eigenvectors.cols},
                {eigenvectors.count == 1 ? 1 : count, d, d});
  require_workspace(
      context, "eigenvectors",
      sizeof(double) * static_cast<double>(eigenvectors.count) * static_cast<double>(d * d));
  require_finite("eigenvalues", eigenvalues);
  require_finite("eigenvectors", eigenvectors);

  mixture.basis_ = eigenvectors.count == 1 ? Basis::shared : Basis::separate;
  mixture.eigenvectors_.reserve(static_cast<std::size_t>(eigenvectors.count * d * d));
  for (std::int64_t i = 0; i < eigenvectors.count; ++i) {
    const double error = column_orthogonality_error(eigenvectors[i]);
    if (error > tolerances.orthogonality)
      throw_bad_value(
          "eigenvectors",
          eigenvectors.count == 1 ? std::vector<std::int64_t>{} : std::vector<std::int64_t>{i},
          error,
          "orthonormal columns: this is ||V'V - I||, the limit is " +
              number_text(tolerances.orthogonality));
    for (std::int64_t a = 0; a < d; ++a)
      mixture.eigenvectors_.insert(mixture.eigenvectors_.end(), eigenvectors[i].row(a),
                                   eigenvectors[i].row(a) + d);
  }
  mixture.eigenvalues_.reserve(static_cast<std::size_t>(count * d));
  for (std::int64_t i = 0; i < count; ++i) {
    mixture.eigenvalues_.insert(mixture.eigenvalues_.end(), eigenvalues.row(i),
                                eigenvalues.row(i) + d);
    const double clipped = take_positive_part("eigenvalues", i, mixture.eigenvalues_.data() + i * d,
                                              d, tolerances.negative);
    mixture.clipped_variance_ = std::max(mixture.clipped_variance_, clipped);
  }
  return mixture;
}

VectorView<const double> GaussianMixture::weights() const {
  return {weights_.data(), components()};
}

MatrixView<const double> GaussianMixture::means() const {
  return {means_.data(), components(), dimension_};
}

MatrixView<const double> GaussianMixture::eigenvalues() const {
  return {eigenvalues_.data(), components(), dimension_};
}

MatrixView<const double> GaussianMixture::eigenvectors(std::int64_t i) const {
  const std::int64_t at = basis_ == Basis::separate ? i : 0;
  return {eigenvectors_.data() + at * dimension_ * dimension_, dimension_, dimension_};
}

std::vector<double> GaussianMixture::covariance(std::int64_t i) const {
  std::vector<double> out(static_cast<std::size_t>(dimension_ * dimension_));
  add_covariance(*this, i, 1, out);
  return out;
}

std::vector<double> GaussianMixture::mean() const {
  std::vector<CompensatedSum> sums(static_cast<std::size_t>(dimension_));
  for (std::int64_t i = 0; i < components(); ++i)
    for (std::int64_t k = 0; k < dimension_; ++k) sums[k] += weights_[i] * means()(i, k);
  std::vector<double> out;
  out.reserve(sums.size());
  for (const CompensatedSum& sum : sums) out.push_back(sum.value());
  return out;
}

std::vector<double> GaussianMixture::total_covariance() const {
  const std::vector<double> centre = mean();
  std::vector<double> out(static_cast<std::size_t>(dimension_ * dimension_));
  for (std::int64_t i = 0; i < components(); ++i) {
    add_covariance(*this, i, weights_[i], out);
    for (std::int64_t a = 0; a < dimension_; ++a)
      for (std::int64_t b = 0; b < dimension_; ++b)
        out[a * dimension_ + b] +=
            weights_[i] * (means()(i, a) - centre[a]) * (means()(i, b) - centre[b]);
  }
  return out;
}

}  // namespace wquant
