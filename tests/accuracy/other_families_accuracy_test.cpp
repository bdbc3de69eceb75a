#include <gtest/gtest.h>

#include <map>

#include "accuracy/exact_shells.hpp"
#include "accuracy/instances.hpp"
#include "quantize/mixture/component_order.hpp"
#include "quantize/points/component_grids.hpp"

namespace wquant {
namespace {

using test::ExactParts;
using test::Excess;
using test::Kind;
using test::MatrixXd;
using test::PlainMixture;
using test::Real;
using test::RealMatrix;
using test::RealVector;
using test::VectorXd;

/// Share of the trace that a cross leaves, for the Gaussian that it is made for.
Real exact_factor(const Cross& cross) {
  static std::map<std::int64_t, test::LargestCoordinate> largest;
  const std::int64_t n = cross.axes().rank();
  const auto& law = largest.try_emplace(n, n).first->second;
  return cross.shells() == Cross::Shells::norm
             ? test::exact_norm_shells(n, cross.radii(), law.mean()).factor
             : law.shells(cross.radii()).factor;
}

/// N(o, diag s²) along the axes stands in for the component: what that costs adds to `mismatch`.
ExactParts exact_parts(const Cross& cross, const Real& factor, const VectorXd& mean,
                       const RealMatrix& sigma) {
  const test::AlongAxes at = test::along(cross.axes(), mean, sigma);
  ExactParts out{0, at.variance_across + at.mean_across, 0};
  const RealMatrix root = test::real_root(at.covariance);
  for (std::size_t k = 0; k < at.mean.size(); ++k) {
    const Real scale = cross.axes().scales()[k];
    out.cells += factor * scale * scale;
    out.mismatch += at.mean[k] * at.mean[k];
    for (std::size_t l = 0; l < at.mean.size(); ++l) {
      const Real apart = k == l ? Real(root(k, k) - scale) : root(k, l);
      out.mismatch += apart * apart;
    }
  }
  return out;
}

void compare_crosses(bool aligned, std::uint64_t seed) {
  test::Random random(seed);
  const Context context = Context::cpu();
  Excess excess(aligned ? "cross_aligned" : "cross_turned");
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < 60; ++trial) {
      const std::int64_t d = 1 + trial / 3 % 3;
      const PlainMixture plain = test::instance(random, kind, 1 + trial % 3, d, aligned);
      const CrossRadii radii[] = {CrossRadii::optimal, CrossRadii::paper, CrossRadii::unscented};
      const auto result = quantize(context, plain.build(context),
                                   {.support = 6 * d + trial % 30,
                                    .family = SchemeFamily::cross,
                                    .radii = radii[trial % 3],
                                    .active_dimensions = trial % 5 == 0 ? 1 : 0});
      ExactParts sum;
      const Real total = test::total_weight(plain);
      for (const Layer& layer : result.scheme.layers())
        for (const std::int64_t i : layer.components) {
          const RealMatrix sigma = test::real_covariance(plain.covariances[i]);
          const auto* const cross = std::get_if<Cross>(&layer.pattern);
          sum.add(plain.weights[i] / total,
                  cross ? exact_parts(*cross, exact_factor(*cross), plain.means[i], sigma)
                        : test::exact_parts(std::get<Grid>(layer.pattern), plain.means[i], sigma));
        }
      // Roots of singular covariances are felt by the exact bound, not by the coupling.
      const Real exact = sum.distance();
      const double noise = test::is_delicate(kind)
                               ? test::stored_noise(plain, static_cast<double>(exact), aligned)
                               : 0;
      excess.add(kind, result.certificate.w2, exact, noise);
    }
  excess.expect_small();
}

TEST(CrossFamily, AlongTheAxes) { compare_crosses(true, 51); }
TEST(CrossFamily, InTheComponentsEigenbases) { compare_crosses(false, 52); }

/// On one axis a cross is a grid, whatever it is laid over.
TEST(CrossFamily, OnOneAxisOverAnything) {
  test::Random random(53);
  const Context context = Context::cpu();
  Excess excess("cross_foreign");
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < 60; ++trial) {
      const std::int64_t count = 1 + trial % 3;
      const PlainMixture plain = test::instance(random, kind, count, 1 + trial / 3 % 2, true);
      const auto d = static_cast<std::size_t>(plain.dimension());
      const double trace = plain.covariances[0].trace();
      const double size = trace > 0 ? std::sqrt(trace) : 1;
      std::vector<double> basis(d), offset;
      basis[0] = 1;
      for (std::size_t a = 0; a < d; ++a)
        offset.push_back(plain.means[0][a] + size * random.uniform(-9, 9) * (trial % 2));
      std::vector<double> radii, points;
      for (int j = 0; j < 1 + trial % 4; ++j) radii.push_back(random.uniform(0.1, 4));
      std::sort(radii.begin(), radii.end());
      for (const double r : radii) points.insert(points.begin(), -r);
      points.insert(points.end(), radii.begin(), radii.end());
      const Axes axes({basis.data(), plain.dimension(), 1}, {size}, offset);
      const Scheme grid = Scheme::grid(Grid(axes, {points}), count);
      const Real exact = test::exact_parts(grid, plain).distance();
      const double w2 =
          certify(context, Scheme::cross(Cross(axes, radii), count), plain.build(context)).w2;
      const double noise =
          test::is_delicate(kind) ? test::stored_noise(plain, static_cast<double>(exact), true) : 0;
      excess.add(kind, w2, exact, noise);
    }
  excess.expect_small();
}

