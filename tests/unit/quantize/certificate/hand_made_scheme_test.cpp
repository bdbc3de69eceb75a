// Covers: apply, evaluation, free_totals, grid_totals. Certificates of schemes made by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "numerics/normal_cell.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::centred_gaussian;
using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::RowMajor;
using test::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double squared_cost(const CellMoments& cell, double point) {
  return cell.mass * (cell.variance + (cell.mean - point) * (cell.mean - point));
}

CellMoments interval(double lower, double upper) {
  return normal_cell(lower, upper, upper - lower);
}

/// N(0,1) on two boxes (−1, ½] and (½, 2], the rest to the point 3.
TEST(BoundedGrid, SendsWhatIsOutsideToItsOwnPoint) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd::Ones(1)).build(context);
  const Grid grid(Axes::standard({0}), {{-0.25, 1}}, {{-1, 0.5, 2}}, {3});
  EXPECT_EQ(grid.size(), 3);
  const auto result = apply(context, Scheme::grid(grid, 1), mixture);
  const CellMoments left = interval(-kInfinity, -1);
  const CellMoments right = interval(2, kInfinity);
  EXPECT_NEAR(result.distribution.probabilities()(0), interval(-1, 0.5).mass, 1e-15);
  EXPECT_NEAR(result.distribution.probabilities()(1), interval(0.5, 2).mass, 1e-15);
  EXPECT_NEAR(result.distribution.probabilities()(2), left.mass + right.mass, 1e-15);
  EXPECT_EQ(result.distribution.locations()(2), 3);
  const double cost = squared_cost(interval(-1, 0.5), -0.25) + squared_cost(interval(0.5, 2), 1) +
                      squared_cost(left, 3) + squared_cost(right, 3);
  EXPECT_NEAR(result.certificate.cells, cost, 1e-12);
  EXPECT_NEAR(result.certificate.w2, std::sqrt(cost), 1e-11);
}

/// Inside of a box in two dimensions means inside in both.
TEST(BoundedGrid, IsAProductInside) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd{{1.0, 1.0}}).build(context);
  const Grid grid =
      Grid(Axes::standard({0, 0}), {{-1, 1}, {0.5}}).within({-2, -kInfinity}, {2, 1.5}, {0, -1});
  const auto result = apply(context, Scheme::grid(grid, 1), mixture);
  ASSERT_EQ(result.distribution.size(), 3);
  const double inside_1 = interval(-2, 2).mass;
  const double inside_2 = interval(-kInfinity, 1.5).mass;
  EXPECT_NEAR(result.distribution.probabilities()(0), inside_1 / 2 * inside_2, 1e-15);
  EXPECT_NEAR(result.distribution.probabilities()(2), 1 - inside_1 * inside_2, 1e-15);
  const double cost_1 = 2 * squared_cost(interval(0, 2), 1);
  const double cost_2 = squared_cost(interval(-kInfinity, 1.5), 0.5);
  // E‖X − (0, −1)‖² outside = all of it less what is inside.
  const double about_1 = squared_cost(interval(-2, 2), 0);
  const double about_2 = squared_cost(interval(-kInfinity, 1.5), -1);
  const double outside = (1 + 2) - (about_1 * inside_2 + about_2 * inside_1);
  EXPECT_NEAR(result.certificate.cells, cost_1 * inside_2 + cost_2 * inside_1 + outside, 1e-12);
}

/// Outside in one dimension costs what the outside location costs in all, bounded there or not.
TEST(BoundedGrid, ChargesDimensionsWithoutBoundsWhatIsOutsideInOthers) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd{{1.0, 1.0}}).build(context);
  const Grid grid =
      Grid(Axes::standard({0, 0}), {{0}, {0.5}}).within({-kInfinity, -1}, {kInfinity, 1}, {7, 0});
  const auto result = apply(context, Scheme::grid(grid, 1), mixture);
  const double inside = interval(-1, 1).mass;
  const double cost = (1 + 49) * (1 - inside) + inside + squared_cost(interval(-1, 1), 0.5) +
                      (1 - squared_cost(interval(-1, 1), 0));
  EXPECT_NEAR(result.certificate.cells, cost, 1e-11);
}

/// Edges by hand that leave nothing out are no midpoints.
TEST(HandMadeGrid, ThatFillsTheLineKeepsItsEdges) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd::Ones(1)).build(context);
  const Grid grid(Axes::standard({0}), {{-1, 1}}, {{-kInfinity, 0.75, kInfinity}});
  const auto result = apply(context, Scheme::grid(grid, 1), mixture);
  const CellMoments left = interval(-kInfinity, 0.75);
  const CellMoments right = interval(0.75, kInfinity);
  EXPECT_NEAR(result.distribution.probabilities()(0), left.mass, 1e-15);
  EXPECT_NEAR(result.distribution.probabilities()(1), right.mass, 1e-15);
  EXPECT_NEAR(result.certificate.cells, squared_cost(left, -1) + squared_cost(right, 1), 1e-12);
}

