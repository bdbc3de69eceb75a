#include "wquant/quantize.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <optional>

#include "backend/workspace_limit.hpp"
#include "base/checked.hpp"
#include "base/deadline.hpp"
#include "base/heartbeat.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/certificate_parts.hpp"
#include "quantize/certificate/evaluation.hpp"
#include "quantize/mixture/component_tables.hpp"
#include "quantize/search/cross_scheme.hpp"
#include "quantize/search/families.hpp"
#include "quantize/search/tolerance.hpp"
#include "wquant/error.hpp"
#include "wquant/reduce.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kMixturesPerChunk = 8;
constexpr std::int64_t kMixturesPerReport = 4096;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void validate(const Context& context, const GaussianMixture& mixture,
              const QuantizeOptions& options) {
  if (options.support < 1 || options.support > kLargestSupport)
    throw InvalidArgument("support: " + std::to_string(options.support) +
                          " points; expected 1 to " + std::to_string(kLargestSupport));
  if (!(options.tolerance >= 0) || !std::isfinite(options.tolerance))
    throw InvalidArgument("tolerance: " + number_text(options.tolerance) +
                          "; expected a finite number >= 0");
  if (!(options.seconds >= 0) || !std::isfinite(options.seconds))
    throw InvalidArgument("seconds: " + number_text(options.seconds) +
                          "; expected a finite number >= 0");
  if (options.reduced_components < 0)
    throw InvalidArgument("reduced_components: " + std::to_string(options.reduced_components) +
                          "; expected 0 (no reduction) or a number of components");
  require_rank_tolerance(options.rank_tolerance);
  if (options.fine_support < 0 || options.fine_support > kLargestSupport)
    throw InvalidArgument("fine_support: " + std::to_string(options.fine_support) +
                          " points; expected 0 (automatic) to " + std::to_string(kLargestSupport));
  if (options.active_dimensions < 0 || options.active_dimensions > mixture.dimension())
    throw InvalidArgument("active_dimensions: " + std::to_string(options.active_dimensions) +
                          "; expected 0 (automatic) to " + std::to_string(mixture.dimension()));
  if (options.tolerance == 0) require_points_fit(context, options.support, mixture.dimension());
}

/// One mixture of a batch, what is wanted of it, and the best scheme so far.
struct Task {
  const GaussianMixture* mixture;  // the reduced one after a reduction
  const QuantizeOptions* options;
  std::optional<Reduction> reduction;
  std::vector<SchemeFamily> families;
  QuantizeStatistics statistics;
  std::optional<Scheme> scheme;
  double w2 = 0;

  double reduction_bound() const { return reduction ? reduction->bound : 0; }
  Certificate certificate(const Certificate& of_scheme) const {
    return after_reduction(of_scheme, reduction_bound());
  }
};

/// Whether the task took it.
bool take_if_better(Task& task, SchemeFamily family, Scheme scheme, double w2) {
  task.statistics.tried.push_back({family, scheme.support(), w2});
  if (task.scheme && !(w2 < task.w2)) return false;
  task.scheme = std::move(scheme);
  task.statistics.family = family;
  task.w2 = w2;
  return true;
}

/// False where a family cannot do better than what the task has.
bool may_win(const Task& task, SchemeFamily family) {
  return !task.scheme || family != SchemeFamily::cross ||
         cross_lower_bound(*task.mixture, *task.options) + task.reduction_bound() < task.w2;
}

/// body(i, options) for every i < count; for more than one at a time on all threads, in slices
/// between which progress is reported, and with options that report nothing themselves.
template <class Body>
void for_each_mixture(const Context& context, const ProgressCallback& progress,
                      std::string_view stage, std::int64_t count, const Body& body) {
  if (count == 1) return body(0, progress);
  for (std::int64_t first = 0; first < count; first += kMixturesPerReport) {
    report(progress, stage, static_cast<double>(first) / static_cast<double>(count));
    const std::int64_t slice = std::min(kMixturesPerReport, count - first);
    parallel_chunks(context.backend().host_threads(), slice, kMixturesPerChunk,
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t i = begin; i < end; ++i) body(first + i, {});
                    });
  }
}

QuantizeOptions with_progress(const QuantizeOptions& options, const ProgressCallback& progress) {
  QuantizeOptions out = options;
  out.progress = progress;
  return out;
}

/// The evaluation of the tasks' best schemes, in their order.
Evaluation evaluate_best(const Context& context, const std::vector<Task>& tasks) {
  std::vector<Job> jobs;
  jobs.reserve(tasks.size());
  for (const Task& task : tasks) jobs.push_back({&*task.scheme, task.mixture});
  return evaluate(context, jobs);
}