/// Squares in multiples of the cross's scales would overflow.
TEST(CrossFamily, RefusesWhatLiesTooManyScalesAway) {
  const Context context = Context::cpu();
  const PlainMixture plain = test::centred_gaussian(VectorXd::Ones(1));
  const double unit[] = {1};
  const auto certified = [&](double scale) {
    return certify(context, Scheme::cross(Cross(Axes({unit, 1, 1}, {scale}, {0.5}), {1}), 1),
                   plain.build(context))
        .w2;
  };
  EXPECT_THROW(certified(1e-160), InvalidArgument);
  EXPECT_GE(Real(certified(1e-130)), sqrt(Real(1.25)));
  EXPECT_LT(certified(1e-130), std::sqrt(1.25) * (1 + 1e-9));
}

/// All points as good as at the offset.
TEST(CrossFamily, FarSmallerThanTheComponentIsItsSecondMoment) {
  const Context context = Context::cpu();
  for (const std::int64_t d : {2, 3}) {
    const PlainMixture plain = test::centred_gaussian(VectorXd::LinSpaced(d, 0.5, 2));
    const test::RowMajor unit = test::RowMajor::Identity(d, d);
    for (const double scale : {1e-130, 1e-60, 1e-30}) {
      const Axes axes({unit.data(), d, d}, std::vector<double>(d, scale),
                      std::vector<double>(d, 0.5));
      const double w2 =
          certify(context, Scheme::cross(Cross(axes, {1, 2}), 1), plain.build(context)).w2;
      const Real exact = sqrt(Real(plain.covariances[0].trace()) + d * Real(0.25)) - 10 * scale;
      EXPECT_GE(Real(w2), exact) << d << ' ' << scale;
      EXPECT_LT(static_cast<double>(w2 / exact - 1), 1e-6) << d << ' ' << scale;
    }
  }
}

/// Every cell of the fine scheme goes to the free point nearest to its location.
Real exact_free_distance(const Context& context, const FreePoints& points,
                         const PlainMixture& plain, const GaussianMixture& mixture) {
  std::vector<std::int64_t> all(plain.weights.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
  const std::vector<std::int64_t> order = canonical_order(mixture, all);
  const Scheme fine = fine_scheme(context, mixture.select(order), points.fine_support());
  const std::int64_t d = plain.dimension();
  Real sum = 0;
  for (const Layer& layer : fine.layers())
    for (const std::int64_t at : layer.components) {
      const std::int64_t i = order[at];
      const Grid& grid = std::get<Grid>(layer.pattern);
      const auto cells =
          test::exact_cells(grid, plain.means[i], test::real_covariance(plain.covariances[i]));
      for (std::size_t c = 0; c < cells.size(); ++c) {
        const std::vector<double> x = grid.location(static_cast<std::int64_t>(c));
        std::int64_t nearest = 0;
        Real least = test::far_away();
        for (std::int64_t a = 0; a < points.size(); ++a) {
          Real square = 0;
          for (std::int64_t k = 0; k < d; ++k)
            square +=
                (Real(x[k]) - points.locations()(a, k)) * (Real(x[k]) - points.locations()(a, k));
          if (!(square < least)) continue;
          least = square;
          nearest = a;
        }
        sum +=
            plain.weights[i] * cells[c].cost(test::real_vector(points.locations().row(nearest), d));
      }
    }
  return sqrt(sum / test::total_weight(plain));
}

TEST(FreePointsFamily, AreCertifiedForTheirAssignment) {
  test::Random random(54);
  const Context context = Context::cpu();
  Excess excess("lloyd");
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < 80; ++trial) {
      const std::int64_t d = 1 + trial / 3 % 3;
      const PlainMixture plain = test::instance(random, kind, 1 + trial % 3, d, true);
      const GaussianMixture mixture = plain.build(context);
      const auto result =
          quantize(context, mixture,
                   {.support = 2 + trial % 6, .family = SchemeFamily::lloyd, .fine_support = 30});
      const auto* const points = std::get_if<FreePoints>(&result.scheme.layers().front().pattern);
      if (!points) continue;
      const Real exact = exact_free_distance(context, *points, plain, mixture);
      const double noise =
          test::is_delicate(kind) ? test::stored_noise(plain, static_cast<double>(exact), true) : 0;
      excess.add(kind, result.certificate.w2, exact, noise);
    }
  excess.expect_small();
}

/// Point masses that free points all but meet: squares vanish, distances do not.
TEST(FreePointsFamily, DistancesWhoseSquaresVanishAreCharged) {
  const Context context = Context::cpu();
  for (const double apart : {1e-200, 3e-170, 1e-161, 1e-150}) {
    const PlainMixture plain{{0.5, 0.5},
                             {VectorXd{{0.0}}, VectorXd{{1.0}}},
                             {MatrixXd::Zero(1, 1), MatrixXd::Zero(1, 1)}};
    const double points[] = {apart, 1};
    const Scheme scheme = Scheme::free(FreePoints({points, 2, 1}), 2);
    const double w2 = certify(context, scheme, plain.build(context)).w2;
    EXPECT_GE(Real(w2), apart * sqrt(Real(0.5))) << apart;
  }
  const PlainMixture faint{{1, 5e-324},
                           {VectorXd{{0.0}}, VectorXd{{0.25}}},
                           {MatrixXd::Zero(1, 1), MatrixXd::Zero(1, 1)}};
  const double points[] = {0.0, 1.0};
  const double w2 =
      certify(context, Scheme::free(FreePoints({points, 2, 1}), 2), faint.build(context)).w2;
  EXPECT_GE(Real(w2), Real(0.25) * sqrt(Real(5e-324)));
}

}  // namespace
}  // namespace wquant
