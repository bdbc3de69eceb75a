#include "backend/resident.hpp"
#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/checked.hpp"
#include "base/pulse.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/evaluation.hpp"
#include "wquant/certify.hpp"

namespace wquant {
namespace {

void put(Backend& backend, Array<double>& to, std::int64_t at, const std::vector<double>& values) {
  backend.copy_from_host(to.data() + at, values.data(), values.size() * sizeof(double));
}

std::vector<Job> paired(std::span<const Scheme> schemes,
                        std::span<const GaussianMixture> mixtures) {
  require_shape("schemes", {static_cast<std::int64_t>(schemes.size())},
                {static_cast<std::int64_t>(mixtures.size())});
  std::vector<Job> jobs;
  for (std::size_t b = 0; b < mixtures.size(); ++b) jobs.push_back({&schemes[b], &mixtures[b]});
  return jobs;
}

}  // namespace

DistributionBatch materialise(const Context& context, const Evaluation& evaluation) {
  const SchemeTables& tables = evaluation.tables;
  const std::int64_t support = evaluation.point_begin.back();
  Backend& backend = context.backend();
  GridComponents with_masses = tables.components();
  with_masses.masses = flat_view(evaluation.cell_mass);
  const auto [grids, frames, components] =
      resident(context, tables.grids(), tables.frames(), with_masses);

  Pulse::report("probabilities", 0);
  Array<double> probabilities(context, support);
  backend.product_mass(grids, components, flat_view(probabilities));

  Pulse::report("locations", 0.5);
  Array<double> locations(context, support, tables.dimension());
  backend.product_locations(grids, frames, locations.view());
  for (const PointBlock& block : evaluation.blocks) {
    put(backend, probabilities, block.row, block.probabilities);
    put(backend, locations, block.row * tables.dimension(), block.locations);
  }
  Pulse::report("locations", 1);
  return {std::move(locations), std::move(probabilities), evaluation.point_begin};
}

DiscreteDistribution only(DistributionBatch batch) {
  return {std::move(batch.locations), std::move(batch.probabilities)};
}

CertifiedDistribution apply(const Context& context, const Scheme& scheme,
                            const GaussianMixture& mixture, const ProgressCallback& progress) {
  const Pulse pulse(progress);
  require_points_fit(context, scheme.support(), scheme.dimension());
  Pulse::report("cells", 0);
  const Evaluation evaluation(context, {{&scheme, &mixture}});
  return {only(materialise(context, evaluation)), evaluation.certificates.front()};
}

CertifiedBatch apply(const Context& context, std::span<const Scheme> schemes,
                     std::span<const GaussianMixture> mixtures, const ProgressCallback& progress) {
  const Pulse pulse(progress);
  std::int64_t support = 0;
  for (const Scheme& scheme : schemes) support += scheme.support();
  if (!schemes.empty()) require_points_fit(context, support, schemes.front().dimension());
  Pulse::report("cells", 0);
  Evaluation evaluation(context, paired(schemes, mixtures));
  DistributionBatch points = materialise(context, evaluation);
  return {std::move(points), std::move(evaluation.certificates)};
}

Certificate certify(const Context& context, const Scheme& scheme, const GaussianMixture& mixture) {
  return Evaluation(context, {{&scheme, &mixture}}).certificates.front();
}

}  // namespace wquant
