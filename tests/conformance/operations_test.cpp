#include <cmath>

#include "conformance/contexts.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::expect_near;
using test::on_host;
using test::placed;
using test::PlainMixture;
using test::RowMajor;

class Operations : public test::EveryContext {
 protected:
  Context cpu_ = Context::cpu();
};
INSTANTIATE_TEST_SUITE_P(Contexts, Operations, test::all_backends(), test::backend_name);

std::vector<double> values(const RowMajor& matrix) {
  return {matrix.data(), matrix.data() + matrix.size()};
}

TEST_P(Operations, DensitiesOfPointsInEitherMemory) {
  test::Random random(81);
  const PlainMixture plain = random.mixture(5, 3, 2);
  const GaussianMixture here = plain.build(context());
  const GaussianMixture there = plain.build(cpu_);
  const RowMajor points = RowMajor::NullaryExpr(40, 3, [&] { return 2 * random.normal(); });
  const MatrixView<const double> host(points.data(), 40, 3);
  const Array<double> own = placed(context(), values(points), 3);
  expect_near(on_host(log_density(context(), here, host)), on_host(log_density(cpu_, there, host)),
              1e-11);
  expect_near(on_host(score(context(), here, host)), on_host(score(cpu_, there, host)), 1e-11);
  expect_near(on_host(hessian(context(), here, host)), on_host(hessian(cpu_, there, host)), 1e-11);
  EXPECT_EQ(on_host(log_density(context(), here, own.view())),
            on_host(log_density(context(), here, host)));
}

TEST_P(Operations, ModesAreTheCpus) {
  test::Random random(83);
  const PlainMixture plain = random.mixture(9, 2, 2);
  const Modes here = find_modes(context(), plain.build(context()));
  const Modes there = find_modes(cpu_, plain.build(cpu_));
  EXPECT_EQ(here.labels, there.labels);
  ASSERT_EQ(here.size(), there.size());
  for (std::size_t e = 0; e < here.locations.size(); ++e)
    EXPECT_NEAR(here.locations[e], there.locations[e], 1e-10);
}

TEST_P(Operations, PointsThatAreNotFiniteAreNamed) {
  test::Random random(82);
  const GaussianMixture mixture = random.mixture(2, 3, 1).build(context());
  std::vector<double> points(30, 0.5);
  points[3 * 7 + 2] = NAN;
  const Array<double> own = placed(context(), points, 3);
  try {
    log_density(context(), mixture, own.view());
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "points[7][2]: nan; expected a finite number");
  }
}

TEST_P(Operations, SamplesAreTheCpus) {
  const std::vector<double> weights{0.5, 0.5}, means{0, 0, 3, 1}, eigenvalues{4, 1, 2, 0.5},
      basis{0.6, -0.8, 0.8, 0.6};
  const auto mixture = [&](const Context& context) {
    return GaussianMixture::eigen(context, {weights.data(), 2}, {means.data(), 2, 2},
                                  {eigenvalues.data(), 2, 2}, {basis.data(), 1, 2, 2});
  };
  const LabelledSamples here = sample_with_labels(context(), mixture(context()), 500, 9);
  const LabelledSamples there = sample_with_labels(cpu_, mixture(cpu_), 500, 9);
  EXPECT_EQ(on_host(here.points), on_host(there.points));
  EXPECT_EQ(on_host(here.labels), on_host(there.labels));
  const Quantization made = quantize(context(), mixture(context()), {.support = 12});
  EXPECT_EQ(on_host(sample(context(), made.distribution, 300, 4)),
            on_host(sample(cpu_, made.distribution.to_host(), 300, 4)));
}

TEST_P(Operations, CompressedPushedAndMultiplied) {
  test::Random random(83);
  const PlainMixture plain = random.mixture(3, 2, 2);
  const std::vector<double> matrix{1, 2, 0, -1, 0.5, 0.5};
  const AffineMap map{{matrix.data(), 3, 2}};
  const auto run = [&](const Context& on) {
    const Quantization fine = quantize(on, plain.build(on), {.support = 300});
    CertifiedDistribution small = compress(on, fine, {.support = 20});
    EXPECT_EQ(small.distribution.locations().space(), on.memory_space());
    const CertifiedDistribution image = push_forward(on, small, map);
    std::vector<CertifiedDistribution> out;
    out.push_back(product(on, small, image));
    out.push_back(std::move(small));
    return out;
  };
  const auto here = run(context());
  const auto there = run(cpu_);
  for (std::size_t i = 0; i < here.size(); ++i) {
    EXPECT_NEAR(here[i].certificate.w2, there[i].certificate.w2, 1e-10 * there[i].certificate.w2);
    EXPECT_EQ(here[i].distribution.size(), there[i].distribution.size());
  }
}

}  // namespace
}  // namespace wquant
