#include "wquant/learn.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "backend/transfer.hpp"
#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "learn/names.hpp"
#include "learn/preparation.hpp"
#include "learn/regions/named_statistics.hpp"
#include "learn/split/names.hpp"
#include "learn/transport/names.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void validate(const LearnOptions& options) {
  if (options.order != 1 && options.order != 2)
    throw InvalidArgument("order: " + std::to_string(options.order) + "; expected 1 or 2");
  if (!(options.beta > 0 && options.beta < 1))
    throw_bad_value("beta", {}, options.beta, "a number in (0, 1)");
  if (!(options.time_limit >= 0))
    throw_bad_value("time_limit", {}, options.time_limit, "a number of seconds >= 0");
  if (options.train_samples != 0)
    throw InvalidArgument("train_samples: " + std::to_string(options.train_samples) +
                          "; expected 0, since the samples are split already");
  require_enumerator(options.method);
  require_enumerator(options.select_on);
  require_enumerator(options.moment);
  require_enumerator(options.discrete);
  require_enumerator(options.costs);
  for (std::size_t c = 0; c < options.clusters.size(); ++c)
    if (options.clusters[c] < 1)
      throw InvalidArgument("clusters[" + std::to_string(c) +
                            "]: " + std::to_string(options.clusters[c]) + "; expected at least 1");
}

template <class T>
void validate(MatrixView<const T> train, MatrixView<const T> evaluation, const Box& box) {
  if (train.rows < 1) throw InvalidArgument("train: no samples; expected at least one");
  if (evaluation.rows < 2)
    throw InvalidArgument("evaluation: " + std::to_string(evaluation.rows) +
                          " samples; expected at least 2");
  require_shape("train dimension", {train.cols}, {box.dimension()});
  require_shape("evaluation dimension", {evaluation.cols}, {box.dimension()});
}

/// P̂ = Σ (n_k / N) δ_{c_k}.
DiscreteDistribution clustered(const Partition& partition, const RegionStatistics& statistics) {
  const auto total = static_cast<double>(statistics.total());
  std::vector<double> locations;
  std::vector<double> probabilities;
  for (std::int64_t k = 0; k < partition.regions(); ++k) {
    if (statistics.count[k] == 0) continue;
    const double* const at = partition.locations().row(k);
    locations.insert(locations.end(), at, at + partition.dimension());
    probabilities.push_back(static_cast<double>(statistics.count[k]) / total);
  }
  return {Array<double>::from_host(locations, partition.dimension()),
          Array<double>::from_host(probabilities)};
}

template <class T>
DiscreteDistribution empirical(const Context& context, MatrixView<const T> samples) {
  const auto n = static_cast<std::size_t>(samples.rows);
  const std::vector<double> probabilities(n, 1 / static_cast<double>(n));
  const std::vector<T> values = host_values(context, samples);
  const std::vector<double> locations(values.begin(), values.end());
  return {Array<double>::from_host(locations, samples.cols),
          Array<double>::from_host(probabilities)};
}

