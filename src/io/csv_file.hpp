#pragma once

#include <istream>

#include "io/samples.hpp"

namespace wquant::io {

/// One sample a line, numbers separated by commas, semicolons or tabs, whichever the first line
/// holds; that line may be a header, which holds no number. Fields may be quoted; a byte order
/// mark, CRLF and blank lines at the end are accepted. Throws InvalidArgument with line and column,
/// without the name of the file; OutOfMemory; Cancelled.
Samples read_csv(std::istream& input, const ProgressCallback& progress = {});

}  // namespace wquant::io
