#include "wquant/learn.hpp"

#include <type_traits>

#include "base/validation.hpp"
#include "c/elements.hpp"
#include "c/enums.hpp"
#include "c/exported_tensor.hpp"
#include "c/guard.hpp"
#include "c/handles.hpp"
#include "c/progress.hpp"
#include "c/structs.hpp"
#include "c/tensor_views.hpp"
#include "learn/names.hpp"
#include "learn/split/names.hpp"
#include "learn/transport/names.hpp"

namespace wquant::c {
namespace {

static_assert(mirrors(WQUANT_BOUND_SPLIT, BoundMethod::split));
static_assert(mirrors(WQUANT_BOUND_DUAL, BoundMethod::dual));
static_assert(mirrors(WQUANT_BOUND_EXACT, BoundMethod::exact));
static_assert(mirrors(WQUANT_BOUND_VERTEX, BoundMethod::vertex));
static_assert(mirrors(WQUANT_BOUND_FOURNIER, BoundMethod::fournier));
static_assert(mirrors(WQUANT_SELECT_ON_TRAIN, SelectOn::train));
static_assert(mirrors(WQUANT_SELECT_ON_EVALUATION, SelectOn::evaluation));
static_assert(mirrors(WQUANT_MOMENT_STRATIFIED, Moment::stratified));
static_assert(mirrors(WQUANT_MOMENT_BERNSTEIN, Moment::bernstein));
static_assert(mirrors(WQUANT_MOMENT_BETTING, Moment::betting));
static_assert(mirrors(WQUANT_DISCRETE_AUTOMATIC, DiscreteTerm::automatic));
static_assert(mirrors(WQUANT_DISCRETE_TREE, DiscreteTerm::tree));
static_assert(mirrors(WQUANT_DISCRETE_ROUTED, DiscreteTerm::routed));
static_assert(mirrors(WQUANT_COSTS_TIGHT, Costs::tight));
static_assert(mirrors(WQUANT_COSTS_PAPER, Costs::paper));

wquant_learn_options defaults() {
  static const std::vector<std::int64_t> clusters = LearnOptions{}.clusters;
  const LearnOptions d;
  return {.size = sizeof(wquant_learn_options),
          .order = d.order,
          .method = static_cast<std::int32_t>(d.method),
          .select_on = static_cast<std::int32_t>(d.select_on),
          .moment = static_cast<std::int32_t>(d.moment),
          .discrete = static_cast<std::int32_t>(d.discrete),
          .costs = static_cast<std::int32_t>(d.costs),
          .beta = d.beta,
          .clusters = clusters.data(),
          .clusters_count = static_cast<std::int64_t>(clusters.size()),
          .time_limit = d.time_limit,
          .radius_factor = d.radius_factor,
          .neighbour_fraction = d.neighbour_fraction,
          .seed = d.seed,
          .iterations = d.iterations,
          .train_samples = d.train_samples,
          .progress = nullptr,
          .progress_data = nullptr};
}

std::vector<std::int64_t> clusters_of(const wquant_learn_options& options) {
  if (options.clusters_count == 0) return {};
  require_at_least("options.clusters_count", options.clusters_count, 0);
  const std::int64_t* const clusters = &required("options.clusters", options.clusters);
  return {clusters, clusters + options.clusters_count};
}

LearnOptions options_of(const wquant_learn_options* given) {
  const wquant_learn_options o = read_struct("options", given, defaults());
  return {.order = o.order,
          .beta = o.beta,
          .method = enumerator<BoundMethod>("options.method", o.method),
          .clusters = clusters_of(o),
          .select_on = enumerator<SelectOn>("options.select_on", o.select_on),
          .moment = enumerator<Moment>("options.moment", o.moment),
          .discrete = enumerator<DiscreteTerm>("options.discrete", o.discrete),
          .costs = enumerator<Costs>("options.costs", o.costs),
          .time_limit = o.time_limit,
          .radius_factor = o.radius_factor,
          .neighbour_fraction = o.neighbour_fraction,
          .seed = o.seed,
          .iterations = o.iterations,
          .train_samples = o.train_samples,
          .progress = progress_callback(o.progress, o.progress_data)};
}

Box box_of(const DLTensor* lower, const DLTensor* upper) {
  const VectorView<const double> from = host_vector_view("lower", lower);
  const VectorView<const double> to = host_vector_view("upper", upper);
  return {{from.begin(), from.end()}, {to.begin(), to.end()}};
}

template <class T>
LearnedDistribution learn_from(const wquant_context& where, const DLTensor* train,
                               const DLTensor* evaluation, const Box& box,
                               const LearnOptions& options) {
  const MatrixView<const T> making = matrix_view<T>(where, "train", train);
  const MatrixView<const T> judging = matrix_view<T>(where, "evaluation", evaluation);
  return where.run([&](const Context& on) { return learn(on, making, judging, box, options); });
}

template <class T>
LearnedDistribution learn_one_set(const wquant_context& where, const DLTensor* samples,
                                  const Box& box, const LearnOptions& options) {
  const MatrixView<const T> all = matrix_view<T>(where, "samples", samples);
  return where.run([&](const Context& on) { return learn(on, all, box, options); });
}

/// A handle of what learn_as(floats, box, options) learns; floats tells the type of the samples,
/// which is that of the tensor with this name.
template <class Learn>
wquant_status make_learned(const wquant_context* context, const char* name, const DLTensor* samples,
                           const DLTensor* lower, const DLTensor* upper,
                           const wquant_learn_options* options, wquant_learned** learned,
                           const Learn& learn_as) noexcept {
  return make_handle("learned", learned, [&] {
    const wquant_context& where = required("context", context);
    const LearnOptions wanted = options_of(options);
    const bool floats = holds_floats(name, samples);
    const Box box = box_of(lower, upper);
    auto result = std::make_shared<const LearnedDistribution>(learn_as(where, floats, box, wanted));
    return std::make_unique<wquant_learned>(wquant_learned{std::move(result)});
  });
}

const LearnedDistribution& result_of(const wquant_learned* learned) {
  return *required("learned", learned).result;
}

/// Fills in what belongs to one method.
struct Parts {
  wquant_learned_bound& out;

