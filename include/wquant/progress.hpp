#pragma once

#include <functional>
#include <string_view>

namespace wquant {

/// What a long call is doing.
struct Progress {
  std::string_view stage;  ///< "eigenvectors", "grid", …
  double fraction = 0;     ///< the part of the stage that is done, 0 … 1.
};

/// Called from the calling thread, on the CPU every few hundredths of a second, whatever is going
/// on; returning false stops the call with Cancelled, on all threads, as a rule within a tenth of a
/// second. The context and the arguments are as before then. The exceptions are branch and bound
/// (BoundMethod::exact), which may go on for longer between two questions where it has 1000
/// regions, and one eigenvalue problem of many hundred dimensions.
using ProgressCallback = std::function<bool(const Progress&)>;

}  // namespace wquant
