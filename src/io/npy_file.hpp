#pragma once

#include <istream>

#include "io/samples.hpp"

namespace wquant::io {

/// An array in NumPy's format, versions 1.0 to 3.0: integers and floating-point numbers of up to 64
/// bits in either byte order, n × d in C or Fortran order, or n numbers, which are n × 1. Types
/// that float represents exactly become float, all others double.
/// Throws InvalidArgument, without the name of the file; OutOfMemory; Cancelled.
Samples read_npy(std::istream& input, const ProgressCallback& progress = {});

}  // namespace wquant::io
