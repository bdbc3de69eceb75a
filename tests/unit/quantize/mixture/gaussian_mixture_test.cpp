#include "wquant/gaussian_mixture.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::PlainMixture;
using test::VectorXd;

PlainMixture two_components() {
  return {{0.25, 0.75},
          {VectorXd{{0.0, 1.0}}, VectorXd{{4.0, -1.0}}},
          {MatrixXd{{2.0, 0.5}, {0.5, 1.0}}, MatrixXd{{1.0, 0.0}, {0.0, 0.0}}}};
}

std::string message(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(GaussianMixture, KeepsWhatItWasGiven) {
  const PlainMixture plain = two_components();
  const GaussianMixture mixture = plain.build(Context::cpu());
  EXPECT_EQ(mixture.components(), 2);
  EXPECT_EQ(mixture.dimension(), 2);
  for (std::int64_t i = 0; i < 2; ++i) {
    const std::vector<double> covariance = mixture.covariance(i);
    for (std::int64_t a = 0; a < 2; ++a)
      for (std::int64_t b = 0; b < 2; ++b)
        EXPECT_NEAR(covariance[2 * a + b], plain.covariances[i](a, b), 1e-15);
    EXPECT_LT(mixture.factor_error(i), 1e-14);
  }
  EXPECT_EQ(mixture.mean(), (std::vector<double>{3, -0.5}));
  // Law of total variance, by hand.
  const std::vector<double> total = mixture.total_covariance();
  EXPECT_NEAR(total[0], 0.25 * 2 + 0.75 * 1 + 0.25 * 9 + 0.75 * 1, 1e-14);
  EXPECT_NEAR(total[1], 0.25 * 0.5 + 0.25 * -3 * 1.5 + 0.75 * 1 * -0.5, 1e-14);
}

TEST(GaussianMixture, OneGaussianIsAMixtureOfOneComponent) {
  const Context context = Context::cpu();
  const double mean[] = {1, -2};
  const double covariance[2][2] = {{2, 0.5}, {0.5, 1}};
  const GaussianMixture one = GaussianMixture::gaussian(context, mean, covariance);
  const double weight[] = {1};
  const GaussianMixture same =
      GaussianMixture::full(context, weight, {mean, 1, 2}, {*covariance, 1, 2, 2});
  EXPECT_EQ(one.components(), 1);
  EXPECT_EQ(one.weights()[0], 1);
  EXPECT_EQ(one.mean(), (std::vector<double>{1, -2}));
  EXPECT_EQ(one.covariance(0), same.covariance(0));
  EXPECT_EQ(one.factor_error(0), same.factor_error(0));

  const double wide[] = {2, 0.5, 100, 0.5, 1, 100};  // rows of 2, each followed by a 100
  EXPECT_EQ(GaussianMixture::gaussian(context, mean, {wide, 2, 2, 3}).covariance(0),
            same.covariance(0));
  EXPECT_THROW(GaussianMixture::gaussian(context, {mean, 1}, covariance), InvalidArgument);
  const double negative[2][2] = {{1, 0}, {0, -1}};
  EXPECT_THROW(GaussianMixture::gaussian(context, mean, negative), NotPositiveSemidefinite);
}

TEST(GaussianMixture, AllFormsOfOneMixtureAgree) {
  const Context context = Context::cpu();
  const double weights[] = {0.5, 0.5};
  const double means[] = {0, 0, 1, 1};
  const double variances[] = {2, 1, 0, 3};
  const double full[] = {2, 0, 0, 1, 0, 0, 0, 3};
  const double unit[] = {1, 0, 0, 1};
  const auto diagonal =
      GaussianMixture::diagonal(context, {weights, 2}, {means, 2, 2}, {variances, 2, 2});
  const auto covariances =
      GaussianMixture::full(context, {weights, 2}, {means, 2, 2}, {full, 2, 2, 2});
  const auto eigen = GaussianMixture::eigen(context, {weights, 2}, {means, 2, 2}, {variances, 2, 2},
                                            {unit, 1, 2, 2});
  EXPECT_EQ(covariances.basis(), GaussianMixture::Basis::identity);  // diagonal matrices are seen
  EXPECT_EQ(eigen.basis(), GaussianMixture::Basis::shared);
  for (const auto* mixture : {&diagonal, &covariances, &eigen}) {
    EXPECT_EQ(mixture->total_covariance(), diagonal.total_covariance());
    EXPECT_EQ(mixture->covariance(1), (std::vector<double>{0, 0, 0, 3}));
  }
}

TEST(GaussianMixture, TakesThePositivePartOfRounding) {
  PlainMixture plain = two_components();
  plain.covariances[0] = MatrixXd{{1.0, 1.0}, {1.0, 1.0 - 1e-12}};
  const GaussianMixture mixture = plain.build(Context::cpu());
  EXPECT_GT(mixture.clipped_variance(), 4e-13);
  EXPECT_LT(mixture.clipped_variance(), 6e-13);
  EXPECT_GE(mixture.factor_error(0), mixture.clipped_variance());
  EXPECT_EQ(mixture.eigenvalues()(0, 1), 0);
}

TEST(GaussianMixture, NamesWhatIsWrong) {
  const Context context = Context::cpu();
  const auto expect = [&](const std::string& expected,
                          const std::function<void(PlainMixture&)>& f) {
    PlainMixture plain = two_components();
    f(plain);
    const std::string text = message([&] { plain.build(context); });
    EXPECT_NE(text.find(expected), std::string::npos) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos);
  };
  expect("weights[1]: -0.5; expected a number >= 0", [](auto& m) { m.weights = {1.5, -0.5}; });
  expect("weights: the sum is 0.9", [](auto& m) { m.weights = {0.5, 0.4}; });
  expect("weights[0]: nan", [](auto& m) { m.weights[0] = NAN; });
  expect("means[1][0]: inf", [](auto& m) { m.means[1][0] = INFINITY; });
  expect("covariances[0][1][1]: nan", [](auto& m) { m.covariances[0](1, 1) = NAN; });
  expect("covariances[0][1][0]: 0.6; expected its mirror image 0.5",
         [](auto& m) { m.covariances[0](1, 0) = 0.6; });
  expect("covariances[0]: not positive semi-definite; the most negative eigenvalue is -0.5",
         [](auto& m) {
           m.covariances[0] = MatrixXd{{0.5, 1.0}, {1.0, 0.5}};
         });
  expect("covariances[1]: not positive semi-definite; the most negative eigenvalue is -2",
         [](auto& m) { m.covariances[1](1, 1) = -2; });
}

