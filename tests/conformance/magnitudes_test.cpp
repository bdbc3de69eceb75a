#include <cmath>
#include <vector>

#include "conformance/backends.hpp"
#include "support/points.hpp"

namespace wquant {
namespace {

using test::Points;
using test::random_points;
using test::view;

class Magnitudes : public test::EveryBackend {
 protected:
  struct Found {
    double largest = NAN;
    std::int64_t first_beyond = -2;
  };

  template <class T>
  Found find(MatrixView<const T> values, double limit) {
    Found found;
    backend().largest_magnitude(values, limit, {&found.largest, 1}, {&found.first_beyond, 1});
    return found;
  }

  template <class T>
  void check_largest() {
    Points<T> points = random_points<T>(1000, 7, 41);
    points(997, 3) = T(-1e10);
    Found found = find(view(points), 1e12);
    EXPECT_EQ(found.largest, static_cast<double>(T(1e10)));
    EXPECT_EQ(found.first_beyond, -1);
    EXPECT_EQ(find(view(points), 1e9).first_beyond, 997 * 7 + 3);
    points(500, 6) = T(INFINITY);
    found = find(view(points), 1e12);
    EXPECT_EQ(found.largest, INFINITY);
    EXPECT_EQ(found.first_beyond, 500 * 7 + 6);
    points(20, 0) = T(NAN);
    found = find(view(points), INFINITY);
    EXPECT_TRUE(std::isnan(found.largest));
    EXPECT_EQ(found.first_beyond, 20 * 7);
    const MatrixView<const T> columns(points.data() + 1, 1000, 5, 7);
    EXPECT_EQ(find(columns, 1e9).first_beyond, 997 * 5 + 2);
    EXPECT_EQ(find(columns, 1e9).largest, static_cast<double>(T(1e10)));
  }

  template <class T>
  void check_divide() {
    Points<T> points = random_points<T>(301, 5, 42);
    points(0, 0) = T(1e-30);
    Points<T> out = Points<T>::Constant(301, 5, T(NAN));
    backend().divide(view(points), 0x1p-20, MatrixView<T>(out.data(), 301, 5));
    EXPECT_EQ(out, Points<T>(points * T(0x1p20)));
    Points<T> wide = Points<T>::Constant(301, 6, T(-1));
    backend().divide(view(points), 4.0, MatrixView<T>(wide.data(), 301, 5, 6));
    EXPECT_EQ(Points<T>(wide.leftCols(5)), Points<T>(points / T(4)));
    EXPECT_EQ(Points<T>(wide.rightCols(1)), Points<T>(Points<T>::Constant(301, 1, T(-1))));
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, Magnitudes, test::all_backends(), test::backend_name);

TEST_P(Magnitudes, TheLargestAndTheFirstBeyondInDouble) { check_largest<double>(); }

TEST_P(Magnitudes, TheLargestAndTheFirstBeyondInFloat) { check_largest<float>(); }

TEST_P(Magnitudes, NoEntries) {
  const Found found = find(MatrixView<const double>(nullptr, 0, 3), 1);
  EXPECT_EQ(found.largest, 0);
  EXPECT_EQ(found.first_beyond, -1);
}

TEST_P(Magnitudes, QuotientsByPowersOfTwoAreExact) {
  check_divide<double>();
  check_divide<float>();
}

}  // namespace
}  // namespace wquant
