#include "wquant/learn.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "base/validation.hpp"
#include "support/samples.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

using test::rows;

const Box kBox = Box::cube(2, -0.5, 0.5);

LearnOptions few(BoundMethod method, int order) {
  LearnOptions options;
  options.method = method;
  options.order = order;
  options.clusters = {12};
  options.time_limit = 2;
  return options;
}

LearnedDistribution learn_gaussian(const LearnOptions& options, int threads = 0) {
  const auto train = test::truncated_gaussian<double>(1000, 2, 0.01, 1);
  const auto evaluation = test::truncated_gaussian<double>(20000, 2, 0.01, 2);
  return learn(Context::cpu({.threads = threads}), rows(train, 2), rows(evaluation, 2), kBox,
               options);
}

constexpr BoundMethod kMethods[] = {BoundMethod::split, BoundMethod::dual, BoundMethod::exact,
                                    BoundMethod::vertex, BoundMethod::fournier};

TEST(Learn, CountsAreTheProbabilities) {
  const LearnedDistribution learned = learn_gaussian(few(BoundMethod::split, 1));
  EXPECT_EQ(learned.evaluation.total(), 20000);
  EXPECT_EQ(learned.train.total(), 1000);
  std::int64_t atom = 0;
  for (std::int64_t k = 0; k < learned.partition.regions(); ++k) {
    const std::int64_t count = learned.evaluation.count[k];
    if (count == 0) continue;
    EXPECT_EQ(learned.distribution.probabilities()(atom), static_cast<double>(count) / 20000);
    for (std::int64_t i = 0; i < 2; ++i)
      EXPECT_EQ(learned.distribution.locations()(atom, i), learned.partition.locations()(k, i));
    ++atom;
  }
  EXPECT_EQ(atom, learned.distribution.size());
}

TEST(Learn, RegionsDependOnTheTrainingSamplesAlone) {
  const auto train = test::truncated_gaussian<double>(500, 2, 0.01, 1);
  const auto near = test::truncated_gaussian<double>(4000, 2, 0.01, 2);
  const auto far = test::uniform_samples<double>(4000, 2, -0.5, 0.5, 3);
  const LearnOptions options = few(BoundMethod::split, 2);
  const auto learned = [&](const std::vector<double>& evaluation) {
    return learn(Context::cpu(), rows(train, 2), rows(evaluation, 2), kBox, options);
  };
  const LearnedDistribution one = learned(near);
  const LearnedDistribution other = learned(far);
  EXPECT_EQ(one.partition.fingerprint(), other.partition.fingerprint());
  EXPECT_EQ(one.partition.radii(), other.partition.radii());
  EXPECT_GT(other.evaluation.count.back(), one.evaluation.count.back());
  EXPECT_GT(other.bound, one.bound);
}

TEST(Learn, LengthsFarFromOneMakeNoDifference) {
  for (const int order : {1, 2})
    for (const BoundMethod method : kMethods) {
      double plain = 0;
      for (const double unit : {1.0, 0x1p-200, 0x1p200}) {
        auto train = test::uniform_samples<double>(200, 2, 0, 1, 8);
        auto evaluation = test::uniform_samples<double>(1000, 2, 0, 1, 9);
        for (auto* samples : {&train, &evaluation})
          for (double& x : *samples) x *= unit;
        const double bound = learn(Context::cpu(), rows(train, 2), rows(evaluation, 2),
                                   Box::cube(2, 0, unit), few(method, order))
                                 .bound /
                             unit;
        if (unit == 1) plain = bound;
        EXPECT_NEAR(bound / plain, 1, 1e-6) << name(method) << " order " << order << " " << unit;
      }
    }
}