/// Builds one family for all tasks that want it tried; where all of them have a scheme already, no
/// longer than the deadline allows. Where the workspace limit does not allow it, the family is left
/// out, with the reason in `refusal`. `best` is the evaluation of all tasks' best schemes, in their
/// order, where there is one: it stays if no task takes a new scheme, and is this family's if all
/// do.
void try_family(const Context& context, SchemeFamily family, const ProgressCallback& progress,
                const Deadline& deadline, std::vector<Task>& tasks, std::optional<Evaluation>& best,
                std::exception_ptr& refusal) {
  std::vector<std::size_t> wanting;
  for (std::size_t b = 0; b < tasks.size(); ++b)
    if (std::count(tasks[b].families.begin(), tasks[b].families.end(), family) &&
        may_win(tasks[b], family))
      wanting.push_back(b);
  if (wanting.empty()) return;
  const bool may_stop = std::all_of(wanting.begin(), wanting.end(), [&](std::size_t b) {
    return deadline.limited() && tasks[b].scheme.has_value();
  });
  const auto leave_out = [&] {
    for (const std::size_t b : wanting) tasks[b].statistics.left_out.push_back(family);
  };
  if (may_stop && deadline.passed()) return leave_out();
  const auto watched = [&](const ProgressCallback& callback) {
    return may_stop ? deadline.watching(callback) : callback;
  };
  const ProgressCallback own = watched(progress);
  const Heartbeat heartbeat(own);
  std::vector<std::optional<Scheme>> built(wanting.size());
  std::optional<Evaluation> evaluation;
  try {
    for_each_mixture(context, own, "schemes", static_cast<std::int64_t>(wanting.size()),
                     [&](std::int64_t i, const ProgressCallback& one) {
                       const Task& task = tasks[wanting[i]];
                       built[i] = make_family_scheme(
                           context, *task.mixture,
                           with_progress(*task.options, one ? one : watched({})), family);
                     });
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < wanting.size(); ++i)
      jobs.push_back({&*built[i], tasks[wanting[i]].mixture});
    evaluation = evaluate(context, jobs);
  } catch (const Cancelled&) {
    if (!may_stop || !deadline.passed()) throw;
    return leave_out();
  } catch (const MemoryRefused&) {
    throw;
  } catch (const OutOfMemory&) {
    refusal = std::current_exception();
    return leave_out();
  }
  std::size_t taken = 0;
  for (std::size_t i = 0; i < wanting.size(); ++i)
    taken += take_if_better(tasks[wanting[i]], family, *std::move(built[i]),
                            tasks[wanting[i]].certificate(evaluation->certificates[i]).w2);
  if (taken == 0) return;
  best.reset();
  if (taken < tasks.size()) return;
  best = std::move(evaluation);
}

/// Puts a mixture of few components in the place of the task's.
void reduce_mixture(const Context& context, const ProgressCallback& progress, Task& task) {
  const double tolerance = task.options->tolerance;
  task.reduction = reduce(context, *task.mixture,
                          {.components = task.options->reduced_components,
                           .seed = task.options->seed,
                           .progress = progress});
  task.mixture = &task.reduction->mixture;
  if (tolerance > 0 && !(task.reduction->bound < tolerance))
    throw InvalidArgument(
        "reduced_components: " + std::to_string(task.options->reduced_components) +
        " components are within " + number_text(task.reduction->bound) +
        " of the mixture; expected less than the tolerance, " + number_text(tolerance));
}

/// The best scheme of every task, and their evaluation if it is at hand.
std::optional<Evaluation> choose_schemes(const Context& context, const ProgressCallback& progress,
                                         std::vector<Task>& tasks) {
  const Deadline deadline(tasks.empty() ? 0 : tasks.front().options->seconds);
  for (const Task& task : tasks) validate(context, *task.mixture, *task.options);
  std::vector<std::size_t> reducing;
  for (std::size_t b = 0; b < tasks.size(); ++b)
    if (tasks[b].options->reduced_components > 0) reducing.push_back(b);
  for_each_mixture(context, progress, "reduction", static_cast<std::int64_t>(reducing.size()),
                   [&](std::int64_t i, const ProgressCallback& own) {
                     reduce_mixture(context, own, tasks[reducing[i]]);
                   });
  std::vector<std::size_t> searching;
  for (std::size_t b = 0; b < tasks.size(); ++b) {
    if (tasks[b].options->tolerance > 0)
      searching.push_back(b);
    else
      tasks[b].families = families_to_try(*tasks[b].mixture, *tasks[b].options);
  }
  for_each_mixture(context, progress, "search", static_cast<std::int64_t>(searching.size()),
                   [&](std::int64_t i, const ProgressCallback& own) {
                     Task& task = tasks[searching[i]];
                     task.scheme =
                         smallest_scheme(context, *task.mixture, with_progress(*task.options, own),
                                         task.reduction_bound(), deadline, task.statistics);
                   });
  std::optional<Evaluation> best;
  std::exception_ptr refusal;
  for (const SchemeFamily family : deadline.limited() ? kByTime : kFamilies)
    try_family(context, family, progress, deadline, tasks, best, refusal);
  if (std::any_of(tasks.begin(), tasks.end(), [](const Task& task) { return !task.scheme; }))
    std::rethrow_exception(refusal);
  return best;
}

