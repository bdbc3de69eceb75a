#include "wquant/quantize.hpp"

#include <cmath>
#include <cstring>

#include "conformance/contexts.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::expect_near;
using test::on_host;
using test::placed;
using test::PlainMixture;
using test::VectorXd;

class Quantize : public test::EveryContext {};
INSTANTIATE_TEST_SUITE_P(Contexts, Quantize, test::all_backends(), test::backend_name);

/// Eigenvectors of different solvers agree to about ε divided by the gaps of the eigenvalues.
constexpr double kLocations = 1e-11;

void expect_same(const Certificate& found, const Certificate& wanted) {
  EXPECT_NEAR(found.w2, wanted.w2, 1e-12 * wanted.w2);
  EXPECT_NEAR(found.cells, wanted.cells, 1e-12 * wanted.cells);
  EXPECT_NEAR(found.dropped, wanted.dropped, 1e-12 * wanted.dropped + 1e-24);
}

void expect_same(const CertifiedDistribution& found, const CertifiedDistribution& wanted) {
  expect_same(found.certificate, wanted.certificate);
  expect_near(on_host(found.distribution.probabilities()),
              on_host(wanted.distribution.probabilities()), 1e-12);
  expect_near(on_host(found.distribution.locations()), on_host(wanted.distribution.locations()),
              kLocations);
}

std::vector<PlainMixture> mixtures() {
  test::Random random(71);
  PlainMixture flat = random.homogeneous_mixture(3, 3, 1);
  for (auto& covariance : flat.covariances) covariance.row(0) *= 0, covariance.col(0) *= 0;
  return {random.mixture(1, 4, 0), random.mixture(4, 2, 3), random.homogeneous_mixture(6, 3, 1),
          flat, test::centred_gaussian(VectorXd{{4.0, 1.0, 0.25, 0.0, 0.0}})};
}

TEST_P(Quantize, EveryFamilyAgreesWithTheCpu) {
  const Context cpu = Context::cpu();
  for (const PlainMixture& plain : mixtures()) {
    const GaussianMixture here = plain.build(context());
    const GaussianMixture there = plain.build(cpu);
    for (const SchemeFamily family : {SchemeFamily::automatic, SchemeFamily::grid,
                                      SchemeFamily::per_component, SchemeFamily::cross}) {
      const QuantizeOptions options{.support = 60, .family = family};
      const Quantization found = quantize(context(), here, options);
      const Quantization wanted = quantize(cpu, there, options);
      ASSERT_EQ(found.distribution.size(), wanted.distribution.size()) << name(family);
      EXPECT_EQ(found.distribution.locations().space(), context().memory_space());
      expect_same(found, wanted);
    }
  }
}

TEST_P(Quantize, AReduction) {
  test::Random random(76);
  const Context cpu = Context::cpu();
  for (const PlainMixture& plain : {random.mixture(30, 2, 3), random.mixture(12, 4, 1)}) {
    const ReduceOptions options{.components = 5};
    const Reduction found = reduce(context(), plain.build(context()), options);
    const Reduction wanted = reduce(cpu, plain.build(cpu), options);
    EXPECT_EQ(found.labels, wanted.labels);
    EXPECT_NEAR(found.bound, wanted.bound, 1e-12 * wanted.bound);
    const QuantizeOptions and_quantize{.support = 40, .reduced_components = 5};
    const Certificate c = quantize(context(), plain.build(context()), and_quantize).certificate;
    EXPECT_NEAR(c.reduction, found.bound, 1e-12 * found.bound);
    expect_same(c, quantize(cpu, plain.build(cpu), and_quantize).certificate);
  }
}

