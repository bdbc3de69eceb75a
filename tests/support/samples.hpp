#pragma once

#include <cstdint>
#include <vector>

#include "wquant/view.hpp"

namespace wquant::test {

/// n points of N(0, variance I_d), each coordinate drawn anew until it lies in [−½, ½], of floats
/// or doubles.
template <class T>
std::vector<T> truncated_gaussian(std::int64_t n, std::int64_t d, double variance,
                                  std::uint64_t seed);

/// n points, each coordinate uniform, of floats or doubles.
template <class T>
std::vector<T> uniform_samples(std::int64_t n, std::int64_t d, double low, double high,
                               std::uint64_t seed);

template <class T>
MatrixView<const T> rows(const std::vector<T>& values, std::int64_t d) {
  return {values.data(), static_cast<std::int64_t>(values.size()) / d, d};
}

}  // namespace wquant::test
