#include "conformance/backends.hpp"

#include <cstdlib>
#include <iostream>

#include "conformance/cuda_device.hpp"
#include "conformance/host_views.hpp"
#include "cuda/cuda_backend.hpp"

namespace wquant::test {
namespace {

void say_device_once() {
  static const bool said = [] {
    std::cout << "[  DEVICE  ] cuda: " << cuda_device_name() << std::endl;
    return true;
  }();
  static_cast<void>(said);
}

}  // namespace

bool gpu_is_required() {
  const char* const value = std::getenv("WQUANT_REQUIRE_GPU");
  return value && std::string(value) == "1";
}

std::string absent_cuda() {
  try {
    make_partial_cuda_backend({});
    say_device_once();
    return "";
  } catch (const NotCompiled& error) {
    return error.what();
  } catch (const DeviceError& error) {
    return error.what();
  }
}

void EveryBackend::SetUp() {
  if (GetParam() != "cuda") {
    backend_ = make_cpu_backend({.threads = GetParam() == "cpu_1" ? 1 : 0});
    return;
  }
  const std::string absent = absent_cuda();
  if (absent.empty()) {
    backend_ = on_host_views(make_partial_cuda_backend({}));
    return;
  }
  if (gpu_is_required()) FAIL() << "WQUANT_REQUIRE_GPU=1, but " << absent;
  GTEST_SKIP() << absent;
}

}  // namespace wquant::test
