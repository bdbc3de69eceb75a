#include "quantize/weighted_kmeans.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "backend/backend.hpp"
#include "backend/random.hpp"
#include "common/lengths.hpp"
#include "common/progress.hpp"
#include "common/summation.hpp"
#include "common/transfer.hpp"
#include "common/validation.hpp"

namespace wquant {
namespace {

/// Points and weights in powers of two of the order of the largest coordinate and weight.
struct Sample {
  Sample(const Context& on, MatrixView<const double> points, VectorView<const double> of)
      : context(on),
        n(points.rows),
        d(points.cols),
        unit(power_of_two_unit(points)),
        weight_unit(power_of_two_unit({of.data, of.size, 1})) {
    for (const double w : of) weights.push_back(w / weight_unit);
    values.reserve(static_cast<std::size_t>(n * d));
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t k = 0; k < d; ++k) values.push_back(points(i, k) / unit);
    on_backend = on_context(context, values, d);
    labels = Array<std::int64_t>(context, n);
    squares = Array<double>(context, n);
  }

  const double* point(std::int64_t i) const { return values.data() + i * d; }

  const Context& context;
  std::int64_t n, d;
  double unit, weight_unit;
  std::vector<double> weights;
  std::vector<double> values;  // n × d
  Array<double> on_backend;    // the same
  Array<std::int64_t> labels;  // room for answers
  Array<double> squares;
};

/// Which centre each point belongs to, and how far from it it is.
struct Assignment {
  std::vector<std::int64_t> labels;
  std::vector<double> squares;
  double cost = INFINITY;
};

double total_cost(const Sample& sample, const std::vector<double>& squares) {
  CompensatedSum sum;
  for (std::int64_t i = 0; i < sample.n; ++i) sum += sample.weights[i] * squares[i];
  return sum.value();
}

Assignment assign(Sample& sample, const std::vector<double>& centres) {
  const Array<double> there = on_context(sample.context, centres, sample.d);
  Backend& backend = sample.context.backend();
  const Array<double>& points = sample.on_backend;
  backend.nearest(points.view(), there.view(),
                  {sample.labels.data(), sample.n, sample.labels.space()},
                  {sample.squares.data(), sample.n, sample.squares.space()});
  Assignment out{std::vector<std::int64_t>(static_cast<std::size_t>(sample.n)),
                 std::vector<double>(static_cast<std::size_t>(sample.n))};
  backend.copy_to_host(out.labels.data(), sample.labels.data(), sizeof(std::int64_t) * sample.n);
  backend.copy_to_host(out.squares.data(), sample.squares.data(), sizeof(double) * sample.n);
  out.cost = total_cost(sample, out.squares);
  return out;
}

std::vector<double> location(const Sample& sample, std::int64_t i) {
  return {sample.point(i), sample.point(i) + sample.d};
}

/// Draws points with probabilities in proportion to w_i · squares_i.
class Lottery {
 public:
  Lottery(const Sample& sample, const std::vector<double>& squares) {
    double sum = 0;
    for (std::int64_t i = 0; i < sample.n; ++i)
      cumulative_.push_back(sum += sample.weights[i] * squares[i]);
  }

  bool empty() const { return !(cumulative_.back() > 0); }

  /// The point that the fraction u of all falls on; always one of positive probability.
  std::int64_t draw(double u) const {
    const double all = cumulative_.back();
    const auto at = std::upper_bound(cumulative_.begin(), cumulative_.end(), u * all);
    const auto last = std::lower_bound(cumulative_.begin(), cumulative_.end(), all);
    return std::min(at, last) - cumulative_.begin();
  }

