#include "quantize/certificate/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>

#include "backend/resident.hpp"
#include "backend/transfer.hpp"
#include "base/heartbeat.hpp"
#include "base/lengths.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/cross_layers.hpp"
#include "quantize/certificate/free_layers.hpp"
#include "quantize/certificate/grid_layers.hpp"
#include "quantize/certificate/tree_layers.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kJobsPerChunk = 32;
constexpr std::int64_t kLayersPerChunk = 16;

/// The layers of a batch, those of each pattern by themselves.
template <class>
struct ByPattern;
template <class... Patterns>
struct ByPattern<std::variant<Patterns...>> {
  using Lists = std::tuple<LayersOf<Patterns>...>;
};

/// The list that a pattern, as std::visit finds it, belongs to.
template <class Found>
using ListOf = LayersOf<std::remove_cvref_t<Found>>;

/// The scheme's layer `layer` of job `job`, and its number among the layers with its pattern.
struct Place {
  std::int64_t job;
  std::size_t layer;
  std::int64_t number;
};

/// Schemes over their mixtures, layer after layer in the order of their points.
struct Layout {
  std::vector<Place> places;
  ByPattern<Pattern>::Lists lists;
};

void require_match(const Job& job) {
  const Scheme& scheme = *job.scheme;
  const GaussianMixture& mixture = *job.mixture;
  if (scheme.components() != mixture.components() || scheme.dimension() != mixture.dimension())
    throw InvalidArgument("scheme: made for " + std::to_string(scheme.components()) +
                          " components in dimension " + std::to_string(scheme.dimension()) +
                          "; the mixture has " + std::to_string(mixture.components()) + " in " +
                          std::to_string(mixture.dimension()));
}

std::vector<std::int64_t> first_points(const std::vector<Job>& jobs) {
  std::vector<std::int64_t> begin{0};
  for (const Job& job : jobs) {
    require_match(job);
    if (job.mixture->dimension() != jobs.front().mixture->dimension())
      throw InvalidArgument("mixtures[" + std::to_string(begin.size() - 1) + "]: dimension " +
                            std::to_string(job.mixture->dimension()) + "; expected " +
                            std::to_string(jobs.front().mixture->dimension()) +
                            " as for the others of the batch");
    begin.push_back(begin.back() + job.scheme->support());
  }
  return begin;
}

/// The largest length that the layers' patterns are made of.
double largest_length(const Scheme& scheme) {
  double largest = 0;
  for (const Layer& layer : scheme.layers())
    largest = std::max(largest, std::visit(
                                    [](const auto& pattern) {
                                      return ListOf<decltype(pattern)>::largest_length(pattern);
                                    },
                                    layer.pattern));
  if (!(largest <= kLargestLength))
    throw InvalidArgument("scheme: coordinates up to " + number_text(largest) +
                          "; expected at most " + number_text(kLargestLength));
  return largest;
}

/// A power of two of the order of the largest length in the job, so that no square overflows or
/// vanishes that matters when lengths are multiples of it; nothing is rounded by that.
double common_unit(const Job& job) {
  double largest = largest_length(*job.scheme);
  const GaussianMixture& mixture = *job.mixture;
  for (std::int64_t i = 0; i < mixture.components(); ++i)
    for (std::int64_t k = 0; k < mixture.dimension(); ++k)
      largest = std::max(
          {largest, std::fabs(mixture.means()(i, k)), std::sqrt(mixture.eigenvalues()(i, k))});
  return power_of_two_unit(largest);
}

std::vector<MeasuredMixture> measured(const Context& context, const std::vector<Job>& jobs) {
  std::vector<MeasuredMixture> out;
  out.reserve(jobs.size());
  for (const Job& job : jobs) out.push_back({*job.mixture, {}, common_unit(job)});
  parallel_chunks(context.backend().host_threads(), static_cast<std::int64_t>(jobs.size()),
                  kJobsPerChunk, [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t j = begin; j < end; ++j) {
                      const std::vector<double> mean = out[j].mixture.mean();
                      out[j].centre =
                          Eigen::VectorXd::Map(mean.data(), static_cast<Eigen::Index>(mean.size()));
                    }
                  });
  return out;
}