/// Searches may settle elsewhere where rounding breaks a tie: k-means most of all.
TEST_P(Quantize, FamiliesThatSearchCertifyAsOnTheCpu) {
  const Context cpu = Context::cpu();
  test::Random random(76);
  for (const PlainMixture& plain : {random.mixture(4, 2, 3), random.homogeneous_mixture(5, 3, 1)}) {
    const GaussianMixture here = plain.build(context());
    const GaussianMixture there = plain.build(cpu);
    for (const auto& [family, tolerance] :
         {std::pair{SchemeFamily::per_mode, 1e-6}, std::pair{SchemeFamily::tree, 1e-6},
          std::pair{SchemeFamily::lloyd, 0.02}}) {
      const QuantizeOptions options{.support = 20, .family = family, .fine_support = 300};
      const double wanted = quantize(cpu, there, options).certificate.w2;
      EXPECT_NEAR(quantize(context(), here, options).certificate.w2, wanted, tolerance * wanted)
          << name(family);
    }
    const QuantizeOptions reduced{.support = 20, .reduced_components = 2};
    const double wanted = quantize(cpu, there, reduced).certificate.w2;
    EXPECT_NEAR(quantize(context(), here, reduced).certificate.w2, wanted, 0.02 * wanted);
  }
}

TEST_P(Quantize, ATolerance) {
  test::Random random(72);
  const PlainMixture plain = random.mixture(3, 2, 2);
  const QuantizeOptions options{.tolerance = 0.4};
  const Quantization found = quantize(context(), plain.build(context()), options);
  EXPECT_LE(found.certificate.w2, 0.4);
  const Context cpu = Context::cpu();
  EXPECT_EQ(found.distribution.size(),
            quantize(cpu, plain.build(cpu), options).distribution.size());
}

TEST_P(Quantize, ABatchHasTheBitsOfOneByOne) {
  std::vector<GaussianMixture> batch;
  test::Random random(73);
  for (int b = 0; b < 9; ++b) batch.push_back(random.mixture(1 + b % 3, 2, 2).build(context()));
  const std::vector<QuantizeOptions> options{{.support = 20}};
  const QuantizationBatch all = quantize(context(), batch, options);
  const std::vector<double> locations = on_host(all.distributions.locations);
  const std::vector<double> probabilities = on_host(all.distributions.probabilities);
  for (std::int64_t b = 0; b < 9; ++b) {
    const Quantization one = quantize(context(), batch[b], options[0]);
    EXPECT_EQ(std::memcmp(&one.certificate, &all.certificates[b], sizeof(Certificate)), 0);
    const std::int64_t begin = all.distributions.begin[b];
    const std::int64_t end = all.distributions.begin[b + 1];
    EXPECT_EQ(on_host(one.distribution.probabilities()),
              std::vector<double>(probabilities.begin() + begin, probabilities.begin() + end));
    EXPECT_EQ(on_host(one.distribution.locations()),
              std::vector<double>(locations.begin() + 2 * begin, locations.begin() + 2 * end));
  }
}

TEST_P(Quantize, SchemesByHand) {
  test::Random random(74);
  const PlainMixture plain = random.mixture(3, 2, 1);
  const Context cpu = Context::cpu();
  const std::vector<double> where{-1, -1, 0, 0, 1, 1, 2, 0};
  const FreePoints free({where.data(), 4, 2}, 1000);
  const Grid bounded(Axes::standard({0, 0}), {{-1, 1}, {0}}, {{-2, 0, 2}, {-1, 1}});
  for (const Scheme& scheme : {Scheme::free(free, 3), Scheme::grid(bounded, 3),
                               Scheme::layered({{free, {1}}, {bounded, {0, 2}}})})
    expect_same(apply(context(), scheme, plain.build(context())),
                apply(cpu, scheme, plain.build(cpu)));
}

/// The components of several mixtures as the arrays that make them.
struct Components {
  std::vector<double> weights, means, covariances;
  std::vector<std::int64_t> sizes;
};

Components components(std::int64_t d) {
  test::Random random(75);
  Components out;
  for (const std::int64_t size : {1, 3, 2}) {
    const PlainMixture plain = random.mixture(size, d, 2);
    out.sizes.push_back(size);
    out.weights.insert(out.weights.end(), plain.weights.begin(), plain.weights.end());
    for (std::int64_t i = 0; i < size; ++i) {
      const test::RowMajor covariance = plain.covariances[i];
      out.means.insert(out.means.end(), plain.means[i].begin(), plain.means[i].end());
      out.covariances.insert(out.covariances.end(), covariance.data(), covariance.data() + d * d);
    }
  }
  return out;
}

