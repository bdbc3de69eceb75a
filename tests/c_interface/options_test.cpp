#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/c_interface.hpp"
#include "support/samples.hpp"

namespace wquant {
namespace {

using test::Borrowed;
using test::expect_refused;
using test::initialised;

/// Every option reaches the library: a value that it refuses is named.
class COptions : public testing::Test {
 protected:
  template <class Options>
  using Cases = std::vector<std::pair<std::string, std::function<void(Options&)>>>;

  template <class Options, class Call>
  static void expect_named(wquant_status (*init)(Options*, std::size_t),
                           const Cases<Options>& cases, const Call& call) {
    for (const auto& [message, spoil] : cases) {
      Options options = initialised(init);
      spoil(options);
      expect_refused(call(options), WQUANT_INVALID_ARGUMENT, message);
    }
  }

  test::Owned<wquant_context> context_ = test::c_cpu();
  const wquant_context* const c_ = context_.get();
  const std::vector<double> samples_ = test::uniform_samples<double>(60, 2, 0, 1, 1);
  const std::vector<double> zeros_ = {0, 0}, ones_ = {1, 1}, minus_ = {-1, 0};
  const Borrowed<double> points_{samples_, {30, 2}}, lower_{zeros_, {2}}, upper_{ones_, {2}};
};

TEST_F(COptions, OfContexts) {
  wquant_context* none = nullptr;
  expect_named<wquant_cpu_options>(
      wquant_cpu_options_init,
      {{"threads: 5000 is not a thread count", [](auto& o) { o.threads = 5000; }},
       {"options.reserved: 7", [](auto& o) { o.reserved = 7; }}},
      [&](const auto& o) { return wquant_context_create_cpu(&o, &none); });
  expect_named<wquant_cpu_options>(
      wquant_cpu_options_init, {{"threads: -2 is not", [](auto& o) { o.threads = -2; }}},
      [&](const auto& o) {
        wquant_status status = wquant_context_create_best(&o, &none);
        wquant_context_destroy(none);  // where there is a GPU nobody looks at the CPU's options
        return status == WQUANT_OK ? wquant_context_create_cpu(&o, &none) : status;
      });
  expect_named<wquant_cuda_options>(
      wquant_cuda_options_init, {{"options.reserved: 7", [](auto& o) { o.reserved = 7; }}},
      [&](const auto& o) { return wquant_context_create_cuda(&o, &none); });
}

TEST_F(COptions, OfMixtures) {
  const std::vector<double> weights = {0.5, 0.49}, covariances = {1, 0.1, 0, 1, 1, 0, 0, -0.1};
  const std::vector<double> skew = {1, 0.1, 0, 1};
  const Borrowed<double> light(weights, {2}), single(ones_, {1}), mean(zeros_, {1, 2}),
      pair(samples_, {2, 2}), asymmetric(&covariances[0], {1, 2, 2}),
      negative(&covariances[4], {1, 2, 2}), v(skew, {2, 2}), values(ones_, {1, 2});
  wquant_mixture* made = nullptr;
  const auto refused_until = [&](double wquant_mixture_tolerances::*tolerance, wquant_status status,
                                 const auto& make) {
    wquant_mixture_tolerances t = initialised(wquant_mixture_tolerances_init);
    EXPECT_EQ(make(&t), status) << wquant_last_error();
    t.*tolerance = 0.5;
    EXPECT_EQ(make(&t), WQUANT_OK) << wquant_last_error();
    wquant_mixture_destroy(made);
  };
  refused_until(
      &wquant_mixture_tolerances::weight_sum, WQUANT_INVALID_ARGUMENT, [&](const auto* t) {
        return wquant_mixture_create_diagonal(c_, light.get(), pair.get(), pair.get(), t, &made);
      });
  refused_until(&wquant_mixture_tolerances::asymmetry, WQUANT_INVALID_ARGUMENT, [&](const auto* t) {
    return wquant_mixture_create_full(c_, single.get(), mean.get(), asymmetric.get(), t, &made);
  });
  refused_until(
      &wquant_mixture_tolerances::negative, WQUANT_NOT_POSITIVE_SEMIDEFINITE, [&](const auto* t) {
        return wquant_mixture_create_full(c_, single.get(), mean.get(), negative.get(), t, &made);
      });
  refused_until(&wquant_mixture_tolerances::orthogonality, WQUANT_INVALID_ARGUMENT,
                [&](const auto* t) {
                  return wquant_mixture_create_eigen(c_, single.get(), mean.get(), values.get(),
                                                     v.get(), t, &made);
                });
}

TEST_F(COptions, OfQuantize) {
  const auto mixture = test::c_standard_normal(c_);
  wquant_quantization* none = nullptr;
  expect_named<wquant_quantize_options>(
      wquant_quantize_options_init,
      {{"support: 0 points", [](auto& o) { o.support = 0; }},
       {"tolerance: -1;", [](auto& o) { o.tolerance = -1; }},
       {"seconds: -1;", [](auto& o) { o.seconds = -1; }},
       {"options.family: -1;", [](auto& o) { o.family = -1; }},
       {"options.radii: 3;", [](auto& o) { o.radii = 3; }},
       {"options.local: 3;", [](auto& o) { o.local = 3; }},
       {"reduced_components: -1;", [](auto& o) { o.reduced_components = -1; }},
       {"active_dimensions: 3;", [](auto& o) { o.active_dimensions = 3; }},
       {"fine_support: -1 points;", [](auto& o) { o.fine_support = -1; }},
       {"rank_tolerance: nan;", [](auto& o) { o.rank_tolerance = NAN; }}},
      [&](const auto& o) { return wquant_quantize(c_, mixture.get(), &o, &none); });
}

TEST_F(COptions, OfLearn) {
  static constexpr std::int64_t kNone[] = {0};
  wquant_learned* none = nullptr;
  expect_named<wquant_learn_options>(
      wquant_learn_options_init,
      {{"order: 3;", [](auto& o) { o.order = 3; }},
       {"options.method: 5;", [](auto& o) { o.method = 5; }},
       {"options.select_on: 2;", [](auto& o) { o.select_on = 2; }},
       {"options.moment: 3;", [](auto& o) { o.moment = 3; }},
       {"options.discrete: 3;", [](auto& o) { o.discrete = 3; }},
       {"options.costs: 2;", [](auto& o) { o.costs = 2; }},
       {"beta: 0;", [](auto& o) { o.beta = 0; }},
       {"clusters", [](auto& o) { o.clusters = kNone; }},
       {"options.clusters_count: -1;", [](auto& o) { o.clusters_count = -1; }},
       {"time_limit: -1", [](auto& o) { o.time_limit = -1; }},
       {"radius_factor: -1;", [](auto& o) { o.radius_factor = -1; }},
       {"neighbour_fraction: 2;", [](auto& o) { o.neighbour_fraction = 2; }},
       {"iterations: -1;", [](auto& o) { o.iterations = -1; }},
       {"train_samples: 9;", [](auto& o) { o.train_samples = 9; }}},
      [&](const auto& o) {
        return wquant_learn(c_, points_.get(), points_.get(), lower_.get(), upper_.get(), &o,
                            &none);
      });
}

TEST_F(COptions, OfKmeans) {
  const Borrowed<double> negative(minus_, {2}), elsewhere(minus_, {2, 1});
  wquant_clustering* none = nullptr;
  expect_named<wquant_kmeans_options>(
      wquant_kmeans_options_init,
      {{"clusters: 0;", [](auto& o) { o.clusters = 0; }},
       {"weights: the shape is 2; expected 30", [&](auto& o) { o.weights = negative.get(); }},
       {"start: the shape is 1; expected 2", [&](auto& o) { o.start = elsewhere.get(); }},
       {"iterations: -1;", [](auto& o) { o.iterations = -1; }},
       {"tolerance: -1;", [](auto& o) { o.tolerance = -1; }}},
      [&](const auto& o) { return wquant_kmeans(c_, points_.get(), &o, &none); });
}

/// Seeds are never refused: they show in what comes out.
template <class Outcome>
void expect_seed_matters(const Outcome& outcome) {
  std::set<double> found;
  for (std::uint64_t seed = 0; seed < 10; ++seed) found.insert(outcome(seed));
  EXPECT_GT(found.size(), 1);
  EXPECT_EQ(outcome(3), outcome(3));
}

TEST_F(COptions, SeedOfQuantize) {
  const std::vector<double> weights(30, 1.0 / 30), variances(60, 0.01);
  const Borrowed<double> w(weights, {30}), v(variances, {30, 2});
  const auto mixture = test::owned<wquant_mixture>([&](auto out) {
    return wquant_mixture_create_diagonal(c_, w.get(), points_.get(), v.get(), nullptr, out);
  });
  expect_seed_matters([&](std::uint64_t seed) {
    wquant_quantize_options options = initialised(wquant_quantize_options_init);
    options.reduced_components = 8;
    options.seed = seed;
    const auto made = test::owned<wquant_quantization>(
        [&](auto out) { return wquant_quantize(c_, mixture.get(), &options, out); });
    wquant_certificate found;
    EXPECT_EQ(wquant_quantization_certificate(made.get(), &found, sizeof found), WQUANT_OK);
    return found.reduction;
  });
}

TEST_F(COptions, SeedOfLearn) {
  expect_seed_matters([&](std::uint64_t seed) {
    static constexpr std::int64_t kEight[] = {8};
    wquant_learn_options options = initialised(wquant_learn_options_init);
    options.clusters = kEight;
    options.iterations = 0;
    options.seed = seed;
    const auto made = test::owned<wquant_learned>([&](auto out) {
      return wquant_learn(c_, points_.get(), points_.get(), lower_.get(), upper_.get(), &options,
                          out);
    });
    wquant_learned_bound found;
    EXPECT_EQ(wquant_learned_get_bound(made.get(), &found, sizeof found), WQUANT_OK);
    return found.bound;
  });
}

TEST_F(COptions, SeedOfKmeans) {
  expect_seed_matters([&](std::uint64_t seed) {
    wquant_kmeans_options options = initialised(wquant_kmeans_options_init);
    options.clusters = 8;
    options.iterations = 0;
    options.seed = seed;
    const auto made = test::owned<wquant_clustering>(
        [&](auto out) { return wquant_kmeans(c_, points_.get(), &options, out); });
    wquant_clustering_info info;
    EXPECT_EQ(wquant_clustering_get_info(made.get(), &info, sizeof info), WQUANT_OK);
    return info.objective;
  });
}

}  // namespace
}  // namespace wquant
