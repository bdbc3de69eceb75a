#pragma once

#include <memory>
#include <string>

#include "wquant/context.hpp"

namespace wquant::bench {

/// Seconds that the device itself needed: CUDA events around what stands on a context's stream, the
/// clock on the CPU.
class DeviceTimer {
 public:
  virtual ~DeviceTimer() = default;
  virtual const Context& context() const = 0;
  virtual std::string device() const = 0;
  virtual void start() = 0;
  /// Seconds since start, once all work since then is done.
  virtual double stop() = 0;
};

/// device: "cpu" or "cuda". Throws what Context::cuda throws.
std::unique_ptr<DeviceTimer> make_timer(const std::string& device);
std::unique_ptr<DeviceTimer> make_cuda_timer();

}  // namespace wquant::bench
