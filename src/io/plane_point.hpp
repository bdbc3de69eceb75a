#pragma once

namespace wquant::io {

/// A projected location and its probability.
struct PlanePoint {
  double x = 0;
  double y = 0;
  double probability = 0;
};

}  // namespace wquant::io
