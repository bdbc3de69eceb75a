#include "conformance/contexts.hpp"

namespace wquant::test {

Context EveryContext::make_context(const std::string& name) {
  if (name == "cuda") return Context::cuda();
  return Context::cpu({.threads = name == "cpu_1" ? 1 : 0});
}

void EveryContext::SetUp() {
  if (GetParam() == "cuda") {
    if (const std::string absent = absent_cuda(); !absent.empty()) {
      if (gpu_is_required()) FAIL() << "WQUANT_REQUIRE_GPU=1, but " << absent;
      GTEST_SKIP() << absent;
    }
  }
  context_.emplace(make_context(GetParam()));
}

}  // namespace wquant::test
