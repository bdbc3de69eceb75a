#include <cstdio>
#include <wquant/wquant.hpp>

int main() {
  // Two Gaussians in the plane, the second singular.
  const double weights[] = {0.7, 0.3};
  const double means[] = {0, 0, 3, 1};
  const double covariances[] = {1, 0.5, 0.5, 2, 1, 1, 1, 1};

  const auto context = wquant::Context::best();
  const auto mixture =
      wquant::GaussianMixture::full(context, {weights, 2}, {means, 2, 2}, {covariances, 2, 2, 2});
  const auto result = wquant::quantize(context, mixture, {.support = 100});

  const auto points = result.distribution.to_host();
  std::printf(
      "%ld points within %.6f of the mixture in W2; the first is (%g, %g) with probability %g\n",
      static_cast<long>(points.size()), result.certificate.w2, points.locations()(0, 0),
      points.locations()(0, 1), points.probabilities()(0));
}
