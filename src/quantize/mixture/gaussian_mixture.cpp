#include "wquant/gaussian_mixture.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "backend/backend.hpp"
#include "backend/resident.hpp"
#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/enum_names.hpp"
#include "base/limits.hpp"
#include "base/orthogonality.hpp"
#include "base/summation.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "quantize/mixture/factors.hpp"
#include "wquant/error.hpp"

namespace wquant {

template <>
consteval auto names_of<GaussianMixture::Basis>() {
  return texts("identity", "shared", "separate");
}

std::string_view name(GaussianMixture::Basis basis) { return name_of(basis); }

namespace {

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
  require_reachable(context, "covariances", covariances.space);
  require_shape("covariances", {covariances.count, covariances.rows, covariances.cols},
                {count, d, d});
  require_workspace(context, "covariances",
                    3.0 * sizeof(double) * static_cast<double>(count) * static_cast<double>(d * d));
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

/// Weights and means on the host: as they lie if they are there, else copied.
class HostParameters {
 public:
  HostParameters(const Context& context, VectorView<const double> weights,
                 MatrixView<const double> means)
      : weights_(context, "weights", {weights.data, weights.size, 1, 1, weights.space}),
        means_(context, "means", means) {
    if (weights.size > 0)
      require_shape("means", {means.rows, means.cols}, {weights.size, means.cols});
  }
  VectorView<const double> weights_of(std::int64_t begin, std::int64_t count) const {
    return {weights_.view().row(begin), count};
  }
  MatrixView<const double> means_of(std::int64_t begin, std::int64_t count) const {
    const MatrixView<const double> all = means_.view();
    return {all.row(begin), count, all.cols, all.row_stride};
  }

 private:
  HostCopy<MatrixView<const double>> weights_, means_;
};

/// Puts "mixtures[b]: " before the messages of what `body` throws, in a batch.
struct Naming {
  bool batch;

  template <class Body>
  void operator()(std::size_t b, const Body& body) const {
    if (!batch) return body();
    const std::string prefix = "mixtures[" + std::to_string(b) + "]: ";
    try {
      body();
    } catch (const NotPositiveSemidefinite& error) {
      throw NotPositiveSemidefinite(prefix + error.what());
    } catch (const InvalidArgument& error) {
      throw InvalidArgument(prefix + error.what());
    }
  }
};

/// Covariances split where they lie.
struct CovarianceParts {
  Array<double> symmetric;                 // count × d²
  std::vector<double> diagonals;           // count × d
  std::vector<std::int64_t> off_diagonal;  // count: entries that are not 0

