#include "wquant/kmeans.hpp"

#include "c/elements.hpp"
#include "c/exported_tensor.hpp"
#include "c/guard.hpp"
#include "c/handles.hpp"
#include "c/progress.hpp"
#include "c/structs.hpp"
#include "c/tensor_views.hpp"

namespace wquant::c {
namespace {

wquant_kmeans_options defaults() {
  const KmeansOptions<double> d;
  return {.size = sizeof(wquant_kmeans_options),
          .clusters = d.clusters,
          .weights = nullptr,
          .start = nullptr,
          .seed = d.seed,
          .iterations = d.iterations,
          .tolerance = d.tolerance,
          .progress = nullptr,
          .progress_data = nullptr};
}

template <class T>
KmeansOptions<T> options_of(const wquant_context& where, const wquant_kmeans_options* given) {
  const wquant_kmeans_options o = read_struct("options", given, defaults());
  KmeansOptions<T> out{.clusters = o.clusters,
                       .seed = o.seed,
                       .iterations = o.iterations,
                       .tolerance = o.tolerance,
                       .progress = progress_callback(o.progress, o.progress_data)};
  if (o.weights) out.weights = host_vector_view("options.weights", o.weights);
  if (o.start) out.start = matrix_view<T>(where, "options.start", o.start);
  return out;
}

template <class T>
wquant_clustering::Result cluster(const wquant_context& where, const DLTensor* points,
                                  const wquant_kmeans_options* options) {
  const MatrixView<const T> given = matrix_view<T>(where, "points", points);
  const KmeansOptions<T> wanted = options_of<T>(where, options);
  return where.run([&](const Context& on) { return kmeans(on, given, wanted); });
}

const wquant_clustering& valid(const wquant_clustering* clustering) {
  return required("clustering", clustering);
}

/// visit(result) with a KmeansResult.
template <class Visit>
auto visit_result(const wquant_clustering* clustering, const Visit& visit) {
  return std::visit(visit, *valid(clustering).result);
}

}  // namespace
}  // namespace wquant::c

using namespace wquant::c;

wquant_status wquant_kmeans_options_init(wquant_kmeans_options* options, size_t size) {
  return guarded([&] { write_defaults("options", defaults(), options, size); });
}

wquant_status wquant_kmeans(const wquant_context* context, const DLTensor* points,
                            const wquant_kmeans_options* options, wquant_clustering** clustering) {
  return make_handle("clustering", clustering, [&] {
    const wquant_context& where = required("context", context);
    auto result = std::make_shared<const wquant_clustering::Result>(
        holds_floats("points", points) ? cluster<float>(where, points, options)
                                       : cluster<double>(where, points, options));
    return std::make_unique<wquant_clustering>(wquant_clustering{std::move(result), where.device});
  });
}

void wquant_clustering_destroy(wquant_clustering* clustering) { delete clustering; }

wquant_status wquant_clustering_centres(const wquant_clustering* clustering, bool on_host,
                                        DLManagedTensor** centres) {
  return export_tensor("centres", centres, [&] {
    return visit_result(clustering, [&](const auto& result) {
      return exported_tensor(result.centres, 2, clustering->device, clustering->result, on_host);
    });
  });
}

wquant_status wquant_clustering_labels(const wquant_clustering* clustering, bool on_host,
                                       DLManagedTensor** labels) {
  return export_tensor("labels", labels, [&] {
    return visit_result(clustering, [&](const auto& result) {
      return exported_tensor(result.labels, 1, clustering->device, clustering->result, on_host);
    });
  });
}

wquant_status wquant_clustering_get_info(const wquant_clustering* clustering,
                                         wquant_clustering_info* info, size_t size) {
  return guarded([&] {
    const auto found = visit_result(clustering, [](const auto& result) {
      return wquant_clustering_info{.objective = result.objective,
                                    .centres = result.centres.rows(),
                                    .iterations = result.iterations,
                                    .records = static_cast<std::int64_t>(result.history.size())};
    });
    write_struct("info", found, info, size);
  });
}

wquant_status wquant_clustering_record(const wquant_clustering* clustering, int64_t index,
                                       wquant_kmeans_record* record, size_t size) {
  return guarded([&] {
    const wquant::KmeansRecord& r = visit_result(
        clustering, [&](const auto& result) { return element(result.history, index); });
    const wquant_kmeans_record found{
        .objective = r.objective, .moved = r.moved, .re_seeded = r.re_seeded, .seconds = r.seconds};
    write_struct("record", found, record, size);
  });
}
