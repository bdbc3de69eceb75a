#include <gtest/gtest.h>

#include <cmath>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::centred_gaussian;
using test::Random;
using test::VectorXd;

double w2_of(const Context& context, const GaussianMixture& mixture, QuantizeOptions options,
             std::int64_t support) {
  options.tolerance = 0;
  options.support = support;
  const Scheme scheme = make_scheme(context, mixture, options);
  return certify(context, scheme, mixture).w2;
}

/// The support found meets ε, and one point fewer of the same family — or, under auto, of any —
/// does not.
void check(const Context& context, const GaussianMixture& mixture, const QuantizeOptions& options) {
  const auto result = quantize(context, mixture, options);
  EXPECT_LE(result.certificate.w2, options.tolerance);
  const std::int64_t support = result.distribution.size();
  if (support == 1) return;
  EXPECT_GT(w2_of(context, mixture, options, support - 1), options.tolerance)
      << support << " points, " << name(options.family);
}

TEST(Tolerance, IsMetAndOnePointFewerDoesNotMeetIt) {
  const Context context = Context::cpu();
  Random random(61);
  for (const std::int64_t d : {1, 2, 5})
    for (const std::int64_t count : {1, 3}) {
      const auto mixture = random.homogeneous_mixture(count, d, 1).build(context);
      for (const auto family : {SchemeFamily::automatic, SchemeFamily::grid,
                                SchemeFamily::per_component, SchemeFamily::cross}) {
        QuantizeOptions options{.family = family};
        for (const std::int64_t support : {9, 60}) {
          const double reached = w2_of(context, mixture, options, support);
          for (const double factor : {1.0, 1.01}) {
            options.tolerance = factor * reached;
            check(context, mixture, options);
          }
        }
      }
    }
}

/// Against trying every budget from 1 on.
TEST(Tolerance, IsMetByNoSmallerSupport) {
  const Context context = Context::cpu();
  Random random(62);
  for (int trial = 0; trial < 6; ++trial) {
    const auto mixture = random.mixture(1 + trial % 3, 2 + trial % 2, 1).build(context);
    for (const auto family : {SchemeFamily::automatic, SchemeFamily::grid,
                              SchemeFamily::per_component, SchemeFamily::cross}) {
      QuantizeOptions options{.family = family};
      options.tolerance = 1.001 * w2_of(context, mixture, options, 37);
      std::int64_t support = 1;
      while (w2_of(context, mixture, options, support) > options.tolerance) ++support;
      EXPECT_EQ(quantize(context, mixture, options).distribution.size(), support)
          << trial << ' ' << name(family);
    }
  }
}

/// Unscented sets lose by more axes where variances are small: their certificates rise again.
TEST(Tolerance, IsMetByNoSmallerUnscentedSet) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd{{4.0, 1.0, 0.5, 0.1}}).build(context);
  QuantizeOptions options{.family = SchemeFamily::cross, .radii = CrossRadii::unscented};
  for (const std::int64_t reference : {2, 4, 8}) {
    options.tolerance = 1.001 * w2_of(context, mixture, options, reference);
    std::int64_t support = 1;
    while (w2_of(context, mixture, options, support) > options.tolerance) ++support;
    EXPECT_EQ(quantize(context, mixture, options).distribution.size(), support) << reference;
  }
}

TEST(Tolerance, TakesOnePointWhereThatIsEnough) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd{{3.0, 1.0}}).build(context);
  EXPECT_EQ(quantize(context, mixture, {.tolerance = 2.001}).distribution.size(), 1);
  EXPECT_GT(quantize(context, mixture, {.tolerance = 1.999}).distribution.size(), 1);
}

TEST(Tolerance, FindsManyPointsOnALine) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd::Ones(1)).build(context);
  for (const double tolerance : {1e-2, 1e-4}) {
    const auto result = quantize(context, mixture, {.tolerance = tolerance});
    EXPECT_LE(result.certificate.w2, tolerance);
    // e(n) n² → √3 π / 2.
    EXPECT_NEAR(static_cast<double>(result.distribution.size()) * tolerance, 1.6495, 0.02);
  }
}

TEST(Tolerance, SaysHowFarItCameWhenTheWorkspaceEndsTheSearch) {
  const Context context = Context::cpu({.workspace_limit = 100'000});
  const auto mixture = centred_gaussian(VectorXd::Ones(3)).build(context);
  const std::int64_t most = 100'000 / (4 * 8);
  try {
    quantize(context, mixture, {.tolerance = 1e-3});
    FAIL();
  } catch (const OutOfMemory& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("tolerance: 0.001"), std::string::npos) << text;
    EXPECT_NE(text.find(std::to_string(most) + " points"), std::string::npos) << text;
    EXPECT_NE(text.find("workspace limit"), std::string::npos) << text;
    EXPECT_NE(text.find("best certificate is 0."), std::string::npos) << text;
  }
}

TEST(Tolerance, IsChecked) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd::Ones(2)).build(context);
  for (const double bad : {-1.0, std::nan(""), HUGE_VAL})
    EXPECT_THROW(quantize(context, mixture, {.tolerance = bad}), InvalidArgument);
  EXPECT_THROW(quantize(context, mixture, {.active_dimensions = 3}), InvalidArgument);
  EXPECT_THROW(quantize(context, mixture, {.active_dimensions = -1}), InvalidArgument);
}

TEST(Tolerance, SearchCanBeCancelled) {
  const Context context = Context::cpu();
  Random random(63);
  const auto mixture = random.mixture(5, 3, 2).build(context);
  int calls = 0;
  QuantizeOptions options{.tolerance = 0.05};
  options.progress = [&](const Progress& progress) {
    EXPECT_EQ(progress.stage, "search");
    EXPECT_LE(progress.fraction, 1);
    return ++calls < 4;
  };
  EXPECT_THROW(quantize(context, mixture, options), Cancelled);
}

}  // namespace
}  // namespace wquant