  TensorView<const double> symmetric_view(std::int64_t d) const {
    return {symmetric.data(), symmetric.rows(), d, d, d, d * d, symmetric.space()};
  }
  bool is_diagonal(std::int64_t begin, std::int64_t count) const {
    return std::all_of(off_diagonal.begin() + begin, off_diagonal.begin() + begin + count,
                       [](std::int64_t entries) { return entries == 0; });
  }
};

/// The error that entry `at` of the covariances is not finite, or too far from its mirror image.
[[noreturn]] void throw_fault(const Context& context, TensorView<const double> covariances,
                              std::int64_t at, bool finite, double tolerance) {
  const std::int64_t d = covariances.rows;
  const std::int64_t i = at / (d * d);
  const std::int64_t a = at / d % d;
  const std::int64_t b = at % d;
  const std::vector<double> sigma = host_values(context, covariances[i]);
  throw_bad_value("covariances", {i, a, b}, sigma[a * d + b],
                  finite
                      ? "its mirror image " + number_text(sigma[b * d + a]) + " (symmetry within " +
                            number_text(tolerance) + " of the largest entry)"
                      : "a finite number");
}

CovarianceParts split(const Context& context, std::span<const std::int64_t> sizes,
                      TensorView<const double> covariances, double tolerance,
                      const Naming& naming) {
  const std::int64_t count = covariances.count;
  const std::int64_t d = covariances.rows;
  const auto [there] = resident(context, covariances);
  Array<double> symmetric(context, count, d * d), diagonals(context, count, d);
  Array<std::int64_t> off_diagonal(context, count), faults(context, 2);
  const MemorySpace space = diagonals.space();
  context.backend().symmetric_parts(there, tolerance,
                                    {symmetric.data(), count, d, d, d, d * d, space},
                                    diagonals.view(), flat_view(off_diagonal), flat_view(faults));
  const std::vector<std::int64_t> fault = host_values(context, faults);
  const bool finite = fault[0] < 0;
  if (std::int64_t at = finite ? fault[1] : fault[0]; at >= 0) {
    std::size_t b = 0;
    for (; at >= sizes[b] * d * d; ++b) {
      at -= sizes[b] * d * d;
      covariances.data += sizes[b] * covariances.matrix_stride;
    }
    naming(b, [&] { throw_fault(context, covariances, at, finite, tolerance); });
  }
  return {std::move(symmetric), host_values(context, diagonals),
          host_values(context, off_diagonal)};
}

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
  std::vector<GaussianMixture> one =
      with_covariances(context, {&weights.size, 1}, weights, means, covariances, tolerances, false);
  return GaussianMixture(std::move(one.front()));
}

GaussianMixture GaussianMixture::gaussian(const Context& context, VectorView<const double> mean,
                                          MatrixView<const double> covariance,
                                          const MixtureTolerances& tolerances) {
  const double one[] = {1};
  return full(context, one, {mean, 1, mean.size},
              {covariance.data, 1, covariance.rows, covariance.cols, covariance.row_stride,
               covariance.rows * covariance.row_stride, covariance.space},
              tolerances);
}

std::vector<GaussianMixture> GaussianMixture::full_batch(const Context& context,
                                                         std::span<const std::int64_t> sizes,
                                                         VectorView<const double> weights,
                                                         MatrixView<const double> means,
                                                         TensorView<const double> covariances,
                                                         const MixtureTolerances& tolerances) {
  check_sizes(sizes, weights.size);
  return with_covariances(context, sizes, weights, means, covariances, tolerances, true);
}

std::vector<GaussianMixture> GaussianMixture::with_covariances(
    const Context& context, std::span<const std::int64_t> sizes, VectorView<const double> weights,
    MatrixView<const double> means, TensorView<const double> covariances,
    const MixtureTolerances& tolerances, bool batch) {
  const Naming naming{batch};
  const HostParameters given(context, weights, means);
  std::vector<GaussianMixture> mixtures;
  mixtures.reserve(sizes.size());
  std::int64_t begin = 0;
  for (std::size_t b = 0; b < sizes.size(); ++b) {
    naming(b, [&] {
      mixtures.push_back(GaussianMixture(given.weights_of(begin, sizes[b]),
                                         given.means_of(begin, sizes[b]), tolerances));
    });
    begin += sizes[b];
  }
  const std::int64_t d = means.cols;
  check_covariances(context, covariances, weights.size, d);
  if (sizes.empty()) return mixtures;
  const CovarianceParts parts = split(context, sizes, covariances, tolerances.asymmetry, naming);
  std::optional<Factors> factors;
  if (!parts.is_diagonal(0, weights.size)) factors.emplace(context, parts.symmetric_view(d));
  begin = 0;
  for (std::size_t b = 0; b < sizes.size(); ++b) {
    naming(b, [&] {
      if (parts.is_diagonal(begin, sizes[b]))
        mixtures[b].take_diagonals(parts.diagonals.data() + begin * d, tolerances);
      else
        mixtures[b].take_factors(factors->values(begin, sizes[b]),
                                 factors->vectors(begin, sizes[b]),
                                 factors->residual(begin, sizes[b]),
                                 factors->orthogonality(begin, sizes[b]), tolerances);
    });
    begin += sizes[b];
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
    factor_error_.push_back(
        Upper::relative(residual[i] + clipped * (1 + orthogonality[i]), 14).value());
    clipped_variance_ = std::max(clipped_variance_, clipped);
  }
}

void GaussianMixture::take_diagonals(const double* diagonals, const MixtureTolerances& tolerances) {
  eigenvalues_.assign(diagonals, diagonals + components() * dimension_);
  for (std::int64_t i = 0; i < components(); ++i)
    clipped_variance_ =
        std::max(clipped_variance_,
                 take_positive_part("covariances", i, eigenvalues_.data() + i * dimension_,
                                    dimension_, tolerances.negative));
}

GaussianMixture GaussianMixture::diagonal(const Context& context, VectorView<const double> weights,
                                          MatrixView<const double> means,
                                          MatrixView<const double> given_variances,
                                          const MixtureTolerances& tolerances) {
  const HostParameters given(context, weights, means);
  GaussianMixture mixture(given.weights_of(0, weights.size), given.means_of(0, weights.size),
                          tolerances);
  const std::int64_t d = mixture.dimension();
  const HostCopy host_variances(context, "variances", given_variances);
  const MatrixView<const double> variances = host_variances.view();
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
                                       MatrixView<const double> given_eigenvalues,
                                       TensorView<const double> given_eigenvectors,
                                       const MixtureTolerances& tolerances) {
  const HostParameters given(context, weights, means);
  GaussianMixture mixture(given.weights_of(0, weights.size), given.means_of(0, weights.size),
                          tolerances);
  const std::int64_t count = mixture.components();
  const std::int64_t d = mixture.dimension();
  const HostCopy host_eigenvalues(context, "eigenvalues", given_eigenvalues);
  const HostCopy host_eigenvectors(context, "eigenvectors", given_eigenvectors);
  const MatrixView<const double> eigenvalues = host_eigenvalues.view();
  const TensorView<const double> eigenvectors = host_eigenvectors.view();
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
