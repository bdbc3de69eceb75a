#include "wquant/kmeans.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/lengths.hpp"
#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/validation.hpp"
#include "cluster/scaled_points.hpp"
#include "cluster/seeding.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

template <class T>
void validate(const Context& context, MatrixView<const T> points, const KmeansOptions<T>& options) {
  require_reachable(context, "points", points.space);
  if (points.rows < 1 || points.cols < 1)
    throw InvalidArgument("points: no coordinates; expected at least one");
  require_host("weights", options.weights.space);
  if (options.weights.size > 0) require_shape("weights", {options.weights.size}, {points.rows});
  require_finite("weights", options.weights);
  for (std::int64_t i = 0; i < options.weights.size; ++i)
    if (options.weights[i] < 0)
      throw_bad_value("weights", {i}, options.weights[i], "a number >= 0");
  require_at_least("clusters", options.clusters, 1);
  require_at_least("iterations", options.iterations, 0);
  if (!(options.tolerance >= 0))
    throw InvalidArgument("tolerance: " + number_text(options.tolerance) +
                          "; expected a number >= 0");
  require_reachable(context, "start", options.start.space);
  if (options.start.rows > 0) require_shape("start", {options.start.cols}, {points.cols});
  const auto n = static_cast<double>(points.rows);
  const auto d = static_cast<double>(points.cols);
  const auto k = static_cast<double>(std::max(options.clusters, options.start.rows));
  require_workspace(
      context, "k-means",
      sizeof(T) * 2 * n * d + sizeof(double) * (5 * n + std::min(n, 64 * k) * (d + 1)));
}

std::vector<double> in_units(VectorView<const double> weights, double unit) {
  std::vector<double> out(weights.begin(), weights.end());
  for (double& w : out) w /= unit;
  return out;
}

/// Centres and what their assignment gave.
template <class T>
struct Clustering {
  std::vector<T> centres;
  std::vector<double> mass;
  std::vector<double> sums;
  double cost = INFINITY;
  std::int64_t moved = 0;
};

template <class T>
class Lloyd {
 public:
  Lloyd(const Context& context, MatrixView<const T> points, const KmeansOptions<T>& options)
      : context_(context),
        options_(options),
        n_(points.rows),
        d_(points.cols),
        weight_unit_(options.weights.size > 0
                         ? power_of_two_unit({options.weights.data, options.weights.size, 1})
                         : 1),
        points_(context, points, largest_of(context, points, options.start)),
        host_weights_(in_units(options.weights, weight_unit_)),
        weights_(on_context(context, host_weights_)),
        labels_(on_context(context, std::vector<std::int64_t>(static_cast<std::size_t>(n_), -1))),
        squares_(context, n_),
        lower_(context, n_) {}

  KmeansResult<T> run() {
    Clustering<T> at = assign(first_centres());
    record(at, 0);
    while (iterations() < options_.iterations && at.cost > 0) {
      Pulse::report("lloyd",
                    static_cast<double>(iterations()) / static_cast<double>(options_.iterations));
      std::vector<std::int64_t> empty;
      std::vector<T> centres = next_centres(at, empty);
      const std::vector<double> shifts = shifts_above(at.centres, centres);
      Clustering<T> next = assign(std::move(centres), shifts);
      const double gain = at.cost - next.cost;
      if (!(gain > 0)) {
        if (next.moved > 0) at = assign(std::move(at.centres));
        break;
      }
      const bool settled = gain <= options_.tolerance * at.cost;
      at = std::move(next);
      record(at, static_cast<std::int64_t>(empty.size()));
      if (settled) break;
    }
    drop_empty_cells(at);
    return result(std::move(at));
  }

 private:
  static double largest_of(const Context& context, MatrixView<const T> points,
                           MatrixView<const T> start) {
    const double largest = largest_length(context, "points", points);
    return start.rows > 0 ? std::max(largest, largest_length(context, "start", start)) : largest;
  }

  std::int64_t iterations() const { return static_cast<std::int64_t>(history_.size()) - 1; }

  VectorView<const double> weights() const { return flat_view(weights_); }
  double weight(std::int64_t i) const { return host_weights_.empty() ? 1 : host_weights_[i]; }

  std::vector<T> first_centres() {
    if (options_.start.rows == 0)
      return seeded_centres<T>(context_, {points_.view(), weights(), host_weights_},
                               options_.clusters, options_.seed);
    std::vector<T> start = host_values(context_, options_.start);
    for (T& x : start) x = static_cast<T>(static_cast<double>(x) / points_.unit());
    return start;
  }

  /// shifts: of the centres since the last call; none if those were others.
  Clustering<T> assign(std::vector<T> centres, const std::vector<double>& shifts = {}) {
    const Array<T> there = on_context(context_, centres, d_);
    const Array<double> moves = on_context(context_, shifts);
    Array<double> mass(context_, there.rows()), sums(context_, there.rows(), d_),
        summary(context_, 2);
    context_.backend().lloyd_step(points_.view(), weights(), there.view(), flat_view(moves),
                                  {flat_view(labels_), flat_view(squares_), flat_view(lower_)},
                                  {flat_view(mass), sums.view(), flat_view(summary)});
    const std::vector<double> totals = host_values(context_, summary);
    return {std::move(centres), host_values(context_, mass), host_values(context_, sums), totals[0],
            static_cast<std::int64_t>(totals[1])};
  }

