#pragma once

#include "base/summation.hpp"

namespace wquant {

/// A number known to within ± error.
struct Enclosed {
  double value;
  double error;
  double lower() const { return value - error; }
  double upper() const { return value + error; }
};

/// A sum of enclosed terms; its own rounding is charged by the caller with the terms.
class EnclosedSum {
 public:
  void add(double value, double error) {
    value_ += value;
    error_ += error;
  }
  Enclosed total() const { return {value_.value(), kErrorsOfErrors * error_.value()}; }

 private:
  /// Errors are computed to first order.
  static constexpr double kErrorsOfErrors = 1.01;
  CompensatedSum value_;
  CompensatedSum error_;
};

}  // namespace wquant