  void operator()(const SplitBound& b) const {
    out.method = WQUANT_BOUND_SPLIT;
    out.moment = b.moment;
    out.discrete = b.discrete;
    out.capacity = b.capacity;
    out.routed = b.routed;
  }
  void operator()(const DualBound& b) const {
    out.method = WQUANT_BOUND_DUAL;
    out.lower = b.lower;
    out.rounds = b.rounds;
    out.optimal = b.optimal;
  }
  void operator()(const ExactBound& b) const {
    out.method = WQUANT_BOUND_EXACT;
    out.lower = b.lower;
    out.optimal = b.optimal;
  }
  void operator()(const VertexBound& b) const {
    out.method = WQUANT_BOUND_VERTEX;
    out.moment = b.moment;
    out.discrete = b.discrete;
  }
  void operator()(const FournierBound&) const { out.method = WQUANT_BOUND_FOURNIER; }
};

}  // namespace
}  // namespace wquant::c

using namespace wquant::c;

wquant_status wquant_learn_options_init(wquant_learn_options* options, size_t size) {
  return guarded([&] { write_defaults("options", defaults(), options, size); });
}

wquant_status wquant_learn(const wquant_context* context, const DLTensor* train,
                           const DLTensor* evaluation, const DLTensor* lower, const DLTensor* upper,
                           const wquant_learn_options* options, wquant_learned** learned) {
  return make_learned(context, "train", train, lower, upper, options, learned,
                      [&](const auto& where, bool floats, const auto& box, const auto& wanted) {
                        return floats ? learn_from<float>(where, train, evaluation, box, wanted)
                                      : learn_from<double>(where, train, evaluation, box, wanted);
                      });
}

wquant_status wquant_learn_one_set(const wquant_context* context, const DLTensor* samples,
                                   const DLTensor* lower, const DLTensor* upper,
                                   const wquant_learn_options* options, wquant_learned** learned) {
  return make_learned(context, "samples", samples, lower, upper, options, learned,
                      [&](const auto& where, bool floats, const auto& box, const auto& wanted) {
                        return floats ? learn_one_set<float>(where, samples, box, wanted)
                                      : learn_one_set<double>(where, samples, box, wanted);
                      });
}

void wquant_learned_destroy(wquant_learned* learned) { delete learned; }

wquant_status wquant_learned_locations(const wquant_learned* learned, DLManagedTensor** locations) {
  return export_tensor("locations", locations, [&] {
    const wquant::LearnedDistribution& result = result_of(learned);
    return exported_tensor(result.distribution.locations(), 2, kHost, learned->result, true);
  });
}

wquant_status wquant_learned_probabilities(const wquant_learned* learned,
                                           DLManagedTensor** probabilities) {
  return export_tensor("probabilities", probabilities, [&] {
    const wquant::LearnedDistribution& result = result_of(learned);
    return exported_tensor(result.distribution.probabilities(), 1, kHost, learned->result, true);
  });
}

wquant_status wquant_learned_get_bound(const wquant_learned* learned, wquant_learned_bound* bound,
                                       size_t size) {
  return guarded([&] {
    const wquant::LearnedDistribution& result = result_of(learned);
    wquant_learned_bound found{};
    found.bound = result.bound;
    found.beta = result.beta;
    found.order = result.evaluation.order;
    std::visit(Parts{found}, result.parts);
    write_struct("bound", found, bound, size);
  });
}

wquant_status wquant_learned_statistics(const wquant_learned* learned,
                                        wquant_learn_statistics* statistics, size_t size) {
  return guarded([&] {
    const wquant::LearnedDistribution& result = result_of(learned);
    const wquant_learn_statistics found{.support = result.distribution.size(),
                                        .regions = result.partition.regions(),
                                        .train_samples = result.train.total(),
                                        .evaluation_samples = result.evaluation.total(),
                                        .trials = static_cast<std::int64_t>(result.tried.size()),
                                        .partition_seconds = result.seconds.partition,
                                        .statistics_seconds = result.seconds.statistics,
                                        .bound_seconds = result.seconds.bound};
    write_struct("statistics", found, statistics, size);
  });
}

wquant_status wquant_learned_trial(const wquant_learned* learned, int64_t index,
                                   wquant_cluster_trial* trial, size_t size) {
  return guarded([&] {
    const wquant::ClusterTrial& tried = element(result_of(learned).tried, index);
    const wquant_cluster_trial found{.clusters = tried.clusters, .bound = tried.bound};
    write_struct("trial", found, trial, size);
  });
}
