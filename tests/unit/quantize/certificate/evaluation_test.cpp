// Covers also: cross_layers, free_layers, grid_layers, layers, tree_layers.
#include "quantize/certificate/evaluation.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <optional>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::Random;

bool same_bits(const Array<double>& a, const Array<double>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(double)) == 0;
}

/// Layers of all patterns, two of them alike: a grid, a cross, a tree, free points, a bounded grid.
Scheme all_patterns() {
  const double points[] = {-2, 0, 1, 1, 3, 0};
  const double leaves[] = {-1, 0, 1, 0};
  const Axes axes = Axes::standard({0.5, 0});
  return Scheme::layered({{Grid(axes, {{-1, 1}, {0}}), {0, 3}},
                          {Cross(axes, {1, 2}), {1}},
                          {Tree(axes, {{0, 0, 0.25}}, {leaves, 2, 2}), {4}},
                          {FreePoints({points, 3, 2}, 64), {2}},
                          {Grid(axes, {{-1, 0, 1}, {0, 2}}).within({-2, -2}, {2, 3}), {5}}});
}

TEST(Evaluation, OfLayersOfAllPatternsIsTheSumOfTheirs) {
  const Context context = Context::cpu();
  const auto mixture = Random(17).mixture(6, 2, 0).build(context);
  const Scheme scheme = all_patterns();
  const Evaluation evaluation = evaluate(context, {{&scheme, &mixture}});
  const DiscreteDistribution points = only(materialise(context, evaluation, {}));
  EXPECT_EQ(evaluation.point_begin, (std::vector<std::int64_t>{0, scheme.support()}));
  double cells = 0;
  double dropped = 0;
  std::int64_t row = 0;
  for (const Layer& layer : scheme.layers()) {
    const GaussianMixture own = mixture.select(layer.components);
    double weight = 0;
    for (const std::int64_t i : layer.components) weight += mixture.weights()[i];
    std::vector<std::int64_t> all(layer.components.size());
    for (std::size_t c = 0; c < all.size(); ++c) all[c] = static_cast<std::int64_t>(c);
    const auto alone = apply(context, Scheme::layered({{layer.pattern, all}}), own);
    cells += weight * alone.certificate.cells;
    dropped += weight * alone.certificate.dropped;
    for (std::int64_t a = 0; a < size(layer.pattern); ++a, ++row) {
      EXPECT_NEAR(points.probabilities()(row), weight * alone.distribution.probabilities()(a),
                  1e-14);
      for (std::int64_t k = 0; k < 2; ++k)
        EXPECT_EQ(points.locations()(row, k), alone.distribution.locations()(a, k));
    }
  }
  EXPECT_NEAR(evaluation.certificates.front().cells, cells, 1e-10 * cells);
  EXPECT_NEAR(evaluation.certificates.front().dropped, dropped, 1e-10 * cells);
}

/// The points may be made when the schemes have been moved, or are no more.
TEST(Evaluation, OutlivesItsSchemesAndMixtures) {
  const Context context = Context::cpu();
  const auto kept = Random(17).mixture(6, 2, 0).build(context);
  const Scheme scheme = all_patterns();
  const CertifiedDistribution expected = apply(context, scheme, kept);
  auto copy = std::make_unique<Scheme>(scheme);
  auto mixture = std::make_unique<GaussianMixture>(kept);
  std::optional<Evaluation> made = evaluate(context, {{copy.get(), mixture.get()}});
  copy.reset();
  mixture.reset();
  const Evaluation evaluation = *std::move(made);
  made.reset();
  const DiscreteDistribution points = only(materialise(context, evaluation, {}));
  EXPECT_TRUE(same_bits(points.locations(), expected.distribution.locations()));
  EXPECT_TRUE(same_bits(points.probabilities(), expected.distribution.probabilities()));
}

}  // namespace
}  // namespace wquant
