#include "wquant/quantize.hpp"

#include "c/elements.hpp"
#include "c/enums.hpp"
#include "c/exported_tensor.hpp"
#include "c/guard.hpp"
#include "c/handles.hpp"
#include "c/progress.hpp"
#include "c/structs.hpp"
#include "quantize/search/names.hpp"

namespace wquant::c {
namespace {

static_assert(mirrors(WQUANT_FAMILY_AUTOMATIC, SchemeFamily::automatic));
static_assert(mirrors(WQUANT_FAMILY_GRID, SchemeFamily::grid));
static_assert(mirrors(WQUANT_FAMILY_PER_COMPONENT, SchemeFamily::per_component));
static_assert(mirrors(WQUANT_FAMILY_CROSS, SchemeFamily::cross));
static_assert(mirrors(WQUANT_FAMILY_PER_MODE, SchemeFamily::per_mode));
static_assert(mirrors(WQUANT_FAMILY_TREE, SchemeFamily::tree));
static_assert(mirrors(WQUANT_FAMILY_LLOYD, SchemeFamily::lloyd));
static_assert(mirrors(WQUANT_RADII_OPTIMAL, CrossRadii::optimal));
static_assert(mirrors(WQUANT_RADII_PAPER, CrossRadii::paper));
static_assert(mirrors(WQUANT_RADII_UNSCENTED, CrossRadii::unscented));
static_assert(mirrors(WQUANT_LOCAL_HESSIAN, LocalScale::hessian));
static_assert(mirrors(WQUANT_LOCAL_MOMENTS, LocalScale::moments));
static_assert(mirrors(WQUANT_LOCAL_BEST, LocalScale::best));

wquant_quantize_options defaults() {
  const QuantizeOptions d;
  return {.size = sizeof(wquant_quantize_options),
          .support = d.support,
          .tolerance = d.tolerance,
          .seconds = d.seconds,
          .family = static_cast<std::int32_t>(d.family),
          .radii = static_cast<std::int32_t>(d.radii),
          .local = static_cast<std::int32_t>(d.local),
          .reserved = 0,
          .reduced_components = d.reduced_components,
          .active_dimensions = d.active_dimensions,
          .fine_support = d.fine_support,
          .rank_tolerance = d.rank_tolerance,
          .seed = d.seed,
          .progress = nullptr,
          .progress_data = nullptr};
}

QuantizeOptions options_of(const wquant_quantize_options* given) {
  const wquant_quantize_options o = read_struct("options", given, defaults());
  require_reserved("options", o.reserved);
  return {.support = o.support,
          .tolerance = o.tolerance,
          .family = enumerator<SchemeFamily>("options.family", o.family),
          .seconds = o.seconds,
          .radii = enumerator<CrossRadii>("options.radii", o.radii),
          .local = enumerator<LocalScale>("options.local", o.local),
          .reduced_components = o.reduced_components,
          .active_dimensions = o.active_dimensions,
          .fine_support = o.fine_support,
          .rank_tolerance = o.rank_tolerance,
          .seed = o.seed,
          .progress = progress_callback(o.progress, o.progress_data)};
}

const Quantization& result_of(const wquant_quantization* quantization) {
  return *required("quantization", quantization).result;
}

}  // namespace
}  // namespace wquant::c

using namespace wquant::c;

wquant_status wquant_quantize_options_init(wquant_quantize_options* options, size_t size) {
  return guarded([&] { write_defaults("options", defaults(), options, size); });
}

wquant_status wquant_quantize(const wquant_context* context, const wquant_mixture* mixture,
                              const wquant_quantize_options* options,
                              wquant_quantization** quantization) {
  return make_handle("quantization", quantization, [&] {
    const wquant_context& where = required("context", context);
    const wquant::GaussianMixture& given = required("mixture", mixture).mixture;
    const wquant::QuantizeOptions wanted = options_of(options);
    auto result = std::make_shared<const wquant::Quantization>(
        where.run([&](const auto& on) { return wquant::quantize(on, given, wanted); }));
    return std::make_unique<wquant_quantization>(
        wquant_quantization{std::move(result), where.device});
  });
}

void wquant_quantization_destroy(wquant_quantization* quantization) { delete quantization; }

wquant_status wquant_quantization_locations(const wquant_quantization* quantization, bool on_host,
                                            DLManagedTensor** locations) {
  return export_tensor("locations", locations, [&] {
    const wquant::Quantization& result = result_of(quantization);
    return exported_tensor(result.distribution.locations(), 2, quantization->device,
                           quantization->result, on_host);
  });
}

wquant_status wquant_quantization_probabilities(const wquant_quantization* quantization,
                                                bool on_host, DLManagedTensor** probabilities) {
  return export_tensor("probabilities", probabilities, [&] {
    const wquant::Quantization& result = result_of(quantization);
    return exported_tensor(result.distribution.probabilities(), 1, quantization->device,
                           quantization->result, on_host);
  });
}

wquant_status wquant_quantization_certificate(const wquant_quantization* quantization,
                                              wquant_certificate* certificate, size_t size) {
  return guarded([&] {
    const wquant::Certificate& c = result_of(quantization).certificate;
    const wquant_certificate found{.w2 = c.w2,
                                   .cells = c.cells,
                                   .dropped = c.dropped,
                                   .reduction = c.reduction,
                                   .basis = c.basis,
                                   .rounding = c.rounding,
                                   .centroid_gap = c.centroid_gap};
    write_struct("certificate", found, certificate, size);
  });
}

wquant_status wquant_quantization_statistics(const wquant_quantization* quantization,
                                             wquant_quantize_statistics* statistics, size_t size) {
  return guarded([&] {
    const wquant::Quantization& result = result_of(quantization);
    const wquant::QuantizeStatistics& s = result.statistics;
    wquant_quantize_statistics found{.support = result.distribution.size(),
                                     .trials = static_cast<std::int64_t>(s.tried.size()),
                                     .scheme_seconds = s.scheme_seconds,
                                     .apply_seconds = s.apply_seconds,
                                     .family = static_cast<std::int32_t>(s.family),
                                     .left_out = 0};
    for (const wquant::SchemeFamily family : s.left_out)
      found.left_out |= std::uint32_t{1} << static_cast<unsigned>(family);
    write_struct("statistics", found, statistics, size);
  });
}

wquant_status wquant_quantization_trial(const wquant_quantization* quantization, int64_t index,
                                        wquant_scheme_trial* trial, size_t size) {
  return guarded([&] {
    const wquant::SchemeTrial& tried = element(result_of(quantization).statistics.tried, index);
    const wquant_scheme_trial found{.w2 = tried.w2,
                                    .support = tried.support,
                                    .family = static_cast<std::int32_t>(tried.family),
                                    .reserved = 0};
    write_struct("trial", found, trial, size);
  });
}
