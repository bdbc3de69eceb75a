#include "wquant/view.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

#include "wquant/array.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

template <class T>
std::vector<std::remove_const_t<T>> elements(MatrixView<T> view) {
  std::vector<std::remove_const_t<T>> out;
  for (const auto row : view) out.insert(out.end(), row.begin(), row.end());
  return out;
}

TEST(View, OfContainersNeedsNoSize) {
  std::vector<double> vector = {1, 2, 3};
  const std::array<double, 3> array = {1, 2, 3};
  const double plain[] = {1, 2, 3};
  for (const VectorView<const double> view :
       {VectorView<const double>(vector), VectorView<const double>(array),
        VectorView<const double>(plain), VectorView<const double>(std::span<double>(vector))}) {
    EXPECT_EQ(view.size, 3);
    EXPECT_EQ(view.space, MemorySpace::host);
    EXPECT_TRUE(std::ranges::equal(view, vector));
  }
  const VectorView<double> writable = vector;
  writable[1] = 5;
  EXPECT_EQ(vector[1], 5);
  EXPECT_EQ(VectorView<const double>(writable).data, vector.data());
  EXPECT_EQ(VectorView<const double>(plain, 2).size, 2);
}

TEST(View, OfValuesChecksTheirNumber) {
  const std::vector<double> six = {1, 2, 3, 4, 5, 6};
  const MatrixView<const double> matrix(six, 3, 2);
  EXPECT_EQ(matrix(2, 0), 5);
  const MatrixView<const double> rows(six, 2);
  EXPECT_EQ(rows.rows, 3);
  EXPECT_EQ(rows.cols, 2);
  const TensorView<const double> tensor(six, 3, 1, 2);
  EXPECT_EQ(tensor[2](0, 1), 6);
  const TensorView<const double> matrices(six, 1, 2);
  EXPECT_EQ(matrices.count, 3);
  using Matrix = MatrixView<const double>;
  using Tensor = TensorView<const double>;
  EXPECT_THROW(Matrix(six, 3, 3), InvalidArgument);
  EXPECT_THROW(Matrix(six, -3, -2), InvalidArgument);
  EXPECT_THROW(Matrix(six, INT64_MAX, 2), InvalidArgument);
  EXPECT_THROW(Matrix(six, 4), InvalidArgument);
  EXPECT_THROW(Matrix(six, 0), InvalidArgument);
  EXPECT_THROW(Tensor(six, 2, 2, 2), InvalidArgument);
  EXPECT_THROW(Tensor(six, 2, 2), InvalidArgument);
  try {
    Matrix(six, 2, 2);
    ADD_FAILURE();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "view: 6 values; expected 2 x 2");
  }
}

TEST(View, OfNestedArraysHasTheirShape) {
  const double plain[3][2] = {{1, 2}, {3, 4}, {5, 6}};
  const std::vector<std::array<double, 2>> vector = {{1, 2}, {3, 4}, {5, 6}};
  const std::array<std::array<double, 2>, 3> array = {{{1, 2}, {3, 4}, {5, 6}}};
  const std::vector<double> six = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(elements(MatrixView<const double>(plain)), six);
  EXPECT_EQ(elements(MatrixView<const double>(vector)), six);
  EXPECT_EQ(elements(MatrixView<const double>(array)), six);
  const double cube[2][1][3] = {{{1, 2, 3}}, {{4, 5, 6}}};
  const TensorView<const double> tensor = cube;
  EXPECT_EQ(tensor.count, 2);
  EXPECT_EQ(tensor.rows, 1);
  EXPECT_EQ(tensor.cols, 3);
  EXPECT_EQ(tensor[1](0, 1), 5);
  const std::vector<std::array<std::array<double, 3>, 1>> list(
      2, std::array<std::array<double, 3>, 1>{});
  EXPECT_EQ(TensorView<const double>(list).count, 2);
  const auto make = [] { return std::vector<std::array<double, 2>>{{1, 2}, {3, 4}}; };
  EXPECT_EQ([](MatrixView<const double> view) { return view(1, 0); }(make()), 3);
}

TEST(View, RowsAreSpans) {
  double values[] = {1, 2, 0, 3, 4, 0};
  const MatrixView<double> matrix(values, 2, 2, 3);  // every row is followed by a 0
  double sum = 0;
  for (const std::span<const double> row : matrix) {
    EXPECT_EQ(row.size(), 2);
    sum += std::accumulate(row.begin(), row.end(), 0.0);
  }
  EXPECT_EQ(sum, 10);
  matrix[1][0] = 5;
  EXPECT_EQ(values[3], 5);
  static_assert(std::forward_iterator<decltype(matrix.begin())>);
  EXPECT_EQ(std::distance(matrix.begin(), matrix.end()), 2);
}

/// `overloaded` is called as learn and kmeans are: which of them is meant must be clear.
int overloaded(MatrixView<const double>) { return 8; }
int overloaded(MatrixView<const float>) { return 4; }

TEST(View, OfFloatsIsNotTakenForOneOfDoubles) {
  std::vector<float> floats(6);
  const std::vector<double> doubles(6);
  std::vector<std::array<float, 2>> rows(3);
  double plain[3][2] = {};
  EXPECT_EQ(overloaded({floats, 2}), 4);
  EXPECT_EQ(overloaded({floats, 3, 2}), 4);
  EXPECT_EQ(overloaded({floats.data(), 3, 2}), 4);
  EXPECT_EQ(overloaded({doubles, 2}), 8);
  EXPECT_EQ(overloaded(rows), 4);
  EXPECT_EQ(overloaded(plain), 8);
  EXPECT_EQ(overloaded(Array<float>::from_host(floats, 2)), 4);
  EXPECT_EQ(overloaded(MatrixView<float>(floats, 2)), 4);
}

TEST(View, NeitherWritesToConstantsNorConvertsElements) {
  using Vector = VectorView<double>;
  static_assert(!std::is_constructible_v<Vector, const std::vector<double>&>);
  static_assert(!std::is_constructible_v<Vector, std::vector<double>>);  // it would dangle
  static_assert(!std::is_constructible_v<Vector, std::vector<float>&>);
  static_assert(!std::is_constructible_v<MatrixView<double>, const double(&)[2][2]>);
  static_assert(!std::is_constructible_v<MatrixView<const double>, std::vector<double>&>);
  static_assert(!std::is_constructible_v<TensorView<const double>, double(&)[2][2]>);
  // Kernels take views as they are.
  static_assert(std::is_trivially_copyable_v<Vector>);
  static_assert(std::is_trivially_copyable_v<MatrixView<double>>);
  static_assert(std::is_trivially_copyable_v<TensorView<double>>);
}

}  // namespace
}  // namespace wquant
