#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "drawn_mixture.hpp"
#include "promise.hpp"
#include "targets.hpp"
#include "wquant/wquant.hpp"

namespace wquant::fuzz {
namespace {

constexpr std::size_t kWorkspace = std::size_t{4} << 20;

QuantizeOptions draw_options(ByteSource& source, const DrawnMixture& mixture) {
  QuantizeOptions options;
  options.family = static_cast<SchemeFamily>(source.whole(0, 6));
  options.support = source.whole(1, 60);
  if (source.one_in(32)) options.support = source.whole(-2, 0);
  if (source.one_in(8)) options.tolerance = source.number();
  options.radii = static_cast<CrossRadii>(source.whole(0, 2));
  options.local = static_cast<LocalScale>(source.whole(0, 2));
  if (source.one_in(4)) options.reduced_components = source.whole(0, mixture.components() + 1);
  if (source.one_in(8)) options.active_dimensions = source.whole(0, mixture.dimension() + 1);
  options.fine_support = source.whole(1, 200);
  if (source.one_in(16)) options.rank_tolerance = source.number();
  options.seed = source.byte();
  return options;
}

/// w2 is finite and the sum of its parts, up to rounding; of squares also that to multiples of the
/// smallest double, upwards.
void check_parts(const Certificate& certificate) {
  for (const double part : {certificate.cells, certificate.dropped, certificate.reduction,
                            certificate.basis, certificate.rounding, certificate.centroid_gap})
    promise(std::isfinite(part) && part >= 0, "a part is " + std::to_string(part));
  promise(std::isfinite(certificate.w2) && certificate.w2 >= 0,
          "w2 is " + std::to_string(certificate.w2));
  constexpr long double kSmallest = std::numeric_limits<double>::denorm_min();
  const long double squares = static_cast<long double>(certificate.cells) + certificate.dropped;
  const long double others =
      static_cast<long double>(certificate.reduction) + certificate.basis + certificate.rounding;
  const long double most = std::sqrt(squares) + others;
  const long double least = std::sqrt(std::max(0.0L, squares - 4 * kSmallest)) + others;
  promise(certificate.w2 <= most * (1 + 1e-12L) && certificate.w2 >= least * (1 - 1e-12L),
          fmt::format("w2 {} is not the sum of its parts √({} + {}) + {} + {} + {}", certificate.w2,
                      certificate.cells, certificate.dropped, certificate.reduction,
                      certificate.basis, certificate.rounding));
}

/// What any two distributions obey: the distance of their means is at most W₂, and so is the
/// difference of their root mean square distances from a point.
void check_moments(const DrawnMixture& drawn, const GaussianMixture& mixture,
                   const CertifiedDistribution& result) {
  const Array<double>& locations = result.distribution.locations();
  const Array<double>& probabilities = result.distribution.probabilities();
  const std::int64_t d = locations.cols();
  const std::vector<long double> mean = drawn.mean();
  long double total = 0;
  for (std::int64_t a = 0; a < locations.rows(); ++a) total += probabilities(a);
  std::vector<long double> shift(d, 0.0L);  // of the points' mean against the mixture's
  long double spread = 0;
  long double largest = 0;
  for (std::int64_t a = 0; a < locations.rows(); ++a)
    for (std::int64_t k = 0; k < d; ++k) {
      const long double difference = locations(a, k) - mean[k];
      const long double probability = probabilities(a) / total;
      shift[k] += probability * difference;
      spread += probability * difference * difference;
      largest = std::max(
          {largest, std::abs(static_cast<long double>(locations(a, k))), std::abs(mean[k])});
    }
  const long double least = std::sqrt(drawn.second_moment(mean));
  const long double most =
      std::sqrt(drawn.second_moment(mean) + mixture.clipped_variance());  // before clipping
  // Of this evaluation in long double: sums of some hundred terms, and the roots of theirs.
  const long double rounding = 1e-16L * (largest + most);
  const long double w2 = result.certificate.w2 + rounding;
  long double distance = 0;
  for (const long double difference : shift) distance += difference * difference;
  promise(std::sqrt(distance) <= w2, "the means are farther apart than w2");
  promise(least - std::sqrt(spread) <= w2, "the points vary less than w2 allows");
  promise(std::sqrt(spread) - most <= w2, "the points vary more than w2 allows");
}

/// Projections do not lengthen: W₂ of the coordinates on the line, which is known.
void check_marginal(const DrawnMixture& drawn, const GaussianMixture& mixture,
                    const CertifiedDistribution& result, std::int64_t k) {
  const long double centre = drawn.mean()[k];
  const DiscreteDistribution& points = result.distribution;
  std::vector<long double> at, probabilities;
  for (std::int64_t a = 0; a < points.size(); ++a) {
    at.push_back(points.locations()(a, k) - centre);
    probabilities.push_back(points.probabilities()(a));
  }
  const LineDistance distance = line_distance(drawn.marginal(k, centre), at, probabilities);
  // Clipping moves each component by at most the root of what was clipped.
  const long double clipped = std::sqrt(static_cast<long double>(mixture.clipped_variance()));
  promise(distance.value <= result.certificate.w2 + distance.error + clipped,
          fmt::format("w2 {} is below W₂ {} of coordinate {}", result.certificate.w2,
                      static_cast<double>(distance.value), k));
}

void check_points(const QuantizeOptions& options, const CertifiedDistribution& result) {
  const DiscreteDistribution& points = result.distribution;
  promise(points.size() >= 1, "no points");
  if (options.tolerance > 0) {
    promise(result.certificate.w2 <= options.tolerance, "the tolerance is not met");
  } else {
    promise(points.size() <= options.support, "too many points");
  }
  double sum = 0;
  for (std::int64_t a = 0; a < points.size(); ++a) {
    promise(points.probabilities()(a) >= 0, "a negative probability");
    sum += points.probabilities()(a);
    for (std::int64_t k = 0; k < points.dimension(); ++k)
      promise(std::isfinite(points.locations()(a, k)), "a location is not finite");
  }
  promise(std::abs(sum - 1) <= 1e-9, "probabilities do not sum to 1");
}

}  // namespace

void quantize(Bytes bytes) {
  static const Context context = Context::cpu({.threads = 1, .workspace_limit = kWorkspace});
  ByteSource source(bytes);
  const DrawnMixture drawn(source);
  const QuantizeOptions options = draw_options(source, drawn);
  done_or_refused([&] {
    const GaussianMixture mixture = drawn.build(context);
    const Quantization result = wquant::quantize(context, mixture, options);
    check_parts(result.certificate);
    check_points(options, result);
    check_moments(drawn, mixture, result);
    for (std::int64_t k = 0; k < drawn.dimension(); ++k) check_marginal(drawn, mixture, result, k);
    if (options.reduced_components > 0) return;
    promise(certify(context, result.scheme, mixture).w2 == result.certificate.w2,
            "certify and apply do not agree");
  });
}

}  // namespace wquant::fuzz
