#pragma once

#include <functional>
#include <string_view>

namespace wquant {

/// What a long call is doing.
struct Progress {
  std::string_view stage;  ///< "eigenvectors", "grid", …
  double fraction = 0;     ///< the part of the stage that is done, 0 … 1.
};

/// Called from the calling thread, now and then; returning false stops the call with Cancelled.
using ProgressCallback = std::function<bool(const Progress&)>;

}  // namespace wquant
