// Covers: base/deadline, families, quantize. The choice between families, with and without time.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>
#include <string>
#include <thread>

#include "support/mixtures.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

using test::PlainMixture;
using test::Random;
using test::VectorXd;

std::vector<SchemeFamily> families(const QuantizeStatistics& statistics) {
  std::vector<SchemeFamily> out;
  for (const SchemeTrial& trial : statistics.tried) out.push_back(trial.family);
  return out;
}

TEST(Automatic, WithTimeTriesAllFamiliesAndKeepsTheBest) {
  const Context context = Context::cpu();
  Random random(31);
  for (const PlainMixture& plain :
       {random.mixture(4, 2, 2), random.homogeneous_mixture(5, 3, 1), random.mixture(1, 2, 0)}) {
    const GaussianMixture mixture = plain.build(context);
    const Quantization best = quantize(context, mixture, {.support = 40, .seconds = 600});
    const std::vector<SchemeFamily> tried = families(best.statistics);
    for (const SchemeFamily family : {SchemeFamily::grid, SchemeFamily::tree, SchemeFamily::lloyd})
      EXPECT_EQ(std::count(tried.begin(), tried.end(), family), 1);
    EXPECT_EQ(std::count(tried.begin(), tried.end(), SchemeFamily::per_mode),
              plain.components() > 1);
    EXPECT_TRUE(best.statistics.left_out.empty());
    for (const SchemeTrial& trial : best.statistics.tried) {
      EXPECT_LE(best.certificate.w2, trial.w2);
      EXPECT_EQ(quantize(context, mixture, {.support = 40, .family = trial.family}).certificate.w2,
                trial.w2);
    }
  }
}

TEST(Automatic, WithoutTimeKeepsTheFirstFamily) {
  const Context context = Context::cpu();
  Random random(32);
  for (const std::int64_t components : {1, 3}) {
    const GaussianMixture mixture = random.mixture(components, 2, 2).build(context);
    const SchemeFamily first = components == 1 ? SchemeFamily::grid : SchemeFamily::per_component;
    const Quantization made = quantize(context, mixture, {.support = 40, .seconds = 1e-9});
    EXPECT_EQ(families(made.statistics), std::vector<SchemeFamily>{first});
    EXPECT_EQ(made.certificate.w2,
              quantize(context, mixture, {.support = 40, .family = first}).certificate.w2);
    const std::vector<SchemeFamily>& left_out = made.statistics.left_out;
    EXPECT_EQ(std::count(left_out.begin(), left_out.end(), SchemeFamily::lloyd), 1);
    EXPECT_EQ(std::count(left_out.begin(), left_out.end(), SchemeFamily::tree), 1);
  }
}

TEST(Automatic, ABatchHasTheBitsOfOneByOne) {
  const Context context = Context::cpu();
  Random random(33);
  std::vector<GaussianMixture> batch;
  for (int b = 0; b < 4; ++b) batch.push_back(random.mixture(1 + b, 2, 2).build(context));
  const QuantizeOptions options{.support = 15, .seconds = 600};
  const QuantizationBatch all = quantize(context, batch, {&options, 1});
  for (std::size_t b = 0; b < batch.size(); ++b) {
    const Quantization one = quantize(context, batch[b], options);
    EXPECT_EQ(one.certificate.w2, all.certificates[b].w2);
    EXPECT_EQ(one.statistics.family, all.families[b]);
  }
}

TEST(Automatic, WithTimeAToleranceIsMetWithTheFewestPointsOfAnyFamily) {
  const Context context = Context::cpu();
  Random random(35);
  for (const PlainMixture& plain :
       {random.mixture(3, 2, 2), random.homogeneous_mixture(5, 2, 1), random.mixture(1, 2, 0)}) {
    const GaussianMixture mixture = plain.build(context);
    const double tolerance =
        quantize(context, mixture, {.support = 40, .family = SchemeFamily::grid}).certificate.w2;
    const Quantization best = quantize(context, mixture, {.tolerance = tolerance, .seconds = 600});
    EXPECT_LE(best.certificate.w2, tolerance);
    EXPECT_TRUE(best.statistics.left_out.empty());
    for (const SchemeFamily family : {SchemeFamily::automatic, SchemeFamily::tree,
                                      SchemeFamily::lloyd, SchemeFamily::per_mode}) {
      if (family == SchemeFamily::per_mode && plain.components() == 1) continue;
      const Quantization one =
          quantize(context, mixture, {.tolerance = tolerance, .family = family});
      EXPECT_LE(best.scheme.support(), one.scheme.support()) << name(family);
    }
  }
}

TEST(Automatic, WithoutTimeAToleranceIsMetByTheFamiliesThatNeedNone) {
  const Context context = Context::cpu();
  Random random(36);
  const GaussianMixture mixture = random.mixture(3, 2, 2).build(context);
  const Quantization plain = quantize(context, mixture, {.tolerance = 0.5});
  const Quantization hurried = quantize(context, mixture, {.tolerance = 0.5, .seconds = 1e-9});
  EXPECT_EQ(hurried.scheme.support(), plain.scheme.support());
  EXPECT_EQ(hurried.certificate.w2, plain.certificate.w2);
  EXPECT_EQ(hurried.statistics.left_out,
            (std::vector{SchemeFamily::per_mode, SchemeFamily::tree, SchemeFamily::lloyd}));
}

/// The callback sleeps until there is no time, in the first family that needs it and reports;
/// nothing is said of a machine so slow that the time is over before.
TEST(Automatic, AFamilyInWhichTheTimeEndsIsLeftOut) {
  const Context context = Context::cpu();
  Random random(38);
  const GaussianMixture mixture = random.mixture(3, 2, 2).build(context);
  QuantizeOptions options{.support = 40};
  std::set<std::string> stages;
  options.progress = [&](const Progress& progress) {
    stages.emplace(progress.stage);
    return true;
  };
  const Quantization plain = quantize(context, mixture, options);
  options.seconds = 2;
  bool slept = false;
  options.progress = [&](const Progress& progress) {
    if (!slept && !stages.count(std::string(progress.stage))) {
      slept = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(2100));
    }
    return true;
  };
  const Quantization hurried = quantize(context, mixture, options);
  EXPECT_LE(hurried.certificate.w2, plain.certificate.w2);
  if (!slept) return;
  EXPECT_GE(hurried.statistics.left_out.size(), 1u);
}

TEST(Automatic, CancellationIsNotTakenForWantOfTime) {
  const Context context = Context::cpu();
  Random random(34);
  const GaussianMixture mixture = random.mixture(3, 2, 2).build(context);
  QuantizeOptions options{.support = 40, .seconds = 600};
  int calls = 0;
  options.progress = [&](const Progress&) { return ++calls < 8; };
  EXPECT_THROW(quantize(context, mixture, options), Cancelled);
}

TEST(Automatic, RefusesATimeThatIsNone) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = test::centred_gaussian(VectorXd{{1.0}}).build(context);
  for (const double seconds : std::vector<double>{-1, INFINITY, NAN})
    EXPECT_THROW(quantize(context, mixture, {.support = 4, .seconds = seconds}), InvalidArgument);
}

}  // namespace
}  // namespace wquant
