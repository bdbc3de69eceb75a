#include "support/c_interface.hpp"

#include <bit>
#include <cstring>
#include <variant>

#include "conformance/contexts.hpp"
#include "support/mixtures.hpp"
#include "support/samples.hpp"
#include "wquant/wquant.h"

namespace wquant {
namespace {

using test::Borrowed;
using test::initialised;
using test::on_host;
using test::Owned;
using test::owned;
using test::placed;
using test::PlainMixture;

/// The C interface gives the bits of the C++ interface, from host memory and from the context's.
class CInterface : public test::EveryContext {
 protected:
  void SetUp() override {
    EveryContext::SetUp();
    if (IsSkipped() || HasFailure()) return;
    c_ = owned<wquant_context>([&](auto out) {
      if (GetParam() == "cuda") return wquant_context_create_cuda(nullptr, out);
      wquant_cpu_options options = initialised(wquant_cpu_options_init);
      options.threads = GetParam() == "cpu_1" ? 1 : 0;
      return wquant_context_create_cpu(&options, out);
    });
    ASSERT_EQ(wquant_context_device(c_.get(), &device_), WQUANT_OK);
    EXPECT_EQ(device_.device_type == kDLCUDA, GetParam() == "cuda");
  }

  const wquant_context* c() const { return c_.get(); }

  /// Values in the memory of the context, there before the call returns.
  template <class T>
  Array<T> ready(const std::vector<T>& values, std::int64_t cols = 1) {
    Array<T> out = placed(context(), values, cols);
    context().backend().wait();
    return out;
  }

  /// The elements of a tensor that lies where it should.
  template <class T>
  std::vector<T> elements(const DLManagedTensor& tensor) {
    EXPECT_EQ(tensor.dl_tensor.device.device_type, device_.device_type);
    EXPECT_EQ(tensor.dl_tensor.device.device_id, device_.device_id);
    std::int64_t size = 1;
    for (int i = 0; i < tensor.dl_tensor.ndim; ++i) size *= tensor.dl_tensor.shape[i];
    std::vector<T> out(static_cast<std::size_t>(size));
    context().backend().copy_to_host(out.data(), tensor.dl_tensor.data, sizeof(T) * out.size());
    return out;
  }

  Owned<wquant_context> c_;
  DLDevice device_{};
};
INSTANTIATE_TEST_SUITE_P(Contexts, CInterface, test::all_backends(), test::backend_name);

/// A mixture as three arrays.
struct Flat {
  std::int64_t components, dimension;
  std::vector<double> weights, means, covariances;

  explicit Flat(const PlainMixture& plain)
      : components(plain.components()), dimension(plain.dimension()), weights(plain.weights) {
    for (std::size_t i = 0; i < plain.weights.size(); ++i) {
      const test::RowMajor covariance = plain.covariances[i];
      means.insert(means.end(), plain.means[i].begin(), plain.means[i].end());
      covariances.insert(covariances.end(), covariance.data(),
                         covariance.data() + covariance.size());
    }
  }
};

Owned<wquant_mixture> make_full(const wquant_context* context, const Flat& flat, DLDevice device,
                                const double* weights, const double* means,
                                const double* covariances) {
  const std::int64_t k = flat.components;
  const std::int64_t d = flat.dimension;
  const Borrowed<double> w(weights, {k}, device), m(means, {k, d}, device),
      sigma(covariances, {k, d, d}, device);
  return owned<wquant_mixture>([&](auto out) {
    return wquant_mixture_create_full(context, w.get(), m.get(), sigma.get(), nullptr, out);
  });
}

std::vector<double> numbers(const Certificate& c) {
  return {c.w2, c.cells, c.dropped, c.reduction, c.basis, c.rounding, c.centroid_gap};
}

std::vector<double> certificate_of(const wquant_quantization* quantization) {
  wquant_certificate c;
  EXPECT_EQ(wquant_quantization_certificate(quantization, &c, sizeof c), WQUANT_OK);
  return {c.w2, c.cells, c.dropped, c.reduction, c.basis, c.rounding, c.centroid_gap};
}

Owned<DLManagedTensor> locations_of(const wquant_quantization* quantization, bool on_host) {
  return owned<DLManagedTensor>(
      [&](auto out) { return wquant_quantization_locations(quantization, on_host, out); });
}

Owned<DLManagedTensor> probabilities_of(const wquant_quantization* quantization, bool on_host) {
  return owned<DLManagedTensor>(
      [&](auto out) { return wquant_quantization_probabilities(quantization, on_host, out); });
}

struct Wish {
  QuantizeOptions cpp;
  wquant_quantize_options c = initialised(wquant_quantize_options_init);

