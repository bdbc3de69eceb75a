#pragma once

#include <chrono>
#include <string>

#include "wquant/quantize.hpp"

namespace wquant::tool {

/// A line on standard error that shows what a long call is doing. It appears once the call has
/// taken a second, and only if standard error is a terminal; it disappears when the bar is
/// destroyed.
class ProgressBar {
 public:
  explicit ProgressBar(bool enabled);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Draws the line anew, at most ten times a second.
  void show(const Progress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  std::string line(const Progress& progress, double seconds) const;

  bool enabled_;
  bool visible_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_ + std::chrono::seconds(1);
};

}  // namespace wquant::tool
