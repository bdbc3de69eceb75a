#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "support/mixtures.hpp"
#include "wquant/view.hpp"

namespace wquant::test {

/// Of floats or doubles.
template <class T>
using Points = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class T>
MatrixView<const T> view(const Points<T>& points) {
  return {points.data(), points.rows(), points.cols()};
}

template <class T>
Points<T> random_points(std::int64_t n, std::int64_t d, std::uint64_t seed);

template <class T>
long double squared_distance(const Points<T>& a, std::int64_t i, const Points<T>& b,
                             std::int64_t j);

/// The least Σ(x − c)² as T rounds it in the order of the dimensions, ties to the lowest index.
template <class T>
std::int64_t direct_label(const Points<T>& points, std::int64_t i, const Points<T>& centres);

}  // namespace wquant::test
