#include "device_timer.hpp"

#include <chrono>
#include <thread>

#include "wquant/error.hpp"

namespace wquant::bench {
namespace {

class CpuTimer final : public DeviceTimer {
 public:
  const Context& context() const override { return context_; }
  std::string device() const override {
    return "cpu, " + std::to_string(std::thread::hardware_concurrency()) + " threads";
  }
  void start() override { start_ = std::chrono::steady_clock::now(); }
  double stop() override {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  Context context_ = Context::cpu();
  std::chrono::steady_clock::time_point start_;
};

}  // namespace

std::unique_ptr<DeviceTimer> make_timer(const std::string& device) {
  if (device == "cuda") return make_cuda_timer();
  if (device == "cpu") return std::make_unique<CpuTimer>();
  throw InvalidArgument("--device: " + device + "; expected cpu or cuda");
}

}  // namespace wquant::bench
