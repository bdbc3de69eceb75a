#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "accuracy/multiprecision.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::Real;

/// N(m, s²) on (lower, upper].
test::RealMoments gaussian_cell(double m, const Real& s, double lower, double upper) {
  const auto end = [&](double x) {
    if (std::isinf(x)) return Real(x < 0 ? -200 : 200);
    return std::max(Real(-200), std::min(Real(200), Real((Real(x) - m) / s)));
  };
  const Real a = end(lower);
  const Real b = end(upper);
  if (!(a < b)) return {0, 0, 0};
  const test::RealMoments cell = test::real_cell(a, b);
  return {cell.mass, m + s * cell.mean, s * s * cell.variance};
}

/// Σ over leaves and components of w Π_l P_l Σ_k (variance_k + (mean_k − point_k)²).
TEST(TreeCost, OfAxisAlignedMixturesIsAboveTheExactOne) {
  test::Random random(76);
  const Context context = Context::cpu();
  for (int trial = 0; trial < 12; ++trial) {
    const std::int64_t d = 1 + trial % 3;
    const std::int64_t components = 1 << trial % 4;
    const std::vector<double> weights(static_cast<std::size_t>(components),
                                      1.0 / static_cast<double>(components));
    std::vector<double> means, variances;
    for (std::int64_t i = 0; i < components * d; ++i) {
      means.push_back(random.normal());
      variances.push_back(std::pow(10, random.uniform(-3, 1)));
    }
    const auto mixture =
        GaussianMixture::diagonal(context, {weights.data(), components},
                                  {means.data(), components, d}, {variances.data(), components, d});
    const Scheme scheme =
        make_scheme(context, mixture, {.support = 12, .family = SchemeFamily::tree}).scheme;
    const Tree& grown = std::get<Tree>(scheme.layers()[0].pattern);
    // The same boxes in coordinates without an offset or a rotation, where they are exact.
    std::vector<double> points;
    const std::int64_t rank = grown.axes().rank();
    for (std::int64_t a = 0; a < grown.size(); ++a)
      for (std::int64_t k = 0; k < d; ++k) points.push_back(k < rank ? grown.points()(a, k) : 0);
    const Tree tree(Axes::standard(std::vector<double>(d, 0.0)), grown.splits(),
                    {points.data(), grown.size(), d});
    Real square = 0;
    for (std::int64_t a = 0; a < tree.size(); ++a)
      for (std::int64_t i = 0; i < components; ++i) {
        Real mass = weights[i];
        Real cost = 0;
        const Cell cell = tree.cell(a);
        for (std::int64_t k = 0; k < d; ++k) {
          const test::RealMoments part = gaussian_cell(
              means[i * d + k], sqrt(Real(variances[i * d + k])), cell.lower()[k], cell.upper()[k]);
          const Real offset = part.mean - tree.points()(a, k);
          mass *= part.mass;
          cost += part.variance + offset * offset;
        }
        square += mass * cost;
      }
    const Certificate certificate = certify(context, Scheme::tree(tree, components), mixture);
    EXPECT_GE(Real(certificate.cells), square) << trial;
    EXPECT_LT(static_cast<double>(Real(certificate.cells) / square - 1), 1e-12) << trial;
    EXPECT_LT(static_cast<double>(Real(certificate.w2) / sqrt(square) - 1), 1e-9) << trial;
  }
}

}  // namespace
}  // namespace wquant