  /// The means of the cells; empty ones start at the costliest points.
  std::vector<T> next_centres(const Clustering<T>& at, std::vector<std::int64_t>& empty) {
    const auto count = static_cast<std::int64_t>(at.mass.size());
    std::vector<T> centres(at.centres);
    for (std::int64_t j = 0; j < count; ++j) {
      if (at.mass[j] == 0) empty.push_back(j);
      for (std::int64_t k = 0; k < d_ && at.mass[j] > 0; ++k)
        centres[j * d_ + k] = static_cast<T>(at.sums[j * d_ + k] / at.mass[j]);
    }
    if (empty.empty()) return centres;
    const auto from = costliest_points(static_cast<std::int64_t>(empty.size()));
    for (std::size_t e = 0; e < empty.size(); ++e)
      context_.backend().copy_to_host(centres.data() + empty[e] * d_,
                                      points_.view().row(from[std::min(e, from.size() - 1)]),
                                      sizeof(T) * d_);
    return centres;
  }

  /// How far each centre goes, from above.
  std::vector<double> shifts_above(const std::vector<T>& from, const std::vector<T>& to) const {
    const double rounding = 1 + 2 * static_cast<double>(d_ + 4) * kEpsilon;
    std::vector<double> shifts(from.size() / static_cast<std::size_t>(d_));
    for (std::size_t j = 0; j < shifts.size(); ++j) {
      double square = 0;
      for (std::int64_t k = 0; k < d_; ++k) {
        const std::size_t at = j * static_cast<std::size_t>(d_) + static_cast<std::size_t>(k);
        const double difference = static_cast<double>(to[at]) - static_cast<double>(from[at]);
        square += difference * difference;
      }
      shifts[j] = (std::sqrt(square) + kSmallestNormal) * rounding;
    }
    return shifts;
  }

  /// The points with the largest w_i ‖x_i − its centre‖², ties to the lower index.
  std::vector<std::int64_t> costliest_points(std::int64_t count) const {
    std::vector<double> costs = host_values(context_, squares_);
    for (std::int64_t i = 0; i < n_; ++i) costs[i] *= weight(i);
    std::vector<std::int64_t> order(static_cast<std::size_t>(n_));
    std::iota(order.begin(), order.end(), 0);
    count = std::min(count, n_);
    std::partial_sort(order.begin(), order.begin() + count, order.end(),
                      [&](std::int64_t a, std::int64_t b) {
                        return costs[a] != costs[b] ? costs[a] > costs[b] : a < b;
                      });
    order.resize(static_cast<std::size_t>(count));
    return order;
  }

  /// Centres whose cells have no weight taken out, and the points assigned to those left.
  void drop_empty_cells(Clustering<T>& at) {
    std::vector<T> kept;
    for (std::size_t j = 0; j < at.mass.size(); ++j)
      if (at.mass[j] > 0)
        kept.insert(kept.end(), at.centres.begin() + static_cast<std::int64_t>(j) * d_,
                    at.centres.begin() + static_cast<std::int64_t>(j + 1) * d_);
    if (kept.empty()) kept.assign(at.centres.begin(), at.centres.begin() + d_);
    if (kept.size() < at.centres.size()) at = assign(std::move(kept));
  }

  double objective(double cost) const {
    return cost * weight_unit_ * points_.unit() * points_.unit();
  }

  void record(const Clustering<T>& at, std::int64_t re_seeded) {
    const auto now = std::chrono::steady_clock::now();
    history_.push_back({objective(at.cost), at.moved, re_seeded,
                        std::chrono::duration<double>(now - last_).count()});
    last_ = now;
  }

  KmeansResult<T> result(Clustering<T> at) {
    for (T& x : at.centres) x = static_cast<T>(static_cast<double>(x) * points_.unit());
    return {on_context(context_, at.centres, d_), std::move(labels_), objective(at.cost),
            iterations(), std::move(history_)};
  }

  const Context& context_;
  const KmeansOptions<T>& options_;
  std::int64_t n_, d_;
  double weight_unit_;
  ScaledPoints<T> points_;
  std::vector<double> host_weights_;
  Array<double> weights_;
  Array<std::int64_t> labels_;
  Array<double> squares_, lower_;
  std::vector<KmeansRecord> history_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

template <class T>
KmeansResult<T> cluster(const Context& context, MatrixView<const T> points,
                        const KmeansOptions<T>& options) {
  const Pulse pulse(options.progress);
  validate(context, points, options);
  return Lloyd<T>(context, points, options).run();
}

}  // namespace

KmeansResult<double> kmeans(const Context& context, MatrixView<const double> points,
                            const KmeansOptions<double>& options) {
  return cluster(context, points, options);
}

KmeansResult<float> kmeans(const Context& context, MatrixView<const float> points,
                           const KmeansOptions<float>& options) {
  return cluster(context, points, options);
}

}  // namespace wquant
