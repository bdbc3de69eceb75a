#include "wquant/quantize.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <optional>

#include "backend/workspace_limit.hpp"
#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/certificate_parts.hpp"
#include "quantize/certificate/evaluation.hpp"
#include "quantize/mixture/component_tables.hpp"
#include "quantize/search/cross_scheme.hpp"
#include "quantize/search/families.hpp"
#include "quantize/search/names.hpp"
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
  require_enumerator(options.family);
  require_enumerator(options.radii);
  require_enumerator(options.local);
  require_rank_tolerance(options.rank_tolerance);
  if (options.fine_support < 0 || options.fine_support > kLargestSupport)
    throw InvalidArgument("fine_support: " + std::to_string(options.fine_support) +
                          " points; expected 0 (automatic) to " + std::to_string(kLargestSupport));
  if (options.active_dimensions < 0 || options.active_dimensions > mixture.dimension())
    throw InvalidArgument("active_dimensions: " + std::to_string(options.active_dimensions) +
                          "; expected 0 (automatic) to " + std::to_string(mixture.dimension()));
  if (options.tolerance == 0) require_points_fit(context, options.support, mixture.dimension());
}

/// What is chosen for one mixture of a batch.
struct Choice {
  const GaussianMixture* mixture;  // the reduced one after a reduction
  const QuantizeOptions* options;
  std::optional<Reduction> reduction;
  std::vector<SchemeFamily> families;  // to be tried
  QuantizeStatistics statistics;
  std::optional<Scheme> scheme;  // the best so far
  double w2 = 0;                 // what that certifies

  double reduction_bound() const { return reduction ? reduction->bound : 0; }
  Certificate certificate(const Certificate& of_scheme) const {
    return after_reduction(of_scheme, reduction_bound());
  }
};

/// The choices of a batch, and what is known of all of them together.
struct Choices {
  std::vector<Choice> each;
  std::optional<Evaluation> evaluation;  // of their schemes, in their order, if it is at hand
  std::exception_ptr refusal;  // why a family was left out that does not fit the workspace
};

/// One family, built for some of the choices.
struct Attempt {
  std::vector<std::optional<Scheme>> schemes;
  std::optional<Evaluation> evaluation;  // of these
};

/// body(i) for every i < count. A single one reports its own progress; several are done on all
/// threads, in slices, and the user sees only how many of them are done.
template <class Body>
void for_each_mixture(const Context& context, std::string_view stage, std::int64_t count,
                      const Body& body) {
  if (count == 1) return body(0);
  for (std::int64_t first = 0; first < count; first += kMixturesPerReport) {
    const HeldStage held(stage, static_cast<double>(first) / static_cast<double>(count));
    const std::int64_t slice = std::min(kMixturesPerReport, count - first);
    parallel_chunks(context.backend().host_threads(), slice, kMixturesPerChunk,
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t i = begin; i < end; ++i) body(first + i);
                    });
  }
}

/// The evaluation of the choices' schemes, in their order.
Evaluation evaluate(const Context& context, const std::vector<Choice>& choices) {
  std::vector<Job> jobs;
  jobs.reserve(choices.size());
  for (const Choice& choice : choices) jobs.push_back({&*choice.scheme, choice.mixture});
  return evaluate(context, jobs);
}

/// False where a family cannot do better than what the choice has.
bool may_win(SchemeFamily family, const Choice& choice) {
  return !choice.scheme || family != SchemeFamily::cross ||
         cross_lower_bound(*choice.mixture, *choice.options) + choice.reduction_bound() < choice.w2;
}

/// The numbers of the choices that want the family tried.
std::vector<std::size_t> wanting(SchemeFamily family, const std::vector<Choice>& choices) {
  std::vector<std::size_t> out;
  for (std::size_t b = 0; b < choices.size(); ++b) {
    const std::vector<SchemeFamily>& families = choices[b].families;
    if (std::count(families.begin(), families.end(), family) && may_win(family, choices[b]))
      out.push_back(b);
  }
  return out;
}

/// Builds the family for the choices of these numbers.
Attempt build(const Context& context, SchemeFamily family, const std::vector<Choice>& choices,
              const std::vector<std::size_t>& numbers) {
  Attempt out;
  out.schemes.resize(numbers.size());
  for_each_mixture(
      context, "schemes", static_cast<std::int64_t>(numbers.size()), [&](std::int64_t i) {
        const Choice& choice = choices[numbers[i]];
        out.schemes[i] = make_family_scheme(context, *choice.mixture, *choice.options, family);
      });
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    jobs.push_back({&*out.schemes[i], choices[numbers[i]].mixture});
  out.evaluation = evaluate(context, jobs);
  return out;
}

