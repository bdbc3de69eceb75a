#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "support/c_interface.hpp"
#include "support/samples.hpp"

namespace wquant {
namespace {

using test::Borrowed;
using test::expect_refused;
using test::owned;

/// Each pointer that may not be NULL is NULL once, the others are as they should be.
class CNulls : public testing::Test {
 protected:
  using Call = std::function<wquant_status()>;

  static void expect_named(const std::vector<std::pair<std::string, Call>>& calls) {
    for (const auto& [name, call] : calls)
      expect_refused(call(), WQUANT_INVALID_ARGUMENT, name + ": NULL; expected a valid pointer");
  }

  test::Owned<wquant_context> context_ = test::c_cpu();
  test::Owned<wquant_mixture> mixture_ = test::c_standard_normal(context_.get());
  const wquant_context* const c_ = context_.get();
  const std::vector<double> numbers_ = test::uniform_samples<double>(100, 1, 0, 1, 1);
  const std::vector<double> bounds_ = {0, 1};
  const Borrowed<double> vector_{numbers_, {1}}, matrix_{numbers_, {1, 1}},
      tensor_{numbers_, {1, 1, 1}}, samples_{numbers_, {100, 1}}, lower_{&bounds_[0], {1}},
      upper_{&bounds_[1], {1}};
};

TEST_F(CNulls, OfInitialisers) {
  expect_named({{"options", [] { return wquant_cpu_options_init(nullptr, 24); }},
                {"options", [] { return wquant_cuda_options_init(nullptr, 32); }},
                {"tolerances", [] { return wquant_mixture_tolerances_init(nullptr, 40); }},
                {"options", [] { return wquant_quantize_options_init(nullptr, 104); }},
                {"options", [] { return wquant_learn_options_init(nullptr, 120); }},
                {"options", [] { return wquant_kmeans_options_init(nullptr, 72); }}});
}

TEST_F(CNulls, OfContexts) {
  DLDevice device{};
  std::size_t bytes = 0;
  expect_named({{"context", [] { return wquant_context_create_cpu(nullptr, nullptr); }},
                {"context", [] { return wquant_context_create_cuda(nullptr, nullptr); }},
                {"context", [] { return wquant_context_create_best(nullptr, nullptr); }},
                {"context", [&] { return wquant_context_device(nullptr, &device); }},
                {"device", [&] { return wquant_context_device(c_, nullptr); }},
                {"context", [&] { return wquant_context_workspace_limit(nullptr, &bytes); }},
                {"bytes", [&] { return wquant_context_workspace_limit(c_, nullptr); }}});
}

TEST_F(CNulls, OfMixtures) {
  const auto *const v = vector_.get(), *const m = matrix_.get(), *const t = tensor_.get();
  wquant_mixture* out = nullptr;
  wquant_mixture_info info;
  const auto gaussian = wquant_mixture_create_gaussian;
  const auto full = wquant_mixture_create_full;
  const auto diagonal = wquant_mixture_create_diagonal;
  const auto eigen = wquant_mixture_create_eigen;
  expect_named({{"context", [&] { return gaussian(nullptr, v, m, nullptr, &out); }},
                {"mean", [&] { return gaussian(c_, nullptr, m, nullptr, &out); }},
                {"covariance", [&] { return gaussian(c_, v, nullptr, nullptr, &out); }},
                {"mixture", [&] { return gaussian(c_, v, m, nullptr, nullptr); }},
                {"context", [&] { return full(nullptr, v, m, t, nullptr, &out); }},
                {"weights", [&] { return full(c_, nullptr, m, t, nullptr, &out); }},
                {"means", [&] { return full(c_, v, nullptr, t, nullptr, &out); }},
                {"covariances", [&] { return full(c_, v, m, nullptr, nullptr, &out); }},
                {"mixture", [&] { return full(c_, v, m, t, nullptr, nullptr); }},
                {"context", [&] { return diagonal(nullptr, v, m, m, nullptr, &out); }},
                {"weights", [&] { return diagonal(c_, nullptr, m, m, nullptr, &out); }},
                {"means", [&] { return diagonal(c_, v, nullptr, m, nullptr, &out); }},
                {"variances", [&] { return diagonal(c_, v, m, nullptr, nullptr, &out); }},
                {"mixture", [&] { return diagonal(c_, v, m, m, nullptr, nullptr); }},
                {"context", [&] { return eigen(nullptr, v, m, m, t, nullptr, &out); }},
                {"weights", [&] { return eigen(c_, nullptr, m, m, t, nullptr, &out); }},
                {"means", [&] { return eigen(c_, v, nullptr, m, t, nullptr, &out); }},
                {"eigenvalues", [&] { return eigen(c_, v, m, nullptr, t, nullptr, &out); }},
                {"eigenvectors", [&] { return eigen(c_, v, m, m, nullptr, nullptr, &out); }},
                {"mixture", [&] { return eigen(c_, v, m, m, t, nullptr, nullptr); }},
                {"mixture", [&] { return wquant_mixture_get_info(nullptr, &info, sizeof info); }},
                {"info", [&] { return wquant_mixture_get_info(mixture_.get(), nullptr, 32); }}});
}

TEST_F(CNulls, OfQuantisations) {
  const auto made = owned<wquant_quantization>(
      [&](auto out) { return wquant_quantize(c_, mixture_.get(), nullptr, out); });
  const wquant_quantization* const q = made.get();
  wquant_quantization* out = nullptr;
  DLManagedTensor* tensor = nullptr;
  wquant_certificate certificate;
  wquant_quantize_statistics statistics;
  wquant_scheme_trial trial;
  expect_named(
      {{"context", [&] { return wquant_quantize(nullptr, mixture_.get(), nullptr, &out); }},
       {"mixture", [&] { return wquant_quantize(c_, nullptr, nullptr, &out); }},
       {"quantization", [&] { return wquant_quantize(c_, mixture_.get(), nullptr, nullptr); }},
       {"quantization", [&] { return wquant_quantization_locations(nullptr, false, &tensor); }},
       {"locations", [&] { return wquant_quantization_locations(q, false, nullptr); }},
       {"quantization", [&] { return wquant_quantization_probabilities(nullptr, false, &tensor); }},
       {"probabilities", [&] { return wquant_quantization_probabilities(q, false, nullptr); }},
       {"quantization",
        [&] { return wquant_quantization_certificate(nullptr, &certificate, sizeof certificate); }},
       {"certificate", [&] { return wquant_quantization_certificate(q, nullptr, 56); }},
       {"quantization",
        [&] { return wquant_quantization_statistics(nullptr, &statistics, sizeof statistics); }},
       {"statistics", [&] { return wquant_quantization_statistics(q, nullptr, 40); }},
       {"quantization", [&] { return wquant_quantization_trial(nullptr, 0, &trial, 24); }},
       {"trial", [&] { return wquant_quantization_trial(q, 0, nullptr, 24); }}});
}

TEST_F(CNulls, OfLearnedDistributions) {
  const auto *const s = samples_.get(), *const a = lower_.get(), *const b = upper_.get();
  const auto learned =
      owned<wquant_learned>([&](auto out) { return wquant_learn(c_, s, s, a, b, nullptr, out); });
  const wquant_learned* const l = learned.get();
  wquant_learned* out = nullptr;
  DLManagedTensor* tensor = nullptr;
  wquant_learned_bound bound;
  wquant_learn_statistics statistics;
  wquant_cluster_trial trial;
  expect_named(
      {{"context", [&] { return wquant_learn(nullptr, s, s, a, b, nullptr, &out); }},
       {"train", [&] { return wquant_learn(c_, nullptr, s, a, b, nullptr, &out); }},
       {"evaluation", [&] { return wquant_learn(c_, s, nullptr, a, b, nullptr, &out); }},
       {"lower", [&] { return wquant_learn(c_, s, s, nullptr, b, nullptr, &out); }},
       {"upper", [&] { return wquant_learn(c_, s, s, a, nullptr, nullptr, &out); }},
       {"learned", [&] { return wquant_learn(c_, s, s, a, b, nullptr, nullptr); }},
       {"context", [&] { return wquant_learn_one_set(nullptr, s, a, b, nullptr, &out); }},
       {"samples", [&] { return wquant_learn_one_set(c_, nullptr, a, b, nullptr, &out); }},
       {"lower", [&] { return wquant_learn_one_set(c_, s, nullptr, b, nullptr, &out); }},
       {"upper", [&] { return wquant_learn_one_set(c_, s, a, nullptr, nullptr, &out); }},
       {"learned", [&] { return wquant_learn_one_set(c_, s, a, b, nullptr, nullptr); }},
       {"learned", [&] { return wquant_learned_locations(nullptr, &tensor); }},
       {"locations", [&] { return wquant_learned_locations(l, nullptr); }},
       {"learned", [&] { return wquant_learned_probabilities(nullptr, &tensor); }},
       {"probabilities", [&] { return wquant_learned_probabilities(l, nullptr); }},
       {"learned", [&] { return wquant_learned_get_bound(nullptr, &bound, sizeof bound); }},
       {"bound", [&] { return wquant_learned_get_bound(l, nullptr, 72); }},
       {"learned",
        [&] { return wquant_learned_statistics(nullptr, &statistics, sizeof statistics); }},
       {"statistics", [&] { return wquant_learned_statistics(l, nullptr, 64); }},
       {"learned", [&] { return wquant_learned_trial(nullptr, 0, &trial, sizeof trial); }},
       {"trial", [&] { return wquant_learned_trial(l, 0, nullptr, 16); }}});
}

TEST_F(CNulls, OfClusterings) {
  const DLTensor* const s = samples_.get();
  const auto clustering =
      owned<wquant_clustering>([&](auto out) { return wquant_kmeans(c_, s, nullptr, out); });
  const wquant_clustering* const k = clustering.get();
  wquant_clustering* out = nullptr;
  DLManagedTensor* tensor = nullptr;
  wquant_clustering_info info;
  wquant_kmeans_record record;
  expect_named(
      {{"context", [&] { return wquant_kmeans(nullptr, s, nullptr, &out); }},
       {"points", [&] { return wquant_kmeans(c_, nullptr, nullptr, &out); }},
       {"clustering", [&] { return wquant_kmeans(c_, s, nullptr, nullptr); }},
       {"clustering", [&] { return wquant_clustering_centres(nullptr, false, &tensor); }},
       {"centres", [&] { return wquant_clustering_centres(k, false, nullptr); }},
       {"clustering", [&] { return wquant_clustering_labels(nullptr, false, &tensor); }},
       {"labels", [&] { return wquant_clustering_labels(k, false, nullptr); }},
       {"clustering", [&] { return wquant_clustering_get_info(nullptr, &info, sizeof info); }},
       {"info", [&] { return wquant_clustering_get_info(k, nullptr, 32); }},
       {"clustering", [&] { return wquant_clustering_record(nullptr, 0, &record, 32); }},
       {"record", [&] { return wquant_clustering_record(k, 0, nullptr, 32); }}});
}

}  // namespace
}  // namespace wquant
