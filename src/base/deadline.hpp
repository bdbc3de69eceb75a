#pragma once

#include <chrono>

#include "wquant/progress.hpp"

namespace wquant {

/// An end of the time that a choice may take; none for 0 seconds.
class Deadline {
 public:
  explicit Deadline(double seconds)
      : limited_(seconds > 0),
        end_(std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds)) {}

  bool limited() const { return limited_; }
  bool passed() const { return limited_ && std::chrono::steady_clock::now() >= end_; }

  /// `progress`, which may be empty, asking to stop once the time is over too. This object must
  /// outlive it.
  ProgressCallback watching(const ProgressCallback& progress) const {
    return
        [this, progress](const Progress& at) { return !passed() && (!progress || progress(at)); };
  }

 private:
  bool limited_;
  std::chrono::time_point<std::chrono::steady_clock, std::chrono::duration<double>> end_;
};

}  // namespace wquant
