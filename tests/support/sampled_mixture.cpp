#include "support/sampled_mixture.hpp"

#include <cmath>
#include <random>

namespace wquant::test {

Sampled::Sampled(std::int64_t count, std::int64_t d, std::uint64_t seed)
    : components(count), dimension(d) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0.2, 1);
  std::exponential_distribution<double> exponential;
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += weights.emplace_back(exponential(engine));
  for (double& w : weights) w /= sum;
  for (std::int64_t i = 0; i < count * d; ++i) {
    means.push_back(3 * normal(engine));
    variances.push_back(std::pow(uniform(engine), 2));
  }
}

GaussianMixture Sampled::build(const Context& context) const {
  return GaussianMixture::diagonal(context, {weights.data(), components},
                                   {means.data(), components, dimension},
                                   {variances.data(), components, dimension});
}

double Sampled::one_point_each() const {
  double square = 0;
  for (std::int64_t i = 0; i < components; ++i)
    for (std::int64_t k = 0; k < dimension; ++k)
      square += weights[i] * variances[i * dimension + k];
  return std::sqrt(square);
}

}  // namespace wquant::test
