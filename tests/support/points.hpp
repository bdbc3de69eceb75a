#pragma once

#include <Eigen/Dense>
#include <cstdint>

#include "support/mixtures.hpp"
#include "wquant/view.hpp"

namespace wquant::test {

template <class T>
using Points = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class T>
MatrixView<const T> view(const Points<T>& points) {
  return {points.data(), points.rows(), points.cols()};
}

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

/// The least Σ(x − c)² as T rounds it in the order of the dimensions, ties to the lowest index.
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

}  // namespace wquant::test
