#include "wquant/density.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "backend/magnitudes.hpp"
#include "backend/resident.hpp"
#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/limits.hpp"
#include "base/orthogonality.hpp"
#include "base/pulse.hpp"
#include "base/validation.hpp"
#include "quantize/mixture/component_tables.hpp"

namespace wquant {
namespace {

constexpr double kLogTwoPi = 1.83787706640934548356;
/// Multiply-adds that one backend call works on, about.
constexpr std::int64_t kWorkPerCall = std::int64_t{1} << 24;

/// The components that count, where there are others.
std::optional<GaussianMixture> without_zero_weights(const GaussianMixture& mixture) {
  std::vector<std::int64_t> positive;
  for (std::int64_t i = 0; i < mixture.components(); ++i)
    if (mixture.weights()[i] > 0) positive.push_back(i);
  if (static_cast<std::int64_t>(positive.size()) == mixture.components()) return std::nullopt;
  return mixture.select(positive);
}

/// A mixture's densities as the kernel wants them.
class DensityTables {
 public:
  DensityTables(const GaussianMixture& mixture, const DensityOptions& options)
      : components_(mixture,
                    rank_tolerance_or_default(options.rank_tolerance, mixture.dimension())),
        span_tolerance_(options.span_tolerance >= 0
                            ? options.span_tolerance
                            : 16 * static_cast<double>(mixture.dimension()) * kEpsilon) {
    for (std::int64_t i = 0; i < mixture.components(); ++i) add(i);
  }

  MixtureDensity view() const {
    const std::int64_t count = components_.mixture.components();
    return {
        components_.view(),         {log_factors_.data(), count}, {components_.ranks.data(), count},
        {tolerance_.data(), count}, {reach_.data(), count},       {slack_.data(), count}};
  }

 private:
  void add(std::int64_t i) {
    const GaussianMixture& mixture = components_.mixture;
    const std::int64_t d = mixture.dimension();
    const double* const lambda = mixture.eigenvalues().row(i);
    const double* const mean = mixture.means().row(i);
    double log_variances = 0;
    double dropped = 0;
    double length = 0;
    for (std::int64_t k = 0; k < d; ++k) {
      if (components_.deviations[i * d + k] > 0)
        log_variances += std::log(lambda[k]);
      else
        dropped = std::max(dropped, lambda[k]);
      length = std::max(length, std::fabs(mean[k]));
    }
    const auto rank = static_cast<double>(components_.ranks[i]);
    log_factors_.push_back(std::log(mixture.weights()[i]) - (rank * kLogTwoPi + log_variances) / 2);
    tolerance_.push_back(span_tolerance_ +
                         std::sqrt(static_cast<double>(d)) * orthogonality_error(i));
    reach_.push_back(length + std::sqrt(*std::max_element(lambda, lambda + d)));
    slack_.push_back(mixture.factor_error(i) + dropped);
  }

  /// ≥ ‖VᵀV − I‖_F; 0 where there is no null direction, since it is not used there.
  double orthogonality_error(std::int64_t i) {
    const GaussianMixture& mixture = components_.mixture;
    if (mixture.basis() == GaussianMixture::Basis::identity ||
        components_.ranks[i] == mixture.dimension())
      return 0;
    if (mixture.basis() == GaussianMixture::Basis::separate)
      return column_orthogonality_error(mixture.eigenvectors(i));
    if (shared_error_ < 0) shared_error_ = column_orthogonality_error(mixture.eigenvectors(0));
    return shared_error_;
  }

