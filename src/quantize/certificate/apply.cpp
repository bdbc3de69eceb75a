#include "backend/workspace_limit.hpp"
#include "base/heartbeat.hpp"
#include "base/progress.hpp"
#include "base/validation.hpp"
#include "quantize/certificate/evaluation.hpp"
#include "wquant/certify.hpp"

namespace wquant {
namespace {

std::vector<Job> paired(std::span<const Scheme> schemes,
                        std::span<const GaussianMixture> mixtures) {
  require_shape("schemes", {static_cast<std::int64_t>(schemes.size())},
                {static_cast<std::int64_t>(mixtures.size())});
  std::vector<Job> jobs;
  for (std::size_t b = 0; b < mixtures.size(); ++b) jobs.push_back({&schemes[b], &mixtures[b]});
  return jobs;
}

}  // namespace

CertifiedDistribution apply(const Context& context, const Scheme& scheme,
                            const GaussianMixture& mixture, const ProgressCallback& progress) {
  const Heartbeat heartbeat(progress);
  require_points_fit(context, scheme.support(), scheme.dimension());
  report(progress, "cells", 0);
  const Evaluation evaluation = evaluate(context, {{&scheme, &mixture}});
  return {only(materialise(context, evaluation, progress)), evaluation.certificates.front()};
}

CertifiedBatch apply(const Context& context, std::span<const Scheme> schemes,
                     std::span<const GaussianMixture> mixtures, const ProgressCallback& progress) {
  const Heartbeat heartbeat(progress);
  std::int64_t support = 0;
  for (const Scheme& scheme : schemes) support += scheme.support();
  if (!schemes.empty()) require_points_fit(context, support, schemes.front().dimension());
  report(progress, "cells", 0);
  Evaluation evaluation = evaluate(context, paired(schemes, mixtures));
  DistributionBatch points = materialise(context, evaluation, progress);
  return {std::move(points), std::move(evaluation.certificates)};
}

Certificate certify(const Context& context, const Scheme& scheme, const GaussianMixture& mixture) {
  return evaluate(context, {{&scheme, &mixture}}).certificates.front();
}

}  // namespace wquant
