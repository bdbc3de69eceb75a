#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::RowMajor;
using test::VectorXd;

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

using Indices = std::vector<std::int64_t>;

std::string message(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

void expect_same_density(const GaussianMixture& a, const GaussianMixture& b, double tolerance) {
  const Context context = Context::cpu();
  Random random(141);
  const RowMajor points =
      RowMajor::NullaryExpr(100, a.dimension(), [&] { return 3 * random.normal(); });
  const MatrixView<const double> view{points.data(), points.rows(), points.cols()};
  const Array<double> of_a = log_density(context, a, view);
  const Array<double> of_b = log_density(context, b, view);
  for (std::int64_t s = 0; s < points.rows(); ++s) EXPECT_NEAR(of_a(s), of_b(s), tolerance);
}

/// Component by component, for all three kinds of basis.
std::vector<GaussianMixture> all_forms(std::int64_t count) {
  const Context context = Context::cpu();
  Random random(142);
  const PlainMixture plain = random.mixture(count, 2, 2);
  const RowMajor v = random.rotation(2);
  const RowMajor means = RowMajor::NullaryExpr(count, 2, [&] { return random.normal(); });
  const RowMajor variances = RowMajor::NullaryExpr(count, 2, [&] { return random.uniform(1, 2); });
  const VectorView<const double> w{plain.weights.data(), count};
  std::vector<GaussianMixture> out;
  out.push_back(plain.build(context));
  out.push_back(GaussianMixture::diagonal(context, w, {means.data(), count, 2},
                                          {variances.data(), count, 2}));
  out.push_back(GaussianMixture::eigen(context, w, {means.data(), count, 2},
                                       {variances.data(), count, 2}, {v.data(), 1, 2, 2}));
  return out;
}

TEST(Select, IsTheConditionalMixture) {
  for (const GaussianMixture& mixture : all_forms(5)) {
    const GaussianMixture part = mixture.select(Indices{3, 0, 4});
    ASSERT_EQ(part.components(), 3);
    const double sum = mixture.weights()[3] + mixture.weights()[0] + mixture.weights()[4];
    const Indices from{3, 0, 4};
    for (std::int64_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(part.weights()[i], mixture.weights()[from[i]] / sum, 1e-15);
      EXPECT_EQ(part.means()(i, 1), mixture.means()(from[i], 1));
      EXPECT_EQ(part.covariance(i), mixture.covariance(from[i]));
      EXPECT_EQ(part.factor_error(i), mixture.factor_error(from[i]));
    }
    EXPECT_EQ(part.clipped_variance(), mixture.clipped_variance());
  }
}

TEST(Select, OfAllComponentsIsAPermutation) {
  for (const GaussianMixture& mixture : all_forms(4)) {
    const GaussianMixture turned = mixture.select(Indices{2, 0, 3, 1});
    EXPECT_EQ(turned.weights()[0], mixture.weights()[2]);
    EXPECT_EQ(turned.weight_error(), mixture.weight_error());
    expect_same_density(mixture, turned, 1e-13);
  }
}

/// Against long double: the weights of the selection of the given weights.
TEST(Select, WeightErrorBoundsTheErrorOfTheWeights) {
  Random random(143);
  double largest = 0;
  for (int trial = 0; trial < 300; ++trial) {
    PlainMixture plain = random.mixture(2 + trial % 40, 1, 1);
    const double off = 1 + random.uniform(-5e-10, 5e-10);
    for (double& w : plain.weights) w *= off;
    GaussianMixture part = plain.build(Context::cpu());
    std::vector<double> given = plain.weights;
    for (int again = 0; again < 3 && part.components() > 1; ++again) {
      Indices kept(static_cast<std::size_t>(part.components() - 1));
      for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = static_cast<std::int64_t>(i);
      given.pop_back();
      const double before = part.weight_error();
      part = part.select(kept);
      EXPECT_GE(part.weight_error(), 2 * before + 4 * kEpsilon);  // the derivation's first order
      long double sum = 0;
      for (const double w : given) sum += w;
      for (std::size_t i = 0; i < given.size(); ++i) {
        const double error = static_cast<double>(
            std::fabs(part.weights()[static_cast<std::int64_t>(i)] / (given[i] / sum) - 1));
        EXPECT_LE(error, part.weight_error());
        largest = std::max(largest, error);
      }
      EXPECT_LE(part.weight_error(), 200 * kEpsilon);
    }
  }
  EXPECT_GT(largest, 0.5 * kEpsilon);
}

TEST(Select, NamesWhatIsWrong) {
  const GaussianMixture mixture = all_forms(3)[1];
  EXPECT_EQ(message([&] { mixture.select(Indices{}); }),
            "indices: none; expected at least one component");
  EXPECT_EQ(message([&] {
              mixture.select(Indices{0, 3});
            }),
            "indices[1]: 3; expected an index from 0 to 2 that has not come before");
  EXPECT_EQ(message([&] { mixture.select(Indices{-1}); }),
            "indices[0]: -1; expected an index from 0 to 2 that has not come before");
  EXPECT_EQ(message([&] {
              mixture.select(Indices{2, 2});
            }),
            "indices[1]: 2; expected an index from 0 to 2 that has not come before");
  const PlainMixture plain{
      {1, 0}, {VectorXd::Zero(1), VectorXd::Zero(1)}, {MatrixXd::Zero(1, 1), MatrixXd::Zero(1, 1)}};
  EXPECT_EQ(message([&] { plain.build(Context::cpu()).select(Indices{1}); }),
            "indices: the selected weights sum to 0; expected a positive weight");
}

PlainMixture with_duplicates() {
  Random random(144);
  PlainMixture plain = random.mixture(6, 2, 2);
  for (const auto& [copy, of] : {std::pair{3, 1}, std::pair{5, 1}, std::pair{4, 0}}) {
    plain.means[copy] = plain.means[of];
    plain.covariances[copy] = plain.covariances[of];
  }
  return plain;
}

TEST(MergeDuplicates, KeepsTheDensityAndTheOrderOfTheFirst) {
  const GaussianMixture mixture = with_duplicates().build(Context::cpu());
  const GaussianMixture merged = mixture.merge_duplicates();
  ASSERT_EQ(merged.components(), 3);
  for (std::int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(merged.means()(i, 0), mixture.means()(i, 0));
    EXPECT_EQ(merged.covariance(i), mixture.covariance(i));
    EXPECT_EQ(merged.factor_error(i), mixture.factor_error(i));
  }
  const VectorView<const double> w = mixture.weights();
  EXPECT_NEAR(merged.weights()[0], w[0] + w[4], 1e-16);
  EXPECT_NEAR(merged.weights()[1], w[1] + w[3] + w[5], 1e-16);
  EXPECT_EQ(merged.weights()[2], w[2]);
  EXPECT_GE(merged.weight_error(), mixture.weight_error() + 3 * kEpsilon);
  EXPECT_LE(merged.weight_error(), mixture.weight_error() + 5 * kEpsilon);
  expect_same_density(mixture, merged, 1e-13);
}

TEST(MergeDuplicates, LeavesDistinctComponentsAlone) {
  for (const GaussianMixture& mixture : all_forms(4)) {
    const GaussianMixture merged = mixture.merge_duplicates();
    EXPECT_EQ(merged.components(), 4);
    EXPECT_EQ(merged.weight_error(), mixture.weight_error());
  }
}

TEST(MergeDuplicates, DistinguishesByEveryBit) {
  PlainMixture plain = with_duplicates();
  plain.means[3][1] = std::nextafter(plain.means[3][1], 1e9);
  plain.covariances[4] *= 2;
  EXPECT_EQ(plain.build(Context::cpu()).merge_duplicates().components(), 5);
}

TEST(MergeDuplicates, TakesAMillionComponents) {
  constexpr std::int64_t kCount = 1'000'000;
  const std::vector<double> weights(kCount, 1.0 / kCount);
  std::vector<double> means;
  for (std::int64_t i = 0; i < kCount; ++i) means.push_back(static_cast<double>(i % 250'000));
  const std::vector<double> variances(kCount, 1);
  const auto mixture =
      GaussianMixture::diagonal(Context::cpu(), {weights.data(), kCount}, {means.data(), kCount, 1},
                                {variances.data(), kCount, 1});
  const GaussianMixture merged = mixture.merge_duplicates();
  EXPECT_EQ(merged.components(), 250'000);
  EXPECT_NEAR(merged.weights()[7], 4e-6, 1e-20);
}

}  // namespace
}  // namespace wquant
