#include "quantize/search/per_mode.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <numeric>
#include <vector>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "base/eigen.hpp"
#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "numerics/symmetric_eigen.hpp"
#include "quantize/mixture/merging.hpp"
#include "quantize/mixture/searched_mixture.hpp"
#include "quantize/points/allocation.hpp"
#include "quantize/search/per_component.hpp"
#include "wquant/compress.hpp"
#include "wquant/density.hpp"
#include "wquant/modes.hpp"

namespace wquant {
namespace {

using Group = std::vector<std::int64_t>;

/// A grid whose certificate owes more than this part to its axes fits none of the components.
constexpr double kMismatch = 1e-6;
constexpr std::int64_t kGroupsPerReport = 1024;

double weight_of(const GaussianMixture& mixture, const Group& group) {
  double sum = 0;
  for (const std::int64_t i : group) sum += mixture.weights()[i];
  return sum;
}

/// (−Hessian of log p)⁻¹ at the modes of these groups, where there is such a covariance.
void add_local_covariances(const Context& context, const GaussianMixture& mixture,
                           const Modes& modes, const std::vector<std::int64_t>& mode_of,
                           std::vector<ModeGroup>& groups) {
  const std::int64_t d = mixture.dimension();
  std::vector<std::size_t> wanting;  // one component is its own local Gaussian
  std::vector<double> points;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].components.size() == 1) continue;
    wanting.push_back(g);
    const double* const mode = modes.view().row(mode_of[g]);
    points.insert(points.end(), mode, mode + d);
  }
  if (wanting.empty()) return;
  const auto count = static_cast<std::int64_t>(wanting.size());
  const SearchedMixture searched = searched_mixture(context, mixture);
  const HeldStage held;
  const Array<double> there = hessian(context, searched.mixture, {points.data(), count, d});
  const HostCopy hessians(context, flat_view(there));
  for (std::int64_t j = 0; j < count; ++j) {
    const Eigen::Map<const RowMajor> h(hessians.view().begin() + j * d * d, d, d);
    const Eigen::LLT<Eigen::MatrixXd> factor(-h);
    if (factor.info() != Eigen::Success) continue;
    const RowMajor covariance = factor.solve(Eigen::MatrixXd::Identity(d, d));
    if (!covariance.allFinite()) continue;
    groups[wanting[j]].local = {{&points[j * d], &points[j * d] + d},
                                {covariance.data(), covariance.data() + d * d}};
  }
}

/// At most `wanted` groups: those with the nearest means, by weight, joined.
std::vector<ModeGroup> joined(const Context& context, const GaussianMixture& mixture,
                              const std::vector<ModeGroup>& groups, std::int64_t wanted) {
  const std::int64_t d = mixture.dimension();
  std::vector<double> weights;
  std::vector<double> means;
  for (const ModeGroup& group : groups) {
    weights.push_back(weight_of(mixture, group.components));
    const std::vector<double> mean = group_mean(mixture, group.components);
    means.insert(means.end(), mean.begin(), mean.end());
  }
  const auto count = static_cast<std::int64_t>(groups.size());
  const std::vector<double> none(means.size());
  const auto centres = GaussianMixture::diagonal(context, {weights.data(), count},
                                                 {means.data(), count, d}, {none.data(), count, d});
  std::vector<ModeGroup> out;
  for (const Group& parts : merge_components(context, centres, wanted)) {
    ModeGroup& group = out.emplace_back();
    for (const std::int64_t g : parts)
      group.components.insert(group.components.end(), groups[g].components.begin(),
                              groups[g].components.end());
    std::sort(group.components.begin(), group.components.end());
    if (parts.size() == 1) group.local = groups[parts[0]].local;
  }
  return out;
}

/// One group with its share of the points.
class GroupSchemes {
 public:
  GroupSchemes(const Context& context, const GaussianMixture& mixture,
               const QuantizeOptions& options, const ModeGroup& group)
      : context_(context),
        mixture_(mixture.select(group.components)),
        options_(options),
        group_(group) {}

  /// Variances of the group along its principal axes.
  std::vector<double> variances() const {
    const std::int64_t d = mixture_.dimension();
    if (mixture_.components() == 1)
      return {mixture_.eigenvalues().row(0), mixture_.eigenvalues().row(0) + d};
    const std::vector<double> total = mixture_.total_covariance();
    const Eigen::VectorXd positive =
        symmetric_eigenvalues(Eigen::Map<const RowMajor>(total.data(), d, d)).values.cwiseMax(0);
    return {positive.begin(), positive.end()};
  }

  /// The layers with the smallest certificate, over the components of the whole mixture.
  std::vector<Layer> best(std::int64_t support) {
    options_.support = support;
    best_.reset();
    build();
    std::vector<Layer> layers = best_->layers();
    for (Layer& layer : layers)
      for (std::int64_t& i : layer.components) i = group_.components[i];
    return layers;
  }