std::vector<std::int64_t> candidates(const LearnOptions& options, std::int64_t train) {
  std::vector<std::int64_t> out = options.clusters;
  if (out.empty()) {
    const std::int64_t most = std::max<std::int64_t>(1, train / 5);
    for (std::int64_t decade = 1; decade <= most; decade *= 10)
      for (const std::int64_t digit : {1, 2, 5})
        if (decade * digit <= most) out.push_back(decade * digit);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// The rows i of d values with i mod 5 = 4, or the others: samples that judge candidates must not
/// be those that made their regions, whose distances come out too small.
template <class T>
std::vector<T> fold(const std::vector<T>& samples, std::int64_t d, bool fifth) {
  std::vector<T> out;
  for (std::int64_t begin = 0; begin < static_cast<std::int64_t>(samples.size()); begin += d)
    if ((begin / d % 5 == 4) == fifth)
      out.insert(out.end(), samples.begin() + begin, samples.begin() + begin + d);
  return out;
}

/// The bound that the training samples predict for each candidate (design/learning.md B4). A fifth
/// of them, held out, tells the moments without bias; all of them together tell whether the rule
/// that would be used routes.
template <class T>
std::vector<ClusterTrial> predictions(const Context& context, MatrixView<const T> train,
                                      const Box& box, std::int64_t total,
                                      const std::vector<std::int64_t>& candidates,
                                      const LearnOptions& options) {
  const auto d = train.cols;
  const std::vector<T> all = host_values(context, train);
  const std::vector<T> makers = fold(all, d, false);
  const std::vector<T> judges = fold(all, d, true);
  const auto view = [&](const std::vector<T>& rows) {
    if (judges.empty()) return train;
    return MatrixView<const T>(rows.data(), static_cast<std::int64_t>(rows.size()) / d, d);
  };
  std::vector<ClusterTrial> out;
  for (const std::int64_t clusters : candidates) {
    const auto predicted = [&](MatrixView<const T> making, MatrixView<const T> judging) {
      const Preparation preparation =
          prepare(context, making, judging, box, clusters, total, options);
      return predicted_bound(context, preparation, total, options);
    };
    out.push_back(
        {clusters, std::max(predicted(train, train), predicted(view(makers), view(judges)))});
  }
  return out;
}

std::int64_t best(const std::vector<ClusterTrial>& tried) {
  return std::min_element(tried.begin(), tried.end(),
                          [](const auto& a, const auto& b) { return a.bound < b.bound; })
      ->clusters;
}

/// Everything about one choice of K.
template <class T>
class Learner {
 public:
  Learner(const Context& context, MatrixView<const T> train, MatrixView<const T> evaluation,
          const Box& box, const LearnOptions& options)
      : context_(context), train_(train), evaluation_(evaluation), box_(box), options_(options) {}

  LearnedDistribution learn(std::int64_t clusters) const {
    LearnSeconds seconds;
    Stopwatch watch;
    Preparation preparation =
        prepare(context_, train_, train_, box_, clusters, evaluation_.rows, options_);
    seconds.partition = watch.lap();
    RegionStatistics statistics = named_statistics(context_, preparation.partition, "evaluation",
                                                   evaluation_, options_.order);
    seconds.statistics = watch.lap();
    LearnedBound parts = evaluated_bound(context_, preparation, statistics, evaluation_, options_);
    seconds.bound = watch.lap();
    DiscreteDistribution distribution = options_.method == BoundMethod::fournier
                                            ? empirical(context_, evaluation_)
                                            : clustered(preparation.partition, statistics);
    const double bound = with_stored_probabilities(value(parts), box_, options_.order);
    return {.distribution = std::move(distribution),
            .bound = bound,
            .beta = options_.beta,
            .parts = std::move(parts),
            .partition = std::move(preparation.partition),
            .train = std::move(preparation.train),
            .evaluation = std::move(statistics),
            .tried = {{clusters, bound}},
            .seconds = seconds};
  }

 private:
  const Context& context_;
  MatrixView<const T> train_, evaluation_;
  const Box& box_;
  const LearnOptions& options_;
};

/// The paper's way to choose K (design/learning.md B4): the bound of every candidate is evaluated,
/// at the price of a union bound over them.
template <class T>
LearnedDistribution best_on_evaluation(const Context& context, MatrixView<const T> train,
                                       MatrixView<const T> evaluation, const Box& box,
                                       const std::vector<std::int64_t>& candidates,
                                       const LearnOptions& options) {
  LearnOptions each = options;
  each.beta = options.beta / static_cast<double>(candidates.size());
  const Learner<T> learner(context, train, evaluation, box, each);
  std::optional<LearnedDistribution> best;
  std::vector<ClusterTrial> tried;
  LearnSeconds seconds;
  for (const std::int64_t clusters : candidates) {
    LearnedDistribution found = learner.learn(clusters);
    seconds.partition += found.seconds.partition;
    seconds.statistics += found.seconds.statistics;
    seconds.bound += found.seconds.bound;
    tried.push_back({clusters, found.bound});
    if (!best || found.bound < best->bound) best.emplace(std::move(found));
  }
  best->beta = options.beta;
  best->tried = std::move(tried);
  best->seconds = seconds;
  return std::move(*best);
}

template <class T>
LearnedDistribution learn_from(const Context& context, MatrixView<const T> train_samples,
                               MatrixView<const T> evaluation_samples, const Box& box,
                               const LearnOptions& options) {
  const Pulse pulse(options.progress);
  validate(options);
  validate(train_samples, evaluation_samples, box);
  const ContextCopy<T> train(context, train_samples);
  const ContextCopy<T> evaluation(context, evaluation_samples);
  const std::vector<std::int64_t> all = candidates(options, train_samples.rows);
  const Learner<T> learner(context, train.view(), evaluation.view(), box, options);
  if (all.size() == 1 || options.method == BoundMethod::fournier) return learner.learn(all.front());
  if (options.select_on == SelectOn::evaluation)
    return best_on_evaluation(context, train.view(), evaluation.view(), box, all, options);
  Stopwatch watch;
  std::vector<ClusterTrial> tried =
      predictions(context, train.view(), box, evaluation_samples.rows, all, options);
  const double choosing = watch.lap();
  LearnedDistribution learned = learner.learn(best(tried));
  learned.tried = std::move(tried);
  learned.seconds.partition += choosing;
  return learned;
}

}  // namespace

std::string_view name(BoundMethod method) { return name_of(method); }
std::string_view name(SelectOn samples) { return name_of(samples); }

double with_stored_probabilities(double bound, const Box& box, int order) {
  const Upper diameter(box.diameter());
  if (order == 1) return (Upper(bound) + kEpsilon * diameter).value();
  return hypot(Upper(bound), std::sqrt(kEpsilon) * diameter).value();  // √ε = 2⁻²⁶
}

LearnedDistribution learn(const Context& context, MatrixView<const double> train,
                          MatrixView<const double> evaluation, const Box& box,
                          const LearnOptions& options) {
  return learn_from(context, train, evaluation, box, options);
}

LearnedDistribution learn(const Context& context, MatrixView<const float> train,
                          MatrixView<const float> evaluation, const Box& box,
                          const LearnOptions& options) {
  return learn_from(context, train, evaluation, box, options);
}

}  // namespace wquant