 private:
  std::vector<double> cumulative_;
};

/// Squared distances to the nearest of the centres so far and point i.
std::vector<double> squares_with(Sample& sample, const std::vector<double>& squares,
                                 std::int64_t i) {
  std::vector<double> out = assign(sample, location(sample, i)).squares;
  for (std::int64_t j = 0; j < sample.n; ++j) out[j] = std::min(out[j], squares[j]);
  return out;
}

/// Greedy k-means++; ends early when every point of positive weight is a centre.
std::vector<double> seeded_centres(Sample& sample, const KmeansOptions& options) {
  const auto candidates =
      2 + static_cast<std::int64_t>(std::log(static_cast<double>(options.clusters)));
  std::uint64_t counter = 0;
  const Lottery by_weight(sample, std::vector<double>(static_cast<std::size_t>(sample.n), 1.0));
  const std::int64_t first =
      by_weight.empty() ? 0 : by_weight.draw(uniform(options.seed, counter++));
  std::vector<double> centres = location(sample, first);
  std::vector<double> squares = assign(sample, centres).squares;
  for (std::int64_t j = 1; j < options.clusters; ++j) {
    report(options.progress, "seeding",
           static_cast<double>(j) / static_cast<double>(options.clusters));
    const Lottery lottery(sample, squares);
    if (lottery.empty()) return centres;
    std::int64_t best = -1;
    double least = INFINITY;
    std::vector<double> best_squares;
    for (std::int64_t c = 0; c < candidates; ++c) {
      const std::int64_t i = lottery.draw(uniform(options.seed, counter++));
      std::vector<double> with = squares_with(sample, squares, i);
      const double cost = total_cost(sample, with);
      if (cost < least) {
        least = cost;
        best = i;
        best_squares = std::move(with);
      }
    }
    centres.insert(centres.end(), sample.point(best), sample.point(best) + sample.d);
    squares = std::move(best_squares);
  }
  return centres;
}

/// Weighted means of the cells, summed in the order of the points.
struct CellMeans {
  std::vector<double> centres;
  std::vector<std::int64_t> empty;  // cells without weight; their centres are still to be chosen
};

CellMeans cell_means(const Sample& sample, const Assignment& at, std::int64_t count) {
  std::vector<CompensatedSum> mass(static_cast<std::size_t>(count));
  std::vector<CompensatedSum> sums(static_cast<std::size_t>(count * sample.d));
  for (std::int64_t i = 0; i < sample.n; ++i) {
    mass[at.labels[i]] += sample.weights[i];
    for (std::int64_t k = 0; k < sample.d; ++k)
      sums[at.labels[i] * sample.d + k] += sample.weights[i] * sample.point(i)[k];
  }
  CellMeans out;
  for (std::int64_t j = 0; j < count; ++j) {
    const double weight = mass[j].value();
    if (weight == 0) out.empty.push_back(j);
    for (std::int64_t k = 0; k < sample.d; ++k)
      out.centres.push_back(weight == 0 ? 0 : sums[j * sample.d + k].value() / weight);
  }
  return out;
}

/// The `count` points with the largest w_i ‖x_i − centre‖², ties to the lower index.
std::vector<std::int64_t> costliest_points(const Sample& sample, const Assignment& at,
                                           std::int64_t count) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(sample.n));
  std::iota(order.begin(), order.end(), 0);
  const auto cost = [&](std::int64_t i) { return sample.weights[i] * at.squares[i]; };
  const auto end = order.begin() + std::min(count, sample.n);
  std::partial_sort(order.begin(), end, order.end(), [&](std::int64_t a, std::int64_t b) {
    return cost(a) != cost(b) ? cost(a) > cost(b) : a < b;
  });
  return {order.begin(), end};
}

std::vector<double> lloyd_step(const Sample& sample, const Assignment& at, std::int64_t count) {
  CellMeans means = cell_means(sample, at, count);
  const auto points = costliest_points(sample, at, static_cast<std::int64_t>(means.empty.size()));
  for (std::size_t e = 0; e < means.empty.size(); ++e) {
    const double* const from = sample.point(points[std::min(e, points.size() - 1)]);
    std::copy(from, from + sample.d, means.centres.begin() + means.empty[e] * sample.d);
  }
  return means.centres;
}

