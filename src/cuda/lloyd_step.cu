#include <algorithm>
#include <bit>
#include <cub/device/device_radix_sort.cuh>

#include "cuda/launch.hpp"
#include "cuda/lloyd_step.cuh"
#include "cuda/nearest.cuh"
#include "cuda/workspace.hpp"

// Totals of n points in R^d over K cells: the points are sorted by cell (stable, 32-bit keys and
// indices), each cell's points are added in chunks, and the chunks in their order. With K = 1000
// that moves 130 + 4 d bytes a float point, 36 of them through the sort and 32 for the sector of a
// gathered weight, 0.12 (d + 1) for the sums of chunks. At n = 10⁷ on an H100, by memory: 0.5 ms
// for d = 2, 2 ms for d = 128. The search before it takes 3 K d unfused operations a point, at
// least 2 ms and 115 ms.
//
// The other ways cost more. One thread a cell that looks at all labels, as region_statistics does
// for its two sums, takes K comparisons a point and then adds d coordinates in one lane of 32.
// Totals of all cells in shared memory end at K d = 29 000. A row of totals for every part of the
// points writes more than it reads where a part has few points a cell.

namespace wquant {
namespace {

constexpr int kThreads = 256;
constexpr int kChunk = 512;  // points that one block adds

// The points are cut into parts, whose totals are added in their order. As many parts as the limit
// allows are a slice, sorted at once; how many changes no bit. Short rows of a slice stay in the
// cache of the device.
constexpr std::int64_t kPart = 1 << 17;
constexpr std::int64_t kMostParts = 8;

constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Segment p K + j of the sorted points holds those of part p in cell j. Its chunks are numbered
/// from begin[s] / kChunk + s on, which leaves room for each:
/// ⌈(b − a) / kChunk⌉ ≤ ⌊b / kChunk⌋ − ⌊a / kChunk⌋ + 1.
struct Segments {
  std::int64_t count;
  int* begin;               // count + 1
  std::uint32_t* at_chunk;  // the segment of each chunk

  __device__ std::int64_t first_chunk(std::int64_t s) const { return begin[s] / kChunk + s; }
};

/// Arrays one behind the other.
class Carver {
 public:
  explicit Carver(std::byte* memory) : memory_(memory) {}

  template <class T>
  T* take(std::int64_t count) {
    constexpr std::size_t kAlignment = 256;
    T* const array = memory_ ? reinterpret_cast<T*>(memory_ + used_) : nullptr;
    used_ += (checked_bytes(count, 1, sizeof(T)) + kAlignment - 1) / kAlignment * kAlignment;
    return array;
  }
  std::size_t used() const { return used_; }

 private:
  std::byte* memory_;
  std::size_t used_ = 0;
};

struct Extents {
  std::int64_t points, clusters, dimensions;
};

/// What one slice needs; from null only how much that is.
struct SliceMemory {
  SliceMemory(const Extents& extents, std::int64_t parts, std::byte* memory = nullptr)
      : size(std::min(parts * kPart, extents.points)),
        key_bits(std::bit_width(static_cast<std::uint64_t>(parts * extents.clusters))),
        chunks(size / kChunk + parts * extents.clusters) {
    Carver carver(memory);
    costs = carver.take<double>(2 * ceil_div(extents.points, kThreads));
    labels = carver.take<std::int64_t>(size);
    keys = {carver.take<std::uint32_t>(size), carver.take<std::uint32_t>(size)};
    order = {carver.take<int>(size), carver.take<int>(size)};
    segments = {parts * extents.clusters, carver.take<int>(parts * extents.clusters + 1),
                carver.take<std::uint32_t>(chunks)};
    sums = carver.take<double>(chunks * (extents.dimensions + 1));
    sort(nullptr, size, nullptr);
    sort_memory = carver.take<std::byte>(static_cast<std::int64_t>(sort_bytes));
    bytes = carver.used();
  }

  /// Stable, by the keys; from null only how much memory that takes.
  void sort(void* memory, std::int64_t count, cudaStream_t stream) {
    WQUANT_CUDA_CHECK(cub::DeviceRadixSort::SortPairs(
        memory, sort_bytes, keys, order, static_cast<int>(count), 0, key_bits, stream));
  }

  std::int64_t size;
  int key_bits;
  std::int64_t chunks;
  double* costs;         // of every kThreads points of all slices, and how many labels changed
  std::int64_t* labels;  // new ones
  cub::DoubleBuffer<std::uint32_t> keys;
  cub::DoubleBuffer<int> order;
  Segments segments;
  double* sums;  // chunks × (d + 1): Σ w x, Σ w
  std::byte* sort_memory;
  std::size_t sort_bytes = 0;
  std::size_t bytes;
};

std::int64_t affordable_parts(const Extents& extents, std::size_t limit) {
  constexpr std::int64_t kMostSegments = std::int64_t{1} << 32;
  std::int64_t parts = std::clamp<std::int64_t>(
      std::min(ceil_div(extents.points, kPart), kMostSegments / extents.clusters), 1, kMostParts);
  while (parts > 1 && SliceMemory(extents, parts).bytes > limit) --parts;
  return parts;
}

/// How the threads of a block share the coordinates of points: `rows` points at once, `width`
/// coordinates of each, in `tiles` tiles.
struct Columns {
  explicit Columns(std::int64_t d)
      : tiles(ceil_div(d, kThreads)),
        width(static_cast<int>(ceil_div(d, tiles))),
        rows(kThreads / width) {}

