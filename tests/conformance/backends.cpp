#include "conformance/backends.hpp"

#include <cstdlib>
#include <iostream>

#include "conformance/cuda_device.hpp"
#include "conformance/host_views.hpp"
#include "cuda/cuda_backend.hpp"

namespace wquant::test {
namespace {

bool gpu_is_required() {
  const char* const value = std::getenv("WQUANT_REQUIRE_GPU");
  return value && std::string(value) == "1";
}

void say_device_once() {
  static const bool said = [] {
    std::cout << "[  DEVICE  ] cuda: " << cuda_device_name() << std::endl;
    return true;
  }();
  static_cast<void>(said);
}

}  // namespace

void EveryBackend::SetUp() {
  if (GetParam() != "cuda") {
    backend_ = make_cpu_backend({.threads = GetParam() == "cpu_1" ? 1 : 0});
    return;
  }
  std::string absent;
  try {
    backend_ = on_host_views(make_partial_cuda_backend({}));
    return say_device_once();
  } catch (const NotCompiled& error) {
    absent = error.what();
  } catch (const DeviceError& error) {
    absent = error.what();
  }
  if (gpu_is_required()) FAIL() << "WQUANT_REQUIRE_GPU=1, but " << absent;
  GTEST_SKIP() << absent;
}

}  // namespace wquant::test
