#include "wquant/push_forward.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/lengths.hpp"
#include "base/limits.hpp"
#include "base/summation.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/certificate_parts.hpp"
#include "quantize/certificate/evaluation.hpp"
#include "quantize/transform/difference_span.hpp"
#include "wquant/certify.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

void require_length(const std::string& name, double value) {
  if (!(value >= 0 && std::isfinite(value)))
    throw InvalidArgument(name + ": " + number_text(value) + "; expected a finite number >= 0");
}

void validate(const AffineMap& map, std::int64_t dimension) {
  require_host("matrix", map.matrix.space);
  require_host("offset", map.offset.space);
  if (map.matrix.rows < 1) throw InvalidArgument("matrix: no rows; expected at least one");
  require_shape("matrix", {map.matrix.rows, map.matrix.cols}, {map.matrix.rows, dimension});
  require_finite("matrix", map.matrix);
  if (map.offset.size == 0) return;
  require_shape("offset", {map.offset.size}, {map.matrix.rows});
  require_finite("offset", map.offset);
}

/// New locations (N × m, host) for the points of D.
DiscreteDistribution with_locations(const Context& context, const DiscreteDistribution& d,
                                    const std::vector<double>& locations, std::int64_t m) {
  require_finite("values of the map", MatrixView<const double>{locations.data(), d.size(), m});
  return {on_context(context, locations, m),
          on_context(context, d.probabilities().data(), d.size(), 1)};
}

double offset(const AffineMap& map, std::int64_t i) {
  return map.offset.size == 0 ? 0 : map.offset[i];
}

/// b_i + Σ_k A_ik x_k in the order of k.
std::vector<double> images(const Context& context, const AffineMap& map,
                           const DiscreteDistribution& d) {
  require_points_fit(context, d.size(), map.matrix.rows);
  std::vector<double> out;
  out.reserve(static_cast<std::size_t>(d.size() * map.matrix.rows));
  for (std::int64_t a = 0; a < d.size(); ++a)
    for (std::int64_t i = 0; i < map.matrix.rows; ++i) {
      double sum = offset(map, i);
      for (std::int64_t k = 0; k < map.matrix.cols; ++k)
        sum += map.matrix(i, k) * d.locations()(a, k);
      out.push_back(sum);
    }
  return out;
}

/// A row of A as a sum of `terms` products that are not zero.
struct RowShape {
  double terms = 0;
  Upper norm;          // Euclidean
  bool exact = false;  // at most one product, by a power of two ≥ 1, and no offset
};

RowShape row_shape(const AffineMap& map, std::int64_t i) {
  RowShape out;
  double last = 0;
  for (std::int64_t k = 0; k < map.matrix.cols; ++k)
    if (map.matrix(i, k) != 0) {
      ++out.terms;
      last = map.matrix(i, k);
      out.norm = hypot(out.norm, Upper(std::fabs(last)));
    }
  int exponent = 0;
  out.exact =
      offset(map, i) == 0 && (out.terms == 0 || (out.terms == 1 && std::fabs(last) >= 1 &&
                                                 std::fabs(std::frexp(last, &exponent)) == 0.5));
  return out;
}

/// ≥ (Σ p_a ‖computed image − (A x_a + b)‖²)^{1/2}. Entry i of an image is off by at most
/// (n_i + 1) ε/2 (‖a_i‖ ‖x‖ + |b_i|) for n_i non-zero products (Higham §3.1), and by what they lose
/// below the smallest normal number.
Upper image_rounding(const AffineMap& map, const DiscreteDistribution& d) {
  RootMeanSquare lengths(d.dimension(), power_of_two_unit(d.locations().view()));
  CompensatedSum total;
  for (std::int64_t a = 0; a < d.size(); ++a) {
    lengths.add(d.probabilities()(a), &d.locations()(a, 0));
    total += d.probabilities()(a);
  }
  const Upper radius = lengths.above(total.value());
  Upper sum;
  for (std::int64_t i = 0; i < map.matrix.rows; ++i) {
    const RowShape row = row_shape(map, i);
    if (row.exact) continue;
    const Upper size = row.norm * radius + Upper(std::fabs(offset(map, i)));
    sum = hypot(sum, (row.terms + 1) * kEpsilon * size + Upper(row.terms * kSmallestPositive));
  }
  return sum;
}

/// ≥ ‖AB‖₂ ‖B‖₂. The computed AB is off by (d + 1) ε/2 ‖A‖_F ‖B‖_F.
Upper constant_on(const Context& context, const AffineMap& map, const DifferenceSpan& span) {
  const std::int64_t m = map.matrix.rows;
  const std::int64_t d = map.matrix.cols;
  const std::int64_t s = span.rank();
  if (s == 0) return {};
  std::vector<double> product;
  Upper frobenius;
  for (std::int64_t i = 0; i < m; ++i) {
    for (std::int64_t j = 0; j < s; ++j) {
      double sum = 0;
      for (std::int64_t k = 0; k < d; ++k) sum += map.matrix(i, k) * span.directions[j * d + k];
      product.push_back(sum);
    }
    for (std::int64_t k = 0; k < d; ++k)
      frobenius = hypot(frobenius, Upper(std::fabs(map.matrix(i, k))));
  }
  const Upper rounding = static_cast<double>(d + 2) * kEpsilon * frobenius *
                         sqrt(Upper(static_cast<double>(s))) * span.norm;
  return (Upper(spectral_norm_bound(context, {product.data(), m, s})) + rounding) * span.norm;
}

