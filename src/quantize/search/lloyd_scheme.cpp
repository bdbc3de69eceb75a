#include "quantize/search/lloyd_scheme.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/transfer.hpp"
#include "base/pulse.hpp"
#include "cluster/bisection.hpp"
#include "quantize/mixture/component_order.hpp"
#include "quantize/points/component_grids.hpp"
#include "quantize/search/per_component.hpp"
#include "wquant/kmeans.hpp"

namespace wquant {
namespace {

/// How the number of cells grows from one stage to the next.
constexpr std::int64_t kGrowth = 4;
/// Cells that lose less than this of the squared error are fine enough.
constexpr double kEnough = 0.01;
/// So are those from this many a point on if two stages in a row were of no use.
constexpr std::int64_t kMayStall = 64;
constexpr std::int64_t kMostCells = 4'000'000;
/// Coordinate differences of one assignment at most, of all iterations of a stage at most, and of
/// one assignment where several starts are tried.
constexpr double kMostWork = 5e9;
constexpr double kMostIterating = 1e10;
constexpr double kCheap = 1e8;
constexpr std::int64_t kLeastIterations = 2;
constexpr std::int64_t kMostIterations = 100;

/// The weighted means, row after row.
std::vector<double> group_means(MatrixView<const double> points, VectorView<const double> weights,
                                const Groups& groups) {
  std::vector<double> out;
  for (std::int64_t j = 0; j < groups.count(); ++j) {
    const std::int64_t* const begin = groups.group(j);
    const std::int64_t* const end = begin + groups.size(j);
    double mass = 0;
    std::for_each(begin, end, [&](std::int64_t i) { mass += weights[i]; });
    for (std::int64_t k = 0; k < points.cols; ++k) {
      double mean = 0;
      std::for_each(begin, end, [&](std::int64_t i) { mean += weights[i] / mass * points(i, k); });
      out.push_back(mass > 0 ? mean : points(*begin, k));
    }
  }
  return out;
}

/// Fine cells, and free points that were found for them.
struct Stage {
  std::int64_t cells = 0;
  std::vector<double> points;  // row after row
  double lost = 0;             // within the cells: Σ p v
  double cost = INFINITY;      // Σ p v + weighted k-means cost
};

/// Free points by k-means on more and more cells, each stage started from the best one before.
class Refinement {
 public:
  Refinement(const Context& context, const GaussianMixture& mixture, const QuantizeOptions& options)
      : context_(context), mixture_(mixture), options_(options) {}

  /// At least as many cells as there are components, and a few more than points.
  std::int64_t first_cells() const {
    if (options_.fine_support > 0) return options_.fine_support;
    const std::int64_t few = options_.support + options_.support / 16;
    return std::max(mixture_.components(), fits(few) ? few : options_.support);
  }

  bool fits(std::int64_t cells) const {
    constexpr double kBytes = 64;  // a coordinate, in the cells and in k-means
    const auto width = static_cast<double>(mixture_.dimension() + 4);
    return cells <= kMostCells && work(cells) <= kMostWork &&
           kBytes * width * static_cast<double>(cells) <=
               static_cast<double>(context_.workspace_limit());
  }

  Stage run() const {
    Stage best;
    double fraction = 0;
    int useless = 0;
    for (std::int64_t cells = first_cells();; cells *= kGrowth) {
      Pulse::report("stages", fraction);
      fraction += (1 - fraction) / 4;
      Stage next = stage(cells, best.points);
      useless = next.cost < best.cost ? 0 : useless + 1;
      const bool stalled = useless >= 2 && cells >= kMayStall * options_.support;
      const bool last = options_.fine_support > 0 || stalled || next.lost <= kEnough * next.cost ||
                        !fits(cells * kGrowth);
      if (useless == 0) best = std::move(next);
      if (last) return best;
    }
  }

 private:
  double work(std::int64_t cells) const {
    return static_cast<double>(cells) * static_cast<double>(options_.support) *
           static_cast<double>(mixture_.dimension());
  }

  CertifiedDistribution fine_cells(std::int64_t cells) const {
    const HeldStage held;
    return apply(context_, fine_scheme(context_, mixture_, cells), mixture_);
  }

  Stage stage(std::int64_t cells, const std::vector<double>& before) const {
    const CertifiedDistribution fine = fine_cells(cells);
    const HostCopy locations(context_, fine.distribution.locations().view());
    const HostCopy masses(context_, flat_view(fine.distribution.probabilities()));
    const MatrixView<const double> points = locations.view();
    Stage out;
    out.cells = cells;
    out.lost = fine.certificate.cells + fine.certificate.dropped;
    const auto try_start = [&](const std::vector<double>& start) {
      const KmeansResult<double> found = iterate(fine.distribution, masses.view(), start);
      const double k = std::sqrt(found.objective);
      const double cost = out.lost + k * (k + 2 * fine.certificate.centroid_gap);
      if (!(cost < out.cost)) return;
      out.cost = cost;
      out.points = host_values(context_, found.centres);
    };
    const bool cheap = options_.fine_support == 0 && work(cells) <= kCheap;
    if (!before.empty()) try_start(before);
    if (before.empty() || cheap)
      try_start(
          group_means(points, masses.view(), bisect(points, masses.view(), options_.support)));
    if (cheap) try_start({});
    return out;
  }

  /// From greedy k-means++ where there is no start.
  KmeansResult<double> iterate(const DiscreteDistribution& fine, VectorView<const double> masses,
                               const std::vector<double>& start) const {
    const std::int64_t d = mixture_.dimension();
    return kmeans(
        context_, fine.locations().view(),
        {.clusters = options_.support,
         .weights = masses,
         .start = {start.data(), static_cast<std::int64_t>(start.size()) / d, d},
         .seed = options_.seed,
         .iterations = std::clamp(static_cast<std::int64_t>(kMostIterating / work(fine.size())),
                                  kLeastIterations, kMostIterations),
         .tolerance = 1e-4});
  }

  const Context& context_;
  const GaussianMixture& mixture_;
  const QuantizeOptions& options_;
};

}  // namespace

Scheme make_lloyd_scheme(const Context& context, const GaussianMixture& mixture,
                         const QuantizeOptions& options) {
  const GaussianMixture ordered = mixture.select(canonical_order(mixture, all_components(mixture)));
  const Refinement refinement(context, ordered, options);
  if (options.fine_support == 0 && !refinement.fits(refinement.first_cells()))
    return make_per_component_scheme(context, mixture, options);
  const Stage best = refinement.run();
  const std::int64_t d = mixture.dimension();
  const auto count = static_cast<std::int64_t>(best.points.size()) / d;
  return Scheme::free(FreePoints({best.points.data(), count, d}, best.cells), mixture.components());
}

}  // namespace wquant