std::vector<Task> tasks_of(std::span<const GaussianMixture> mixtures,
                           std::span<const QuantizeOptions> options) {
  if (options.size() != 1)
    require_shape("options", {static_cast<std::int64_t>(options.size())},
                  {static_cast<std::int64_t>(mixtures.size())});
  std::vector<Task> tasks(mixtures.size());
  for (std::size_t b = 0; b < mixtures.size(); ++b) {
    tasks[b].mixture = &mixtures[b];
    tasks[b].options = &options[options.size() == 1 ? 0 : b];
  }
  return tasks;
}

/// Everything of quantize, for one mixture or many.
struct Quantized {
  std::vector<Task> tasks;
  DistributionBatch distributions;
  std::vector<Certificate> certificates;
  double scheme_seconds = 0;
  double apply_seconds = 0;
};

Quantized quantize_all(const Context& context, std::span<const GaussianMixture> mixtures,
                       std::span<const QuantizeOptions> options) {
  Quantized out;
  out.tasks = tasks_of(mixtures, options);
  const ProgressCallback progress = options.empty() ? ProgressCallback{} : options[0].progress;
  const Heartbeat heartbeat(progress);
  const auto start = std::chrono::steady_clock::now();
  std::optional<Evaluation> evaluation = choose_schemes(context, progress, out.tasks);
  if (!evaluation) evaluation.emplace(evaluate_best(context, out.tasks));
  out.scheme_seconds = seconds_since(start);
  const auto middle = std::chrono::steady_clock::now();
  require_points_fit(context, evaluation->point_begin.back(), evaluation->dimension);
  out.distributions = materialise(context, *evaluation, progress);
  for (std::size_t b = 0; b < out.tasks.size(); ++b)
    out.certificates.push_back(out.tasks[b].certificate(evaluation->certificates[b]));
  out.apply_seconds = seconds_since(middle);
  return out;
}

}  // namespace

std::string_view name(SchemeFamily family) {
  switch (family) {
    case SchemeFamily::automatic:
      return "auto";
    case SchemeFamily::grid:
      return "grid";
    case SchemeFamily::per_component:
      return "per-component";
    case SchemeFamily::cross:
      return "cross";
    case SchemeFamily::per_mode:
      return "per-mode";
    case SchemeFamily::tree:
      return "tree";
    case SchemeFamily::lloyd:
      return "lloyd";
  }
  throw InvalidArgument("family: not a SchemeFamily");
}

std::string_view name(CrossRadii radii) {
  switch (radii) {
    case CrossRadii::optimal:
      return "optimal";
    case CrossRadii::paper:
      return "paper";
    case CrossRadii::unscented:
      return "unscented";
  }
  throw InvalidArgument("radii: not a CrossRadii");
}

std::string_view name(LocalScale local) {
  switch (local) {
    case LocalScale::hessian:
      return "hessian";
    case LocalScale::moments:
      return "moments";
    case LocalScale::best:
      return "best";
  }
  throw InvalidArgument("local: not a LocalScale");
}

Scheme make_scheme(const Context& context, const GaussianMixture& mixture,
                   const QuantizeOptions& options, QuantizeStatistics* statistics) {
  const Heartbeat heartbeat(options.progress);
  if (options.reduced_components > 0)
    throw InvalidArgument("reduced_components: " + std::to_string(options.reduced_components) +
                          "; expected 0: make the scheme for the mixture that reduce returns");
  std::vector<Task> tasks = tasks_of({&mixture, 1}, {&options, 1});
  choose_schemes(context, options.progress, tasks);
  if (statistics) *statistics = std::move(tasks.front().statistics);
  return *std::move(tasks.front().scheme);
}

Quantization quantize(const Context& context, const GaussianMixture& mixture,
                      const QuantizeOptions& options) {
  Quantized all = quantize_all(context, {&mixture, 1}, {&options, 1});
  Task& task = all.tasks.front();
  task.statistics.scheme_seconds = all.scheme_seconds;
  task.statistics.apply_seconds = all.apply_seconds;
  return {{only(std::move(all.distributions)), all.certificates.front()},
          *std::move(task.scheme),
          std::move(task.statistics)};
}

QuantizationBatch quantize(const Context& context, std::span<const GaussianMixture> mixtures,
                           std::span<const QuantizeOptions> options) {
  if (mixtures.empty()) throw InvalidArgument("mixtures: none; expected at least one");
  Quantized all = quantize_all(context, mixtures, options);
  QuantizationBatch out{{std::move(all.distributions), std::move(all.certificates)},
                        {},
                        {},
                        all.scheme_seconds,
                        all.apply_seconds};
  out.schemes.reserve(all.tasks.size());
  for (Task& task : all.tasks) {
    out.schemes.push_back(*std::move(task.scheme));
    out.families.push_back(task.statistics.family);
  }
  return out;
}

}  // namespace wquant