  ComponentTables components_;
  double span_tolerance_;
  double shared_error_ = -1;
  std::vector<double> log_factors_, tolerance_, reach_, slack_;
};

/// The three results; data is null where one is not wanted.
struct Outputs {
  MatrixView<double> log_densities;  // n × 1
  MatrixView<double> scores;
  MatrixView<double> hessians;
};

/// Rows begin … of `whole`, or as many of `scratch` where there is no whole.
MatrixView<double> rows_of(const MatrixView<double>& whole, MatrixView<double> scratch,
                           std::int64_t begin, std::int64_t count) {
  if (!whole.data) return {scratch.data, count, scratch.cols, scratch.row_stride, scratch.space};
  return {whole.row(begin), count, whole.cols, whole.row_stride, whole.space};
}

void validate(const Context& context, const GaussianMixture& mixture,
              MatrixView<const double> points, const DensityOptions& options) {
  require_rank_tolerance(options.rank_tolerance);
  if (!(options.span_tolerance < 1))
    throw_bad_value("span_tolerance", {}, options.span_tolerance, "a number below 1");
  require_reachable(context, "points", points.space);
  require_shape("points", {points.rows, points.cols}, {points.rows, mixture.dimension()});
  require_finite_on(context, "points", points);
}

/// Fills the wanted outputs block by block; what the kernel needs besides is scratch.
void evaluate(const Context& context, const GaussianMixture& mixture,
              MatrixView<const double> points, const DensityOptions& options, const Outputs& out) {
  const Pulse pulse(options.progress);
  const std::int64_t d = mixture.dimension();
  const std::optional<GaussianMixture> reduced = without_zero_weights(mixture);
  const DensityTables tables(reduced ? *reduced : mixture, options);
  const auto [density] = resident(context, tables.view());
  const ContextCopy<double> all(context, points);
  const std::int64_t block =
      std::clamp<std::int64_t>(kWorkPerCall / (mixture.components() * d * d), 1, points.rows);
  Array<double> log_scratch(context, out.log_densities.data ? 0 : block);
  Array<double> score_scratch(context, out.hessians.data ? block : 0, d);
  for (std::int64_t begin = 0; begin < points.rows; begin += block) {
    Pulse::report("density", static_cast<double>(begin) / static_cast<double>(points.rows));
    const std::int64_t count = std::min(block, points.rows - begin);
    const MatrixView<double> logs = rows_of(out.log_densities, log_scratch.view(), begin, count);
    MatrixView<double> scores;
    MatrixView<double> hessians;
    if (out.scores.data || out.hessians.data)
      scores = rows_of(out.scores, score_scratch.view(), begin, count);
    if (out.hessians.data) hessians = rows_of(out.hessians, {}, begin, count);
    context.backend().mixture_density(
        {all.view().row(begin), count, d, all.view().row_stride, all.view().space}, density,
        {logs.data, count, logs.space}, scores, hessians);
  }
  Pulse::report("density", 1);
}

Array<double> make_output(const Context& context, const char* what, std::int64_t rows,
                          std::int64_t cols) {
  require_workspace(context,
                    std::string(what) + ": " + std::to_string(rows) + " points with " +
                        std::to_string(cols) + " numbers each",
                    sizeof(double) * static_cast<double>(rows) * static_cast<double>(cols));
  return Array<double>(context, rows, cols);
}

}  // namespace

Array<double> log_density(const Context& context, const GaussianMixture& mixture,
                          MatrixView<const double> points, const DensityOptions& options) {
  validate(context, mixture, points, options);
  Array<double> out = make_output(context, "log_density", points.rows, 1);
  if (points.rows > 0) evaluate(context, mixture, points, options, {out.view(), {}, {}});
  return out;
}

Array<double> score(const Context& context, const GaussianMixture& mixture,
                    MatrixView<const double> points, const DensityOptions& options) {
  validate(context, mixture, points, options);
  Array<double> out = make_output(context, "score", points.rows, points.cols);
  if (points.rows > 0) evaluate(context, mixture, points, options, {{}, out.view(), {}});
  return out;
}

Array<double> hessian(const Context& context, const GaussianMixture& mixture,
                      MatrixView<const double> points, const DensityOptions& options) {
  validate(context, mixture, points, options);
  Array<double> out = make_output(context, "hessian", points.rows, points.cols * points.cols);
  if (points.rows > 0) evaluate(context, mixture, points, options, {{}, {}, out.view()});
  return out;
}

}  // namespace wquant
