#include "quantize/certificate/free_layers.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/lengths.hpp"
#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/upper.hpp"
#include "cluster/nearest_labels.hpp"
#include "quantize/certificate/certificate_parts.hpp"
#include "quantize/certificate/evaluation.hpp"
#include "quantize/mixture/component_order.hpp"
#include "quantize/points/component_grids.hpp"

namespace wquant {
namespace {

using Eigen::VectorXd;

/// Fine points sent to the free points nearest to them.
struct Assignment {
  std::vector<double> mass;  // of each free point, with sum 1
  Upper moved;               // ≥ k = (Σ p ‖x − c(x)‖²)^{1/2}
  double off_centre = 0;     // ≥ (Σ_a p_a ‖mean of the fine points of a − c_a‖²)^{1/2}
};

Assignment assign(const Context& context, const DiscreteDistribution& fine,
                  MatrixView<const double> points, double unit) {
  const std::int64_t d = points.cols;
  const HostCopy places(context, fine.locations().view());
  const HostCopy masses(context, flat_view(fine.probabilities()));
  const MatrixView<const double> locations = places.view();
  const VectorView<const double> probabilities = masses.view();
  const std::vector<std::int64_t> labels = nearest_labels(context, fine.locations().view(), points);
  RootMeanSquare moved(d, unit);
  std::vector<CompensatedSum> mass(static_cast<std::size_t>(points.rows));
  Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(d, points.rows);
  ShortSteps steps;
  for (std::int64_t f = 0; f < fine.size(); ++f) {
    steps.beat();
    const double p = probabilities[f];
    const std::int64_t a = labels[f];
    for (std::int64_t k = 0; k < d; ++k)
      sums(k, a) += p * (locations(f, k) / unit - points(a, k) / unit);
    moved.add(p, locations.row(f), points.row(a));
    mass[a] += p;
  }
  CompensatedSum total;
  for (const CompensatedSum& m : mass) total += m.value();
  Assignment out;
  out.moved = moved.above(total.value()).scaled(1 / unit);
  CompensatedSum off_centre;
  for (std::int64_t a = 0; a < points.rows; ++a) {
    out.mass.push_back(mass[a].value() / total.value());
    if (mass[a].value() > 0)
      off_centre += sums.col(a).squaredNorm() / mass[a].value() / total.value();
  }
  // A sum that cancels is off by n ε Σ p |x − c|, whose square over p_a is at most n² ε² Σ p |x −
  // c|².
  out.off_centre = std::sqrt(off_centre.value()) * (1 + 1e-10) +
                   static_cast<double>(fine.size()) * kEpsilon * out.moved.value();
  return out;
}

/// Of the components that a layer has.
struct Mass {
  double weight = 0;
  double spread = 0;  // Σ w E‖X − mean of the mixture‖², in multiples of the squared unit
};

Mass mass_of(const PlacedLayer<FreePoints>& layer) {
  const auto& [mixture, centre, unit] = layer.measured;
  CompensatedSum weight, spread;
  for (const std::int64_t i : layer.components) {
    const double w = mixture.weights()[i];
    weight += w;
    const Eigen::Map<const VectorXd> mean(mixture.means().row(i), mixture.dimension());
    const Eigen::Map<const VectorXd> lambda(mixture.eigenvalues().row(i), mixture.dimension());
    // Eigenvectors may be off orthonormal by 1e-6.
    spread +=
        w * ((lambda / unit / unit).sum() * (1 + 1e-5) + ((mean - centre) / unit).squaredNorm());
  }
  return {weight.value(), spread.value()};
}

/// fine: the certificate of the fine points, of weight 1.
LayerTotals totals_of(const Mass& mass, const Certificate& fine, const Assignment& sent,
                      double unit) {
  const double w = mass.weight;
  const double gap = fine.centroid_gap / unit;
  const double k = sent.moved.value();
  LayerTotals totals;
  // The points lie in no span, so that δ adds to all of the distance.
  totals.cells =
      w *
      Upper::relative((fine.cells + fine.dropped) / unit / unit + 2 * k * gap + k * k, 14).value();
  const double delta = stand_in_distance(fine).scaled(1 / unit).value();
  totals.basis = w * delta * delta;
  const double plain = std::sqrt(fine.cells + fine.dropped) / unit;
  const double added = k * (2 * gap + k);
  const Upper growth = Upper::relative(added / (plain + std::sqrt(plain * plain + added)), 14);
  const double length =
      k == 0 ? fine.rounding / unit
             : rounding_sent_on(fine, sent.moved.scaled(unit), growth.scaled(unit)).value() / unit +
                   4 * kEpsilon * k;
  totals.rounding = w * length * length;
  totals.spread = totals.within = mass.spread;
  const double off_centre = gap + sent.off_centre + length;
  totals.centroid_gap = w * off_centre * off_centre;
  totals.probability_error = totals.layer_error = 16 * kEpsilon;
  return totals;
}

}  // namespace

double LayersOf<FreePoints>::largest_length(const FreePoints& points) {
  return largest_magnitude(points.locations());
}

EvaluatedLayer LayersOf<FreePoints>::evaluated(std::int64_t l, const AffineImage* image) const {
  const PlacedLayer<FreePoints>& layer = layers_[l];
  const GaussianMixture& mixture = layer.measured.mixture;
  const double unit = layer.measured.unit;
  const MatrixView<const double> where = layer.pattern.locations();
  EvaluatedLayer out{{},
                     {layer.row,
                      {where.data, where.data + where.rows * where.cols},
                      std::vector<double>(static_cast<std::size_t>(where.rows))}};
  const Mass mass = mass_of(layer);
  if (mass.weight == 0) return out;

  const HeldStage held;
  require_points_fit(*context_, layer.pattern.fine_support(), mixture.dimension());
  const GaussianMixture own = mixture.select(canonical_order(mixture, layer.components));
  const Scheme cells = fine_scheme(*context_, own, layer.pattern.fine_support());
  const Evaluation fine = evaluate(*context_, {{&cells, &own}});
  const Assignment sent = assign(*context_, only(materialise(*context_, fine)), where, unit);
  out.totals = totals_of(mass, fine.certificates.front(), sent, unit);
  for (std::size_t a = 0; a < sent.mass.size(); ++a)
    out.points.probabilities[a] = mass.weight * sent.mass[a];
  if (image) stretch(out.totals, image->norm);
  return out;
}

}  // namespace wquant
