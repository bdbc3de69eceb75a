#include <cstdio>
#include <wquant/wquant.hpp>

int main() {
  // Two Gaussians in the plane, the second singular.
  const double weights[] = {0.7, 0.3};
  const double means[][2] = {{0, 0}, {3, 1}};
  const double covariances[][2][2] = {{{1, 0.5}, {0.5, 2}}, {{1, 1}, {1, 1}}};

  const auto context = wquant::Context::best();
  const auto mixture = wquant::GaussianMixture::full(context, weights, means, covariances);
  const auto result = wquant::quantize(context, mixture, {.support = 100});

  const auto points = result.distribution.to_host();
  const auto [x, p] = points[0];
  std::printf(
      "%ld points within %.6f of the mixture in W2; the first is (%g, %g) with probability %g\n",
      points.size(), result.certificate.w2, x[0], x[1], p);
}