class DeviceInput : public test::EveryContext {
 protected:
  std::vector<GaussianMixture> from_host(const Components& c, std::int64_t d) {
    const auto count = static_cast<std::int64_t>(c.weights.size());
    return GaussianMixture::full_batch(context(), c.sizes, {c.weights.data(), count},
                                       {c.means.data(), count, d},
                                       {c.covariances.data(), count, d, d});
  }
  std::vector<GaussianMixture> from_context(const Components& c, std::int64_t d) {
    const auto count = static_cast<std::int64_t>(c.weights.size());
    const Array<double> weights = placed(context(), c.weights);
    const Array<double> means = placed(context(), c.means, d);
    const Array<double> covariances = placed(context(), c.covariances, d * d);
    return GaussianMixture::full_batch(
        context(), c.sizes, {weights.data(), count, weights.space()}, means.view(),
        {covariances.data(), count, d, d, d, d * d, covariances.space()});
  }
  std::string message(const Components& c, std::int64_t d) {
    try {
      from_context(c, d);
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  }
};
INSTANTIATE_TEST_SUITE_P(Contexts, DeviceInput, test::all_backends(), test::backend_name);

TEST_P(DeviceInput, GivesTheBitsOfHostInput) {
  for (const std::int64_t d : {1, 2, 5}) {
    const Components c = components(d);
    const std::vector<GaussianMixture> a = from_host(c, d);
    const std::vector<GaussianMixture> b = from_context(c, d);
    for (std::size_t m = 0; m < a.size(); ++m) {
      EXPECT_EQ(std::memcmp(a[m].eigenvalues().data, b[m].eigenvalues().data,
                            sizeof(double) * static_cast<std::size_t>(a[m].components() * d)),
                0);
      const Quantization x = quantize(context(), a[m], {.support = 25});
      const Quantization y = quantize(context(), b[m], {.support = 25});
      EXPECT_EQ(on_host(x.distribution.locations()), on_host(y.distribution.locations()));
      EXPECT_EQ(x.certificate.w2, y.certificate.w2);
    }
  }
}

TEST_P(DeviceInput, IsCheckedWhereItLies) {
  Components c = components(3);
  c.covariances[4 * 9 + 5] += 1e-3;
  EXPECT_EQ(message(c, 3).rfind("mixtures[2]: covariances[0][2][1]: ", 0), 0) << message(c, 3);
  c.covariances[2 * 9 + 3] = NAN;
  EXPECT_EQ(message(c, 3).rfind("mixtures[1]: covariances[1][1][0]: nan", 0), 0) << message(c, 3);
  c = components(2);
  c.covariances[3 * 4] = -1;
  EXPECT_EQ(message(c, 2).rfind("mixtures[1]: covariances[2]: not positive", 0), 0)
      << message(c, 2);
  c.weights[1] = INFINITY;
  EXPECT_EQ(message(c, 2).rfind("mixtures[1]: weights[0]: ", 0), 0) << message(c, 2);
}

TEST_P(DeviceInput, DiagonalsAndEigenpairs) {
  const std::vector<double> weights{0.25, 0.75}, means{0, 0, 3, 1}, values{4, 1, 2, 0.5},
      vectors{0.6, -0.8, 0.8, 0.6};
  const Array<double> w = placed(context(), weights), m = placed(context(), means, 2),
                      l = placed(context(), values, 2), v = placed(context(), vectors, 2);
  const VectorView<const double> weight_view{w.data(), 2, w.space()};
  const GaussianMixture a = GaussianMixture::diagonal(context(), weight_view, m.view(), l.view());
  const GaussianMixture b = GaussianMixture::diagonal(context(), {weights.data(), 2},
                                                      {means.data(), 2, 2}, {values.data(), 2, 2});
  EXPECT_EQ(quantize(context(), a, {.support = 30}).certificate.w2,
            quantize(context(), b, {.support = 30}).certificate.w2);
  const GaussianMixture e = GaussianMixture::eigen(context(), weight_view, m.view(), l.view(),
                                                   {v.data(), 1, 2, 2, 2, 4, v.space()});
  const GaussianMixture f =
      GaussianMixture::eigen(context(), {weights.data(), 2}, {means.data(), 2, 2},
                             {values.data(), 2, 2}, {vectors.data(), 1, 2, 2});
  EXPECT_EQ(quantize(context(), e, {.support = 30}).certificate.w2,
            quantize(context(), f, {.support = 30}).certificate.w2);
}

}  // namespace
}  // namespace wquant