 private:
  void build() {
    if (mixture_.components() == 1) {
      best_ = make_grid_scheme(context_, mixture_, options_);
      return;
    }
    const bool hessian = group_.local && options_.local != LocalScale::moments;
    if (hessian) take(make_grid_scheme(context_, mixture_, options_, &*group_.local));
    if (!hessian || options_.local == LocalScale::best)
      take(make_grid_scheme(context_, mixture_, options_));
    if (certificate_.basis <= kMismatch * certificate_.w2) return;
    take(make_per_component_scheme(context_, mixture_, options_));
    if (options_.support > 1 && affords_compression()) take(compressed());
  }

  std::int64_t fine_support() const { return FreePoints::automatic_fine_support(options_.support); }

  /// k-means looks at all pairs of fine points and points, some hundred times.
  bool affords_compression() const {
    constexpr double kMostDifferences = 2e9;  // of coordinates, each time
    return static_cast<double>(fine_support()) * static_cast<double>(options_.support) *
               static_cast<double>(mixture_.dimension()) <=
           kMostDifferences;
  }

  void take(Scheme scheme) {
    const Certificate certificate = certify(context_, scheme, mixture_);
    if (best_ && !(certificate.w2 < certificate_.w2)) return;
    best_ = std::move(scheme);
    certificate_ = certificate;
  }

  /// The grids of the components with many points, compressed.
  Scheme compressed() const {
    QuantizeOptions fine = options_;
    fine.support = fine_support();
    const CertifiedDistribution many =
        apply(context_, make_per_component_scheme(context_, mixture_, fine), mixture_);
    const CertifiedDistribution few =
        compress(context_, many, {.support = options_.support, .seed = options_.seed});
    const HostCopy locations(context_, few.distribution.locations().view());
    return Scheme::free(FreePoints(locations.view(), fine.support), mixture_.components());
  }

  const Context& context_;
  GaussianMixture mixture_;
  QuantizeOptions options_;
  const ModeGroup& group_;
  std::optional<Scheme> best_;
  Certificate certificate_;
};

}  // namespace

std::vector<ModeGroup> mode_groups(const Context& context, const GaussianMixture& mixture,
                                   const QuantizeOptions& options) {
  const Modes modes = find_modes(context, mixture);
  std::vector<Group> members(static_cast<std::size_t>(modes.size()));
  for (std::int64_t i = 0; i < mixture.components(); ++i) members[modes.labels[i]].push_back(i);
  std::vector<ModeGroup> groups;
  std::vector<std::int64_t> mode_of;
  Group weightless;  // cost nothing, wherever they go
  for (std::int64_t m = 0; m < modes.size(); ++m) {
    if (!(weight_of(mixture, members[m]) > 0)) {
      weightless.insert(weightless.end(), members[m].begin(), members[m].end());
      continue;
    }
    groups.push_back({std::move(members[m]), {}});
    mode_of.push_back(m);
  }
  Group& first = groups.front().components;
  first.insert(first.end(), weightless.begin(), weightless.end());
  std::sort(first.begin(), first.end());
  if (options.local != LocalScale::moments)
    add_local_covariances(context, mixture, modes, mode_of, groups);
  return groups;
}

Scheme make_per_mode_scheme(const Context& context, const GaussianMixture& mixture,
                            const QuantizeOptions& options, const std::vector<ModeGroup>& all) {
  std::vector<ModeGroup> fewer;
  if (options.support < static_cast<std::int64_t>(all.size()))
    fewer = joined(context, mixture, all, options.support);
  const std::vector<ModeGroup>& groups = fewer.empty() ? all : fewer;
  const auto count = static_cast<std::int64_t>(groups.size());

  Pulse::report("allocation", 0);
  std::vector<GroupSchemes> schemes;
  std::vector<double> weights;
  for (const ModeGroup& group : groups) {
    schemes.emplace_back(context, mixture, options, group);
    weights.push_back(weight_of(mixture, group.components));
  }
  const DistortionCurves curves = [&](std::int64_t g, std::int64_t largest) {
    const std::vector<double> variances = schemes[g].variances();
    return grid_distortions({variances.data(), mixture.dimension()}, largest);
  };
  const std::vector<std::int64_t> budget =
      allocate_budget(context, {weights.data(), count}, curves, options.support);

  std::vector<std::vector<Layer>> built(groups.size());
  for (std::int64_t first = 0; first < count; first += kGroupsPerReport) {
    const HeldStage held("modes", static_cast<double>(first) / static_cast<double>(count));
    parallel_chunks(context.backend().host_threads(), std::min(kGroupsPerReport, count - first), 1,
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t g = first + begin; g < first + end; ++g)
                        built[g] = schemes[g].best(budget[g]);
                    });
  }
  std::vector<Layer> layers;
  for (std::vector<Layer>& of : built) std::move(of.begin(), of.end(), std::back_inserter(layers));
  return Scheme::layered(std::move(layers));
}

}  // namespace wquant