/// The same; but where all of these choices have a scheme already, no longer than the deadline
/// allows, and nothing if that passes.
std::optional<Attempt> build_in_time(const Context& context, SchemeFamily family,
                                     const Deadline& deadline, const std::vector<Choice>& choices,
                                     const std::vector<std::size_t>& numbers) {
  const bool can_do_without = std::all_of(
      numbers.begin(), numbers.end(), [&](std::size_t b) { return choices[b].scheme.has_value(); });
  if (!can_do_without) return build(context, family, choices, numbers);
  if (deadline.passed()) return std::nullopt;
  try {
    const TimeLimit limit(deadline);
    return build(context, family, choices, numbers);
  } catch (const DeadlinePassed&) {
    return std::nullopt;
  }
}

/// Whether the choice took the scheme.
bool take_if_better(Choice& choice, SchemeFamily family, Scheme scheme, double w2) {
  choice.statistics.tried.push_back({family, scheme.support(), w2});
  if (choice.scheme && !(w2 < choice.w2)) return false;
  choice.scheme = std::move(scheme);
  choice.statistics.family = family;
  choice.w2 = w2;
  return true;
}

/// Hands an attempt's schemes to the choices of these numbers. The evaluation that is at hand stays
/// if none takes its scheme, and is the attempt's if all choices of the batch do.
void hand_out(SchemeFamily family, Attempt attempt, const std::vector<std::size_t>& numbers,
              Choices& choices) {
  std::vector<Choice>& each = choices.each;
  std::optional<Evaluation>& evaluation = attempt.evaluation;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    taken += take_if_better(each[numbers[i]], family, *std::move(attempt.schemes[i]),
                            each[numbers[i]].certificate(evaluation->certificates[i]).w2);
  if (taken == 0) return;
  choices.evaluation.reset();
  if (taken < each.size()) return;
  choices.evaluation = std::move(evaluation);
}

/// Tries one family for all choices that want it. Where it takes too much time, or more than the
/// workspace limit allows, it is left out.
void try_family(const Context& context, SchemeFamily family, const Deadline& deadline,
                Choices& choices) {
  const std::vector<std::size_t> numbers = wanting(family, choices.each);
  if (numbers.empty()) return;
  std::optional<Attempt> attempt;
  try {
    attempt = build_in_time(context, family, deadline, choices.each, numbers);
  } catch (const MemoryRefused&) {
    throw;
  } catch (const OutOfMemory&) {
    if (Pulse::refused()) throw;
    choices.refusal = std::current_exception();
  }
  if (attempt) return hand_out(family, *std::move(attempt), numbers, choices);
  for (const std::size_t b : numbers) choices.each[b].statistics.left_out.push_back(family);
}

/// Puts a mixture of few components in the place of the choice's.
void reduce_mixture(const Context& context, Choice& choice) {
  const QuantizeOptions& options = *choice.options;
  choice.reduction = reduce(context, *choice.mixture,
                            {.components = options.reduced_components, .seed = options.seed});
  choice.mixture = &choice.reduction->mixture;
  if (options.tolerance > 0 && !(choice.reduction->bound < options.tolerance))
    throw InvalidArgument("reduced_components: " + std::to_string(options.reduced_components) +
                          " components are within " + number_text(choice.reduction->bound) +
                          " of the mixture; expected less than the tolerance, " +
                          number_text(options.tolerance));
}

/// body(choice) for those that want it.
template <class Wanted, class Body>
void for_each_choice(const Context& context, std::string_view stage, std::vector<Choice>& choices,
                     const Wanted& wanted, const Body& body) {
  std::vector<Choice*> some;
  for (Choice& choice : choices)
    if (wanted(*choice.options)) some.push_back(&choice);
  for_each_mixture(context, stage, static_cast<std::int64_t>(some.size()),
                   [&](std::int64_t i) { body(*some[i]); });
}

/// Finds the best scheme of every choice.
void choose_schemes(const Context& context, Choices& choices) {
  std::vector<Choice>& each = choices.each;
  const double seconds = each.empty() ? 0 : each.front().options->seconds;
  const Deadline deadline = seconds > 0 ? Deadline(seconds) : Deadline();
  for (const Choice& choice : each) validate(context, *choice.mixture, *choice.options);
  for_each_choice(
      context, "reduction", each,
      [](const QuantizeOptions& options) { return options.reduced_components > 0; },
      [&](Choice& choice) { reduce_mixture(context, choice); });
  for_each_choice(
      context, "search", each, [](const QuantizeOptions& options) { return options.tolerance > 0; },
      [&](Choice& choice) {
        choice.scheme = smallest_scheme(context, *choice.mixture, *choice.options,
                                        choice.reduction_bound(), deadline, choice.statistics);
      });
  for (Choice& choice : each)
    if (choice.options->tolerance == 0)
      choice.families = families_to_try(*choice.mixture, *choice.options);
  for (const SchemeFamily family : deadline.limited() ? kByTime : kFamilies)
    try_family(context, family, deadline, choices);
  if (std::any_of(each.begin(), each.end(), [](const Choice& choice) { return !choice.scheme; }))
    std::rethrow_exception(choices.refusal);
}