AffineImage image_of(const Context& context, const AffineMap& map) {
  const double largest = largest_magnitude(map.matrix);
  require_lengths("matrix", map.matrix);
  AffineImage image;
  image.scale = power_of_two_unit(largest);
  image.matrix.resize(map.matrix.rows, map.matrix.cols);
  for (std::int64_t i = 0; i < map.matrix.rows; ++i)
    for (std::int64_t k = 0; k < map.matrix.cols; ++k)
      image.matrix(i, k) = map.matrix(i, k) / image.scale;
  image.norm = (Upper(spectral_norm_bound(context, map.matrix)) / image.scale).value();
  const auto entries = static_cast<double>(map.matrix.rows * map.matrix.cols);
  image.frobenius = image.matrix.norm() * (1 + (entries + 16) * kEpsilon);
  return image;
}

Certificate affine_certificate(const Certificate& before, Upper lipschitz, Upper error) {
  Certificate after = stretched(before, lipschitz, error);
  const Upper gap = Upper(before.centroid_gap) * lipschitz + error;
  after.centroid_gap = std::min(after.w2, gap.value());
  return after;
}

}  // namespace

Certificate push_forward(const Certificate& certificate, double lipschitz,
                         double evaluation_error) {
  require_parts("certificate", certificate);
  require_length("lipschitz", lipschitz);
  require_length("evaluation_error", evaluation_error);
  return stretched(certificate, Upper(lipschitz), Upper(evaluation_error));
}

CertifiedDistribution push_forward(const Context& context, const CertifiedDistribution& input,
                                   const LipschitzMap& map) {
  if (!map.function) throw InvalidArgument("function: empty; expected a callable");
  require_at_least("output_dimension", map.output_dimension, 1);
  const Certificate certificate =
      push_forward(input.certificate, map.lipschitz, map.evaluation_error);
  const DiscreteDistribution d = input.distribution.to_host();
  require_points_fit(context, d.size(), map.output_dimension);
  std::vector<double> out(static_cast<std::size_t>(d.size() * map.output_dimension),
                          std::numeric_limits<double>::quiet_NaN());
  map.function(d.locations().view(), {out.data(), d.size(), map.output_dimension});
  return {with_locations(context, d, out, map.output_dimension), certificate};
}

CertifiedDistribution push_forward(const Context& context, const CertifiedDistribution& input,
                                   const AffineMap& map) {
  require_parts("certificate", input.certificate);
  validate(map, input.distribution.dimension());
  const DiscreteDistribution d = input.distribution.to_host();
  const Upper lipschitz(spectral_norm_bound(context, map.matrix));
  return {with_locations(context, d, images(context, map, d), map.matrix.rows),
          affine_certificate(input.certificate, lipschitz, image_rounding(map, d))};
}

CertifiedDistribution push_forward(const Context& context, const CertifiedDistribution& input,
                                   const GaussianMixture& mixture, const AffineMap& map) {
  require_shape("mixture", {mixture.dimension()}, {input.distribution.dimension()});
  CertifiedDistribution plain = push_forward(context, input, map);
  const DiscreteDistribution d = input.distribution.to_host();
  const std::optional<DifferenceSpan> span = difference_span(mixture, d);
  if (!span) return plain;
  const Upper across = Upper(spectral_norm_bound(context, map.matrix)) * span->residual;
  const Upper error = image_rounding(map, d) + across;
  const Upper constant = constant_on(context, map, *span);
  const Upper foreseen = constant * Upper(input.certificate.w2) + error;
  if (!(foreseen < Upper(plain.certificate.w2))) return plain;
  const Certificate narrow = affine_certificate(input.certificate, constant, error);
  if (narrow.w2 < plain.certificate.w2) plain.certificate = narrow;
  return plain;
}

CertifiedDistribution push_forward(const Context& context, const Scheme& scheme,
                                   const GaussianMixture& mixture, const AffineMap& map) {
  validate(map, mixture.dimension());
  const CertifiedDistribution input = apply(context, scheme, mixture);
  CertifiedDistribution out = push_forward(context, input, mixture, map);
  const AffineImage image = image_of(context, map);
  CertificateParts parts(evaluate(context, {{&scheme, &mixture}}, &image).certificates.front());
  parts.rounding += image_rounding(map, input.distribution.to_host());
  Certificate tight = parts.certificate();
  if (!(tight.w2 < out.certificate.w2)) return out;
  tight.centroid_gap = std::min(tight.w2, out.certificate.centroid_gap);
  out.certificate = tight;
  return out;
}

}  // namespace wquant
