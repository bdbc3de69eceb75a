#pragma once

#include <cmath>

#include "base/host_device.hpp"
#include "base/limits.hpp"
#include "numerics/normal_cell.hpp"

namespace wquant {

/// Moments of N(mean, deviation²) on (lower, upper], in the coordinates of the ends.
WQUANT_HOST_DEVICE inline CellMoments gaussian_cell(double mean, double deviation, double lower,
                                                    double upper) {
  if (deviation == 0) {
    const bool inside = mean > lower && mean <= upper;
    return {inside ? 1.0 : 0.0, inside ? mean : (mean <= lower ? lower : upper), 0};
  }
  const double alpha = (lower - mean) / deviation;
  const double beta = (upper - mean) / deviation;
  const double width = (upper - lower) / deviation;
  const CellMoments standard = normal_cell(alpha, beta, width);
  if (standard.mass == 0) return {0, mean <= lower ? lower : upper, 0};
  return {standard.mass, mean + deviation * standard.mean,
          deviation * deviation * standard.variance};
}

/// By which formula `gaussian_cell` finds its moments.
WQUANT_HOST_DEVICE inline CellFormula gaussian_cell_formula(double mean, double deviation,
                                                            double lower, double upper) {
  if (deviation == 0) return CellFormula::none;
  return normal_cell_formula((lower - mean) / deviation, (upper - mean) / deviation,
                             (upper - lower) / deviation);
}

struct CellEnds {
  double lower;
  double upper;
};

/// Cell j of n, whose n − 1 interior edges are `edges`; the outermost cells are unbounded.
WQUANT_HOST_DEVICE inline CellEnds row_cell_ends(const double* edges, long long cells,
                                                 long long j) {
  return {j == 0 ? -kInfinity : edges[j - 1], j == cells - 1 ? kInfinity : edges[j]};
}

WQUANT_HOST_DEVICE inline CellMoments row_cell(double mean, double deviation, const double* edges,
                                               long long cells, long long j) {
  const auto [lower, upper] = row_cell_ends(edges, cells, j);
  return gaussian_cell(mean, deviation, lower, upper);
}

/// By which formula `row_cell` finds its moments.
WQUANT_HOST_DEVICE inline CellFormula row_cell_formula(double mean, double deviation,
                                                       const double* edges, long long cells,
                                                       long long j) {
  const auto [lower, upper] = row_cell_ends(edges, cells, j);
  return gaussian_cell_formula(mean, deviation, lower, upper);
}

}  // namespace wquant