TEST(Learn, EveryMethodAndOrderGivesItsBound) {
  for (const int order : {1, 2}) {
    double bounds[5];
    for (const BoundMethod method : kMethods) {
      const LearnedDistribution learned = learn_gaussian(few(method, order));
      const double parts = std::visit([](const auto& b) { return b.bound; }, learned.parts);
      EXPECT_EQ(learned.parts.index(), static_cast<std::size_t>(method));
      EXPECT_GE(learned.bound, parts);
      EXPECT_LE(learned.bound, parts * (1 + 1e-12));
      bounds[static_cast<int>(method)] = learned.bound;
    }
    EXPECT_LT(bounds[0], bounds[1]);               // split < dual
    EXPECT_LE(bounds[2], bounds[1] * (1 + 1e-6));  // exact ≤ dual
    EXPECT_LE(bounds[1], bounds[3]);               // dual ≤ vertex
  }
}

TEST(Learn, FournierIsAboutTheEmpiricalDistribution) {
  const LearnedDistribution learned = learn_gaussian(few(BoundMethod::fournier, 1));
  EXPECT_EQ(learned.distribution.size(), 20000);
  EXPECT_NEAR(learned.distribution.probabilities()(7), 1.0 / 20000, 1e-20);
}

TEST(Learn, SameBitsForAnyNumberOfThreads) {
  for (const int order : {1, 2}) {
    const LearnedDistribution one = learn_gaussian(few(BoundMethod::split, order), 1);
    for (const int threads : {2, 8}) {
      const LearnedDistribution other = learn_gaussian(few(BoundMethod::split, order), threads);
      EXPECT_EQ(one.bound, other.bound);
      EXPECT_EQ(one.partition.fingerprint(), other.partition.fingerprint());
      EXPECT_EQ(one.evaluation.count, other.evaluation.count);
    }
  }
}

TEST(Learn, FloatsAndDoublesOfTheSameValuesAgree) {
  const auto train = test::truncated_gaussian<float>(1000, 3, 0.01, 3);
  const auto evaluation = test::truncated_gaussian<float>(5000, 3, 0.01, 4);
  const std::vector<double> train_doubles(train.begin(), train.end());
  const std::vector<double> evaluation_doubles(evaluation.begin(), evaluation.end());
  const Box box = Box::cube(3, -0.5, 0.5);
  const LearnOptions options = few(BoundMethod::split, 2);
  const Context context = Context::cpu();
  const double single = learn(context, rows(train, 3), rows(evaluation, 3), box, options).bound;
  const double twice =
      learn(context, rows(train_doubles, 3), rows(evaluation_doubles, 3), box, options).bound;
  EXPECT_NEAR(single / twice, 1, 0.05);  // other roundings on the way to other local minima
}

TEST(Learn, BettingIsACloseAlternative) {
  for (const int order : {1, 2}) {
    LearnOptions options = few(BoundMethod::split, order);
    const double stratified = std::get<SplitBound>(learn_gaussian(options).parts).moment;
    options.moment = Moment::betting;
    const double betting = std::get<SplitBound>(learn_gaussian(options).parts).moment;
    EXPECT_NEAR(betting / stratified, 1, 0.05);
    options.moment = Moment::bernstein;
    EXPECT_GE(std::get<SplitBound>(learn_gaussian(options).parts).moment, 0.99 * stratified);
  }
}

TEST(Learn, ChoosesTheNumberOfClustersOnTheTrainingSamples) {
  LearnOptions options = few(BoundMethod::split, 2);
  options.clusters = {};
  const LearnedDistribution learned = learn_gaussian(options);
  ASSERT_EQ(learned.tried.size(), 8u);  // 1, 2, 5, …, 200
  EXPECT_EQ(learned.tried.back().clusters, 200);
  EXPECT_EQ(learned.beta, options.beta);
  double best = INFINITY;
  std::int64_t chosen = 0;
  for (const ClusterTrial& trial : learned.tried) {
    if (trial.bound < best) {
      best = trial.bound;
      chosen = trial.clusters;
    }
    options.clusters = {trial.clusters};
    EXPECT_LE(learned.bound, 1.25 * learn_gaussian(options).bound) << trial.clusters;
  }
  EXPECT_EQ(learned.partition.clusters(), chosen);
  options.clusters = {chosen};
  EXPECT_EQ(learn_gaussian(options).bound, learned.bound);
}

