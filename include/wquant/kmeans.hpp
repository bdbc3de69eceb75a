#pragma once

#include <cstdint>
#include <vector>

#include "wquant/array.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/progress.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Options of `kmeans`. T is the type of the points, double or float.
template <class T>
struct KmeansOptions {
  std::int64_t clusters = 100;  ///< The most centres, K ≥ 1; ignored if a start is given.
  VectorView<const double> weights = {};  ///< n finite numbers ≥ 0 on the host; empty: all are 1.
  MatrixView<const T> start =
      {};                  ///< The first centres, K × d; empty: greedy k-means++ finds them.
  std::uint64_t seed = 0;  ///< The seed of k-means++.
  std::int64_t iterations = 100;  ///< The most steps of Lloyd's method; 0 keeps the start.
  /// Lloyd's method stops when a step lowers the objective by less than this, relative to it.
  double tolerance = 1e-6;
  ProgressCallback progress = {};  ///< Called now and then; may be empty.
};

/// One assignment of the points to centres.
struct KmeansRecord {
  double objective = 0;        ///< Σ_i w_i ‖x_i − its centre‖².
  std::int64_t moved = 0;      ///< How many points changed clusters; all of them at the start.
  std::int64_t re_seeded = 0;  ///< How many empty clusters got a new centre before it.
  double seconds = 0;          ///< The time since the record before.
};

/// The result of `kmeans`; T is the type of the points.
template <class T>
struct KmeansResult {
  Array<T> centres;                   ///< K' × d, K' ≤ K, each with points of positive weight.
  Array<std::int64_t> labels;         ///< The index of the nearest centre of each of n points.
  double objective = 0;               ///< Σ_i w_i ‖x_i − its centre‖².
  std::int64_t iterations = 0;        ///< The steps of Lloyd's method that were taken.
  std::vector<KmeansRecord> history;  ///< A record of the start and of each step.
};

/// Finds few centres with small Σ_i w_i ‖x_i − nearest centre‖² for n points in R^d (n × d, on the
/// host or in the context's memory; finite, doubles up to 1e150 in magnitude, any float).
///
/// The start is given, or found by greedy k-means++ (Arthur & Vassilvitskii, 2007), which draws
/// 2 + ln K candidates in each step and keeps the best. Lloyd's method follows, and the objective
/// never rises. A cluster that has lost its points gets a new centre: the point with the largest
/// w_i ‖x_i − centre‖² that no other such cluster took. There are fewer than K centres if fewer
/// locations have weight. The results lie in the context's memory and have the same bits for any
/// number of threads. Memory is O((n + K) d), never n × K.
/// Throws InvalidArgument, OutOfMemory, Cancelled.
///
/// \code
/// const Context context = Context::best();
/// const float points[][2] = {{0, 0}, {0, 1}, {5, 5}, {6, 5}};
/// const KmeansResult<float> found = kmeans(context, points, {.clusters = 2});
/// const Array<float> centres = found.centres.to_host();
/// for (const auto centre : centres.view()) std::printf("(%g, %g)\n", centre[0], centre[1]);
/// \endcode
WQUANT_API KmeansResult<double> kmeans(const Context& context, MatrixView<const double> points,
                                       const KmeansOptions<double>& options = {});
/// The same for points in float, with sums in double.
WQUANT_API KmeansResult<float> kmeans(const Context& context, MatrixView<const float> points,
                                      const KmeansOptions<float>& options = {});

}  // namespace wquant
