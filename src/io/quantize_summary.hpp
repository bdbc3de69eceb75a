#pragma once

#include <cstdint>
#include <string>

#include "io/results.hpp"
#include "wquant/certificate.hpp"

namespace wquant::io {

/// What a quantisation is reported by; everything but the points.
struct QuantizeSummary {
  Certificate certificate;
  std::int64_t support = 0;
  std::string family;
  std::int64_t components = 0;
  std::int64_t dimension = 0;
  std::string device;
  double scheme_seconds = 0;
  double apply_seconds = 0;
};

/// Of the result object.
Members members(const QuantizeSummary& summary);

}  // namespace wquant::io