/// By the bound of the method on the training samples' statistics, taken as many times.
TEST(Learn, EveryMethodOnRegionsChoosesANumberThatIsNearlyTheBest) {
  for (const BoundMethod method : {BoundMethod::dual, BoundMethod::vertex}) {
    LearnOptions options = few(method, 1);
    options.clusters = {2, 12, 30};
    const LearnedDistribution learned = learn_gaussian(options);
    ASSERT_EQ(learned.tried.size(), 3u);
    double best = INFINITY;
    for (const ClusterTrial& trial : learned.tried) {
      options.clusters = {trial.clusters};
      best = std::min(best, learn_gaussian(options).bound);
    }
    EXPECT_LE(learned.bound, 1.1 * best) << name(method);
  }
}

/// Judged by the samples that made the regions alone, the first would take too many clusters; by
/// held-out ones alone, the second would take a number whose rule does not route.
TEST(Learn, TheChosenNumberOfClustersIsNearlyTheBest) {
  struct Case {
    std::int64_t d, total;
    double variance;
    int order;
    std::vector<std::int64_t> clusters;
    std::uint64_t seed;
  };
  for (const Case& c : {Case{10, 20000, 0.03, 1, {50, 100, 200, 500}, 11},
                        Case{2, 100000, 0.01, 2, {20, 50, 100}, 13}}) {
    const auto train = test::truncated_gaussian<float>(5000, c.d, c.variance, c.seed);
    const auto evaluation = test::truncated_gaussian<float>(c.total, c.d, c.variance, c.seed + 1);
    LearnOptions options;
    options.order = c.order;
    const auto bound = [&](const std::vector<std::int64_t>& clusters) {
      options.clusters = clusters;
      return learn(Context::cpu(), rows(train, c.d), rows(evaluation, c.d),
                   Box::cube(c.d, -0.5, 0.5), options)
          .bound;
    };
    double best = INFINITY;
    for (const std::int64_t clusters : c.clusters) best = std::min(best, bound({clusters}));
    EXPECT_LE(bound(c.clusters), 1.03 * best) << "d = " << c.d;
  }
}

TEST(Learn, ChoosingOnTheEvaluationSamplesCostsConfidence) {
  LearnOptions options = few(BoundMethod::split, 2);
  options.clusters = {5, 10, 20};
  options.select_on = SelectOn::evaluation;
  const LearnedDistribution learned = learn_gaussian(options);
  EXPECT_EQ(learned.beta, options.beta);
  ASSERT_EQ(learned.tried.size(), 3u);
  options.select_on = SelectOn::train;
  options.beta /= 3;
  double least = INFINITY;
  for (std::size_t c = 0; c < 3; ++c) {
    options.clusters = {learned.tried[c].clusters};
    const double alone = learn_gaussian(options).bound;
    EXPECT_EQ(alone, learned.tried[c].bound);
    least = std::min(least, alone);
  }
  EXPECT_EQ(learned.bound, least);
}

TEST(Learn, ConstantDataHasAFiniteBoundThatFallsWithTheSamples) {
  const Box box = Box::cube(2, 0, 1);
  double last = INFINITY;
  for (const std::int64_t n : {2, 100, 100000}) {
    const std::vector<double> train(20, 0.25);
    const std::vector<double> evaluation(static_cast<std::size_t>(2 * n), 0.25);
    for (const BoundMethod method : kMethods) {
      const LearnedDistribution learned =
          learn(Context::cpu(), rows(train, 2), rows(evaluation, 2), box, few(method, 2));
      EXPECT_TRUE(std::isfinite(learned.bound)) << name(method);
      if (method != BoundMethod::fournier) {
        ASSERT_EQ(learned.distribution.size(), 1);
        EXPECT_EQ(learned.distribution.locations()(0, 0), 0.25);
        EXPECT_EQ(learned.distribution.probabilities()(0), 1);
      }
      if (method == BoundMethod::split) {
        EXPECT_LT(learned.bound, last);
        last = learned.bound;
      }
    }
  }
  EXPECT_LT(last, 0.03);
}

