#include "conformance/backends.hpp"

#include <cstdlib>
#include <iostream>

#include "backend/backend.hpp"
#include "conformance/cuda_device.hpp"
#include "conformance/host_views.hpp"

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
    make_cuda_backend({});
    say_device_once();
    return "";
  } catch (const NotCompiled& error) {
    return error.what();
  } catch (const DeviceError& error) {
    return error.what();
  }
}

std::shared_ptr<Backend> EveryBackend::with_workspace(std::size_t bytes) const {
  if (GetParam() == "cuda") return on_host_views(make_cuda_backend({.workspace_limit = bytes}));
  return make_cpu_backend({.threads = GetParam() == "cpu_1" ? 1 : 0, .workspace_limit = bytes});
}

void EveryBackend::SetUp() {
  constexpr std::size_t kDefaultWorkspace = 0;
  const std::string absent = GetParam() == "cuda" ? absent_cuda() : "";
  if (absent.empty()) {
    backend_ = with_workspace(kDefaultWorkspace);
    return;
  }
  if (gpu_is_required()) FAIL() << "WQUANT_REQUIRE_GPU=1, but " << absent;
  GTEST_SKIP() << absent;
}

}  // namespace wquant::test
