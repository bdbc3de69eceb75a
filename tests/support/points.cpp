#include "support/points.hpp"

#include <limits>

namespace wquant::test {

template <class T>
Points<T> random_points(std::int64_t n, std::int64_t d, std::uint64_t seed) {
  Random random(seed);
  return Points<T>::NullaryExpr(n, d, [&] { return static_cast<T>(random.normal()); });
}

template <class T>
long double squared_distance(const Points<T>& a, std::int64_t i, const Points<T>& b,
                             std::int64_t j) {
  long double sum = 0;
  for (Eigen::Index k = 0; k < a.cols(); ++k) {
    const long double difference = static_cast<long double>(a(i, k)) - b(j, k);
    sum += difference * difference;
  }
  return sum;
}

template <class T>
std::int64_t direct_label(const Points<T>& points, std::int64_t i, const Points<T>& centres) {
  T least = std::numeric_limits<T>::infinity();
  std::int64_t label = 0;
  for (Eigen::Index j = 0; j < centres.rows(); ++j) {
    T sum = 0;
    for (Eigen::Index k = 0; k < centres.cols(); ++k) {
      const T difference = points(i, k) - centres(j, k);
      sum += difference * difference;
    }
    if (sum < least) {
      least = sum;
      label = j;
    }
  }
  return label;
}

template Points<float> random_points<float>(std::int64_t, std::int64_t, std::uint64_t);
template Points<double> random_points<double>(std::int64_t, std::int64_t, std::uint64_t);
template long double squared_distance<float>(const Points<float>&, std::int64_t,
                                             const Points<float>&, std::int64_t);
template long double squared_distance<double>(const Points<double>&, std::int64_t,
                                              const Points<double>&, std::int64_t);
template std::int64_t direct_label<float>(const Points<float>&, std::int64_t, const Points<float>&);
template std::int64_t direct_label<double>(const Points<double>&, std::int64_t,
                                           const Points<double>&);

}  // namespace wquant::test