  Wish(std::int64_t support, SchemeFamily scheme) {
    cpp.support = c.support = support;
    cpp.family = scheme;
    c.family = static_cast<std::int32_t>(scheme);
  }
};

std::vector<Wish> wishes() {
  std::vector<Wish> out;
  for (const SchemeFamily family :
       {SchemeFamily::automatic, SchemeFamily::grid, SchemeFamily::cross, SchemeFamily::per_mode})
    out.emplace_back(30, family);
  Wish other(12, SchemeFamily::cross);
  other.cpp.radii = CrossRadii::unscented;
  other.c.radii = WQUANT_RADII_UNSCENTED;
  other.cpp.active_dimensions = other.c.active_dimensions = 1;
  out.push_back(other);
  other = Wish(9, SchemeFamily::lloyd);
  other.cpp.fine_support = other.c.fine_support = 100;
  other.cpp.seed = other.c.seed = 5;
  out.push_back(other);
  other = Wish(20, SchemeFamily::per_mode);
  other.cpp.local = LocalScale::moments;
  other.c.local = WQUANT_LOCAL_MOMENTS;
  other.cpp.reduced_components = other.c.reduced_components = 2;
  out.push_back(other);
  other = Wish(100, SchemeFamily::grid);
  other.cpp.tolerance = other.c.tolerance = 1.5;
  other.cpp.rank_tolerance = other.c.rank_tolerance = 0.1;
  out.push_back(other);
  return out;
}

TEST_P(CInterface, QuantizeGivesTheBitsOfCpp) {
  test::Random random(71);
  const PlainMixture plain = random.mixture(3, 2, 2);
  const Flat flat(plain);
  const GaussianMixture mixture = plain.build(context());
  const auto c_mixture = make_full(c(), flat, {kDLCPU, 0}, flat.weights.data(), flat.means.data(),
                                   flat.covariances.data());
  for (const Wish& wish : wishes()) {
    const Quantization wanted = quantize(context(), mixture, wish.cpp);
    const auto found = owned<wquant_quantization>(
        [&](auto out) { return wquant_quantize(c(), c_mixture.get(), &wish.c, out); });
    EXPECT_EQ(certificate_of(found.get()), numbers(wanted.certificate));
    const std::vector<double> locations = on_host(wanted.distribution.locations());
    EXPECT_EQ(elements<double>(*locations_of(found.get(), false)), locations);
    EXPECT_EQ(elements<double>(*probabilities_of(found.get(), false)),
              on_host(wanted.distribution.probabilities()));
    const auto brought = locations_of(found.get(), true);
    EXPECT_EQ(brought->dl_tensor.device.device_type, kDLCPU);
    EXPECT_EQ(test::values_of<double>(*brought), locations);
    wquant_quantize_statistics statistics;
    ASSERT_EQ(wquant_quantization_statistics(found.get(), &statistics, sizeof statistics),
              WQUANT_OK);
    EXPECT_EQ(statistics.family, static_cast<int>(wanted.statistics.family));
    ASSERT_EQ(statistics.trials, static_cast<std::int64_t>(wanted.statistics.tried.size()));
    for (std::int64_t i = 0; i < statistics.trials; ++i) {
      wquant_scheme_trial trial;
      ASSERT_EQ(wquant_quantization_trial(found.get(), i, &trial, sizeof trial), WQUANT_OK);
      EXPECT_EQ(trial.w2, wanted.statistics.tried[static_cast<std::size_t>(i)].w2);
    }
  }
}

TEST_P(CInterface, MixturesMayLieInTheContextsMemory) {
  test::Random random(72);
  const Flat flat(random.mixture(4, 3, 1));
  const Array<double> weights = ready(flat.weights);
  const Array<double> means = ready(flat.means, 3);
  const Array<double> covariances = ready(flat.covariances, 9);
  const auto here = make_full(c(), flat, {kDLCPU, 0}, flat.weights.data(), flat.means.data(),
                              flat.covariances.data());
  const auto there =
      make_full(c(), flat, device_, weights.data(), means.data(), covariances.data());
  const auto certified = [&](const wquant_mixture* mixture) {
    const auto made = owned<wquant_quantization>(
        [&](auto out) { return wquant_quantize(c(), mixture, nullptr, out); });
    return std::pair(certificate_of(made.get()),
                     elements<double>(*locations_of(made.get(), false)));
  };
  EXPECT_EQ(certified(there.get()), certified(here.get()));
}

TEST_P(CInterface, MemoryOfAnotherDeviceIsRefused) {
  const std::vector<double> one = {1};
  DLDevice other = {kDLCUDA, device_.device_id + 1};
  const Borrowed<double> weights(one.data(), {1}), means(one.data(), {1, 1}, other);
  wquant_mixture* mixture = nullptr;
  test::expect_refused(wquant_mixture_create_diagonal(c(), weights.get(), means.get(), means.get(),
                                                      nullptr, &mixture),
                       WQUANT_INVALID_ARGUMENT,
                       "means: memory of CUDA device 1; expected memory of the host");
}

TEST_P(CInterface, TensorsOutliveHandleAndContext) {
  auto own = owned<wquant_context>([&](auto out) {
    return GetParam() == "cuda" ? wquant_context_create_cuda(nullptr, out)
                                : wquant_context_create_cpu(nullptr, out);
  });
  const auto mixture = test::c_standard_normal(own.get());
  auto made = owned<wquant_quantization>(
      [&](auto out) { return wquant_quantize(own.get(), mixture.get(), nullptr, out); });
  const auto kept = locations_of(made.get(), false);
  const std::vector<double> values = elements<double>(*kept);
  made.reset();
  own.reset();
  EXPECT_EQ(elements<double>(*kept), values);
}

TEST_P(CInterface, CancellationLeavesTheContextUsable) {
  const auto mixture = test::c_standard_normal(c());
  wquant_quantize_options options = initialised(wquant_quantize_options_init);
  options.progress = [](const char*, double, void*) { return false; };
  wquant_quantization* none = nullptr;
  test::expect_refused(wquant_quantize(c(), mixture.get(), &options, &none), WQUANT_CANCELLED,
                       "cancelled during ");
  options.progress = nullptr;
  const auto made = owned<wquant_quantization>(
      [&](auto out) { return wquant_quantize(c(), mixture.get(), &options, out); });
  EXPECT_GT(certificate_of(made.get()).front(), 0);
}

template <class T>
struct Samples {
  std::vector<T> train = test::truncated_gaussian<T>(200, 2, 0.01, 1);
  std::vector<T> evaluation = test::truncated_gaussian<T>(1000, 2, 0.01, 2);
};

/// The options of C that say the same.
wquant_learn_options as_c(const LearnOptions& o) {
  wquant_learn_options out = initialised(wquant_learn_options_init);
  out.order = o.order;
  out.method = static_cast<std::int32_t>(o.method);
  out.select_on = static_cast<std::int32_t>(o.select_on);
  out.moment = static_cast<std::int32_t>(o.moment);
  out.discrete = static_cast<std::int32_t>(o.discrete);
  out.costs = static_cast<std::int32_t>(o.costs);
  out.beta = o.beta;
  out.clusters = o.clusters.data();
  out.clusters_count = static_cast<std::int64_t>(o.clusters.size());
  out.time_limit = o.time_limit;
  out.radius_factor = o.radius_factor;
  out.neighbour_fraction = o.neighbour_fraction;
  out.seed = o.seed;
  out.iterations = o.iterations;
  out.train_samples = o.train_samples;
  return out;
}

/// What C learned is what C++ learned with these options.
void expect_learned(const wquant_learned* found, const LearnedDistribution& wanted,
                    const LearnOptions& options) {
  wquant_learned_bound bound;
  ASSERT_EQ(wquant_learned_get_bound(found, &bound, sizeof bound), WQUANT_OK);
  EXPECT_EQ(bound.bound, wanted.bound);
  EXPECT_EQ(bound.beta, options.beta);
  EXPECT_EQ(bound.order, options.order);
  EXPECT_EQ(bound.method, static_cast<int>(options.method));
  if (const auto* split = std::get_if<SplitBound>(&wanted.parts)) {
    EXPECT_EQ(bound.moment, split->moment);
    EXPECT_EQ(bound.discrete, split->discrete);
    EXPECT_EQ(bound.capacity, split->capacity);
    EXPECT_EQ(bound.routed, split->routed);
  } else if (const auto* dual = std::get_if<DualBound>(&wanted.parts)) {
    EXPECT_EQ(bound.lower, dual->lower);
    EXPECT_EQ(bound.rounds, dual->rounds);
    EXPECT_EQ(bound.optimal, dual->optimal);
  }
  const auto locations =
      owned<DLManagedTensor>([&](auto out) { return wquant_learned_locations(found, out); });
  EXPECT_EQ(test::values_of<double>(*locations), on_host(wanted.distribution.locations()));
  const auto probabilities =
      owned<DLManagedTensor>([&](auto out) { return wquant_learned_probabilities(found, out); });
  EXPECT_EQ(test::values_of<double>(*probabilities), on_host(wanted.distribution.probabilities()));
  wquant_learn_statistics statistics;
  ASSERT_EQ(wquant_learned_statistics(found, &statistics, sizeof statistics), WQUANT_OK);
  EXPECT_EQ(statistics.regions, wanted.partition.regions());
  EXPECT_EQ(statistics.trials, static_cast<std::int64_t>(wanted.tried.size()));
}

/// learn through C from the context's memory, and through C++.
template <class T>
void check_learn(const Context& context, const wquant_context* c, const Array<T>& train,
                 const Array<T>& evaluation, DLDevice device, const LearnOptions& options) {
  const std::vector<double> from(2, -0.5), to(2, 0.5);
  const Borrowed<double> lower(from, {2}), upper(to, {2});
  const LearnedDistribution wanted =
      learn(context, train.view(), evaluation.view(), Box::cube(2, -0.5, 0.5), options);
  const Borrowed<T> t(train.data(), {train.rows(), 2}, device),
      e(evaluation.data(), {evaluation.rows(), 2}, device);
  const wquant_learn_options c_options = as_c(options);
  const auto found = owned<wquant_learned>([&](auto out) {
    return wquant_learn(c, t.get(), e.get(), lower.get(), upper.get(), &c_options, out);
  });
  expect_learned(found.get(), wanted, options);
}

TEST_P(CInterface, LearnGivesTheBitsOfCpp) {
  LearnOptions options;
  options.clusters = {8};
  options.iterations = 5;
  const Samples<double> doubles;
  const Array<double> train = ready(doubles.train, 2), evaluation = ready(doubles.evaluation, 2);
  check_learn(context(), c(), train, evaluation, device_, options);
  options.method = BoundMethod::dual;
  options.order = 1;
  options.beta = 1e-3;
  options.costs = Costs::paper;
  options.radius_factor = 2;
  options.neighbour_fraction = 0.5;
  check_learn(context(), c(), train, evaluation, device_, options);
}

TEST_P(CInterface, LearnFromFloatsGivesTheBitsOfCpp) {
  const Samples<float> floats;
  LearnOptions options;
  options.clusters = {3, 6};
  options.iterations = 3;
  options.seed = 4;
  options.select_on = SelectOn::evaluation;
  options.moment = Moment::bernstein;
  options.discrete = DiscreteTerm::tree;
  check_learn(context(), c(), ready(floats.train, 2), ready(floats.evaluation, 2), device_,
              options);
}

TEST_P(CInterface, LearnFromOneSetGivesTheBitsOfCpp) {
  const std::vector<double> from(2, -0.5), to(2, 0.5);
  const Borrowed<double> lower(from, {2}), upper(to, {2});
  const Array<float> samples = ready(Samples<float>().evaluation, 2);
  const Borrowed<float> all(samples.data(), {samples.rows(), 2}, device_);
  const LearnOptions options{.clusters = {6}, .seed = 9, .train_samples = 300};
  const wquant_learn_options c_options = as_c(options);
  const auto found = owned<wquant_learned>([&](auto out) {
    return wquant_learn_one_set(c(), all.get(), lower.get(), upper.get(), &c_options, out);
  });
  expect_learned(found.get(), learn(context(), samples, Box::cube(2, -0.5, 0.5), options), options);
}

TEST_P(CInterface, OneGaussianGivesTheBitsOfCpp) {
  const Flat flat(test::Random(73).mixture(1, 3, 2));
  const Array<double> mean = ready(flat.means), covariance = ready(flat.covariances, 3);
  const Borrowed<double> m(mean.data(), {3}, device_), s(covariance.data(), {3, 3}, device_);
  const auto mixture = owned<wquant_mixture>([&](auto out) {
    return wquant_mixture_create_gaussian(c(), m.get(), s.get(), nullptr, out);
  });
  const auto found = owned<wquant_quantization>(
      [&](auto out) { return wquant_quantize(c(), mixture.get(), nullptr, out); });
  const Quantization wanted =
      quantize(context(), GaussianMixture::gaussian(context(), mean, covariance));
  EXPECT_EQ(certificate_of(found.get()), numbers(wanted.certificate));
  EXPECT_EQ(elements<double>(*locations_of(found.get(), false)),
            on_host(wanted.distribution.locations()));
}

template <class T>
struct Clusters {
  std::vector<T> points = test::truncated_gaussian<T>(400, 3, 0.02, 5);
  std::vector<T> start = test::truncated_gaussian<T>(5, 3, 0.02, 6);
  std::vector<double> weights = test::uniform_samples<double>(400, 1, 0, 1, 7);
};

TEST_P(CInterface, KmeansGivesTheBitsOfCpp) {
  const Clusters<double> data;
  const Array<double> points = ready(data.points, 3);
  const KmeansOptions<double> options{.clusters = 7,
                                      .weights = {data.weights.data(), 400},
                                      .seed = 3,
                                      .iterations = 4,
                                      .tolerance = 1e-3};
  const KmeansResult<double> wanted = kmeans(context(), points.view(), options);
  const Borrowed<double> x(points.data(), {400, 3}, device_), w(data.weights, {400});
  wquant_kmeans_options c_options = initialised(wquant_kmeans_options_init);
  c_options.clusters = 7;
  c_options.weights = w.get();
  c_options.seed = 3;
  c_options.iterations = 4;
  c_options.tolerance = 1e-3;
  const auto found = owned<wquant_clustering>(
      [&](auto out) { return wquant_kmeans(c(), x.get(), &c_options, out); });
  const auto centres = owned<DLManagedTensor>(
      [&](auto out) { return wquant_clustering_centres(found.get(), false, out); });
  const auto labels = owned<DLManagedTensor>(
      [&](auto out) { return wquant_clustering_labels(found.get(), false, out); });
  EXPECT_EQ(elements<double>(*centres), on_host(wanted.centres));
  EXPECT_EQ(elements<std::int64_t>(*labels), on_host(wanted.labels));
  wquant_clustering_info info;
  ASSERT_EQ(wquant_clustering_get_info(found.get(), &info, sizeof info), WQUANT_OK);
  EXPECT_EQ(info.objective, wanted.objective);
  EXPECT_EQ(info.iterations, wanted.iterations);
  ASSERT_EQ(info.records, static_cast<std::int64_t>(wanted.history.size()));
  wquant_kmeans_record last;
  ASSERT_EQ(wquant_clustering_record(found.get(), info.records - 1, &last, sizeof last), WQUANT_OK);
  EXPECT_EQ(last.objective, wanted.history.back().objective);
  EXPECT_EQ(last.moved, wanted.history.back().moved);
}

TEST_P(CInterface, KmeansOfFloatsFromAStartGivesTheBitsOfCpp) {
  const Clusters<float> data;
  const Array<float> points = ready(data.points, 3), start = ready(data.start, 3);
  const KmeansOptions<float> options{.start = start.view(), .iterations = 3};
  const KmeansResult<float> wanted = kmeans(context(), points.view(), options);
  const Borrowed<float> x(points.data(), {400, 3}, device_), s(start.data(), {5, 3}, device_);
  wquant_kmeans_options c_options = initialised(wquant_kmeans_options_init);
  c_options.start = s.get();
  c_options.iterations = 3;
  const auto found = owned<wquant_clustering>(
      [&](auto out) { return wquant_kmeans(c(), x.get(), &c_options, out); });
  const auto centres = owned<DLManagedTensor>(
      [&](auto out) { return wquant_clustering_centres(found.get(), false, out); });
  EXPECT_EQ(elements<float>(*centres), on_host(wanted.centres));
  const auto brought = owned<DLManagedTensor>(
      [&](auto out) { return wquant_clustering_labels(found.get(), true, out); });
  EXPECT_EQ(test::values_of<std::int64_t>(*brought), on_host(wanted.labels));
}

}  // namespace
}  // namespace wquant
