#include "quantize/mixture/root_embedding.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace wquant {
namespace {

const double kHalves[] = {0.5, 0.5};

double squared_distance(MatrixView<const double> points) {
  double sum = 0;
  for (std::int64_t k = 0; k < points.cols; ++k) {
    const double difference = points(0, k) - points(1, k);
    sum += difference * difference;
  }
  return sum;
}

/// N((0, 0), diag(1, 4)) and N((3, 4), diag(4, 9)): W₂² = 25 + (1 − 2)² + (2 − 3)².
TEST(RootEmbedding, OfDiagonalCovariancesIsTheirDistance) {
  const double means[] = {0, 0, 3, 4};
  const double variances[] = {1, 4, 4, 9};
  const Context context = Context::cpu();
  const auto mixture =
      GaussianMixture::diagonal(context, {kHalves, 2}, {means, 2, 2}, {variances, 2, 2});
  const RootEmbedding embedding(context, mixture);
  ASSERT_EQ(embedding.points().cols, 4);
  EXPECT_EQ(squared_distance(embedding.points()), 27);
  EXPECT_EQ(embedding.stretch(), 1);
  EXPECT_LT(embedding.error(1), 1e-14);
  const EmbeddedGaussians back = gaussians_at(context, mixture, embedding.points());
  EXPECT_EQ(back.eigenvalues, (std::vector<double>{1, 4, 4, 9}));
  EXPECT_TRUE(back.eigenvectors.empty());
}

/// A = (2 1; 1 2) and B = diag(4, 1). The roots are ½ (√3 + 1, √3 − 1; …) and diag(2, 1), and
/// W₂² = tr A + tr B − 2 (tr AB + 2 √(det A det B))^{1/2} in two dimensions.
class NotCommuting : public ::testing::Test {
 protected:
  static GaussianMixture mixture(const Context& context) {
    const double means[] = {0, 0, 0, 0};
    const double covariances[] = {2, 1, 1, 2, 4, 0, 0, 1};
    return GaussianMixture::full(context, {kHalves, 2}, {means, 2, 2}, {covariances, 2, 2, 2});
  }
  Context context_ = Context::cpu();
  GaussianMixture mixture_ = mixture(context_);
  RootEmbedding embedding_{context_, mixture_};
};

TEST_F(NotCommuting, DistanceIsThatOfTheRootsAndAboveTheTrueOne) {
  ASSERT_EQ(embedding_.points().cols, 2 + 3);
  const double root = std::sqrt(3.0);
  const double square = std::pow((root + 1) / 2 - 2, 2) + std::pow((root + 1) / 2 - 1, 2) +
                        2 * std::pow((root - 1) / 2, 2);
  EXPECT_NEAR(squared_distance(embedding_.points()), square, 1e-14);
  EXPECT_GT(square, 4 + 5 - 2 * std::sqrt(10 + 2 * std::sqrt(12.0)));
  EXPECT_GT(embedding_.error(0), 0);
  EXPECT_LT(embedding_.error(0), 1e-13);
}

TEST_F(NotCommuting, PointsStandForTheirGaussians) {
  const EmbeddedGaussians back = gaussians_at(context_, mixture_, embedding_.points());
  ASSERT_EQ(back.eigenvalues.size(), 4u);
  EXPECT_NEAR(back.eigenvalues[0], 3, 1e-14);
  EXPECT_NEAR(back.eigenvalues[1], 1, 1e-14);
  EXPECT_NEAR(back.eigenvalues[2], 4, 1e-14);
  for (std::size_t a = 0; a < 2; ++a)
    for (std::size_t b = 0; b < 2; ++b) {
      double entry = 0;
      for (std::size_t k = 0; k < 2; ++k)
        entry += back.eigenvectors[2 * a + k] * back.eigenvalues[k] * back.eigenvectors[2 * b + k];
      EXPECT_NEAR(entry, a == b ? 2 : 1, 1e-14);
    }
  EXPECT_LT(back.errors[0], 1e-13);
}

/// No Gaussian has the root diag(1, −1); the nearest has diag(1, 0).
TEST_F(NotCommuting, RootsThatAreNoneAreChargedWhatTheyLack) {
  const double point[] = {0, 0, 1, 0, -1};
  const EmbeddedGaussians at = gaussians_at(context_, mixture_, {point, 1, 5});
  EXPECT_EQ(at.eigenvalues, (std::vector<double>{1, 0}));
  EXPECT_GE(at.errors[0], 1);
  EXPECT_LE(at.errors[0], 1 + 1e-13);
}

}  // namespace
}  // namespace wquant