Choices choices_for(std::span<const GaussianMixture> mixtures,
                    std::span<const QuantizeOptions> options) {
  if (options.size() != 1)
    require_shape("options", {static_cast<std::int64_t>(options.size())},
                  {static_cast<std::int64_t>(mixtures.size())});
  Choices out;
  out.each.resize(mixtures.size());
  for (std::size_t b = 0; b < mixtures.size(); ++b) {
    out.each[b].mixture = &mixtures[b];
    out.each[b].options = &options[options.size() == 1 ? 0 : b];
  }
  return out;
}

/// Everything of quantize, for one mixture or many.
struct Quantized {
  std::vector<Choice> choices;
  DistributionBatch distributions;
  std::vector<Certificate> certificates;
  double scheme_seconds = 0;
  double apply_seconds = 0;
};

Quantized quantize_all(const Context& context, std::span<const GaussianMixture> mixtures,
                       std::span<const QuantizeOptions> options) {
  Choices choices = choices_for(mixtures, options);
  const auto start = std::chrono::steady_clock::now();
  choose_schemes(context, choices);
  if (!choices.evaluation) choices.evaluation.emplace(evaluate(context, choices.each));
  const Evaluation& evaluation = *choices.evaluation;
  Quantized out;
  out.scheme_seconds = seconds_since(start);
  const auto middle = std::chrono::steady_clock::now();
  require_points_fit(context, evaluation.point_begin.back(), evaluation.dimension);
  out.distributions = materialise(context, evaluation);
  for (std::size_t b = 0; b < choices.each.size(); ++b)
    out.certificates.push_back(choices.each[b].certificate(evaluation.certificates[b]));
  out.choices = std::move(choices.each);
  out.apply_seconds = seconds_since(middle);
  return out;
}

}  // namespace

std::string_view name(SchemeFamily family) { return name_of(family); }
std::string_view name(CrossRadii radii) { return name_of(radii); }
std::string_view name(LocalScale local) { return name_of(local); }

ChosenScheme make_scheme(const Context& context, const GaussianMixture& mixture,
                         const QuantizeOptions& options) {
  const Pulse pulse(options.progress);
  if (options.reduced_components > 0)
    throw InvalidArgument("reduced_components: " + std::to_string(options.reduced_components) +
                          "; expected 0: make the scheme for the mixture that reduce returns");
  const auto start = std::chrono::steady_clock::now();
  Choices choices = choices_for({&mixture, 1}, {&options, 1});
  choose_schemes(context, choices);
  Choice& choice = choices.each.front();
  choice.statistics.scheme_seconds = seconds_since(start);
  return {*std::move(choice.scheme), std::move(choice.statistics)};
}

Quantization quantize(const Context& context, const GaussianMixture& mixture,
                      const QuantizeOptions& options) {
  const Pulse pulse(options.progress);
  Quantized all = quantize_all(context, {&mixture, 1}, {&options, 1});
  Choice& choice = all.choices.front();
  choice.statistics.scheme_seconds = all.scheme_seconds;
  choice.statistics.apply_seconds = all.apply_seconds;
  return {{only(std::move(all.distributions)), all.certificates.front()},
          *std::move(choice.scheme),
          std::move(choice.statistics)};
}

QuantizationBatch quantize(const Context& context, std::span<const GaussianMixture> mixtures,
                           std::span<const QuantizeOptions> options) {
  if (mixtures.empty()) throw InvalidArgument("mixtures: none; expected at least one");
  const ProgressCallback progress = options.empty() ? ProgressCallback() : options[0].progress;
  const Pulse pulse(progress);
  Quantized all = quantize_all(context, mixtures, options);
  QuantizationBatch out{{std::move(all.distributions), std::move(all.certificates)},
                        {},
                        {},
                        all.scheme_seconds,
                        all.apply_seconds};
  out.schemes.reserve(all.choices.size());
  for (Choice& choice : all.choices) {
    out.schemes.push_back(*std::move(choice.scheme));
    out.families.push_back(choice.statistics.family);
  }
  return out;
}

QuantizationBatch quantize(const Context& context, std::span<const GaussianMixture> mixtures,
                           const QuantizeOptions& options) {
  return quantize(context, mixtures, std::span(&options, 1));
}

}  // namespace wquant
