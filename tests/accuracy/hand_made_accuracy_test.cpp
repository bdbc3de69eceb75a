#include <gtest/gtest.h>

#include "accuracy/instances.hpp"

namespace wquant {
namespace {

using test::Excess;
using test::Kind;
using test::PlainMixture;
using test::Real;

std::vector<double> ascending(test::Random& random, int count, double centre, double width) {
  std::vector<double> out;
  for (int j = 0; j < count; ++j) out.push_back(centre + width * random.uniform(-1, 1));
  std::sort(out.begin(), out.end());
  return out;
}

Axes unit_axes(std::int64_t d) { return Axes::standard(std::vector<double>(d, 0.0)); }

PlainMixture standard_gaussian(std::int64_t d) {
  return test::centred_gaussian(Eigen::VectorXd::Ones(d));
}

/// Boxes anywhere, up to 37 standard deviations out, their points up to `reach` away.
Grid boxes(test::Random& random, std::int64_t d, double reach) {
  std::vector<std::vector<double>> points, edges;
  std::vector<double> outside;
  for (std::int64_t k = 0; k < d; ++k) {
    const int n = 1 + static_cast<int>(random.uniform(0, 3));
    const double centre = random.uniform(0, 1) < 0.5 ? random.uniform(-37, 37) : random.normal();
    edges.push_back(ascending(random, n + 1, centre, random.uniform(0.1, 5)));
    if (random.uniform(0, 1) < 0.2) edges.back().front() = -INFINITY;
    if (random.uniform(0, 1) < 0.2) edges.back().back() = INFINITY;
    points.push_back(ascending(random, n, 0, reach));
    outside.push_back(reach * random.uniform(-1, 1));
  }
  return Grid(unit_axes(d), points, edges, outside);
}

TEST(HandMadeBoxes, FarInTheTailTheirPointsFarAway) {
  test::Random random(21);
  const Context context = Context::cpu();
  Excess excess("boxes");
  for (int trial = 0; trial < 600; ++trial) {
    const std::int64_t d = 1 + trial % 3;
    const PlainMixture plain = standard_gaussian(d);
    const Grid grid =
        boxes(random, d, std::pow(10, trial % 2 ? random.uniform(-1, 1) : random.uniform(0, 140)));
    const Scheme scheme = Scheme::grid(grid, 1);
    const double w2 = certify(context, scheme, plain.build(context)).w2;
    excess.add(trial % 2 ? Kind::ordinary : Kind::huge, w2,
               test::exact_parts(scheme, plain).distance());
  }
  excess.expect_small();
}

/// One box far out in one dimension, seldom met, whose points in another are farther away still.
TEST(HandMadeBoxes, SeldomMetAtAGreatDistance) {
  const Context context = Context::cpu();
  const PlainMixture plain = standard_gaussian(2);
  const Grid grid(unit_axes(2), {{9.5}, {1e15}}, {{9, 10}, {-1, 1}}, {0, 0});
  const Scheme scheme = Scheme::grid(grid, 1);
  const double w2 = certify(context, scheme, plain.build(context)).w2;
  EXPECT_GE(Real(w2), test::exact_parts(scheme, plain).distance());
  EXPECT_LT(static_cast<double>(w2 / test::exact_parts(scheme, plain).distance() - 1), 1e-9);
}

/// A scheme made for one mixture, laid over another that lies up to 30 deviations away.
TEST(ForeignSchemes, AreCertifiedForWhateverTheyAreLaidOver) {
  test::Random random(22);
  const Context context = Context::cpu();
  for (const SchemeFamily family :
       {SchemeFamily::grid, SchemeFamily::per_component, SchemeFamily::tree}) {
    Excess excess(std::string("foreign_") + std::string(name(family)));
    for (const Kind kind : test::kKinds)
      for (int trial = 0; trial < 40; ++trial) {
        const std::int64_t count = 1 + trial % 3;
        const std::int64_t d = 1 + trial / 3 % 3;
        const PlainMixture made_for = test::instance(random, kind, count, d, true);
        PlainMixture plain = test::instance(random, kind, count, d, true);
        for (std::int64_t i = 0; i < count; ++i)
          plain.means[i] = made_for.means[i] +
                           random.uniform(-30, 30) * plain.covariances[i].diagonal().cwiseSqrt();
        const Scheme scheme = make_scheme(context, made_for.build(context),
                                          {.support = 2 + trial % 15, .family = family})
                                  .scheme;
        const double w2 = certify(context, scheme, plain.build(context)).w2;
        const Real exact = test::exact_parts(scheme, plain).distance();
        const double noise = test::is_delicate(kind)
                                 ? test::stored_noise(plain, static_cast<double>(exact), true)
                                 : 0;
        excess.add(kind, w2, exact, noise);
      }
    excess.expect_small();
  }
}

}  // namespace
}  // namespace wquant
