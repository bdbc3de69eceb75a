#include <gtest/gtest.h>

#include "accuracy/instances.hpp"

namespace wquant {
namespace {

using test::ExactCell;
using test::Excess;
using test::Kind;
using test::MatrixXd;
using test::PlainMixture;
using test::Real;
using test::RealMatrix;
using test::RealVector;
using test::RowMajor;
using test::VectorXd;

double noise_of(Kind kind, const PlainMixture& plain, const Real& exact) {
  return test::is_delicate(kind) ? test::stored_noise(plain, static_cast<double>(exact), true) : 0;
}

/// A mixture on grids of its components, and the cells of every point in turn.
struct Quantised {
  PlainMixture plain;
  Quantization result;
  std::vector<ExactCell> cells;  ///< one a location, its mass that of the mixture
};

Quantised quantised(const Context& context, test::Random& random, Kind kind, std::int64_t count,
                    std::int64_t d, std::int64_t support) {
  PlainMixture plain = test::instance(random, kind, count, d, true);
  Quantization result = quantize(context, plain.build(context),
                                 {.support = support, .family = SchemeFamily::per_component});
  std::vector<ExactCell> cells;
  const Real total = test::total_weight(plain);
  for (const Layer& layer : result.scheme.layers()) {
    const std::int64_t i = layer.components.front();  // one a layer
    for (ExactCell& cell : test::exact_cells(std::get<Grid>(layer.pattern), plain.means[i],
                                             test::real_covariance(plain.covariances[i]))) {
      cell.mass *= plain.weights[i] / total;
      cells.push_back(std::move(cell));
    }
  }
  return {std::move(plain), std::move(result), std::move(cells)};
}

bool one_component_a_layer(const Scheme& scheme) {
  for (const Layer& layer : scheme.layers())
    if (layer.components.size() > 1) return false;
  return true;
}

RealVector location(const DiscreteDistribution& d, std::int64_t a) {
  return test::real_vector(&d.locations()(a, 0), d.dimension());
}

/// Every cell goes to a point of the compressed distribution: no coupling of that kind costs less
/// than to the nearest.
TEST(Compressed, CertificatesAreAboveTheCellsCost) {
  test::Random random(61);
  const Context context = Context::cpu();
  Excess excess("compress");
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < 120; ++trial) {
      const Quantised q = quantised(context, random, kind, 1 + trial % 3, 1 + trial / 3 % 2, 12);
      if (!one_component_a_layer(q.result.scheme)) continue;
      const CertifiedDistribution small = compress(
          context, q.result, {.support = 1 + trial % 6, .seed = static_cast<std::uint64_t>(trial)});
      Real sum = 0;
      for (const ExactCell& cell : q.cells) {
        Real least = cell.cost(location(small.distribution, 0));
        for (std::int64_t a = 1; a < small.distribution.size(); ++a)
          least = std::min(least, cell.cost(location(small.distribution, a)));
        sum += least;
      }
      excess.add(kind, small.certificate.w2, sqrt(sum), noise_of(kind, q.plain, sqrt(sum)));
    }
  excess.report();
}

/// A matrix of m × d with singular values over many orders of magnitude.
RowMajor random_matrix(test::Random& random, std::int64_t m, std::int64_t d, int trial) {
  RowMajor a = RowMajor::NullaryExpr(m, d, [&] { return random.normal(); });
  if (trial % 3 == 1) a.row(0) *= std::pow(10, random.uniform(-16, 0));
  if (trial % 7 == 2 && d > 1) a.col(0).setZero();
  return a;
}

Real exact_norm(const RowMajor& a) {
  RealMatrix gram(static_cast<std::size_t>(a.cols()));
  for (Eigen::Index i = 0; i < a.cols(); ++i)
    for (Eigen::Index j = 0; j < a.cols(); ++j)
      for (Eigen::Index k = 0; k < a.rows(); ++k)
        gram(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) += Real(a(k, i)) * a(k, j);
  Real largest = 0;
  for (const Real& value : test::real_eigen(gram).values) largest = std::max(largest, value);
  return sqrt(largest);
}

TEST(SpectralNorm, IsAboveTheExactOneByRoundingOnly) {
  test::Random random(62);
  const Context context = Context::cpu();
  Excess excess("spectral_norm");
  for (int trial = 0; trial < 1500; ++trial) {
    const Kind kind = trial % 3 == 0   ? Kind::ordinary
                      : trial % 3 == 1 ? Kind::ill_conditioned
                      : trial % 2      ? Kind::tiny
                                       : Kind::huge;
    RowMajor a = random_matrix(random, 1 + trial % 4, 1 + trial / 4 % 4, trial);
    if (kind == Kind::tiny) a *= 1e-150;
    if (kind == Kind::huge) a *= 1e150;
    excess.add(kind, spectral_norm_bound(context, {a.data(), a.rows(), a.cols()}), exact_norm(a));
  }
  excess.expect_small();
}

/// E‖A(X − x)‖² over the cells, their coordinates being independent, about images as returned.
Real exact_image_cost(const Quantised& q, const RowMajor& a, const std::vector<double>& b,
                      const DiscreteDistribution& image) {
  Real sum = 0;
  for (std::size_t c = 0; c < q.cells.size(); ++c) {
    const ExactCell& cell = q.cells[c];
    Real cost = 0;
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
      Real offset =
          b[static_cast<std::size_t>(i)] - Real(image.locations()(static_cast<std::int64_t>(c), i));
      for (Eigen::Index k = 0; k < a.cols(); ++k) {
        const auto at = static_cast<std::size_t>(k);
        offset += a(i, k) * cell.mean[at];
        cost += Real(a(i, k)) * a(i, k) * cell.variance[at];
      }
      cost += offset * offset;
    }
    sum += cell.mass * cost;
  }
  return sum;
}

