#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "backend/backend.hpp"

namespace wquant {

/// Eigenpairs of `count` n × n matrices, packed, in units of the matrices: vector k of a matrix is
/// n contiguous numbers.
struct PackedPairs {
  std::int64_t count;
  std::int64_t n;
  double* vectors;      // count × n × n
  double* values;       // count × n
  double* lengths;      // count × n: ‖v_k‖²
  double* norms;        // count: ‖A‖_F
  double* units;        // count
  const int* failures;  // count: 0 where the iteration converged
};

/// Numbers of scratch memory that launch_factor_errors wants for a matrix.
std::int64_t factor_error_scratch(std::int64_t n);

/// residual and orthogonality of Backend::eigh for matrices first … first + count − 1; residual
/// infinite where the iteration failed.
void launch_factor_errors(const PackedPairs& pairs, TensorView<const double> matrices,
                          std::int64_t first, double* scratch, VectorView<double> residual,
                          VectorView<double> orthogonality, cudaStream_t stream);

}  // namespace wquant