  std::int64_t tiles;
  int width, rows;
};

/// For thread t < columns the sum of value over the threads t + r columns, r < rows, halving the
/// rows. Every thread of the block takes part.
__device__ double sum_rows(double value, int rows, int columns) {
  __shared__ double values[kThreads];
  const int thread = static_cast<int>(threadIdx.x);
  __syncthreads();
  values[thread] = value;
  while (rows > 1) {
    const int half = (rows + 1) / 2;
    __syncthreads();
    if (thread < (rows - half) * columns) values[thread] += values[thread + half * columns];
    rows = half;
  }
  return values[thread];
}

/// How many keys are less; keys ascend.
__device__ int keys_below(const std::uint32_t* keys, int count, std::int64_t key) {
  int first = 0;
  while (first < count) {
    const int middle = (first + count) / 2;
    if (keys[middle] < key)
      first = middle + 1;
    else
      count = middle;
  }
  return first;
}

}  // namespace

/// One thread a point: its label, and what sorts it. 32 bytes read and 32 written in order, with a
/// weight; memory limits it on an H100.
__global__ void __launch_bounds__(kThreads)
    label_kernel(const std::int64_t* labels, VectorView<const double> weights, LloydPoints at,
                 std::int64_t clusters, std::uint32_t* keys, int* order, double* costs) {
  const std::int64_t i = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  bool changed = false;
  double cost = 0;
  if (i < at.labels.size) {
    const std::int64_t label = labels[i];
    changed = at.labels.data[i] != label;
    cost = (weights.data ? weights.data[i] : 1) * at.squared_distances.data[i];
    at.labels.data[i] = label;
    at.lower.data[i] = 0;
    keys[i] = static_cast<std::uint32_t>(i / kPart * clusters + label);
    order[i] = static_cast<int>(i);
  }
  const int moved = __syncthreads_count(changed);
  cost = sum_rows(cost, kThreads, 1);
  if (threadIdx.x != 0) return;
  costs[2 * std::int64_t{blockIdx.x}] = cost;
  costs[2 * std::int64_t{blockIdx.x} + 1] = moved;
}

/// One thread a segment, which finds both its ends among the sorted keys: 2 log₂ n loads from the
/// cache, one after the other, limit it on an H100.
__global__ void __launch_bounds__(kThreads)
    find_segments_kernel(const std::uint32_t* keys, int count, Segments segments) {
  const std::int64_t s = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (s >= segments.count) return;
  const int begin = keys_below(keys, count, s);
  const int end = keys_below(keys, count, s + 1);
  segments.begin[s] = begin;
  if (s + 1 == segments.count) segments.begin[s + 1] = end;
  for (std::int64_t chunk = begin / kChunk + s; chunk <= end / kChunk + s; ++chunk)
    segments.at_chunk[chunk] = static_cast<std::uint32_t>(s);
}

/// One block a chunk and tile of columns: rows × width threads, each adds one coordinate of every
/// rows-th point, so that neighbours read neighbours. Per point its d coordinates, 4 bytes of order
/// and the 32 of the weight's sector; d fused double-precision operations. Memory limits it on an
/// H100. Rows shorter than a sector, d < 8 floats, come as whole sectors, from the cache: a slice
/// is small enough to be still there.
template <class T>
__global__ void __launch_bounds__(kThreads, 4)
    sum_chunks_kernel(MatrixView<const T> points, const double* weights, const int* order,
                      Segments segments, Columns columns, double* sums) {
  __shared__ std::int64_t begins[kChunk];
  __shared__ double weight[kChunk];
  const int thread = static_cast<int>(threadIdx.x);
  const std::int64_t chunk = blockIdx.x / columns.tiles;
  const std::int64_t tile = blockIdx.x % columns.tiles;
  const std::int64_t s = segments.at_chunk[chunk];
  const std::int64_t first = segments.begin[s] + (chunk - segments.first_chunk(s)) * kChunk;
  const std::int64_t left = segments.begin[s + 1] - first;
  if (left <= 0) return;
  const int count = left < kChunk ? static_cast<int>(left) : kChunk;
  double mass = 0;
  for (int r = thread; r < count; r += kThreads) {
    const int i = order[first + r];
    begins[r] = i * points.row_stride;
    weight[r] = weights ? weights[i] : 1;
    mass += weight[r];
  }
  __syncthreads();
  const std::int64_t column = tile * columns.width + thread % columns.width;
  const int row = thread / columns.width;
  double sum = 0;
  if (row < columns.rows && column < points.cols) {
    const T* const x = points.data + column;
#pragma unroll 4
    for (int r = row; r < count; r += columns.rows)
      sum += weight[r] * static_cast<double>(x[begins[r]]);
  }
  double* const out = sums + chunk * (points.cols + 1);
  sum = sum_rows(sum, columns.rows, columns.width);
  if (row == 0 && column < points.cols) out[column] = sum;
  if (tile != 0) return;
  mass = sum_rows(mass, kThreads, 1);
  if (thread == 0) out[points.cols] = mass;
}

/// One thread a cell and column: the chunks of each part, then the parts, in their order; onto the
/// totals of the slices before. 8 bytes a chunk and column, or 8 a segment; at most kPart / kChunk
/// chunks a part, whatever the cells.
__global__ void __launch_bounds__(kThreads)
    join_chunks_kernel(Segments segments, const double* sums, bool is_first, LloydTotals totals) {
  const std::int64_t clusters = totals.sums.rows;
  const std::int64_t columns = totals.sums.cols + 1;
  const std::int64_t item = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (item >= clusters * columns) return;
  const std::int64_t j = item / columns;
  const std::int64_t k = item % columns;
  double& out =
      k < totals.sums.cols ? totals.sums.data[j * totals.sums.row_stride + k] : totals.mass.data[j];
  double total = is_first ? 0 : out;
  for (std::int64_t s = j; s < segments.count; s += clusters) {
    const double* const first = sums + segments.first_chunk(s) * columns + k;
    const int chunks = (segments.begin[s + 1] - segments.begin[s] + kChunk - 1) / kChunk;
    double part = 0;
    for (int c = 0; c < chunks; ++c) part += first[c * columns];
    total += part;
  }
  out = total;
}

/// One block: the objective and the changed labels of all points. 16 bytes read per kThreads
/// points.
__global__ void __launch_bounds__(kThreads)
    join_costs_kernel(const double* costs, std::int64_t count, VectorView<double> summary) {
  double sum = 0;
  for (std::int64_t b = threadIdx.x; b < 2 * count; b += kThreads) sum += costs[b];
  sum = sum_rows(sum, kThreads / 2, 2);
  if (threadIdx.x < 2) summary.data[threadIdx.x] = sum;
}

template <class T>
void launch_lloyd_step(MatrixView<const T> points, VectorView<const double> weights,
                       MatrixView<const T> centres, const LloydPoints& at,
                       const LloydTotals& totals, Backend& backend, cudaStream_t stream) {
  const Extents extents{points.rows, centres.rows, points.cols};
  const std::int64_t parts = affordable_parts(extents, backend.workspace_limit());
  const std::size_t bytes = SliceMemory(extents, parts).bytes;
  const Workspace<std::byte> memory(backend, static_cast<std::int64_t>(bytes));
  SliceMemory slice(extents, parts, memory.data());
  const Columns columns(points.cols);
  std::int64_t first = 0;
  do {
    const std::int64_t count = std::min(slice.size, points.rows - first);
    MatrixView<const T> some = points;
    some.rows = count;
    some.data += first * points.row_stride;
    VectorView<const double> some_weights = weights;
    some_weights.data = weights.size > 0 ? weights.data + first : nullptr;
    const LloydPoints some_at{{at.labels.data + first, count},
                              {at.squared_distances.data + first, count},
                              {at.lower.data + first, count}};
    slice.keys.selector = slice.order.selector = 0;
    launch_nearest(some, centres, {slice.labels, count}, some_at.squared_distances, backend,
                   stream);
    launch(label_kernel, one_thread_each(count, kThreads), stream, slice.labels, some_weights,
           some_at, centres.rows, slice.keys.Current(), slice.order.Current(),
           slice.costs + 2 * (first / kThreads));
    slice.sort(slice.sort_memory, count, stream);
    launch(find_segments_kernel, one_thread_each(slice.segments.count, kThreads), stream,
           slice.keys.Current(), static_cast<int>(count), slice.segments);
    launch(sum_chunks_kernel<T>,
           {(count / kChunk + slice.segments.count) * columns.tiles, kThreads}, stream, some,
           some_weights.data, slice.order.Current(), slice.segments, columns, slice.sums);
    launch(join_chunks_kernel, one_thread_each(centres.rows * (points.cols + 1), kThreads), stream,
           slice.segments, slice.sums, first == 0, totals);
    first += count;
  } while (first < points.rows);
  launch(join_costs_kernel, {1, kThreads}, stream, slice.costs, ceil_div(points.rows, kThreads),
         totals.summary);
}

template void launch_lloyd_step(MatrixView<const float>, VectorView<const double>,
                                MatrixView<const float>, const LloydPoints&, const LloydTotals&,
                                Backend&, cudaStream_t);
template void launch_lloyd_step(MatrixView<const double>, VectorView<const double>,
                                MatrixView<const double>, const LloydPoints&, const LloydTotals&,
                                Backend&, cudaStream_t);

}  // namespace wquant
