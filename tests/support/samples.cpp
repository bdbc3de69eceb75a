#include "support/samples.hpp"

#include <cmath>
#include <random>

namespace wquant::test {

template <class T>
std::vector<T> truncated_gaussian(std::int64_t n, std::int64_t d, double variance,
                                  std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal(0, std::sqrt(variance));
  std::vector<T> out;
  out.reserve(static_cast<std::size_t>(n * d));
  for (std::int64_t i = 0; i < n * d; ++i) {
    double x = normal(engine);
    while (std::fabs(x) > 0.5) x = normal(engine);
    out.push_back(static_cast<T>(x));
  }
  return out;
}

template <class T>
std::vector<T> uniform_samples(std::int64_t n, std::int64_t d, double low, double high,
                               std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  std::vector<T> out;
  out.reserve(static_cast<std::size_t>(n * d));
  for (std::int64_t i = 0; i < n * d; ++i) out.push_back(static_cast<T>(uniform(engine)));
  return out;
}

template std::vector<float> truncated_gaussian(std::int64_t, std::int64_t, double, std::uint64_t);
template std::vector<double> truncated_gaussian(std::int64_t, std::int64_t, double, std::uint64_t);
template std::vector<float> uniform_samples(std::int64_t, std::int64_t, double, double,
                                            std::uint64_t);
template std::vector<double> uniform_samples(std::int64_t, std::int64_t, double, double,
                                             std::uint64_t);

}  // namespace wquant::test
