#include "base/lengths.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/limits.hpp"
#include "base/validation.hpp"

namespace wquant {

double largest_magnitude(MatrixView<const double> values) {
  double largest = 0;
  for (std::int64_t i = 0; i < values.rows; ++i)
    for (std::int64_t k = 0; k < values.cols; ++k)
      largest = std::max(largest, std::fabs(values(i, k)));
  return largest;
}

double power_of_two_unit(double largest) {
  return largest == 0 ? 1 : std::ldexp(1.0, std::max(std::ilogb(largest), -1000));
}

void require_lengths(const std::string& name, MatrixView<const double> values) {
  for (std::int64_t i = 0; i < values.rows; ++i)
    for (std::int64_t k = 0; k < values.cols; ++k)
      if (!(std::fabs(values(i, k)) <= kLargestLength))
        throw_bad_value(name, {i, k}, values(i, k),
                        "a magnitude of at most " + number_text(kLargestLength));
}

void RootMeanSquare::add(double weight, const double* a, const double* b) {
  double square = 0;
  for (std::int64_t k = 0; k < dimension_; ++k) {
    const double difference = a[k] / unit_ - b[k] / unit_;
    square += difference * difference;
  }
  add_square(weight, square, std::equal(a, a + dimension_, b));
}

void RootMeanSquare::add(double weight, const double* a) {
  double square = 0;
  for (std::int64_t k = 0; k < dimension_; ++k) square += a[k] / unit_ * (a[k] / unit_);
  add_square(weight, square, std::all_of(a, a + dimension_, [](double x) { return x == 0; }));
}

void RootMeanSquare::add_square(double weight, double square, bool zero) {
  if (weight == 0 || zero) return;
  ++terms_;
  sum_ += weight * square;
}

Upper RootMeanSquare::above(double total_weight) const {
  if (terms_ == 0) return {};
  const auto d = static_cast<double>(dimension_);
  // What products and squares may have lost below the smallest normal number.
  const Upper vanished(static_cast<double>(terms_) * (d + 2) * kSmallestNormal);
  const Upper square = Upper::relative(sum_.value(), 2 * dimension_ + 16) + vanished;
  return sqrt(square / (total_weight * (1 - 4 * kEpsilon))).scaled(unit_);
}

Upper spread_above(MatrixView<const double> points, VectorView<const double> probabilities) {
  const double unit = power_of_two_unit(points);
  CompensatedSum total;
  for (const double p : probabilities) total += p;
  std::vector<double> mean;
  for (std::int64_t k = 0; k < points.cols; ++k) {
    CompensatedSum sum;
    for (std::int64_t a = 0; a < points.rows; ++a)
      sum += probabilities[a] / total.value() * (points(a, k) / unit);
    mean.push_back(sum.value() * unit);
  }
  RootMeanSquare spread(points.cols, unit);
  for (std::int64_t a = 0; a < points.rows; ++a)
    spread.add(probabilities[a], points.row(a), mean.data());
  return spread.above(total.value());
}

}  // namespace wquant
