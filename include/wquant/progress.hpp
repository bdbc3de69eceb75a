#pragma once

#include <functional>
#include <string_view>

namespace wquant {

/// What a long call is doing: a stage ("eigenvectors", "grid", …) and the part of it done.
struct Progress {
  std::string_view stage;
  double fraction = 0;
};

/// Called from the calling thread, now and then; returning false stops the call with Cancelled.
using ProgressCallback = std::function<bool(const Progress&)>;

}  // namespace wquant
