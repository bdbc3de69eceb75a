#pragma once

#include <chrono>
#include <string_view>

#include "base/progress.hpp"

namespace wquant {

/// A time limit and the caller's wish to go on.
class Watch {
 public:
  Watch(double seconds, const ProgressCallback& progress, std::string_view stage)
      : limit_(seconds), progress_(progress), stage_(stage) {}

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  double left() const { return limit_ - seconds(); }
  bool expired() const { return !(left() > 0); }
  /// Throws Cancelled, and whatever the callback throws.
  void poll() const { report(progress_, stage_, expired() ? 1 : seconds() / limit_); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double limit_;
  const ProgressCallback& progress_;
  std::string_view stage_;
};

}  // namespace wquant
