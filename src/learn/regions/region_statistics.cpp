#include "wquant/region_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "base/double_double.hpp"
#include "base/pulse.hpp"
#include "base/validation.hpp"
#include "learn/regions/named_statistics.hpp"
#include "wquant/array.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kLargestDiameter = 1e70;

/// The partition in the memory of a context, and the totals of one tile of points.
class Tile {
 public:
  Tile(const Context& context, const Partition& partition)
      : context_(context),
        locations_(on_context(context, partition.locations().data, partition.regions(),
                              partition.dimension())),
        radii_(on_context(context, partition.radii())),
        lower_(on_context(context, partition.box().lower())),
        upper_(on_context(context, partition.box().upper())),
        count_(context, partition.regions()),
        outside_(context, 2),
        sum_(context, partition.regions(), 2),
        square_(context, partition.regions(), 2),
        farthest_(context, partition.regions()) {}

  template <class T>
  void look_up(MatrixView<const T> points, int order, VectorView<std::int64_t> labels,
               VectorView<double> distances) {
    context_.backend().region_statistics(
        points, {locations_.view(), flat_view(radii_), flat_view(lower_), flat_view(upper_)}, order,
        {flat_view(count_), sum_.view(), square_.view(), flat_view(farthest_), flat_view(outside_),
         labels, distances});
  }

  /// How many points are outside the box, and the first of them.
  std::vector<std::int64_t> outside() const { return host_values(context_, outside_); }

  RegionStatistics statistics(const Partition& partition, int order) const {
    RegionStatistics out = no_statistics(partition, order);
    out.count = host_values(context_, count_);
    out.farthest = host_values(context_, farthest_);
    const std::vector<double> sum = host_values(context_, sum_);
    const std::vector<double> square = host_values(context_, square_);
    for (std::size_t j = 0; j < out.count.size(); ++j) {
      out.sum[j] = {sum[2 * j], sum[2 * j + 1]};
      out.square[j] = {square[2 * j], square[2 * j + 1]};
    }
    return out;
  }

 private:
  const Context& context_;
  Array<double> locations_, radii_, lower_, upper_;
  Array<std::int64_t> count_, outside_;
  Array<double> sum_, square_, farthest_;
};

template <class T>
MatrixView<const T> rows(MatrixView<const T> points, std::int64_t begin, std::int64_t end) {
  return {points.row(begin), end - begin, points.cols, points.row_stride, points.space};
}

template <class T>
void validate(const Context& context, const Partition& partition, const std::string& name,
              MatrixView<const T> points) {
  require_reachable(context, name, points.space);
  if (points.rows > 0) require_shape(name, {points.cols}, {partition.dimension()});
}

/// look_up(tile, points of it) for tiles of a size that the extents alone give.
/// Throws if points are outside the box.
template <class T, class LookUp>
void for_tiles(const Context& context, const Partition& partition, const std::string& name,
               MatrixView<const T> points, const LookUp& look_up) {
  const std::int64_t size =
      std::clamp<std::int64_t>((1 << 24) / partition.dimension(), 1 << 10, 1 << 20);
  Tile tile(context, partition);
  std::int64_t outside = 0;
  std::int64_t first_outside = 0;
  for (std::int64_t begin = 0; begin < points.rows; begin += size) {
    Pulse::report("regions", static_cast<double>(begin) / static_cast<double>(points.rows));
    const ContextCopy<T> some(context, rows(points, begin, std::min(points.rows, begin + size)));
    look_up(tile, some.view());
    const std::vector<std::int64_t> found = tile.outside();
    if (outside == 0) first_outside = begin + found[1];
    outside += found[0];
  }
  if (outside == 0) return;
  const std::vector<T> first = host_values(context, rows(points, first_outside, first_outside + 1));
  throw_outside(name, {first.begin(), first.end()}, first_outside, partition.box(), outside,
                points.rows);
}

template <class T>
Regions labelled(const Context& context, const Partition& partition, MatrixView<const T> points) {
  validate(context, partition, "points", points);
  Regions out;
  for_tiles(context, partition, "points", points, [&](Tile& tile, MatrixView<const T> some) {
    Array<std::int64_t> labels(context, some.rows);
    Array<double> distances(context, some.rows);
    tile.look_up(some, 1, flat_view(labels), flat_view(distances));
    const auto label = host_values(context, labels);
    const auto distance = host_values(context, distances);
    out.label.insert(out.label.end(), label.begin(), label.end());
    out.distance.insert(out.distance.end(), distance.begin(), distance.end());
  });
  return out;
}

}  // namespace

