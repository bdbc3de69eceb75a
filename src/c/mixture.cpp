#include "c/guard.hpp"
#include "c/handles.hpp"
#include "c/structs.hpp"
#include "c/tensor_views.hpp"

namespace wquant::c {
namespace {

wquant_mixture_tolerances defaults() {
  const MixtureTolerances d;
  return {.size = sizeof(wquant_mixture_tolerances),
          .weight_sum = d.weight_sum,
          .asymmetry = d.asymmetry,
          .negative = d.negative,
          .orthogonality = d.orthogonality};
}

MixtureTolerances tolerances_of(const wquant_mixture_tolerances* given) {
  const wquant_mixture_tolerances t = read_struct("tolerances", given, defaults());
  return {.weight_sum = t.weight_sum,
          .asymmetry = t.asymmetry,
          .negative = t.negative,
          .orthogonality = t.orthogonality};
}

/// make(context, weights, means, tolerances) as a handle.
template <class Make>
wquant_status make_mixture(const wquant_context* context, const DLTensor* weights,
                           const DLTensor* means, const wquant_mixture_tolerances* tolerances,
                           wquant_mixture** mixture, const Make& make) noexcept {
  return make_handle("mixture", mixture, [&] {
    const wquant_context& where = required("context", context);
    const auto w = vector_view<double>(where, "weights", weights);
    const auto m = matrix_view<double>(where, "means", means);
    const MixtureTolerances t = tolerances_of(tolerances);
    return std::make_unique<wquant_mixture>(wquant_mixture{make(where, w, m, t)});
  });
}

}  // namespace
}  // namespace wquant::c

using namespace wquant::c;
using wquant::GaussianMixture;

wquant_status wquant_mixture_tolerances_init(wquant_mixture_tolerances* tolerances, size_t size) {
  return guarded([&] { write_defaults("tolerances", defaults(), tolerances, size); });
}

wquant_status wquant_mixture_create_gaussian(const wquant_context* context, const DLTensor* mean,
                                             const DLTensor* covariance,
                                             const wquant_mixture_tolerances* tolerances,
                                             wquant_mixture** mixture) {
  return make_handle("mixture", mixture, [&] {
    const wquant_context& where = required("context", context);
    const auto m = vector_view<double>(where, "mean", mean);
    const auto s = matrix_view<double>(where, "covariance", covariance);
    const wquant::MixtureTolerances t = tolerances_of(tolerances);
    return std::make_unique<wquant_mixture>(wquant_mixture{
        where.run([&](const auto& on) { return GaussianMixture::gaussian(on, m, s, t); })});
  });
}

wquant_status wquant_mixture_create_full(const wquant_context* context, const DLTensor* weights,
                                         const DLTensor* means, const DLTensor* covariances,
                                         const wquant_mixture_tolerances* tolerances,
                                         wquant_mixture** mixture) {
  return make_mixture(
      context, weights, means, tolerances, mixture,
      [&](const wquant_context& where, const auto& w, const auto& m, const auto& t) {
        const auto sigma = tensor_view(where, "covariances", covariances);
        return where.run([&](const auto& on) { return GaussianMixture::full(on, w, m, sigma, t); });
      });
}

wquant_status wquant_mixture_create_diagonal(const wquant_context* context, const DLTensor* weights,
                                             const DLTensor* means, const DLTensor* variances,
                                             const wquant_mixture_tolerances* tolerances,
                                             wquant_mixture** mixture) {
  return make_mixture(
      context, weights, means, tolerances, mixture,
      [&](const wquant_context& where, const auto& w, const auto& m, const auto& t) {
        const auto v = matrix_view<double>(where, "variances", variances);
        return where.run([&](const auto& on) { return GaussianMixture::diagonal(on, w, m, v, t); });
      });
}

wquant_status wquant_mixture_create_eigen(const wquant_context* context, const DLTensor* weights,
                                          const DLTensor* means, const DLTensor* eigenvalues,
                                          const DLTensor* eigenvectors,
                                          const wquant_mixture_tolerances* tolerances,
                                          wquant_mixture** mixture) {
  return make_mixture(
      context, weights, means, tolerances, mixture,
      [&](const wquant_context& where, const auto& w, const auto& m, const auto& t) {
        const auto lambda = matrix_view<double>(where, "eigenvalues", eigenvalues);
        const auto v = tensor_or_matrix_view(where, "eigenvectors", eigenvectors);
        return where.run(
            [&](const auto& on) { return GaussianMixture::eigen(on, w, m, lambda, v, t); });
      });
}

void wquant_mixture_destroy(wquant_mixture* mixture) { delete mixture; }

wquant_status wquant_mixture_get_info(const wquant_mixture* mixture, wquant_mixture_info* info,
                                      size_t size) {
  return guarded([&] {
    const GaussianMixture& made = required("mixture", mixture).mixture;
    const wquant_mixture_info found{.components = made.components(),
                                    .dimension = made.dimension(),
                                    .weight_error = made.weight_error(),
                                    .clipped_variance = made.clipped_variance()};
    write_struct("info", found, info, size);
  });
}
