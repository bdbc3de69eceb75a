#include "quantize/points/marginal_terms.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "numerics/midpoints.hpp"
#include "numerics/normal_cell.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kCellsPerChunk = 4096;
constexpr std::int64_t kLeastPointsPerChunk = 16;

/// Φ(−|z|) and φ(z) at an edge z, infinite at the ends.
struct Edge {
  double z;
  double tail;
  double density;
};

Edge edge_at(double z) {
  constexpr double kSqrtHalf = 0.70710678118654752440;
  if (std::fabs(z) > kBeyondDoubles) return {z, 0, 0};
  return {z, 0.5 * std::erfc(std::fabs(z) * kSqrtHalf), normal_density(z)};
}

double mass_between(const Edge& a, const Edge& b) {
  if (a.z >= 0) return a.tail - b.tail;
  if (b.z <= 0) return b.tail - a.tail;
  return 1 - a.tail - b.tail;
}

}  // namespace

MarginalTerms::MarginalTerms(VectorView<const double> weights, VectorView<const double> means,
                             VectorView<const double> deviations, int threads)
    : weights_(weights), means_(means), deviations_(deviations), threads_(threads) {}

CentroidTerms MarginalTerms::operator()(const std::vector<double>& points) const {
  const std::vector<double> edges = midpoints(points);
  CentroidTerms terms{std::vector<double>(points.size()), std::vector<double>(points.size()),
                      std::vector<double>(edges.size())};
  const std::int64_t chunk = std::max(kLeastPointsPerChunk, kCellsPerChunk / weights_.size);
  parallel_chunks(threads_, static_cast<std::int64_t>(points.size()), chunk,
                  [&](std::int64_t begin, std::int64_t end) {
                    ShortSteps steps;
                    for (std::int64_t i = 0; i < weights_.size; ++i) {
                      steps.beat();
                      add(i, edges, begin, end, terms);
                    }
                  });
  return terms;
}

/// Points begin … end: cell j lies between edges j − 1 and j.
void MarginalTerms::add(std::int64_t i, const std::vector<double>& edges, std::int64_t begin,
                        std::int64_t end, CentroidTerms& terms) const {
  const double w = weights_[i];
  const double m = means_[i];
  const double s = deviations_[i];
  const auto last = static_cast<std::int64_t>(edges.size());
  if (s == 0) {
    const std::int64_t j = std::lower_bound(edges.begin(), edges.end(), m) - edges.begin();
    if (j < begin || j >= end) return;
    terms.mass[j] += w;
    terms.first_moment[j] += w * m;
    return;
  }
  Edge lower = begin == 0 ? Edge{-INFINITY, 0, 0} : edge_at((edges[begin - 1] - m) / s);
  for (std::int64_t j = begin; j < end; ++j) {
    const Edge upper = j == last ? Edge{INFINITY, 0, 0} : edge_at((edges[j] - m) / s);
    const double mass = mass_between(lower, upper);
    terms.mass[j] += w * mass;
    terms.first_moment[j] += w * (m * mass + s * (lower.density - upper.density));
    if (j < last) terms.edge_density[j] += w / s * upper.density;
    lower = upper;
  }
}

}  // namespace wquant
