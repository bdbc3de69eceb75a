#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace wquant::io {

/// What stands before the numbers of a file in NumPy's format.
struct NpyHeader {
  char kind = 0;      ///< 'u', 'i' or 'f': unsigned, signed, floating-point
  int size = 0;       ///< bytes a number
  bool swap = false;  ///< the bytes of a number are in the other order than this machine's
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::string type;  ///< as written, e.g. "<f8"
};

/// Leaves `input` at the first number. Throws InvalidArgument, also for types that are not real
/// numbers.
NpyHeader read_npy_header(std::istream& input);

}  // namespace wquant::io