TEST(AffineImages, OfSchemesAreCertifiedCellByCell) {
  test::Random random(63);
  const Context context = Context::cpu();
  Excess from_cells("push_forward_scheme");
  Excess by_norm("push_forward_affine");
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < 100; ++trial) {
      const std::int64_t d = 1 + trial / 3 % 3;
      const Quantised q = quantised(context, random, kind, 1 + trial % 3, d, 2 + trial % 10);
      if (!one_component_a_layer(q.result.scheme)) continue;
      const std::int64_t m = 1 + trial % 3;
      const bool similarity = trial % 2 == 0 && m <= d;
      RowMajor a = random_matrix(random, m, d, trial);
      if (similarity) a = 3 * RowMajor::Identity(d, d);
      std::vector<double> b(static_cast<std::size_t>(a.rows()));
      for (double& entry : b)
        entry = kind == Kind::tiny || kind == Kind::huge ? 0 : random.normal();
      const AffineMap map{{a.data(), a.rows(), a.cols()}, {b.data(), a.rows()}};
      const GaussianMixture mixture = q.plain.build(context);
      const CertifiedDistribution tight = push_forward(context, q.result.scheme, mixture, map);
      const CertifiedDistribution plain = push_forward(context, q.result, map);
      const CertifiedDistribution known = push_forward(context, q.result, mixture, map);
      const Real exact = sqrt(exact_image_cost(q, a, b, tight.distribution));
      const double noise = 32 * noise_of(kind, q.plain, exact);
      from_cells.add(kind, tight.certificate.w2, exact, noise);
      EXPECT_GE(Real(plain.certificate.w2), exact);
      EXPECT_GE(Real(known.certificate.w2), exact);
      if (similarity) by_norm.add(kind, plain.certificate.w2, exact, noise);
    }
  from_cells.expect_small();
  by_norm.expect_small();
}

/// The certificate alone, in the certificate's own numbers.
TEST(LipschitzImages, EveryPartIsAboveTheExactProduct) {
  test::Random random(64);
  Excess excess("push_forward_lipschitz");
  for (int trial = 0; trial < 2000; ++trial) {
    const Kind kind = trial % 2 == 0 ? Kind::ordinary : Kind::tiny;
    const double size = kind == Kind::ordinary ? 1 : std::pow(10, random.uniform(-150, 100));
    Certificate c{.cells = size * (size * random.uniform(0, 1)),
                  .dropped = size * (size * random.uniform(0, 1)),
                  .reduction = size * random.uniform(0, 1),
                  .basis = size * random.uniform(0, 1),
                  .rounding = size * random.uniform(0, 1)};
    c.w2 = std::sqrt(c.cells + c.dropped) + c.reduction + c.basis + c.rounding;
    const double lipschitz =
        kind == Kind::ordinary ? random.uniform(0, 9) : std::pow(10, random.uniform(-150, 40));
    const double error = trial % 4 == 0 ? 0 : size * lipschitz * random.uniform(0, 1);
    const Certificate out = push_forward(c, lipschitz, error);
    const Real l = lipschitz;
    EXPECT_GE(Real(out.cells), c.cells * l * l);
    EXPECT_GE(Real(out.dropped), c.dropped * l * l);
    EXPECT_GE(Real(out.reduction), c.reduction * l);
    EXPECT_GE(Real(out.basis), c.basis * l);
    EXPECT_GE(Real(out.rounding), c.rounding * l + error);
    // Squares below the smallest double leave 1e-162 of a length.
    excess.add(kind, out.w2, c.w2 * l + error, 4e-162);
  }
  excess.expect_small();
}

TEST(Products, AreCertifiedByTheSumOfSquares) {
  test::Random random(65);
  const Context context = Context::cpu();
  Excess excess("product");
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < 80; ++trial) {
      const std::int64_t factors = 2 + trial % 2;
      std::vector<Quantised> parts;
      std::vector<std::reference_wrapper<const CertifiedDistribution>> results;
      Real square = 0;
      double noise = 0;
      for (std::int64_t f = 0; f < factors; ++f)
        parts.push_back(quantised(context, random, kind, 1 + (trial + f) % 2, 1 + f % 2, 4));
      for (const Quantised& part : parts) {
        results.emplace_back(part.result);
        const Real exact = test::exact_parts(part.result.scheme, part.plain).distance();
        square += exact * exact;
        noise += 3 * noise_of(kind, part.plain, exact);
      }
      const CertifiedDistribution all = product(context, results);
      excess.add(kind, all.certificate.w2, sqrt(square), noise);
    }
  excess.expect_small();
}

}  // namespace
}  // namespace wquant