void throw_outside(const std::string& name, const std::vector<double>& x, std::int64_t place,
                   const Box& box, std::int64_t count, std::int64_t total) {
  std::int64_t k = 0;
  while (x[k] >= box.lower()[k] && x[k] <= box.upper()[k]) ++k;
  throw InvalidArgument(name + ": " + std::to_string(count) + " of " + std::to_string(total) +
                        " samples lie outside the box; the first is " + name + "[" +
                        std::to_string(place) + "][" + std::to_string(k) +
                        "]: " + number_text(x[k]) + ", expected a number from " +
                        number_text(box.lower()[k]) + " to " + number_text(box.upper()[k]));
}

std::int64_t RegionStatistics::total() const {
  return std::accumulate(count.begin(), count.end(), std::int64_t{0});
}

void RegionStatistics::merge(const RegionStatistics& other) {
  if (other.partition != partition)
    throw InvalidArgument("statistics: of another partition; expected fingerprint " +
                          std::to_string(partition) + ", found " + std::to_string(other.partition));
  if (other.order != order)
    throw InvalidArgument("statistics: order " + std::to_string(other.order) + "; expected " +
                          std::to_string(order));
  const auto regions = static_cast<std::int64_t>(count.size());
  const auto extent = [](const auto& values) { return static_cast<std::int64_t>(values.size()); };
  require_shape(
      "statistics",
      {extent(other.count), extent(other.sum), extent(other.square), extent(other.farthest)},
      {regions, regions, regions, regions});
  for (std::size_t j = 0; j < count.size(); ++j) {
    count[j] += other.count[j];
    sum[j] = sum[j] + other.sum[j];
    square[j] = square[j] + other.square[j];
    farthest[j] = std::max(farthest[j], other.farthest[j]);
  }
}

RegionStatistics no_statistics(const Partition& partition, int order) {
  if (order != 1 && order != 2)
    throw InvalidArgument("order: " + std::to_string(order) + "; expected 1 or 2");
  if (order == 2 && partition.box().diameter() > kLargestDiameter)
    throw InvalidArgument("box: its diameter is " + number_text(partition.box().diameter()) +
                          "; expected at most " + number_text(kLargestDiameter) +
                          " for order 2, so that fourth powers are finite");
  const auto regions = static_cast<std::size_t>(partition.regions());
  return {order,
          partition.fingerprint(),
          std::vector<std::int64_t>(regions),
          std::vector<DoubleDouble>(regions),
          std::vector<DoubleDouble>(regions),
          std::vector<double>(regions)};
}

template <class T>
RegionStatistics named_statistics(const Context& context, const Partition& partition,
                                  const std::string& name, MatrixView<const T> points, int order) {
  validate(context, partition, name, points);
  RegionStatistics out = no_statistics(partition, order);
  for_tiles(context, partition, name, points, [&](Tile& tile, MatrixView<const T> some) {
    tile.look_up(some, order, {}, {});
    out.merge(tile.statistics(partition, order));
  });
  return out;
}

template RegionStatistics named_statistics(const Context&, const Partition&, const std::string&,
                                           MatrixView<const double>, int);
template RegionStatistics named_statistics(const Context&, const Partition&, const std::string&,
                                           MatrixView<const float>, int);

RegionStatistics region_statistics(const Context& context, const Partition& partition,
                                   MatrixView<const double> points, int order,
                                   const ProgressCallback& progress) {
  const Pulse pulse(progress);
  return named_statistics(context, partition, "points", points, order);
}

RegionStatistics region_statistics(const Context& context, const Partition& partition,
                                   MatrixView<const float> points, int order,
                                   const ProgressCallback& progress) {
  const Pulse pulse(progress);
  return named_statistics(context, partition, "points", points, order);
}

Regions regions_of(const Context& context, const Partition& partition,
                   MatrixView<const double> points) {
  return labelled(context, partition, points);
}

Regions regions_of(const Context& context, const Partition& partition,
                   MatrixView<const float> points) {
  return labelled(context, partition, points);
}

}  // namespace wquant
