#include "conformance/backends.hpp"

#include "conformance/host_views.hpp"
#include "cuda/cuda_backend.hpp"

namespace wquant::test {

void EveryBackend::SetUp() {
  if (GetParam() != "cuda") {
    backend_ = make_cpu_backend({.threads = GetParam() == "cpu_1" ? 1 : 0});
    return;
  }
  try {
    backend_ = on_host_views(make_partial_cuda_backend({}));
  } catch (const NotCompiled& error) {
    GTEST_SKIP() << error.what();
  } catch (const DeviceError& error) {
    GTEST_SKIP() << error.what();
  }
}

}  // namespace wquant::test