TEST(Learn, EveryDimension) {
  for (const std::int64_t d : {1, 1000}) {
    const auto train = test::uniform_samples<float>(60, d, 0, 1, 5);
    const auto evaluation = test::uniform_samples<float>(200, d, 0, 1, 6);
    for (const BoundMethod method : kMethods)
      for (const int order : {1, 2}) {
        const double bound = learn(Context::cpu(), rows(train, d), rows(evaluation, d),
                                   Box::cube(d, 0, 1), few(method, order))
                                 .bound;
        EXPECT_TRUE(std::isfinite(bound) && bound > 0) << name(method) << " " << bound;
      }
  }
}

TEST(Learn, MoreClustersThanSamplesAndDuplicates) {
  std::vector<double> train = {0.1, 0.2, 0.1, 0.2, 0.3, 0.4};
  const auto evaluation = test::uniform_samples<double>(500, 2, 0, 0.5, 7);
  LearnOptions options = few(BoundMethod::split, 1);
  options.clusters = {50};
  const LearnedDistribution learned =
      learn(Context::cpu(), rows(train, 2), rows(evaluation, 2), kBox, options);
  EXPECT_EQ(learned.partition.clusters(), 3);
  EXPECT_TRUE(std::isfinite(learned.bound));
}

template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Learn, RefusesWhatWouldVoidTheGuarantee) {
  const Context context = Context::cpu();
  const std::vector<double> good = {0.1, 0.2, 0.3, 0.4};
  const auto with = [&](const std::vector<double>& train, const std::vector<double>& evaluation,
                        const LearnOptions& options = {}) {
    return refusal([&] { learn(context, rows(train, 2), rows(evaluation, 2), kBox, options); });
  };
  EXPECT_EQ(with(good, {0.1, 0.2, 0.3, 0.75, 4, 5}),
            "evaluation: 2 of 3 samples lie outside the box; the first is evaluation[1][1]: 0.75, "
            "expected a number from -0.5 to 0.5");
  EXPECT_NE(with(good, {0.1, 0.2, NAN, 0.2}).find("evaluation[1][0]: nan"), std::string::npos);
  EXPECT_NE(with({0.1, INFINITY}, good).find("train[0][1]: inf"), std::string::npos);
  EXPECT_EQ(with(good, {0.1, 0.2}), "evaluation: 1 samples; expected at least 2");
  EXPECT_EQ(with({}, good), "train: no samples; expected at least one");

  const auto changed = [&](const auto& change) {
    LearnOptions options;
    change(options);
    return with(good, good, options);
  };
  EXPECT_EQ(changed([](auto& o) { o.clusters = {3, 0}; }), "clusters[1]: 0; expected at least 1");
  EXPECT_EQ(changed([](auto& o) { o.order = 3; }), "order: 3; expected 1 or 2");
  EXPECT_EQ(changed([](auto& o) { o.beta = 0; }), "beta: 0; expected a number in (0, 1)");
  EXPECT_EQ(changed([](auto& o) { o.beta = 1; }), "beta: 1; expected a number in (0, 1)");
  EXPECT_EQ(changed([](auto& o) { o.time_limit = -1; }),
            "time_limit: -1; expected a number of seconds >= 0");
  const std::vector<double> far = {1e100, 2e100, 3e100, 4e100};
  const Box wide = Box::cube(2, 0, 5e100);
  EXPECT_EQ(refusal([&] { learn(context, rows(far, 2), rows(far, 2), wide); }),
            "box: its diameter is " + number_text(wide.diameter()) +
                "; expected at most 1e+70 for order 2, so that fourth powers are finite");
  LearnOptions first;
  first.order = 1;
  EXPECT_TRUE(std::isfinite(learn(context, rows(far, 2), rows(far, 2), wide, first).bound));
  EXPECT_EQ(refusal([&] { learn(context, rows(good, 1), rows(good, 1), kBox); }),
            "train dimension: the shape is 1; expected 2");
}

TEST(Learn, CanBeCancelled) {
  LearnOptions options = few(BoundMethod::split, 2);
  options.progress = [](const Progress&) { return false; };
  EXPECT_THROW(learn_gaussian(options), Cancelled);
}

}  // namespace
}  // namespace wquant