TEST(GaussianMixture, NamesWhatIsWrongWithVariances) {
  const Context context = Context::cpu();
  const double weights[] = {0.5, 0.5};
  const double means[] = {0, 0, 1, 1};
  const auto refusal = [&](const std::vector<double>& variances) {
    return message([&] {
      GaussianMixture::diagonal(context, {weights, 2}, {means, 2, 2}, {variances.data(), 2, 2});
    });
  };
  EXPECT_EQ(refusal({1, 0, 1, -2}), "variances[1][1]: -2; expected a number >= 0");
  EXPECT_EQ(refusal({1, NAN, 1, 1}), "variances[0][1]: nan; expected a finite number");
}

TEST(GaussianMixture, NamesTheEigenvectorThatIsNoNumber) {
  const Context context = Context::cpu();
  const double weight[] = {1};
  const double mean[] = {0, 0};
  const double values[] = {1, 1};
  const double vectors[] = {1, 0, NAN, 1};
  EXPECT_EQ(message([&] {
              GaussianMixture::eigen(context, {weight, 1}, {mean, 1, 2}, {values, 1, 2},
                                     {vectors, 1, 2, 2});
            }),
            "eigenvectors[0][1][0]: nan; expected a finite number");
}

TEST(GaussianMixture, RefusesWrongShapes) {
  const Context context = Context::cpu();
  const double values[16] = {1};
  EXPECT_THROW(GaussianMixture::diagonal(context, {values, 0}, {values, 0, 2}, {values, 0, 2}),
               InvalidArgument);
  EXPECT_THROW(GaussianMixture::diagonal(context, {values, 1}, {values, 1, 0}, {values, 1, 0}),
               InvalidArgument);
  EXPECT_THROW(GaussianMixture::diagonal(context, {values, 1}, {values, 2, 2}, {values, 1, 2}),
               InvalidArgument);
  EXPECT_THROW(GaussianMixture::full(context, {values, 1}, {values, 1, 2}, {values, 1, 2, 3}),
               InvalidArgument);
  EXPECT_THROW(GaussianMixture::diagonal(context, {values, 1},
                                         {values, 1, 2, 2, MemorySpace::device}, {values, 1, 2}),
               InvalidArgument);
}

TEST(GaussianMixture, RefusesEigenvectorsThatAreNotOrthonormal) {
  const Context context = Context::cpu();
  const double weight[] = {1};
  const double mean[] = {0, 0};
  const double values[] = {1, 2};
  const double skew[] = {1, 0.1, 0, 1};
  EXPECT_THROW(
      GaussianMixture::eigen(context, {weight, 1}, {mean, 1, 2}, {values, 1, 2}, {skew, 1, 2, 2}),
      InvalidArgument);
  const double negative[] = {1, -0.1};
  const double unit[] = {1, 0, 0, 1};
  EXPECT_THROW(
      GaussianMixture::eigen(context, {weight, 1}, {mean, 1, 2}, {negative, 1, 2}, {unit, 1, 2, 2}),
      NotPositiveSemidefinite);
}

TEST(GaussianMixture, NormalisesWeightsThatSumToOneByRounding) {
  PlainMixture plain = two_components();
  plain.weights = {0.25, 0.75 + 5e-10};
  const GaussianMixture mixture = plain.build(Context::cpu());
  EXPECT_NEAR(mixture.weights()[0] + mixture.weights()[1], 1, 1e-15);
  plain.weights = {0.25, 0.75 + 2e-9};
  EXPECT_THROW(plain.build(Context::cpu()), InvalidArgument);
}

}  // namespace
}  // namespace wquant
