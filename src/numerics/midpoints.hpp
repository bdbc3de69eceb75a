#pragma once

#include <vector>

namespace wquant {

/// Midpoints of neighbouring points: the edges of their cells on a line.
inline std::vector<double> midpoints(const std::vector<double>& points) {
  std::vector<double> out;
  for (std::size_t j = 0; j + 1 < points.size(); ++j)
    out.push_back(points[j] / 2 + points[j + 1] / 2);
  return out;
}

}  // namespace wquant
