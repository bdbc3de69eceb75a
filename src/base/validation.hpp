#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wquant/view.hpp"

namespace wquant {

/// "name[i][j]: value is …; expected …" as InvalidArgument. Negative indices are left out.
[[noreturn]] void throw_bad_value(const std::string& name, const std::vector<std::int64_t>& index,
                                  double value, const std::string& expected);

/// Coordinates and standard deviations up to here are accepted: their squares are finite.
inline constexpr double kLargestLength = 1e150;

/// Shortest text that reads back as the same double.
std::string number_text(double value);

/// A count, number or index that may not be less than `least`.
void require_at_least(const std::string& name, std::int64_t value, std::int64_t least);
void require_host(const std::string& name, MemorySpace space);
void require_finite(const std::string& name, VectorView<const double> values);
void require_finite(const std::string& name, MatrixView<const double> values);
void require_finite(const std::string& name, TensorView<const double> values);
/// Finite and ≥ 0, with sum 1 within `tolerance`.
void require_probabilities(const std::string& name, VectorView<const double> values,
                           double tolerance);
void require_shape(const std::string& name, const std::vector<std::int64_t>& shape,
                   const std::vector<std::int64_t>& expected);

}  // namespace wquant