TEST(BoundedGrid, OfAMixtureInRotatedAxesIsABoundBySamples) {
  const Context context = Context::cpu();
  Random random(41);
  const PlainMixture plain = random.homogeneous_mixture(3, 2, 1);
  const auto mixture = plain.build(context);
  const Scheme whole = make_scheme(context, mixture, {.support = 30, .family = SchemeFamily::grid});
  const Grid grid = std::get<Grid>(whole.layers()[0].pattern).within({-2.5, -2.2}, {2, 2.5});
  const auto result = apply(context, Scheme::grid(grid, 3), mixture);
  EXPECT_NEAR(VectorXd::Map(result.distribution.probabilities().data(), grid.size()).sum(), 1,
              1e-13);
  std::vector<std::int64_t> made_by;
  const RowMajor samples = test::sample(plain, 50'000, random, made_by);
  std::vector<double> counts(static_cast<std::size_t>(grid.size()));
  double sum = 0;
  double squares = 0;
  for (Eigen::Index s = 0; s < samples.rows(); ++s) {
    const std::vector<double> x(samples.row(s).begin(), samples.row(s).end());
    std::int64_t a = grid.size() - 1;
    for (std::int64_t box = 0; box + 1 < grid.size(); ++box)
      if (grid.cell(box).contains(x)) a = box;
    EXPECT_EQ(a + 1 < grid.size(), grid.domain().contains(x));
    counts[a] += 1;
    const std::vector<double> point = grid.location(a);
    const double square = std::pow(x[0] - point[0], 2) + std::pow(x[1] - point[1], 2);
    sum += square;
    squares += square * square;
  }
  const auto n = static_cast<double>(samples.rows());
  const double error = std::sqrt((squares / n - sum / n * sum / n) / n);
  EXPECT_NEAR(sum / n, result.certificate.cells + result.certificate.dropped, 5 * error);
  for (std::int64_t a = 0; a < grid.size(); ++a) {
    const double p = result.distribution.probabilities()(a);
    EXPECT_NEAR(counts[a] / n, p, 5 * std::sqrt(p * (1 - p) / n) + 1e-9) << a;
  }
}

TEST(HandMadeGrid, RefusesBadPartitions) {
  const Axes line = Axes::standard({0});
  EXPECT_THROW(Grid(line, {{0, 1}}, {{-1, 1}}), InvalidArgument);
  EXPECT_THROW(Grid(line, {{0, 1}}, {{-1, -1, 1}}), InvalidArgument);
  EXPECT_THROW(Grid(line, {{0, 1}}, {{-1, kInfinity, kInfinity}}), InvalidArgument);
  EXPECT_THROW(Grid(line, {{0, 1}}, {{NAN, 0, 1}}), InvalidArgument);
  EXPECT_THROW(Grid(line, {{0, 1}}, {{-1, 0, 1}}, {0, 0}), InvalidArgument);
  EXPECT_THROW(Grid(line, {{0, 1}}).within({0.6}, {2}), InvalidArgument);
  EXPECT_THROW(Cell(line, {1}, {1}), InvalidArgument);
  EXPECT_THROW(Cell(line, {1}, {2, 3}), InvalidArgument);
  EXPECT_FALSE(Grid(line, {{0, 1}}, {{-kInfinity, 0.3, kInfinity}}).has_outside());
}

TEST(HandMadeGrid, CellsHoldTheirPointsAndTileTheDomain) {
  const Grid grid(Axes::standard({1, 2}), {{-1, 0, 3}, {0, 1}});
  for (std::int64_t a = 0; a < grid.size(); ++a) {
    EXPECT_TRUE(grid.cell(a).contains(grid.location(a)));
    for (std::int64_t b = 0; b < grid.size(); ++b)
      EXPECT_EQ(grid.cell(a).contains(grid.location(b)), a == b);
  }
  EXPECT_FALSE(grid.domain().is_bounded());
}

/// Same cells, other names: a turned, mirrored, rescaled and shifted frame.
TEST(Rebase, KeepsLocationsAndCertificate) {
  const Context context = Context::cpu();
  Random random(42);
  const MatrixXd v = random.rotation(3);
  const RowMajor basis = v;
  RowMajor turned(3, 3);
  turned.col(0) = -v.col(2);
  turned.col(1) = v.col(0);
  turned.col(2) = -v.col(1);
  const Axes axes({basis.data(), 3, 3}, {1, 2, 0.5}, {1, 0, -1});
  const Axes other({turned.data(), 3, 3}, {0.25, 3, 1}, {0, 5, 2});
  const PlainMixture plain = random.mixture(4, 3, 1);
  const auto mixture = plain.build(context);
  const Grid plain_grid(axes, {{-1, 0, 1}, {0, 1}, {-2, 2}});
  for (const Grid& grid : {plain_grid, plain_grid.within({-1.5, -3, -4}, {2, 3, 4}, {0.1, 0, 1})}) {
    const Grid rebased = grid.rebase(other);
    const auto before = apply(context, Scheme::grid(grid, 4), mixture);
    const auto after = apply(context, Scheme::grid(rebased, 4), mixture);
    EXPECT_NEAR(after.certificate.w2, before.certificate.w2, 1e-8);
    for (std::int64_t a = 0; a < grid.size(); ++a) {
      double nearest = INFINITY;
      double probability = 0;
      for (std::int64_t b = 0; b < rebased.size(); ++b) {
        double square = 0;
        for (std::int64_t k = 0; k < 3; ++k)
          square += std::pow(
              before.distribution.locations()(a, k) - after.distribution.locations()(b, k), 2);
        if (square < nearest) {
          nearest = square;
          probability = after.distribution.probabilities()(b);
        }
      }
      EXPECT_LT(nearest, 1e-24);
      EXPECT_NEAR(before.distribution.probabilities()(a), probability, 1e-13);
    }
  }
}

TEST(Rebase, RefusesOtherDirectionsAndShiftsAcross) {
  const double diagonal[] = {std::sqrt(0.5), -std::sqrt(0.5), std::sqrt(0.5), std::sqrt(0.5)};
  const Grid grid(Axes::standard({0, 0}), {{0, 1}, {0}});
  EXPECT_THROW(grid.rebase(Axes({diagonal, 2, 2}, {1, 1}, {0, 0})), InvalidArgument);
  const double first[] = {1, 0};
  const Grid line(Axes({first, 2, 1}, {1}, {0, 0}), {{0, 1}});
  EXPECT_THROW(line.rebase(Axes({first, 2, 1}, {1}, {0, 1})), InvalidArgument);
  EXPECT_NO_THROW(line.rebase(Axes({first, 2, 1}, {2}, {7, 0})));
  EXPECT_THROW(line.rebase(Axes::standard({0, 0})), InvalidArgument);
}

/// One scheme, two Gaussians that commute with it: each certificate is the exact E‖X − nearest‖².
TEST(Reuse, OfAGridOnAnotherGaussianIsExact) {
  const Context context = Context::cpu();
  const auto narrow = centred_gaussian(VectorXd{{1.0, 0.25}}).build(context);
  const auto wide =
      test::gaussian(VectorXd{{0.5, 0.0}}, VectorXd{{4.0, 1.0}}.asDiagonal()).build(context);
  const Scheme scheme = make_scheme(context, narrow, {.support = 12});
  const Grid& grid = std::get<Grid>(scheme.layers()[0].pattern);
  double cost = 0;
  for (std::int64_t k = 0; k < grid.axes().rank(); ++k) {
    const bool first = std::fabs(grid.axes().basis()(0, k)) > 0.5;
    const double sign = grid.axes().basis()(first ? 0 : 1, k);
    const double mean = first ? sign * 0.5 : 0;
    const double deviation = first ? 2 : 1;
    const std::vector<double> edges = grid.edges(k);
    for (std::size_t j = 0; j < grid.points()[k].size(); ++j) {
      const double scale = grid.axes().scales()[k];
      const CellMoments cell = interval((scale * edges[j] - mean) / deviation,
                                        (scale * edges[j + 1] - mean) / deviation);
      cost += deviation * deviation *
              squared_cost(cell, (scale * grid.points()[k][j] - mean) / deviation);
    }
  }
  EXPECT_NEAR(certify(context, scheme, wide).cells, cost, 1e-12);
}

/// The points of a grid given as free points: their cells are made of fine cells instead.
TEST(FreePoints, OfAGridCostLittleMoreThanTheGrid) {
  const Context context = Context::cpu();
  Random random(44);
  for (const std::int64_t count : {1, 3}) {
    const PlainMixture plain = random.homogeneous_mixture(count, 2, 1);
    const auto mixture = plain.build(context);
    const auto grid = quantize(context, mixture, {.support = 40, .family = SchemeFamily::grid});
    const FreePoints points(grid.distribution.locations().view());
    const auto free = apply(context, Scheme::free(points, count), mixture);
    EXPECT_GE(free.certificate.w2, grid.certificate.w2 * (1 - 1e-12));
    EXPECT_LE(free.certificate.w2, grid.certificate.w2 * 1.01);
    EXPECT_NEAR(VectorXd::Map(free.distribution.probabilities().data(), points.size()).sum(), 1,
                1e-13);
  }
}

TEST(FreePoints, FarBetterThanNoneOfTheFineCellsAndTightWithMoreOfThem) {
  const Context context = Context::cpu();
  Random random(45);
  const auto mixture = random.mixture(2, 3, 2).build(context);
  const RowMajor where = RowMajor::NullaryExpr(25, 3, [&] { return 2 * random.normal(); });
  double before = INFINITY;
  for (const std::int64_t fine : {100, 1000, 10'000, 100'000}) {
    const FreePoints points({where.data(), 25, 3}, fine);
    const double w2 = certify(context, Scheme::free(points, 2), mixture).w2;
    EXPECT_LE(w2, before * (1 + 1e-3));
    before = w2;
  }
}

/// k² and the identity of quantization.md §0 for one point: E‖X − c‖² = tr Σ + ‖μ − c‖².
TEST(FreePoints, OneOfThemIsTheSecondMoment) {
  const Context context = Context::cpu();
  Random random(46);
  const PlainMixture plain = random.mixture(3, 4, 1);
  const VectorXd c = random.normal_vector(4);
  double second_moment = 0;
  for (std::size_t i = 0; i < 3; ++i)
    second_moment +=
        plain.weights[i] * (plain.covariances[i].trace() + (plain.means[i] - c).squaredNorm());
  const auto result =
      apply(context, Scheme::free(FreePoints({c.data(), 1, 4}), 3), plain.build(context));
  EXPECT_NEAR(result.certificate.w2, std::sqrt(second_moment), 1e-10);
  EXPECT_NEAR(result.certificate.centroid_gap, (plain.mean() - c).norm(), 1e-6);
}

/// A grid, a cross and free points in one scheme: probabilities are the layers' weights, and the
/// squared certificates add with them.
TEST(Layers, MixAllPatterns) {
  const Context context = Context::cpu();
  Random random(47);
  const PlainMixture plain = random.mixture(4, 2, 3);
  const auto mixture = plain.build(context);
  const auto own = [&](std::int64_t i) {
    const RowMajor basis = Eigen::Map<const RowMajor>(mixture.eigenvectors(i).data, 2, 2);
    const double* const lambda = mixture.eigenvalues().row(i);
    return Axes({basis.data(), 2, 2}, {std::sqrt(lambda[0]), std::sqrt(lambda[1])},
                {plain.means[i][0], plain.means[i][1]});
  };
  const double where[] = {0, 0, 1, 1, -2, 1};
  const Grid grid(own(0), {{-1, 1}, {0}});
  const Cross cross(own(2), {0.7, 1.8});
  const FreePoints points({where, 3, 2});
  const Scheme scheme = Scheme::layered({{grid, {0}}, {points, {1, 3}}, {cross, {2}}});
  EXPECT_EQ(scheme.support(), 2 + 3 + 8);
  const auto result = apply(context, scheme, mixture);
  const auto p = VectorXd::Map(result.distribution.probabilities().data(), 13);
  EXPECT_NEAR(p.segment(0, 2).sum(), plain.weights[0], 1e-14);
  EXPECT_NEAR(p.segment(2, 3).sum(), plain.weights[1] + plain.weights[3], 1e-14);
  EXPECT_NEAR(p.segment(5, 8).sum(), plain.weights[2], 1e-13);
  const auto part = [&](std::vector<std::int64_t> of, const Pattern& pattern) {
    PlainMixture sub;
    double weight = 0;
    for (const std::int64_t i : of) weight += plain.weights[i];
    std::vector<std::int64_t> all;
    for (const std::int64_t i : of) {
      all.push_back(static_cast<std::int64_t>(all.size()));
      sub.weights.push_back(plain.weights[i] / weight);
      sub.means.push_back(plain.means[i]);
      sub.covariances.push_back(plain.covariances[i]);
    }
    const double w2 = certify(context, Scheme::layered({{pattern, all}}), sub.build(context)).w2;
    return weight * w2 * w2;
  };
  EXPECT_NEAR(result.certificate.w2 * result.certificate.w2,
              part({0}, grid) + part({1, 3}, points) + part({2}, cross), 1e-9);
}

TEST(Printing, SaysWhatAPatternIs) {
  std::ostringstream out;
  const Grid grid(Axes::standard({0, 0}), {{-1, 1}, {0, 1, 2}});
  const double where[] = {0, 0};
  out << Scheme::layered({{grid.within({-3, -3}, {3, 3}), {0}},
                          {Cross(Axes::standard({0, 0}), {1.5}), {1}},
                          {FreePoints({where, 1, 2}), {2}}})
      << grid.axes() << '\n'
      << grid.cell(0);
  const std::string text = out.str();
  for (const char* const part :
       {"2 x 3", "domain (-3, 3] x (-3, 3]", "cross of 2 axes, radii 1.5", "1 free points",
        "rank 2 in dimension 2", "(-inf, 0] x (-inf, 0.5]"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
}

}  // namespace
}  // namespace wquant
