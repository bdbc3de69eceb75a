#include "quantize/evaluation.hpp"
#include "quantize/progress.hpp"
#include "quantize/validation.hpp"
#include "wquant/quantize.hpp"

namespace wquant {

DiscreteDistribution materialise(const Context& context, const Evaluation& evaluation,
                                 const ProgressCallback& progress) {
  const SchemeTables& tables = evaluation.tables;
  const auto weights = static_cast<std::int64_t>(tables.weights.size());
  const ProductGrids grids = tables.grids();

  report(progress, "probabilities", 0);
  Array<double> probabilities(context, tables.support());
  context.backend().product_mass(
      grids,
      {{tables.component_begin.data(), tables.layers() + 1},
       {tables.row_begin.data(), tables.layers()},
       {tables.weights.data(), weights},
       {tables.row_out_begin.data(), static_cast<std::int64_t>(tables.row_out_begin.size())},
       {evaluation.cell_mass.data(), evaluation.cell_mass.size(), evaluation.cell_mass.space()}},
      {probabilities.data(), probabilities.size(), probabilities.space()});

  report(progress, "locations", 0.5);
  Array<double> locations(context, tables.support(), tables.dimension());
  context.backend().product_locations(grids, tables.frames(), locations.view());
  report(progress, "locations", 1);
  return {std::move(locations), std::move(probabilities)};
}

CertifiedDistribution apply(const Context& context, const Scheme& scheme,
                            const GaussianMixture& mixture, const ProgressCallback& progress) {
  require_points_fit(context, scheme.support(), scheme.dimension());
  report(progress, "cells", 0);
  const Evaluation evaluation(context, scheme, mixture);
  return {materialise(context, evaluation, progress), evaluation.certificate};
}

}  // namespace wquant
