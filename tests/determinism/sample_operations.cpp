#include <cctype>
#include <iterator>
#include <memory>
#include <utility>
#include <variant>

#include "determinism/bytes.hpp"
#include "determinism/operations.hpp"
#include "support/samples.hpp"

namespace wquant::test {
namespace {

constexpr std::int64_t kDimension = 3;

/// Samples of a truncated Gaussian, made once.
template <class T>
struct Samples {
  std::vector<T> train = truncated_gaussian<T>(6'000, kDimension, 0.04, 1);
  std::vector<T> evaluation = truncated_gaussian<T>(9'000, kDimension, 0.04, 2);
  std::vector<double> weights = uniform_samples<double>(6'000, 1, 0, 1, 3);
  Box box = Box::cube(kDimension, -0.5, 0.5);
};

template <class T>
using Shared = std::shared_ptr<const Samples<T>>;

template <class T>
void add_clustering(const Shared<T>& in, const std::string& type, std::vector<Operation>& all) {
  for (const bool weighted : {false, true})
    all.push_back({"kmeans " + type + (weighted ? " weighted" : ""),
                   [=](const Context& context, const ProgressCallback& progress) {
                     KmeansOptions<T> options;
                     options.clusters = 80;
                     if (weighted) options.weights = {in->weights.data(), 6'000};
                     options.progress = progress;
                     const KmeansResult<T> found =
                         kmeans(context, rows(in->train, kDimension), options);
                     Bytes out;
                     out.add(found.centres);
                     out.add(found.labels);
                     out.add(found.objective);
                     out.add(found.iterations);
                     return out.text();
                   }});
  all.push_back({"make_partition, region_statistics, regions_of " + type,
                 [=](const Context& context, const ProgressCallback& progress) {
                   const Partition partition =
                       make_partition(context, rows(in->train, kDimension), in->box,
                                      {.clusters = 60, .progress = progress});
                   const auto points = rows(in->evaluation, kDimension);
                   Bytes out;
                   out.add(partition.fingerprint());
                   out.add(partition.radii());
                   for (const int order : {1, 2})
                     out.add(region_statistics(context, partition, points, order, progress));
                   const Regions regions = regions_of(context, partition, points);
                   out.add(regions.label);
                   out.add(regions.distance);
                   return out.text();
                 }});
}

void add_parts(const LearnedBound& parts, Bytes& out) {
  if (const auto* split = std::get_if<SplitBound>(&parts)) {
    out.add(split->moment);
    out.add(split->discrete);
    out.add(split->capacity);
  } else if (const auto* dual = std::get_if<DualBound>(&parts)) {
    out.add(dual->lower);
    out.add(dual->certificate.y);
  } else if (const auto* exact = std::get_if<ExactBound>(&parts)) {
    out.add(exact->lower);
  } else if (const auto* vertex = std::get_if<VertexBound>(&parts)) {
    out.add(vertex->moment);
    out.add(vertex->discrete);
  }
}

void add(const LearnedDistribution& learned, Bytes& out) {
  out.add(learned.distribution);
  out.add(learned.bound);
  out.add(learned.partition.fingerprint());
  out.add(learned.train);
  out.add(learned.evaluation);
  add_parts(learned.parts, out);
  for (const ClusterTrial& trial : learned.tried) out.add(trial.bound);
}

template <class T>
void add_learning(const Shared<T>& in, const std::string& name, LearnOptions options,
                  std::vector<Operation>& all) {
  options.time_limit = 3'600;  // the clock has no say
  all.push_back({"learn " + name, [=](const Context& context, const ProgressCallback& progress) {
                   LearnOptions own = options;
                   own.progress = progress;
                   const LearnedDistribution learned =
                       learn(context, rows(in->train, kDimension), rows(in->evaluation, kDimension),
                             in->box, own);
                   Bytes out;
                   add(learned, out);
                   return out.text();
                 }});
}

void add_learning_one_set(const Shared<float>& in, std::vector<Operation>& all) {
  all.push_back({"learn one set", [=](const Context& context, const ProgressCallback& progress) {
                   Bytes out;
                   add(learn(context, {in->evaluation, kDimension}, in->box,
                             {.clusters = {80}, .seed = 3, .progress = progress}),
                       out);
                   return out.text();
                 }});
}

}  // namespace

std::vector<Operation> sample_operations() {
  const auto doubles = std::make_shared<const Samples<double>>();
  const auto floats = std::make_shared<const Samples<float>>();
  std::vector<Operation> all;
  add_clustering(doubles, "double", all);
  add_clustering(floats, "float", all);
  add_learning(doubles, "split", {.clusters = {150}}, all);
  add_learning(floats, "split float", {.clusters = {150}}, all);
  add_learning(doubles, "split routed", {.clusters = {60}, .discrete = DiscreteTerm::routed}, all);
  add_learning(doubles, "split betting", {.clusters = {40}, .moment = Moment::betting}, all);
  add_learning(doubles, "split, K chosen", {.clusters = {10, 40}}, all);
  add_learning(doubles, "dual", {.method = BoundMethod::dual, .clusters = {100}}, all);
  add_learning(doubles, "exact", {.method = BoundMethod::exact, .clusters = {25}}, all);
  add_learning(doubles, "vertex", {.method = BoundMethod::vertex, .clusters = {60}}, all);
  add_learning(doubles, "fournier", {.method = BoundMethod::fournier}, all);
  add_learning_one_set(floats, all);
  return all;
}

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> out = mixture_operations();
    std::vector<Operation> more = sample_operations();
    std::move(more.begin(), more.end(), std::back_inserter(out));
    return out;
  }();
  return all;
}

std::string test_name(std::size_t operation) {
  std::string name = operations()[operation].name;
  for (char& letter : name)
    if (!std::isalnum(static_cast<unsigned char>(letter))) letter = '_';
  return name;
}

}  // namespace wquant::test
