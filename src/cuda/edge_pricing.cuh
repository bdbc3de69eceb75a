#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "wquant/view.hpp"

namespace wquant {

/// Backend::price_edges on `stream`; all views in device memory.
void launch_price_edges(MatrixView<const double> gains, VectorView<const double> row_prices,
                        VectorView<const double> column_prices, MatrixView<double> violations,
                        MatrixView<std::int64_t> columns, cudaStream_t stream);

}  // namespace wquant
