#include "quantize/certificate/evaluation.hpp"

#include <algorithm>

#include "backend/resident.hpp"
#include "backend/transfer.hpp"
#include "base/parallel.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/cross_totals.hpp"
#include "quantize/certificate/free_totals.hpp"
#include "quantize/certificate/grid_totals.hpp"
#include "quantize/certificate/tree_tables.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kJobsPerChunk = 32;
constexpr std::int64_t kLayersPerChunk = 16;

std::vector<std::int64_t> first_points(std::span<const Job> jobs) {
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

std::vector<double> common_units(std::span<const Job> jobs) {
  std::vector<double> units;
  for (const Job& job : jobs) units.push_back(common_unit(job));
  return units;
}

/// A layer of a job: where its points begin, and which of the grid or the tree layers it is.
struct Place {
  std::int64_t job;
  const Layer* layer;
  std::int64_t row;
  std::int64_t number;
};

std::vector<Place> places(std::span<const Job> jobs) {
  std::vector<Place> out;
  std::int64_t row = 0;
  std::int64_t grids = 0;
  std::int64_t trees = 0;
  for (std::size_t j = 0; j < jobs.size(); ++j)
    for (const Layer& layer : jobs[j].scheme->layers()) {
      std::int64_t number = -1;
      if (std::holds_alternative<Grid>(layer.pattern)) number = grids++;
      if (std::holds_alternative<Tree>(layer.pattern)) number = trees++;
      out.push_back({static_cast<std::int64_t>(j), &layer, row, number});
      row += size(layer.pattern);
    }
  return out;
}

/// The location for what is outside of a bounded grid's boxes.
PointBlock outside_point(const Grid& grid, std::int64_t row, double probability) {
  const std::int64_t last = grid.size() - 1;
  return {row + last, grid.location(last), {probability}};
}

}  // namespace

Evaluation::Evaluation(const Context& context, std::vector<Job> all_jobs, const AffineImage* image)
    : jobs(std::move(all_jobs)),
      point_begin(first_points(jobs)),
      units(common_units(jobs)),
      tables(context, jobs, units),
      cell_mass(context, tables.cell_count()),
      certificates(jobs.size()) {
  Array<double> cell_mean(context, tables.cell_count());
  Array<double> cell_variance(context, tables.cell_count());
  {
    const auto [rows] = resident(context, tables.cell_rows());
    context.backend().cell_moments(
        rows, {flat_view(cell_mass), flat_view(cell_mean), flat_view(cell_variance)});
  }
  const HostCopy mass(context, flat_view(cell_mass)), mean(context, flat_view(cell_mean)),
      variance(context, flat_view(cell_variance));
  const HostMoments moments{mass.view(), mean.view(), variance.view()};
  const TreeTables tree_tables(context, jobs, units);

  const int threads = context.backend().host_threads();
  const auto job_count = static_cast<std::int64_t>(jobs.size());
  std::vector<std::vector<double>> centres(jobs.size());
  parallel_chunks(threads, job_count, kJobsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) centres[j] = jobs[j].mixture->mean();
  });

  const std::vector<Place> all = places(jobs);
  const auto layer_count = static_cast<std::int64_t>(all.size());
  std::vector<LayerTotals> layer_totals(all.size());
  std::vector<PointBlock> layer_blocks(all.size());
  const auto total_layer = [&](std::int64_t l) {
    const Place& at = all[l];
    const GaussianMixture& mixture = *jobs[at.job].mixture;
    const std::vector<double>& centre = centres[at.job];
    const double unit = units[at.job];
    PointBlock& block = layer_blocks[l];
    block.row = at.row;
    if (const auto* grid = std::get_if<Grid>(&at.layer->pattern)) {
      const GridTotals of_grid =
          grid_totals(tables, moments, at.number, mixture, centre, unit, image);
      if (grid->has_outside()) block = outside_point(*grid, at.row, of_grid.outside_mass);
      layer_totals[l] = of_grid.totals;
      return;
    }
    const std::vector<std::int64_t>& components = at.layer->components;
    if (const auto* cross = std::get_if<Cross>(&at.layer->pattern)) {
      layer_totals[l] = cross_totals(*cross, components, mixture, centre, unit, block);
    } else if (const auto* tree = std::get_if<Tree>(&at.layer->pattern)) {
      layer_totals[l] = tree_tables.totals(at.number, mixture, centre, unit, block.probabilities);
      block.locations = locations(*tree);
    } else {
      layer_totals[l] = free_totals(context, std::get<FreePoints>(at.layer->pattern), components,
                                    mixture, centre, unit, block);
    }
    if (image) stretch(layer_totals[l], image->norm);
  };
  parallel_chunks(threads, layer_count, kLayersPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t l = begin; l < end; ++l) total_layer(l);
  });

  std::int64_t l = 0;
  for (std::int64_t j = 0; j < job_count; ++j) {
    Totals totals;
    for (; l < layer_count && all[l].job == j; ++l) totals.add(layer_totals[l]);
    certificates[j] =
        totals.certificate(jobs[j].mixture->weight_error(), units[j] * (image ? image->scale : 1));
  }
  for (PointBlock& block : layer_blocks)
    if (!block.probabilities.empty()) blocks.push_back(std::move(block));
}

}  // namespace wquant
