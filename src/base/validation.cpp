#include "base/validation.hpp"

#include <charconv>
#include <cmath>

#include "base/checked.hpp"
#include "base/summation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

std::string place(const std::string& name, const std::vector<std::int64_t>& index) {
  std::string text = name;
  for (const std::int64_t i : index) text += "[" + std::to_string(i) + "]";
  return text;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t extent : shape) {
    if (!text.empty()) text += " x ";
    text += std::to_string(extent);
  }
  return text;
}

}  // namespace

std::string number_text(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

void throw_bad_value(const std::string& name, const std::vector<std::int64_t>& index, double value,
                     const std::string& expected) {
  throw InvalidArgument(place(name, index) + ": " + number_text(value) + "; expected " + expected);
}

void require_at_least(const std::string& name, std::int64_t value, std::int64_t least) {
  if (value < least)
    throw InvalidArgument(name + ": " + std::to_string(value) + "; expected " +
                          (least == 0 ? "a number >= 0" : "at least " + std::to_string(least)));
}

void require_host(const std::string& name, MemorySpace space) {
  if (space != MemorySpace::host)
    throw InvalidArgument(name + ": device memory; expected host memory for this context");
}

void require_finite(const std::string& name, VectorView<const double> values) {
  for (std::int64_t i = 0; i < values.size; ++i)
    if (!std::isfinite(values[i])) throw_bad_value(name, {i}, values[i], "a finite number");
}

void require_finite(const std::string& name, MatrixView<const double> values) {
  for (std::int64_t i = 0; i < values.rows; ++i)
    for (std::int64_t j = 0; j < values.cols; ++j)
      if (!std::isfinite(values(i, j)))
        throw_bad_value(name, {i, j}, values(i, j), "a finite number");
}

void require_finite(const std::string& name, TensorView<const double> values) {
  for (std::int64_t k = 0; k < values.count; ++k)
    for (std::int64_t i = 0; i < values.rows; ++i)
      for (std::int64_t j = 0; j < values.cols; ++j)
        if (!std::isfinite(values[k](i, j)))
          throw_bad_value(name, {k, i, j}, values[k](i, j), "a finite number");
}

void require_probabilities(const std::string& name, VectorView<const double> values,
                           double tolerance) {
  require_finite(name, values);
  CompensatedSum sum;
  for (std::int64_t i = 0; i < values.size; ++i) {
    if (values[i] < 0) throw_bad_value(name, {i}, values[i], "a number >= 0");
    sum += values[i];
  }
  if (!(std::fabs(sum.value() - 1) <= tolerance))
    throw InvalidArgument(name + ": the sum is " + number_text(sum.value()) +
                          "; expected 1 within " + number_text(tolerance));
}

void require_shape(const std::string& name, const std::vector<std::int64_t>& shape,
                   const std::vector<std::int64_t>& expected) {
  if (shape != expected)
    throw InvalidArgument(name + ": the shape is " + shape_text(shape) + "; expected " +
                          shape_text(expected));
}

}  // namespace wquant
