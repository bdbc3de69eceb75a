#pragma once

#include "wquant/view.hpp"

namespace wquant {

/// ≥ ‖MMᵀ − I‖_F for a matrix whose rows are the directions, rounding included; exactly 0 if they
/// are distinct unit vectors.
double row_orthogonality_error(MatrixView<const double> matrix);
/// The same for columns.
double column_orthogonality_error(MatrixView<const double> matrix);

}  // namespace wquant