/// Centres whose cells have no weight taken out, and the points assigned to those left.
void drop_empty_cells(Sample& sample, std::vector<double>& centres, Assignment& at) {
  const auto count = static_cast<std::int64_t>(centres.size()) / sample.d;
  std::vector<char> used(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < sample.n; ++i)
    if (sample.weights[i] > 0) used[at.labels[i]] = 1;
  std::vector<double> kept;
  for (std::int64_t j = 0; j < count; ++j)
    if (used[j])
      kept.insert(kept.end(), centres.begin() + j * sample.d, centres.begin() + (j + 1) * sample.d);
  if (kept.empty()) kept.assign(centres.begin(), centres.begin() + sample.d);
  if (kept.size() == centres.size()) return;
  centres = std::move(kept);
  at = assign(sample, centres);
}

void validate(const Context& context, MatrixView<const double> points,
              VectorView<const double> weights, const KmeansOptions& options) {
  require_host("points", points.space);
  require_host("weights", weights.space);
  if (points.rows < 1 || points.cols < 1)
    throw InvalidArgument("points: no coordinates; expected at least one");
  require_shape("weights", {weights.size}, {points.rows});
  require_lengths("points", points);
  require_finite("weights", weights);
  for (std::int64_t i = 0; i < weights.size; ++i)
    if (weights[i] < 0) throw_bad_value("weights", {i}, weights[i], "a number >= 0");
  if (options.clusters < 1)
    throw InvalidArgument("clusters: " + std::to_string(options.clusters) +
                          "; expected at least 1");
  if (options.iterations < 0)
    throw InvalidArgument("iterations: " + std::to_string(options.iterations) +
                          "; expected a number >= 0");
  if (options.start.rows > 0) {
    require_host("start", options.start.space);
    require_shape("start", {options.start.cols}, {points.cols});
    require_lengths("start", options.start);
  }
  const auto n = static_cast<double>(points.rows);
  const auto d = static_cast<double>(points.cols);
  const auto k = static_cast<double>(std::max(options.clusters, options.start.rows));
  require_workspace(context, "k-means",
                    sizeof(double) * (n * (2 * d + 8) + std::min(n, k) * 4 * d));
}

}  // namespace

Kmeans weighted_kmeans(const Context& context, MatrixView<const double> points,
                       VectorView<const double> weights, const KmeansOptions& options) {
  validate(context, points, weights, options);
  Sample sample(context, points, weights);
  std::vector<double> centres;
  for (std::int64_t j = 0; j < options.start.rows; ++j)
    for (std::int64_t k = 0; k < sample.d; ++k)
      centres.push_back(options.start(j, k) / sample.unit);
  if (centres.empty()) centres = seeded_centres(sample, options);

  Assignment at = assign(sample, centres);
  const auto count = static_cast<std::int64_t>(centres.size()) / sample.d;
  std::int64_t iteration = 0;
  while (iteration < options.iterations && at.cost > 0) {
    report(options.progress, "lloyd",
           static_cast<double>(iteration) / static_cast<double>(options.iterations));
    ++iteration;
    std::vector<double> next_centres = lloyd_step(sample, at, count);
    Assignment next = assign(sample, next_centres);
    const double gain = at.cost - next.cost;
    if (!(gain > 0)) break;
    const bool settled = gain <= options.tolerance * at.cost;
    centres = std::move(next_centres);
    at = std::move(next);
    if (settled) break;
  }
  drop_empty_cells(sample, centres, at);
  for (double& x : centres) x *= sample.unit;
  const auto kept = static_cast<std::int64_t>(centres.size()) / sample.d;
  const double cost = at.cost * sample.weight_unit * sample.unit * sample.unit;
  return {std::move(centres), kept, std::move(at.labels), cost, iteration};
}

}  // namespace wquant
