#include "device_timer.hpp"
#include "wquant/error.hpp"

namespace wquant::bench {

std::unique_ptr<DeviceTimer> make_cuda_timer() {
  throw NotCompiled("--device cuda: this build has no CUDA backend");
}

}  // namespace wquant::bench
