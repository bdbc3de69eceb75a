#pragma once

#include <cstdint>
#include <vector>

#include "wquant/array.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/progress.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// What `kmeans` is asked for. T is the type of the points, double or float.
template <class T>
struct KmeansOptions {
  std::int64_t clusters = 100;  ///< K ≥ 1: at most this many centres; unused with a start.
  VectorView<const double> weights = {};  ///< n finite numbers ≥ 0 on the host; empty: all 1.
  MatrixView<const T> start = {};         ///< the first centres (K × d); empty: greedy k-means++.
  std::uint64_t seed = 0;                 ///< of k-means++.
  std::int64_t iterations = 100;          ///< at most this many Lloyd steps; 0 keeps the start.
  double tolerance = 1e-6;  ///< stops when a step lowers the objective by less, relative to it.
  ProgressCallback progress = {};  ///< may be empty.
};

/// One assignment of the points to centres.
struct KmeansRecord {
  double objective = 0;        ///< Σ_i w_i ‖x_i − its centre‖².
  std::int64_t moved = 0;      ///< points that changed cells; all of them at the start.
  std::int64_t re_seeded = 0;  ///< empty cells that started anew before it.
  double seconds = 0;          ///< since the record before.
};

/// What `kmeans` found; T is the type of the points.
template <class T>
struct KmeansResult {
  Array<T> centres;                   ///< K' × d, each with points of positive weight; K' ≤ K.
  Array<std::int64_t> labels;         ///< n: the nearest centre.
  double objective = 0;               ///< Σ_i w_i ‖x_i − its centre‖².
  std::int64_t iterations = 0;        ///< Lloyd steps taken.
  std::vector<KmeansRecord> history;  ///< the start and each step.
};

/// Few centres with small Σ_i w_i ‖x_i − nearest centre‖² for n points in R^d (n × d, on the host
/// or in the context's memory; finite, doubles up to 1e150 in magnitude, any float): greedy
/// k-means++ (Arthur & Vassilvitskii, 2007: 2 + ln K candidates a step, the best one kept) or the
/// given start, then Lloyd's iteration. A cell that lost its points starts anew at the point of
/// largest w_i ‖x_i − centre‖² that no other took. The objective never rises. Fewer centres where
/// fewer locations have weight. Results are in the context's memory and the same, bit for bit, for
/// any number of threads. Memory O((n + K) d), never n × K.
/// Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API KmeansResult<double> kmeans(const Context& context, MatrixView<const double> points,
                                       const KmeansOptions<double>& options = {});
/// The same for floats, with sums in double.
WQUANT_API KmeansResult<float> kmeans(const Context& context, MatrixView<const float> points,
                                      const KmeansOptions<float>& options = {});

}  // namespace wquant
