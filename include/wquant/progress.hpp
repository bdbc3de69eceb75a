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
/// on; returning false once stops the call with Cancelled, on all threads, as a rule within a tenth
/// of a second. What it throws reaches the caller as it is. The context and the arguments are as
/// before then. Branch and bound (BoundMethod::exact), where it has 1000 regions, and one
/// eigenvalue problem of many hundred dimensions may go on for longer between two questions.
using ProgressCallback = std::function<bool(const Progress&)>;

}  // namespace wquant