/// mixtures: of the jobs, which the layout points to.
Layout lay_out(const std::vector<Job>& jobs, const std::vector<MeasuredMixture>& mixtures) {
  Layout out;
  std::int64_t row = 0;
  ShortSteps steps;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    const std::vector<Layer>& layers = jobs[j].scheme->layers();
    for (std::size_t l = 0; l < layers.size(); ++l) {
      steps.beat();
      std::visit(
          [&](const auto& pattern) {
            auto& alike = std::get<ListOf<decltype(pattern)>>(out.lists);
            out.places.push_back({static_cast<std::int64_t>(j), l, alike.size()});
            alike.add({pattern, layers[l].components, mixtures[j], row});
          },
          layers[l].pattern);
      row += size(layers[l].pattern);
    }
  }
  return out;
}

/// What the layers bring, in their order.
std::vector<EvaluatedLayer> evaluate_layers(const Context& context, const std::vector<Job>& jobs,
                                            Layout& layout, const AffineImage* image) {
  std::apply([&](auto&... lists) { (lists.prepare(context), ...); }, layout.lists);
  std::vector<EvaluatedLayer> out(layout.places.size());
  const auto evaluate_layer = [&](const Place& at) {
    return std::visit(
        [&](const auto& pattern) {
          return std::get<ListOf<decltype(pattern)>>(layout.lists).evaluated(at.number, image);
        },
        jobs[at.job].scheme->layers()[at.layer].pattern);
  };
  parallel_chunks(context.backend().host_threads(), static_cast<std::int64_t>(out.size()),
                  kLayersPerChunk, [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t l = begin; l < end; ++l)
                      out[l] = evaluate_layer(layout.places[l]);
                  });
  return out;
}

std::vector<Certificate> certificates_of(const std::vector<MeasuredMixture>& mixtures,
                                         const std::vector<Place>& places,
                                         const std::vector<EvaluatedLayer>& layers,
                                         const AffineImage* image) {
  std::vector<Certificate> out;
  out.reserve(mixtures.size());
  std::size_t l = 0;
  for (const MeasuredMixture& measured : mixtures) {
    const auto j = static_cast<std::int64_t>(out.size());
    Totals totals;
    for (; l < places.size() && places[l].job == j; ++l) totals.add(layers[l].totals);
    out.push_back(totals.certificate(measured.mixture.weight_error(),
                                     measured.unit * (image ? image->scale : 1)));
  }
  return out;
}

void put(Backend& backend, Array<double>& to, std::int64_t at, const std::vector<double>& values) {
  backend.copy_from_host(to.data() + at, values.data(), values.size() * sizeof(double));
}

}  // namespace

Evaluation evaluate(const Context& context, const std::vector<Job>& jobs,
                    const AffineImage* image) {
  Evaluation out;
  out.point_begin = first_points(jobs);
  if (!jobs.empty()) out.dimension = jobs.front().mixture->dimension();
  const std::vector<MeasuredMixture> mixtures = measured(context, jobs);
  Layout layout = lay_out(jobs, mixtures);
  std::vector<EvaluatedLayer> layers = evaluate_layers(context, jobs, layout, image);
  out.certificates = certificates_of(mixtures, layout.places, layers, image);
  out.grids = std::get<LayersOf<Grid>>(layout.lists).take_points();
  for (EvaluatedLayer& layer : layers)
    if (!layer.points.probabilities.empty()) out.blocks.push_back(std::move(layer.points));
  return out;
}

DistributionBatch materialise(const Context& context, const Evaluation& evaluation,
                              const ProgressCallback& progress) {
  const std::int64_t support = evaluation.point_begin.back();
  const std::int64_t d = evaluation.dimension;
  Backend& backend = context.backend();
  const auto [grids, frames, components] = resident(
      context, evaluation.grids.grids(), evaluation.grids.frames(), evaluation.grids.components());

  report(progress, "probabilities", 0);
  Array<double> probabilities(context, support);
  backend.product_mass(grids, components, flat_view(probabilities));

  report(progress, "locations", 0.5);
  Array<double> locations(context, support, d);
  backend.product_locations(grids, frames, locations.view());
  for (const PointBlock& block : evaluation.blocks) {
    put(backend, probabilities, block.row, block.probabilities);
    put(backend, locations, block.row * d, block.locations);
  }
  report(progress, "locations", 1);
  return {std::move(locations), std::move(probabilities), evaluation.point_begin};
}

DiscreteDistribution only(DistributionBatch batch) {
  return {std::move(batch.locations), std::move(batch.probabilities)};
}

}  // namespace wquant
