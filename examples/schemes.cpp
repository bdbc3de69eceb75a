// Schemes by hand, a batch, a tolerance, and what can be done with a certified distribution.
#include <cstdio>
#include <vector>
#include <wquant/wquant.hpp>

using namespace wquant;

int main() {
  const Context context = Context::best();
  const double weights[] = {0.6, 0.4};
  const double means[][2] = {{0, 0}, {2, 1}};
  const double variances[][2] = {{1, 0.5}, {0.3, 2}};
  const auto mixture = GaussianMixture::diagonal(context, weights, means, variances);

  // As few points as give W₂ ≤ 0.3, of whatever family needs the fewest.
  const auto tight = quantize(context, mixture, {.tolerance = 0.3});
  std::printf("W2 <= 0.3 takes %ld points\n", tight.distribution.size());

  // A partition by hand, of a bounded domain: what is outside goes to a point of its own. The same
  // scheme serves any mixture of two components in the plane.
  const Grid grid(Axes::standard({0, 0}), {{-1, 0.5, 2}, {-1, 1}});
  const Scheme scheme = Scheme::grid(grid.within({-3, -3}, {4, 3}), 2);
  std::printf("by hand, W2 <= %.4f with %ld points\n", certify(context, scheme, mixture).w2,
              scheme.support());

  // Many mixtures in one call.
  const std::vector<GaussianMixture> mixtures(1000, mixture);
  const auto batch = quantize(context, mixtures, {.support = 16});
  std::printf("a batch of %ld, the last within %.4f\n", batch.distributions.count(),
              batch.certificates.back().w2);

  // Fewer points for the same mixture, and their image under an affine map: certificates follow.
  const auto small = compress(context, tight, {.support = 20});
  const double matrix[2][2] = {{1, 1}, {0, 2}};
  const auto image = push_forward(context, small, mixture, {matrix});
  std::printf("20 of them: W2 <= %.4f; mapped: W2 <= %.4f\n", small.certificate.w2,
              image.certificate.w2);

  // Densities and samples of the mixture itself.
  const auto points = sample(context, mixture, 5, /*seed=*/1);
  const auto log_p = log_density(context, mixture, points);
  std::printf("log p at the first sample: %.4f\n", log_p(0));
}
